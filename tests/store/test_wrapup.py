"""What the rep adds to a call besides notes, follow-ups, and whose a number's calls are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from app.domain.call_log import CallLog
from app.domain.counterpart import RecordRef
from app.domain.follow_up import FollowUp
from app.reads.reads import Reads
from app.store import outbox, records
from app.store.database import Database
from app.usecases.queueing import FOLLOW_UP, queue_call
from tests.store.build import ANN, BOB, FIRM, NOON, NUMBER, at, log, person

DEAL = RecordRef("Opportunity", "006000000000001AAA")
QUOTE = FollowUp("f1", "c1", "!fri 3pm 見積もり", "見積もり", date(2026, 3, 6), time(15), "Asia/Tokyo")


def _get(database: Database, id: str) -> CallLog:
    with database.unit_of_work() as s:
        found = records.get_call_log(s, id)
    assert found is not None
    return found


def test_subject_disposition_and_relation(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1"), about=DEAL.id))
        assert records.set_subject(s, "c1", "About prices")
        assert records.set_disposition(s, "c1", "Connected")
        assert records.set_relation(s, "c1", DEAL, "Renewal")
        assert not records.set_subject(s, "c2", "x")
    found = _get(database, "c1")
    assert (found.subject, found.disposition, found.what, found.what_name) == (
        "About prices",
        "Connected",
        DEAL,
        "Renewal",
    )
    assert found.about == DEAL.id
    with database.unit_of_work() as s:
        records.set_relation(s, "c1", None, "")
    found = _get(database, "c1")
    assert (found.what, found.what_name, found.about) == (None, "", "")


def test_a_person_the_call_was_about_stays_when_the_relation_goes(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1"), about=ANN.id, what=DEAL))
        records.set_relation(s, "c1", None, "")
    assert (_get(database, "c1").what, _get(database, "c1").about) == (None, ANN.id)


def test_who_leaves_a_deal_alone_and_takes_the_place_of_a_company(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1"), what=DEAL, what_name="Renewal"))
        records.save_call_log(s, replace(log("c2"), what=FIRM, person="Firm"))
        assert records.set_who(s, "c1", ANN, None, "Ann")
        assert records.set_who(s, "c2", ANN, None, "Ann")
        assert not records.set_who(s, "c3", ANN, None, "Ann")
    assert (_get(database, "c1").who, _get(database, "c1").what) == (ANN, DEAL)
    assert (_get(database, "c2").who, _get(database, "c2").what, _get(database, "c2").person) == (ANN, None, "Ann")


def test_links_are_put_back_as_they_were(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1"), what=DEAL, what_name="Renewal"))
        records.save_call_log(s, replace(log("c2", started=at(9)), who=BOB, person="Bob"))
        before = records.links_of(s, NUMBER)
        assert [link.call_id for link in before] == ["c1", "c2"]
        assert records.relink(s, NUMBER, ANN, None, "Ann", everything=True) == ["c1", "c2"]
    assert (_get(database, "c1").who, _get(database, "c1").what) == (ANN, DEAL)
    with database.unit_of_work() as s:
        records.restore_links(s, before)
    assert (_get(database, "c1").who, _get(database, "c1").person, _get(database, "c1").what_name) == (
        None,
        "",
        "Renewal",
    )
    assert (_get(database, "c2").who, _get(database, "c2").person) == (BOB, "Bob")


def test_a_person_can_be_taken_out_again(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann Lee", NUMBER), person(BOB, "Bob Lee", NUMBER)], "US")
        records.choose(s, NUMBER, ANN)
    assert reads.match(NUMBER).chosen is not None
    with database.unit_of_work() as s:
        records.drop_person(s, ANN.id)
        records.drop_person(s, "nobody")
    assert [record.ref for record in reads.match(NUMBER).records] == [BOB]
    assert reads.person(ANN.id) is None
    assert [row.name for row in reads.people("lee").rows] == ["Bob Lee"]
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann Lee", NUMBER)], "US")
        records.choose(s, NUMBER, BOB)
        records.forget_choice(s, NUMBER)
    assert reads.match(NUMBER).is_ambiguous


def test_follow_ups_keep_the_order_of_their_lines_and_what_was_sent(database: Database, reads: Reads) -> None:
    second = replace(QUOTE, id="f2", line="!mon", text="", at=None)
    with database.unit_of_work() as s:
        records.save_follow_ups(s, [second, QUOTE])
        records.set_follow_up_sent(s, "f1", {"Subject": "見積もり"}, task_id="00T1")
    assert reads.follow_ups("c1") == (second, replace(QUOTE, task_id="00T1"))
    with database.unit_of_work() as s:
        records.save_follow_ups(s, [replace(QUOTE, text="x", removed=True), second])
        assert records.get_follow_up_sent(s, "f1") == {"Subject": "見積もり"}
        assert records.get_follow_up_sent(s, "f2") == {}
        assert records.get_follow_up(s, "f1") == replace(QUOTE, text="x", removed=True, task_id="00T1")
        assert records.get_follow_up(s, "f3") is None
    assert reads.follow_ups("c1") == (second,)


def test_what_was_taken_back_before_it_left_is_never_told(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1"))
        records.save_follow_ups(s, [replace(QUOTE, removed=True), replace(QUOTE, id="f2")])
        found = records.get_call_log(s, "c1")
        assert found is not None
        queue_call(s, found, NOON)
        assert {(item.kind, item.ref) for item in outbox.claim(s, NOON)} == {("call", "c1"), (FOLLOW_UP, "f2")}


def test_after_a_call_that_never_left_only_the_follow_up_goes(database: Database) -> None:
    with database.unit_of_work() as s:
        never = replace(log("c1"), call=replace(log("c1").call, sip_call_id=""))
        records.save_call_log(s, never)
        records.save_follow_ups(s, [QUOTE])
        queue_call(s, never, NOON)
        assert [item.kind for item in outbox.claim(s, NOON)] == [FOLLOW_UP]


def test_a_live_call_waits(database: Database) -> None:
    with database.unit_of_work() as s:
        live = log("c1", outcome=None)
        records.save_call_log(s, live)
        records.save_follow_ups(s, [QUOTE])
        queue_call(s, live, NOON)
        assert outbox.claim(s, NOON) == []
