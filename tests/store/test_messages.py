"""Messages, conversations, drafts."""

from __future__ import annotations

import pytest

from app.domain.call import Direction
from app.domain.message import Delivery
from app.reads.reads import Reads
from app.store import records
from app.store.database import Database
from tests.store.build import NUMBER, at, text


def test_a_message_comes_back_as_it_went(database: Database, reads: Reads) -> None:
    message = text("m1", body="日本語 \U0001f600\n'\"%_", carrier_id="x@host")
    with database.unit_of_work() as s:
        assert records.save_message(s, message)
        assert records.get_message(s, "m1") == message
        assert records.get_message(s, "m2") is None
    assert reads.message("m1") == message


def test_what_the_network_repeats_is_stored_once(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        assert records.save_message(s, text("m1", carrier_id="x"))
        assert not records.save_message(s, text("m2", carrier_id="x"))
        assert not records.save_message(s, text("m1", body="same id"))
        # Another line or direction is another text; without a carrier id nothing is compared.
        assert records.save_message(s, text("m3", carrier_id="x", line="second"))
        assert records.save_message(s, text("m4", carrier_id="x", direction=Direction.OUT))
        assert records.save_message(s, text("m5"))
        assert records.save_message(s, text("m6"))
    assert {(row.line, row.unread) for row in reads.conversations().rows} == {("main", 3), ("second", 1)}


def test_delivery_moves(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_message(s, text("m1", direction=Direction.OUT, delivery=Delivery.QUEUED))
        records.save_message(s, text("m2", direction=Direction.OUT, delivery=Delivery.SENDING, time=at(-1)))
        records.save_message(s, text("m3", direction=Direction.OUT, delivery=Delivery.SENT))
        assert [m.id for m in records.pending_messages(s)] == ["m2", "m1"]
        assert records.set_delivery(s, "m1", Delivery.FAILED, "busy")
        assert not records.set_delivery(s, "other", Delivery.SENT, "")
        stored = records.get_message(s, "m1")
        assert stored is not None
        assert (stored.delivery, stored.reason) == (Delivery.FAILED, "busy")


def test_a_day_holds_every_line_in_order(database: Database) -> None:
    with database.unit_of_work() as s:
        for id, line, seconds, day in [
            ("b", "main", 5, "2026-03-02"),
            ("a", "second", 5, "2026-03-02"),
            ("c", "main", 1, "2026-03-02"),
            ("d", "main", 2, "2026-03-03"),
        ]:
            records.save_message(s, text(id, line=line, time=at(seconds), day=day))
        records.save_message(s, text("e", number="+390212345678"))
        assert [m.id for m in records.messages_of_day(s, NUMBER, "2026-03-02")] == ["c", "a", "b"]
        assert records.days_of(s, NUMBER) == ["2026-03-02", "2026-03-03"]
        assert records.days_of(s, "+1") == []


def test_the_conversation_shows_its_newest_message(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_message(s, text("b", body="newest", time=at(9), direction=Direction.OUT))
        records.save_message(s, text("a", body="came late", time=at(3)))
    row = reads.conversation("main", NUMBER)
    assert row is not None
    assert (row.snippet, row.time, row.direction, row.unread) == ("newest", at(9), Direction.OUT, 1)
    with database.unit_of_work() as s:
        assert records.mark_read(s, "main", NUMBER)
        assert not records.mark_read(s, "main", NUMBER)
    assert reads.counts().unread == 0


def test_a_draft_stands_for_its_conversation(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_message(s, text("m1", body="hello"))
        records.save_draft(s, "main", NUMBER, "not se")
        records.save_draft(s, "main", NUMBER, "not sent")
        assert records.get_draft(s, "main", NUMBER) == "not sent"
    row = reads.conversations().rows[0]
    assert (row.snippet, row.is_draft, row.time) == ("not sent", True, at(0))
    assert reads.draft("main", NUMBER) == "not sent"
    with database.unit_of_work() as s:
        records.save_draft(s, "main", NUMBER, "")
    row = reads.conversations().rows[0]
    assert (row.snippet, row.is_draft) == ("hello", False)
    assert reads.draft("main", NUMBER) == ""


def test_a_draft_to_somebody_new_has_its_place_until_it_is_gone(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_draft(s, "main", NUMBER, "hi", at=at(0))
    row = reads.conversations().rows[0]
    assert (row.snippet, row.is_draft, row.time) == ("hi", True, at(0))
    with database.unit_of_work() as s:
        records.save_draft(s, "main", NUMBER, "")
    assert reads.conversations().rows == ()
    with database.unit_of_work() as s:
        records.save_draft(s, "main", NUMBER, "hi", at=at(50))
        records.save_message(s, text("m1", time=at(20)))
        records.save_draft(s, "main", NUMBER, "")
    assert reads.conversations().rows[0].time == at(20)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_of_a_thread_meet_without_gap_or_repeat(database: Database, reads: Reads, limit: int) -> None:
    order = [("a", 0), ("b", 0), ("c", 0), ("d", 1), ("e", 1), ("f", 2), ("g", 2)]
    with database.unit_of_work() as s:
        for id, seconds in reversed(order):
            records.save_message(s, text(id, time=at(seconds)))
        records.save_message(s, text("x", line="second"))
    seen: list[str] = []
    before = ""
    while True:
        page = reads.thread("main", NUMBER, before=before, limit=limit)
        seen = [row.id for row in page.rows] + seen
        before = page.after
        if not before:
            break
    assert seen == [id for id, _ in order]


def test_conversations_page_with_equal_times(database: Database, reads: Reads) -> None:
    numbers = [f"+1415555010{i}" for i in range(7)]
    with database.unit_of_work() as s:
        for number in numbers:
            records.save_message(s, text(f"m{number}", number=number))
    seen: list[str] = []
    before = ""
    while True:
        page = reads.conversations(before=before, limit=3)
        seen += [row.number for row in page.rows]
        before = page.after
        if not before:
            break
    assert seen == sorted(numbers, reverse=True)


def test_messages_for_the_command_line_are_newest_last(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        for i in range(5):
            records.save_message(s, text(f"m{i}", time=at(i), line="main" if i % 2 else "second"))
        records.save_message(s, text("other", number="+390212345678", time=at(9)))
    assert [m.id for m in reads.messages(NUMBER, 3)] == ["m2", "m3", "m4"]
    assert [m.id for m in reads.messages(None, 2)] == ["m4", "other"]
