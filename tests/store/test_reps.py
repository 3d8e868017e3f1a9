"""Several reps on one profile: whose is what waits, and that it never goes out in another's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.reads.reads import Reads
from app.store import outbox, records, reps
from app.store.database import Database, Session
from tests.store.build import NUMBER, at, log, text

RILEY, JORDAN, SAM = "005000000000001AAA", "005000000000002AAA", "005000000000003AAA"
NAMES = {RILEY: "Riley", JORDAN: "Jordan", SAM: "Sam"}


def _arrive(s: Session, user: str, seconds: float) -> None:
    last = reps.current(s)
    if last and last != user:
        reps.hand_over(s, last, user, at(seconds))
    reps.arrived(s, user, NAMES[user])


def _call(s: Session, id: str, seconds: float) -> None:
    records.save_call_log(s, log(id, started=at(seconds)))
    outbox.put(s, "call", id, at(seconds))


def _text(s: Session, id: str, seconds: float, number: str = NUMBER) -> None:
    message = replace(text(id, number=number), time=at(seconds), carrier_id=id)
    assert records.save_message(s, message)
    outbox.put(s, "day", f"{number}|{message.day}", at(seconds))


def _refs(s: Session, user: str) -> list[tuple[str, str]]:
    return [(item.kind, item.ref) for item in outbox.claim(s, at(9999), 100, user=user, kinds=["call", "day"])]


def _bodies(s: Session) -> list[str]:
    return [message.id for message in records.messages_of_day(s, NUMBER, text("x").day)]


DAY = f"{NUMBER}|{text('x').day}"


def test_offline_or_ended_by_salesforce_it_stays_the_reps_own(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        _arrive(s, RILEY, 0)
        _call(s, "a", 1)
        _text(s, "t", 2)
        _arrive(s, JORDAN, 10)
        assert _refs(s, JORDAN) == []
        assert _bodies(s) == []
    assert reads.waiting_for_others() == (("Riley", 2),)
    assert (reads.outbox_count().waiting, reads.outbox_count().failed) == (0, 0)


def test_after_a_sign_out_it_is_the_next_ones(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        _arrive(s, RILEY, 0)
        _call(s, "a", 1)
        _text(s, "t1", 2)
        reps.set_left(s, at(3))
        _call(s, "b", 4)
        _text(s, "t2", 5)
        _arrive(s, JORDAN, 10)
        assert sorted(_refs(s, JORDAN)) == [("call", "b"), ("day", DAY)]
        assert _bodies(s) == ["t2"]
        assert not reps.has_left(s)
    assert reads.waiting_for_others() == (("Riley", 2),)


def test_the_same_rep_again_is_no_change(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        _arrive(s, RILEY, 0)
        _call(s, "a", 1)
        reps.set_left(s, at(3))
        reps.set_left(s, at(4))
        _text(s, "t", 5)
        _arrive(s, RILEY, 10)
        assert sorted(_refs(s, RILEY)) == [("call", "a"), ("day", DAY)]
        assert _bodies(s) == ["t"]
    assert reads.waiting_for_others() == ()


def test_back_again_everything_of_theirs_is_there(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        _arrive(s, RILEY, 0)
        _text(s, "t1", 1)
        _call(s, "a", 1)
        _arrive(s, JORDAN, 10)
        _text(s, "t2", 11)
        assert _bodies(s) == ["t2"]
        _arrive(s, SAM, 20)
        assert _refs(s, SAM) == []
        assert _bodies(s) == []
    assert reads.waiting_for_others() == (("Jordan", 1), ("Riley", 2))
    with database.unit_of_work() as s:
        _arrive(s, RILEY, 30)
        assert sorted(_refs(s, RILEY)) == [("call", "a"), ("day", DAY)]
        assert _bodies(s) == ["t1"]
    assert reads.waiting_for_others() == (("Jordan", 1),)
    with database.unit_of_work() as s:
        _arrive(s, JORDAN, 40)
        assert _refs(s, JORDAN) == [("day", DAY)]
        assert _bodies(s) == ["t2"]


def test_a_late_delivery_of_anothers_text_waits_for_them(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        _arrive(s, RILEY, 0)
        _text(s, "t", 1)
        outbox.drop(s, "day", DAY)  # it was sent
        _arrive(s, JORDAN, 10)
        number, day = DAY.rsplit("|", 1)
        assert reps.put_day_of_another(s, number, day, at(11))
        assert not reps.put_day_of_another(s, number, "2001-01-01", at(11))
        assert _refs(s, JORDAN) == []
    assert reads.waiting_for_others() == (("Riley", 1),)


@pytest.mark.parametrize("failed", [False, True])
def test_what_was_claimed_or_failed_before_goes_aside_too(database: Database, reads: Reads, failed: bool) -> None:
    from app.errors import ErrorCode

    with database.unit_of_work() as s:
        _arrive(s, RILEY, 0)
        _call(s, "a", 1)
        (item,) = outbox.claim(s, at(2), 10, user=RILEY)
        if failed:
            outbox.fail(s, item, ErrorCode.CRM_REFUSED, "no")
        _arrive(s, JORDAN, 10)
        assert _refs(s, JORDAN) == []
    assert (reads.outbox_count().waiting, reads.outbox_count().failed) == (0, 0)
