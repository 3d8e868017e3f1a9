"""The figures on the badges."""

from __future__ import annotations

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from app.store.progress import calls_seen
from app.store.schema import call_log, conversation

_MISSED = (
    select(func.count())
    .select_from(call_log)
    .where(
        call_log.c.outcome == literal_column("'missed'"),
        call_log.c.started > bindparam("seen", type_=call_log.c.started.type),
    )
)
_UNREAD = select(func.coalesce(func.sum(conversation.c.unread), 0)).where(conversation.c.unread > literal_column("0"))


def missed_calls(s: Session) -> int:
    """Calls missed since the rep last looked at the list of calls."""
    return int(s.execute(_MISSED, {"seen": calls_seen(s)}).scalar_one())


def unread_messages(s: Session) -> int:
    """Texts not read yet, in all conversations."""
    return int(s.execute(_UNREAD).scalar_one())
