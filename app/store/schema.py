"""The tables, their unique keys and indexes.

Times are UTC microseconds since 1970 in an integer: exact, small, and they sort. The migrations in
`app.store.migrations` build this very schema; a fresh file is made from here because that needs no Alembic.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)

# Every schema this build can climb from, oldest first; the last one is its own.
VERSIONS = ("0001", "0002")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

metadata = MetaData()


def to_micros(at: datetime) -> int:
    """Microseconds since 1970, exact. A datetime without a zone is a mistake of the caller: ValueError."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant, timezone-aware UTC."""
    return EPOCH + timedelta(microseconds=micros)


class UtcTime(TypeDecorator[datetime]):
    """A timezone-aware datetime kept as UTC microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_micros(value)


class Words(TypeDecorator[str]):
    """Text from people and networks. Half a surrogate pair has no UTF-8 and would break the write: it is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        if value is None or value.isascii():
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class NumberKey(TypeDecorator[str]):
    """A PhoneNumber's value in as few bytes as it takes; NULL (an empty text) for what can be nobody's number.

    E.164 is the integer of its digits, an extension the integer of its own, which is always smaller. The affinity of
    the column makes SQLite read the text of other tables the same way, so both can be compared as they are.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | str | None:
        """To the database."""
        return to_number_key(value or "")

    def process_result_value(self, value: int | str | None, dialect: Dialect) -> str:
        """From the database."""
        return from_number_key(value)


def to_number_key(value: str) -> int | str | None:
    """A PhoneNumber's value as the column keeps it."""
    digits = value.removeprefix("+")
    return int(digits) if digits.isascii() and digits.isdigit() else value or None


def from_number_key(value: int | str | None) -> str:
    """The PhoneNumber's value again."""
    if isinstance(value, int):
        return f"+{value}" if value >= _SMALLEST_E164 else str(value)
    return value or ""


# No country's numbers are shorter than seven digits with its code; extensions and short codes have six at most.
_SMALLEST_E164 = 1_000_000


