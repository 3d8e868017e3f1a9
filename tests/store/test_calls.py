"""Call logs in and out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.call import CallState, Direction, Outcome
from app.domain.call_log import CallLog, Synced
from app.domain.counterpart import RecordRef
from app.reads.reads import Reads
from app.store import records
from app.store.database import Database
from tests.store.build import ANN, BOB, FIRM, NUMBER, at, call, log

CASE = RecordRef("Case", "500000000000001AAA")


def full() -> CallLog:
    return CallLog(
        call=replace(call("c1", name="Ann"), reason="busy", status=486, digits="12#"),
        notes="line one\nline two ✓",
        subject="A subject",
        disposition="Reached",
        who=ANN,
        what=CASE,
        person="Ann Stone",
        task_id="00T000000000001AAA",
        synced=Synced.FAILED,
        sync_error="FIELD_INTEGRITY",
        about="006000000000001AAA",
    )


def test_a_log_comes_back_as_it_went(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, full())
        assert records.get_call_log(s, "c1") == full()
        assert records.get_call_log(s, "other") is None
    assert reads.call_log("c1") == full()
    assert reads.call_logs() == (full(),)


def test_saving_again_replaces_but_keeps_what_was_sent(database: Database) -> None:
    later = replace(full(), notes="new", who=None)
    with database.unit_of_work() as s:
        records.save_call_log(s, full())
        records.set_sent(s, "c1", {"Subject": "été", "CallDurationInSeconds": 65, "WhoId": None})
        records.save_call_log(s, later)
        assert records.get_call_log(s, "c1") == later
        assert records.get_sent(s, "c1") == {"Subject": "été", "CallDurationInSeconds": 65, "WhoId": None}
        assert records.get_sent(s, "other") == {}


def test_the_call_moves_on_without_touching_the_notes(database: Database) -> None:
    ringing = call("c1", outcome=None)
    with database.unit_of_work() as s:
        assert not records.save_call(s, ringing)
        records.save_call_log(s, CallLog(ringing))
        assert records.set_notes(s, "c1", "typed meanwhile")
        assert not records.set_notes(s, "other", "x")
        assert records.save_call(s, call("c1"))
        assert records.get_call_log(s, "c1") == CallLog(call("c1"), notes="typed meanwhile")


def test_where_the_sync_stands(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1"))
        assert records.set_synced(s, "c1", Synced.DONE, task_id="00T1")
        assert records.set_synced(s, "c1", Synced.FAILED, error="why")
        assert not records.set_synced(s, "other", Synced.DONE)
        stored = records.get_call_log(s, "c1")
    assert stored is not None
    assert (stored.synced, stored.task_id, stored.sync_error) == (Synced.FAILED, "00T1", "why")


def test_calls_left_open_by_a_crash_are_found_oldest_first(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("b", outcome=None, started=at(1)))
        records.save_call_log(s, log("a", outcome=None, started=at(2)))
        records.save_call_log(s, log("c"))
        assert [one.id for one in records.unfinished_call_logs(s)] == ["b", "a"]
        assert all(one.call.state is CallState.RINGING for one in records.unfinished_call_logs(s))


def test_a_time_without_a_zone_is_a_mistake(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.unit_of_work() as s:
        records.save_call_log(s, log("c1", started=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_relinking_respects_what_was_chosen_for_a_call(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("free", started=at(1)))
        records.save_call_log(s, replace(log("case", started=at(2)), what=CASE))
        records.save_call_log(s, replace(log("bobs", started=at(3)), who=BOB, person="Bob"))
        records.save_call_log(s, log("else", number="+390212345678"))
        assert records.relink(s, NUMBER, ANN, FIRM, "Ann Stone") == ["free", "case"]
        assert records.relink(s, NUMBER, ANN, FIRM, "Ann Stone") == []
        found = {one: records.get_call_log(s, one) for one in ("free", "case", "bobs", "else")}
        assert {k: (v.who, v.what, v.person) for k, v in found.items() if v} == {
            "free": (ANN, FIRM, "Ann Stone"),
            "case": (ANN, CASE, "Ann Stone"),
            "bobs": (BOB, None, "Bob"),
            "else": (None, None, ""),
        }
        assert records.relink(s, NUMBER, ANN, FIRM, "Ann Stone", everything=True) == ["case", "bobs"]


def test_day_parts_belong_to_a_user(database: Database) -> None:
    part = records.SentPart(1, "a0X1", "hash")
    with database.unit_of_work() as s:
        records.set_day_part(s, "005A", NUMBER, "2026-03-02", part)
        records.set_day_part(s, "005A", NUMBER, "2026-03-02", replace(part, part=2))
        records.set_day_part(s, "005A", NUMBER, "2026-03-02", replace(part, sent_hash="new"))
        assert records.get_day_parts(s, "005A", NUMBER, "2026-03-02") == {
            1: replace(part, sent_hash="new"),
            2: replace(part, part=2),
        }
        assert records.get_day_parts(s, "005B", NUMBER, "2026-03-02") == {}


def test_named_values(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        assert records.get_meta(s, "zone", "UTC") == "UTC"
        records.set_meta(s, "zone", "Asia/Tokyo")
        records.set_meta(s, "zone", "Europe/Rome")
    assert reads.meta("zone") == "Europe/Rome"


def test_missed_calls_count_until_the_list_was_seen(database: Database, reads: Reads) -> None:
    def missed(id: str, seconds: float) -> None:
        with database.unit_of_work() as s:
            records.save_call_log(s, log(id, outcome=Outcome.MISSED, direction=Direction.IN, started=at(seconds)))

    missed("a", 1)
    missed("b", 2)
    assert reads.counts().missed == 2
    with database.unit_of_work() as s:
        records.set_calls_seen(s, at(2))
        assert records.calls_seen(s) == at(2)
    assert reads.counts().missed == 0
    missed("c", 3)
    assert reads.counts().missed == 1


def test_calls_with_one_number_are_those_with_exactly_that(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("first", started=at(1)))
        records.save_call_log(s, log("longer", started=at(2), number=NUMBER + "9"))
        records.save_call_log(s, log("named", started=at(3), number="+14155550199", name=NUMBER))
        records.save_call_log(s, log("last", started=at(4)))
    page = reads.recents(number=NUMBER, limit=1)
    assert [row.id for row in page.rows] == ["last"]
    assert [row.id for row in reads.recents(number=NUMBER, before=page.after).rows] == ["first"]
