"""The outbox: one row a fact, nothing lost when it is edited while being sent."""

from __future__ import annotations

from app.errors import ErrorCode
from app.reads.reads import Reads
from app.store import outbox
from app.store.database import Database
from tests.store.build import NOON, at


def test_what_is_due_comes_in_order(database: Database) -> None:
    with database.unit_of_work() as s:
        assert outbox.next_due(s) is None
        outbox.put(s, "call", "b", at(2))
        outbox.put(s, "call", "a", at(1))
        outbox.put(s, "day", "c", at(1))
        outbox.put(s, "day", "d", at(60))
        assert [item.ref for item in outbox.claim(s, at(2), 10)] == ["a", "c", "b"]
        assert [item.ref for item in outbox.claim(s, at(2), 1)] == ["a"]
        assert outbox.claim(s, at(0.5), 10) == []
        assert outbox.next_due(s) == at(1)
        assert outbox.count(s) == (4, 0)


def test_putting_again_keeps_one_row_and_the_earlier_time(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", at(10))
        outbox.put(s, "call", "a", at(50))
        outbox.put(s, "call", "a", at(5))
        assert outbox.count(s) == (1, 0)
        (item,) = outbox.claim(s, at(5), 10)
        assert (item.version, item.tries) == (3, 0)


def test_what_was_sent_is_gone(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON, 10)
        assert outbox.done(s, item)
        assert outbox.count(s) == (0, 0)
        outbox.put(s, "call", "a", NOON)
        assert not outbox.done(s, item) or outbox.count(s) == (0, 0)


def test_an_edit_while_sending_is_sent_too(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
    with database.unit_of_work() as s:
        (item,) = outbox.claim(s, NOON, 10)
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", at(1))
    with database.unit_of_work() as s:
        assert not outbox.done(s, item)
    with database.unit_of_work() as s:
        (again,) = outbox.claim(s, at(1), 10)
        assert again.version == 2
        assert outbox.done(s, again)
        assert outbox.count(s) == (0, 0)


def test_a_pause_is_kept_by_an_edit(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON, 10)
        outbox.postpone(s, item, at(900), ErrorCode.CRM_LIMIT, "slow down")
        outbox.put(s, "call", "a", at(1))
        assert outbox.claim(s, at(899), 10) == []
        (item,) = outbox.claim(s, at(900), 10)
        assert (item.tries, item.version) == (1, 2)


def test_what_failed_waits_for_the_rep(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        outbox.put(s, "call", "b", at(100))
        (item,) = outbox.claim(s, NOON, 10)
        assert outbox.fail(s, item, ErrorCode.CRM_REFUSED, "REQUIRED_FIELD_MISSING: Subject")
        assert outbox.claim(s, NOON, 10) == []
        assert outbox.count(s) == (1, 1)
        assert outbox.next_due(s) == at(100)
    first, second = reads.outbox_rows()
    assert (first.ref, first.failed, first.code, first.tries) == ("a", True, "crm-refused", 1)
    assert first.message == "REQUIRED_FIELD_MISSING: Subject"
    assert (second.ref, second.failed, second.due) == ("b", False, at(100))
    assert (reads.outbox_count().waiting, reads.outbox_count().failed) == (1, 1)
    with database.unit_of_work() as s:
        assert outbox.hurry(s) == 1
        assert [item.ref for item in outbox.claim(s, NOON, 10)] == ["b"]
        assert outbox.retry_all(s) == 2
        assert [(item.ref, item.tries) for item in outbox.claim(s, NOON, 10)] == [("a", 0), ("b", 0)]


def test_an_edit_makes_a_failed_row_wait_again(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON, 10)
        outbox.fail(s, item, ErrorCode.CRM_REFUSED, "no")
        outbox.put(s, "call", "a", at(5))
        assert outbox.count(s) == (1, 0)
        (item,) = outbox.claim(s, at(5), 10)
        assert item.tries == 0


def test_a_refusal_of_an_older_version_does_not_stop_the_newer(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON, 10)
        outbox.put(s, "call", "a", NOON)
        assert not outbox.fail(s, item, ErrorCode.CRM_REFUSED, "no")
        assert outbox.count(s) == (1, 0)
