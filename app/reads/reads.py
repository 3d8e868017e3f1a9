"""Reads: one door to every list, for the window and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import TypeVar, cast

from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.counterpart import CrmRecord, Match
from app.domain.follow_up import FollowUp
from app.domain.message import Message
from app.reads.conversations import conversation, conversations
from app.reads.counts import counts
from app.reads.lookup import last_contact
from app.reads.outbox import outbox_count, outbox_rows
from app.reads.people import people
from app.reads.recents import recents
from app.reads.rows import (
    ConversationRow,
    Counts,
    LastContact,
    MessageRow,
    OutboxCount,
    OutboxRow,
    Page,
    PersonRow,
    RecentFilter,
    RecentRow,
)
from app.reads.thread import messages, thread
from app.store import records, reps
from app.store.database import Database, Session
from app.store.queries.recents import call_logs

_T = TypeVar("_T")
_KEPT = 100  # answers


class Reads:
    """Read-only looks at the last committed state. Main thread; each call is one look and takes a few milliseconds.

    ``before`` and ``after`` take the ``after`` of the page shown last; a text that is no such key raises ValueError.
    Every method may raise AppError STORE_UNREADABLE.

    The parts of the window ask the same of one call or number, each for itself: what is about one of them is read once
    and told again until anything is written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version = -1
        self._kept: dict[Hashable, object] = {}

    def _once(self, what: Hashable, read: Callable[[Session], _T]) -> _T:
        # Asked before the look: what is written meanwhile makes this answer old, never a newer one.
        version = self._database.version()
        if version != self._version or len(self._kept) >= _KEPT:
            self._version = version
            self._kept.clear()
        if what not in self._kept:
            with self._database.reader() as s:
                self._kept[what] = read(s)
        return cast("_T", self._kept[what])

    def recents(
        self,
        *,
        before: str = "",
        limit: int = 50,
        filter: RecentFilter = RecentFilter.ALL,
        text: str = "",
        number: str = "",
    ) -> Page[RecentRow]:
        """Calls, newest first; ``text`` narrows by name, company or digits, ``number`` to exactly that one."""

        def read(s: Session) -> Page[RecentRow]:
            return recents(s, before=before, limit=limit, only=filter, text=text, number=number)

        if number:
            return self._once(("recents", number, before, limit, filter, text), read)
        with self._database.reader() as s:
            return read(s)

    def conversations(self, *, before: str = "", limit: int = 50, text: str = "") -> Page[ConversationRow]:
        """Conversations, newest first; ``text`` narrows by name, company or digits."""
        with self._database.reader() as s:
            return conversations(s, before=before, limit=limit, text=text)

    def conversation(self, line: str, number: str) -> ConversationRow | None:
        """One conversation; None when there is none."""
        return self._once(("conversation", line, number), lambda s: conversation(s, line, number))

    def thread(self, line: str, number: str, *, before: str = "", limit: int = 60) -> Page[MessageRow]:
        """One conversation's messages: the newest page first, oldest message first within it."""
        with self._database.reader() as s:
            return thread(s, line, number, before=before, limit=limit)

    def messages(self, number: str | None = None, limit: int = 50) -> tuple[MessageRow, ...]:
        """The newest messages on any line, newest last; ``None`` means with anybody."""
        return self._once(("messages", number, limit), lambda s: messages(s, number, limit))

    def message(self, id: str) -> Message | None:
        """One message."""
        with self._database.reader() as s:
            return records.get_message(s, id)

    def draft(self, line: str, number: str) -> str:
        """What was typed but not sent; empty when nothing was."""
        with self._database.reader() as s:
            return records.get_draft(s, line, number)

    def people(self, text: str = "", *, after: str = "", limit: int = 50, kinds: Sequence[str] = ()) -> Page[PersonRow]:
        """Cached people, companies and colleagues by name; ``text`` narrows by name, company, title, department,
        e-mail or digits, ``kinds`` (values of `RecordKind`) to some of them: ``("User",)`` are the colleagues."""
        with self._database.reader() as s:
            return people(s, text, after=after, limit=limit, kinds=kinds)

    def person(self, id: str) -> CrmRecord | None:
        """One cached record by its Salesforce id."""
        return self._once(("person", id), lambda s: records.get_person(s, id))

    def match(self, number: str) -> Match:
        """Whose number it is, as far as known here."""
        return self._once(("match", number), lambda s: records.match(s, number))

    def looked_up(self, number: str) -> datetime | None:
        """When Salesforce was last asked for the number; None when never."""
        return self._once(("looked-up", number), lambda s: records.looked_up(s, number))

    def last_contact(self, number: str, before_call_id: str = "") -> LastContact | None:
        """The last ended call or text with the number, before the call named; None when there never was one."""
        return self._once(("last", number, before_call_id), lambda s: last_contact(s, number, before_call_id))

    def call_log(self, id: str) -> CallLog | None:
        """One call log."""
        return self._once(("call", id), lambda s: records.get_call_log(s, id))

    def call_sound(self, id: str) -> CallSound | None:
        """How an ended call sounded; None when no figures were kept."""
        return self._once(("sound", id), lambda s: records.get_call_sound(s, id))

    def follow_ups(self, call_id: str) -> tuple[FollowUp, ...]:
        """What the notes of a call wish for, in the order of their lines; without what was taken back."""
        return self._once(
            ("follow-ups", call_id),
            lambda s: tuple(one for one in records.follow_ups_of(s, call_id) if not one.removed),
        )

    def call_logs(self, limit: int = 50) -> tuple[CallLog, ...]:
        """The newest call logs, newest first."""
        with self._database.reader() as s:
            return tuple(call_logs(s, limit))

    def waiting_for_others(self) -> tuple[tuple[str, int], ...]:
        """(name, how much) for each other rep of this profile something waits for here."""
        with self._database.reader() as s:
            return reps.waiting_for_others(s)

    def outbox_count(self) -> OutboxCount:
        """How much waits for Salesforce and how much failed."""
        return self._once("outbox", outbox_count)

    def outbox_rows(self, limit: int = 200) -> tuple[OutboxRow, ...]:
        """What waits or failed: failed first, then by when it is due."""
        with self._database.reader() as s:
            return outbox_rows(s, limit)

    def counts(self) -> Counts:
        """The badges: missed calls not seen in the list, unread texts."""
        return self._once("counts", counts)

    def metas(self, prefix: str) -> dict[str, str]:
        """All named values whose names begin so."""
        with self._database.reader() as s:
            return records.get_metas(s, prefix)

    def meta(self, key: str, default: str = "") -> str:
        """A named value set by `records.set_meta`."""
        return self._once(("meta", key, default), lambda s: records.get_meta(s, key, default))
