"""Read and write domain objects: every function takes the Session of the caller's unit of work.

The one door to the stored facts; the functions live by topic in `calls`, `messages`, `people` and `progress`.
"""

from app.store.calls import (
    get_call_log,
    get_sent,
    relink,
    save_call,
    save_call_log,
    set_notes,
    set_sent,
    set_synced,
    unfinished_call_logs,
)
from app.store.messages import (
    days_of,
    get_draft,
    get_message,
    mark_read,
    messages_of_day,
    move_to_zone,
    pending_messages,
    save_draft,
    save_message,
    set_delivery,
)
from app.store.people import (
    choose,
    forget_people,
    get_person,
    looked_up,
    match,
    save_people,
    set_looked_up,
)
from app.store.progress import (
    SentPart,
    calls_seen,
    get_day_parts,
    get_meta,
    set_calls_seen,
    set_day_part,
    set_meta,
)

__all__ = [
    "SentPart",
    "calls_seen",
    "choose",
    "days_of",
    "forget_people",
    "get_call_log",
    "get_day_parts",
    "get_draft",
    "get_message",
    "get_meta",
    "get_person",
    "get_sent",
    "looked_up",
    "mark_read",
    "match",
    "messages_of_day",
    "move_to_zone",
    "pending_messages",
    "relink",
    "save_call",
    "save_call_log",
    "save_draft",
    "save_message",
    "save_people",
    "set_calls_seen",
    "set_day_part",
    "set_delivery",
    "set_looked_up",
    "set_meta",
    "set_notes",
    "set_sent",
    "set_synced",
    "unfinished_call_logs",
]
