"""What the rep adds to a call is kept as typed, and reaches the Task when the call has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from app.domain.call import CallState
from app.domain.call_log import CallLog
from app.domain.counterpart import Deal, RecordRef
from app.domain.new_record import NewRecord, Related
from app.errors import AppError, ErrorCode
from tests.fakes import offline
from tests.journeys.conftest import ANA, World

NUMBER = "+14155550142"
RENEWAL = Related(RecordRef("Opportunity", "006000000000001AAA"), "Renewal 2027", "Negotiation")


def _talking(world: World) -> str:
    call_id = world.phone.call_in(NUMBER)
    world.until(world.desk.calls.live)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    world.until(lambda: _find(world, call_id))
    return call_id


def _ended(world: World) -> str:
    call_id = _talking(world)
    _end(world, call_id)
    return call_id


def _end(world: World, call_id: str) -> None:
    world.phone.far_ends(call_id)
    world.until(lambda: _log(world, call_id).call.state is CallState.ENDED)


def _find(world: World, call_id: str) -> CallLog | None:
    return world.desk.reads.call_log(call_id)


def _log(world: World, call_id: str) -> CallLog:
    found = _find(world, call_id)
    assert found is not None
    return found


def test_subject_and_disposition_wait_for_the_end_of_the_call(world: World) -> None:
    world.signed_in()
    call_id = _talking(world)
    world.desk.wrapup.set_subject(call_id, "  About the\nrenewal ")
    world.desk.wrapup.set_disposition(call_id, "Connected")
    world.until(lambda: _log(world, call_id).disposition == "Connected")
    assert _log(world, call_id).subject == "About the renewal"
    assert world.desk.reads.outbox_count().waiting == 0
    _end(world, call_id)
    assert world.desk.reads.outbox_count().waiting == 1


def test_a_change_of_an_unknown_call_is_refused(world: World) -> None:
    refused: list[AppError] = []
    world.desk.wrapup.set_subject("nobody", "x", failed=refused.append)
    world.until(lambda: refused)
    assert refused[0].code is ErrorCode.LOG_UNKNOWN


def test_a_call_is_wrapped_up_once(world: World) -> None:
    call_id = _ended(world)
    world.until(lambda: world.desk.wrapup.unfinished() == (call_id,))
    world.desk.wrapup.later(call_id)
    assert world.desk.wrapup.unfinished() == ()
    missed = world.phone.call_in("+15035550188")
    world.until(world.desk.calls.live)
    world.phone.far_ends(missed, 487)
    world.until(lambda: (log := _find(world, missed)) and log.call.state is CallState.ENDED)
    assert world.desk.wrapup.unfinished() == ()


def test_log_ends_the_wait(world: World) -> None:
    world.signed_in()
    call_id = _ended(world)
    world.desk.wrapup.set_notes(call_id, "done")
    world.desk.wrapup.log(call_id)
    world.until(lambda: world.crm.tasks)  # the clock stands still: nothing else would have been due
    assert next(iter(world.crm.tasks.values()))["Description"] == "done"


def test_a_relation_is_chosen_changed_and_taken_away(world: World) -> None:
    call_id = _ended(world)
    world.desk.wrapup.set_relation(call_id, RENEWAL)
    world.until(lambda: _log(world, call_id).what == RENEWAL.ref)
    assert world.desk.relation.now(_log(world, call_id)) == replace(RENEWAL, detail="")
    world.desk.wrapup.set_relation(call_id, None)
    world.until(lambda: _log(world, call_id).what is None)
    assert world.desk.relation.now(_log(world, call_id)) is None


def test_what_the_call_is_about_has_a_name_and_can_be_removed(world: World) -> None:
    world.crm.offered = [RENEWAL]
    world.signed_in()
    call_id = world.desk.calls.dial(NUMBER, about=RENEWAL.ref.id)
    world.until(lambda: _find(world, call_id))
    log = _log(world, call_id)
    related = world.desk.relation.now(log)
    assert related is not None
    assert related.ref.id == RENEWAL.ref.id
    world.desk.relation.name(log)
    world.until(lambda: _log(world, call_id).what_name == "Renewal 2027")
    assert _log(world, call_id).what == RENEWAL.ref
    world.desk.wrapup.set_relation(call_id, None)
    world.until(lambda: _log(world, call_id).about == "")
    assert world.desk.relation.now(_log(world, call_id)) is None


def test_a_call_about_a_deal_of_the_card_knows_its_name_at_once(world: World) -> None:
    deal = Deal(RENEWAL.ref.id, RENEWAL.name, "Negotiation", 42_000, "2026-12-15")
    world.crm.deals = (deal,)
    world.signed_in()
    world.desk.cards.load(ANA.ref)
    world.until(lambda: world.desk.cards.known(ANA.ref))
    call_id = world.desk.calls.dial(NUMBER, about=deal.id)
    world.until(lambda: _find(world, call_id))
    world.until(lambda: _log(world, call_id).who)
    related = world.desk.relation.now(_log(world, call_id))
    assert related is not None
    assert (related.ref, related.name) == (RENEWAL.ref, RENEWAL.name)


def test_a_deal_made_from_the_call_is_its_relation(world: World) -> None:
    world.signed_in()
    call_id = _ended(world)
    world.until(lambda: _log(world, call_id).who == ANA.ref)
    made: list[Related] = []
    trouble: list[AppError] = []
    wanted = NewRecord("Opportunity", {"Name": "New sites", "StageName": "Prospecting", "CloseDate": "2026-12-20"})
    world.crm.fail = [offline()]
    world.desk.relation.create(_log(world, call_id), wanted, made.append, trouble.append)
    world.until(lambda: trouble)
    world.desk.relation.create(_log(world, call_id), wanted, made.append, trouble.append)
    world.until(lambda: made)
    assert world.crm.made[0].values["ContactId"] == ANA.ref.id
    assert world.crm.made[0].values["AccountId"] == ANA.account_id
    world.until(lambda: _log(world, call_id).what == made[0].ref)
    assert _log(world, call_id).what_name == "New sites"


def test_a_deal_that_was_made_but_cannot_be_read_back_is_the_calls(world: World) -> None:
    call_id = _ended(world)
    made: list[Related] = []
    trouble: list[AppError] = []

    def away(record_id: str) -> Related | None:
        raise offline()

    world.crm.read_related = away  # type: ignore[method-assign]
    wanted = NewRecord("Opportunity", {"Name": "New sites", "StageName": "Prospecting", "CloseDate": "2026-12-20"})
    world.desk.relation.create(_log(world, call_id), wanted, made.append, trouble.append)
    world.until(lambda: made or trouble)
    assert [one.name for one in made] == ["New sites"]
    assert _log(world, call_id).what == made[0].ref


def test_a_call_with_a_lead_takes_no_relation(world: World) -> None:
    call_id = _ended(world)
    log = replace(_log(world, call_id), who=RecordRef("Lead", "00Q000000000001AAA"))
    assert world.desk.relation.bar(log) == "lead"


def test_one_of_several_is_chosen_for_this_call_and_remembered(world: World) -> None:
    other = replace(ANA, ref=RecordRef("Contact", "003000000000002AAA"), name="Mia Okafor")
    world.crm.people.append(other)
    world.signed_in()
    call_id = _ended(world)
    world.until(lambda: len(world.desk.matching.known(NUMBER).records) == 2)
    world.desk.wrapup.set_who(call_id, other)
    world.until(lambda: _log(world, call_id).who == other.ref)
    assert _log(world, call_id).person == "Mia Okafor"
    chosen = world.desk.matching.known(NUMBER).chosen
    assert chosen is not None
    assert chosen.ref == other.ref


class TestFollowUps:
    def test_a_line_of_the_notes_is_a_task_later(self, world: World) -> None:
        world.signed_in()
        call_id = _talking(world)
        world.desk.wrapup.set_notes(call_id, "Wants the quote.\n!fri 3pm send quote")
        world.until(lambda: world.desk.reads.follow_ups(call_id))
        (one,) = world.desk.reads.follow_ups(call_id)
        assert (one.day, one.at, one.text, one.zone) == (
            date(2026, 11, 27),
            time(15),
            "send quote",
            "America/Los_Angeles",
        )
        assert world.desk.reads.outbox_count().waiting == 0
        _end(world, call_id)
        assert world.desk.reads.outbox_count().waiting == 2
        world.pushed()
        key = f"005000000000001AAA|followup|{one.id}"
        assert world.crm.tasks[key]["ActivityDate"] == "2026-11-27"
        assert world.crm.tasks[key]["WhoId"] == ANA.ref.id

    def test_an_edited_line_changes_the_same_task_and_a_removed_one_takes_it_back(self, world: World) -> None:
        world.signed_in()
        call_id = _ended(world)
        world.desk.wrapup.set_notes(call_id, "!fri send quote")
        world.pushed()
        world.desk.wrapup.set_notes(call_id, "!mon send quote")
        world.pushed()
        follow_ups = {key: task for key, task in world.crm.tasks.items() if "|followup|" in key}
        assert [task["ActivityDate"] for task in follow_ups.values()] == ["2026-11-23"]
        (one,) = world.desk.reads.follow_ups(call_id)
        world.desk.wrapup.drop_follow_up(call_id, one.id)
        world.until(lambda: not world.desk.reads.follow_ups(call_id))
        world.pushed()
        assert not any("|followup|" in key for key in world.crm.tasks)

    def test_a_lost_reply_makes_no_second_task(self, world: World) -> None:
        world.signed_in()
        call_id = _ended(world)
        world.pushed()
        world.desk.wrapup.set_notes(call_id, "!fri send quote")
        world.until(lambda: world.desk.reads.follow_ups(call_id))
        world.crm.fail = [offline()]
        world.desk.sync.push()
        world.until(lambda: not world.crm.fail)
        world.pushed()
        assert sum("|followup|" in key for key in world.crm.tasks) == 1

    def test_they_survive_a_crash_in_the_call(self, world: World) -> None:
        call_id = _talking(world)
        world.desk.wrapup.set_notes(call_id, "!fri send quote")
        world.until(lambda: world.desk.reads.follow_ups(call_id))
        world.crash()
        world.open()
        world.signed_in()
        world.until(lambda: _log(world, call_id).call.state is CallState.ENDED)
        world.pushed()
        assert sum("|followup|" in key for key in world.crm.tasks) == 1
