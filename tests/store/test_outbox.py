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


def test_putting_again_keeps_one_row_and_puts_it_off_but_not_for_ever(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", at(10))
        outbox.put(s, "call", "a", at(50))
        outbox.put(s, "call", "a", at(5))
        assert outbox.count(s) == (1, 0)
        assert outbox.claim(s, at(49), 10) == []
        (item,) = outbox.claim(s, at(50), 10)
        assert (item.version, item.tries) == (3, 0)
        for seconds in range(60, 600, 10):
            outbox.put(s, "call", "a", at(seconds))
        assert outbox.next_due(s) == at(10) + outbox.LONGEST


def test_what_the_rep_wants_now_is_not_put_off_by_an_edit(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "day", "d", at(100))
        outbox.retry_all(s)
        outbox.put(s, "day", "d", at(120))
        assert [one.ref for one in outbox.claim(s, NOON)] == ["d"]


def test_after_a_try_without_an_answer_it_is_looked_at_once_more(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON)
        outbox.postpone(s, item, at(1), ErrorCode.CRM_OFFLINE, tried_at=NOON)
        (item,) = outbox.claim(s, at(1))
        assert outbox.doubt(s, item, at(600))
        assert outbox.count(s) == (0, 0)
        assert outbox.retry_all(s) == 0
        assert outbox.hurry(s) == 0
        assert outbox.claim(s, at(599)) == []
        (item,) = outbox.claim(s, at(600))
        assert item.again
        # An edit makes it an ordinary row, which still remembers the doubt.
        outbox.put(s, "call", "a", at(30))
        assert outbox.count(s) == (1, 0)
        (item,) = outbox.claim(s, at(30))
        assert (item.again, item.tried_at) == (False, NOON)
        assert outbox.done(s, item)
    assert reads.outbox_rows() == ()


def test_an_edit_after_the_sending_waits_anew(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON, 10)
        outbox.put(s, "call", "a", at(30))
        assert not outbox.done(s, item)
        for seconds in range(40, 600, 10):
            outbox.put(s, "call", "a", at(seconds))
        assert outbox.next_due(s) == at(30) + outbox.LONGEST


def test_a_row_belongs_to_the_rep_who_was_signed_in_when_it_was_first_claimed(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON, user="riley")
        outbox.postpone(s, item, at(5), ErrorCode.CRM_OFFLINE)
        outbox.put(s, "call", "b", NOON)
        assert [one.ref for one in outbox.claim(s, at(9), user="sam")] == ["b"]
        assert outbox.next_due(s, user="sam") == NOON
        assert outbox.claim(s, at(9), user="kim") == []
        assert outbox.next_due(s, user="kim") is None
        outbox.put(s, "call", "a", at(7))
        assert outbox.count(s, user="sam") == (1, 0)
        assert outbox.retry_all(s, user="riley") == 1
        assert [one.ref for one in outbox.claim(s, NOON, user="riley")] == ["a"]
        assert outbox.is_of(s, item, "riley")
        assert not outbox.is_of(s, item, "sam")


def test_only_the_kinds_that_may_go_are_claimed(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "day", "d", NOON)
        outbox.put(s, "call", "a", at(5))
        assert [one.ref for one in outbox.claim(s, at(5), kinds=["call"])] == ["a"]
        assert outbox.next_due(s, kinds=["call"]) == at(5)
        assert outbox.next_due(s) == NOON


def test_a_try_without_an_answer_is_remembered(database: Database) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON)
        assert item.tried_at is None
        outbox.trying(s, [item], at(1))
        # The app is killed here: nobody ever hears the answer.
        (item,) = outbox.claim(s, at(2))
        assert item.tried_at == at(1)
        outbox.postpone(s, item, at(3), ErrorCode.CRM_OFFLINE, tried_at=at(2))
        (item,) = outbox.claim(s, at(3))
        assert item.tried_at == at(2)
        outbox.postpone(s, item, at(4), ErrorCode.CRM_BUSY, reason="UNABLE_TO_LOCK_ROW")
        (item,) = outbox.claim(s, at(4))
        assert item.tried_at is None


def test_hastening_and_dropping(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        outbox.put(s, "call", "a", at(500))
        assert outbox.hasten(s, "call", "a", NOON)
        (item,) = outbox.claim(s, NOON)
        assert outbox.fail(s, item, ErrorCode.CRM_REFUSED, "no", reason="REQUIRED_FIELD_MISSING")
    assert [row.reason for row in reads.outbox_rows()] == ["REQUIRED_FIELD_MISSING"]
    with database.unit_of_work() as s:
        assert outbox.hasten(s, "call", "a", NOON)
        assert outbox.count(s) == (1, 0)
        assert outbox.drop(s, "call", "a")
        assert not outbox.hasten(s, "call", "a", NOON)


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