call_log = Table(
    "call_log",
    metadata,
    Column("id", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("number", String, nullable=False),
    Column("name", Words, nullable=False),
    Column("direction", String, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", String),
    Column("reason", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("sip_call_id", String, nullable=False),
    Column("digits", String, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("answered", UtcTime),
    Column("ended", UtcTime),
    Column("notes", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("disposition", Words, nullable=False),
    Column("who_kind", String, nullable=False),
    Column("who_id", String, nullable=False),
    Column("what_kind", String, nullable=False),
    Column("what_id", String, nullable=False),
    Column("person", Words, nullable=False),
    Column("about", String, nullable=False),
    Column("task_id", String, nullable=False),
    Column("synced", String, nullable=False),
    Column("sync_error", Words, nullable=False),
    # What Salesforce was last given, as a JSON object: only what differs from it is sent again.
    Column("sent", Text, nullable=False, server_default=text("'{}'")),
    Column("what_name", Words, nullable=False, server_default=text("''")),
    # The Task's SystemModstamp as last read, and whether somebody deleted it there.
    Column("task_stamp", String, nullable=False, server_default=text("''")),
    Column("task_gone", Boolean, nullable=False, server_default=text("0")),
    # The last `CallQuality` of the call as a JSON object; empty when there was no sound.
    Column("quality", Text, nullable=False, server_default=text("''")),
)
Index("call_log_recent", call_log.c.started, call_log.c.id)
Index("call_log_direction", call_log.c.direction, call_log.c.started, call_log.c.id)
Index("call_log_number", call_log.c.number, call_log.c.started, call_log.c.id)
Index("call_log_missed", call_log.c.started, call_log.c.id, sqlite_where=text("outcome = 'missed'"))
Index("call_log_unfinished", call_log.c.id, sqlite_where=text("state != 'ended'"))
Index("call_log_who", call_log.c.who_id, call_log.c.started, sqlite_where=text("who_id != ''"))
Index(
    "call_log_unlinked",
    call_log.c.started,
    call_log.c.id,
    sqlite_where=text("who_id = '' AND what_id = '' AND state = 'ended'"),
)
Index("call_log_task", call_log.c.task_id, sqlite_where=text("task_id != ''"))

message = Table(
    "message",
    metadata,
    Column("id", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("number", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("body", Words, nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("day", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("delivery", String, nullable=False),
    Column("reason", Words, nullable=False),
    Column("carrier_id", String, nullable=False),
    Column("cut", Boolean, nullable=False),
    # Whose text it is when another rep has signed in since (`app.store.reps`); empty for the rep of now.
    Column("rep", String, nullable=False, server_default=text("''")),
)
Index(
    "message_carrier",
    message.c.line,
    message.c.direction,
    message.c.carrier_id,
    unique=True,
    sqlite_where=text("carrier_id != ''"),
)
Index("message_thread", message.c.line, message.c.number, message.c.time, message.c.id)
Index("message_number", message.c.number, message.c.time, message.c.id)
Index("message_day", message.c.number, message.c.day)
Index("message_recent", message.c.time, message.c.id)
Index("message_pending", message.c.id, sqlite_where=text("delivery IN ('queued', 'sending')"))

conversation = Table(
    "conversation",
    metadata,
    Column("line", String, nullable=False),
    Column("number", String, nullable=False),
    Column("time", UtcTime, nullable=False),
    # The newest message; empty when there is only a draft.
    Column("last_message", String, nullable=False),
    Column("unread", Integer, nullable=False),
    PrimaryKeyConstraint("line", "number"),
)
Index("conversation_recent", conversation.c.time, conversation.c.line, conversation.c.number)
Index("conversation_number", conversation.c.number)
Index("conversation_unread", conversation.c.unread, sqlite_where=text("unread > 0"))

draft = Table(
    "draft",
    metadata,
    Column("line", String, nullable=False),
    Column("number", String, nullable=False),
    Column("text", Words, nullable=False),
    PrimaryKeyConstraint("line", "number"),
)

person = Table(
    "person",
    metadata,
    # What the other tables point with: a tenth of the id's size, and there may be a million numbers.
    Column("key", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("name", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("company", Words, nullable=False),
    Column("account_id", String, nullable=False),
    Column("email", Words, nullable=False),
    Column("owner", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("do_not_call", Boolean, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("active_on", String, nullable=False),
    Column("has_deal", Boolean),
    Column("extension", Words, nullable=False),
    Column("department", Words, nullable=False),
    Column("is_active", Boolean, nullable=False),
    # The round of the index that saw it last; 0 for what was learnt otherwise.
    Column("round", Integer, nullable=False),
    # The name as it sorts, and all that a search by name looks at (`app.store.person_words`).
    Column("sort_name", Words, nullable=False),
    Column("search_text", Words, nullable=False),
)
Index("person_by_name", person.c.sort_name, person.c.key)
Index("person_colleague", person.c.sort_name, person.c.key, sqlite_where=text("kind IN ('User', 'Colleague')"))

person_phone = Table(
    "person_phone",
    metadata,
    Column("person", Integer, ForeignKey("person.key", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("label", Words, nullable=False),
    Column("stored", Words, nullable=False),
    Column("number", NumberKey),
    PrimaryKeyConstraint("person", "position"),
    sqlite_with_rowid=False,
)
Index("person_phone_number", person_phone.c.number, person_phone.c.person, sqlite_where=text("number IS NOT NULL"))

# Which people a word or a part of a number may mean. It holds no text of its own; its rowid is the person's key.
# Words are cut in `app.store.person_words`: to the tokenizer everything beyond ASCII is a letter.
PERSON_WORDS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS person_words USING fts5"
    "(words, content='', contentless_delete=1, detail=none, tokenize='ascii')"
)
event.listen(metadata, "after_create", DDL(PERSON_WORDS))  # type: ignore[no-untyped-call]

# Every number ever called or texted, with the names seen beside it: what a search in the lists looks through.
counterpart = Table(
    "counterpart",
    metadata,
    Column("number", String, primary_key=True),
    Column("search_text", Words, nullable=False),
)

match_choice = Table(
    "match_choice",
    metadata,
    Column("number", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("person", String, nullable=False),
)

looked_up = Table(
    "looked_up",
    metadata,
    Column("number", String, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("ref", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", UtcTime, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("code", String, nullable=False),
    Column("message", Words, nullable=False),
    # Whose it is: stored when it is first claimed. Another rep of this computer never sends it.
    Column("user", String, nullable=False, server_default=text("''")),
    # When it may have reached Salesforce without its answer being known here.
    Column("tried_at", UtcTime),
    # The first time it was to be sent: edits put it off, but not for ever.
    Column("since", UtcTime),
    # Salesforce's own code of the refusal.
    Column("reason", String, nullable=False, server_default=text("''")),
    UniqueConstraint("kind", "ref"),
)
Index("outbox_due", outbox.c.failed, outbox.c.due, outbox.c.id)

day_part = Table(
    "day_part",
    metadata,
    Column("user", String, nullable=False),
    Column("number", String, nullable=False),
    Column("day", String, nullable=False),
    Column("part", Integer, nullable=False),
    Column("salesforce_id", String, nullable=False),
    Column("sent_hash", String, nullable=False),
    PrimaryKeyConstraint("user", "number", "day", "part"),
)

# Tasks for later that a call's notes wish for; ``sent`` as in call_log, with the key once it was tried.
follow_up = Table(
    "follow_up",
    metadata,
    Column("id", String, primary_key=True),
    Column("call", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("line", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("day", String, nullable=False),
    Column("at", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("task_id", String, nullable=False),
    Column("sent", Text, nullable=False),
)
Index("follow_up_call", follow_up.c.call, follow_up.c.position)

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Words, nullable=False),
)
