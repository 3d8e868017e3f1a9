"""Notes, people and deletions on both sides of a call: what comes back from Salesforce, and what goes there again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event

from app.domain.call import CallState
from app.domain.call_log import CallLog, Synced
from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.events import OutboxChanged
from app.domain.message import Delivery, TextArrived
from app.errors import AppError, ErrorCode
from app.ports.crm import TaskRow
from app.reads.rows import OutboxCount
from app.usecases.budget import Allowance
from app.usecases.outgoing import Sender
from tests.journeys.conftest import World

NUMBER = "+14155550142"
DAY_KEY = f"005000000000001AAA|{NUMBER}|2026-11-20|1"
MIA = "003000000000009AAA"


def _call(world: World, user: str = NUMBER) -> str:
    call_id = world.phone.call_in(user)
    world.until(lambda: world.desk.calls.get(call_id))
    world.desk.calls.answer(call_id)
    world.until(lambda: (call := world.desk.calls.get(call_id)) is None or call.state is CallState.ACTIVE)
    world.phone.far_ends(call_id)
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and log.call.state is CallState.ENDED)
    return call_id


def _logged(world: World) -> tuple[str, str]:
    """A call that Salesforce holds, and its key there."""
    world.signed_in()
    call_id = _call(world)
    world.pushed()
    return call_id, f"005000000000001AAA|{call_id}@sip"


def _log(world: World, call_id: str) -> CallLog:
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    return log


def _read(world: World) -> None:
    done: list[bool] = []
    world.desk.sync.read_back.look(lambda: done.append(True))
    world.until(lambda: done)


def test_what_was_changed_there_comes_back_and_is_not_sent_again(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.edit(key, Subject="Theirs", Description="Their notes", CallDisposition="Won", WhoId=MIA)
    _read(world)
    log = _log(world, call_id)
    assert (log.subject, log.notes, log.disposition) == ("Theirs", "Their notes", "Won")
    assert log.who == RecordRef("Contact", MIA)
    assert log.person == "Somebody There"
    assert world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=0)
    writes = world.crm.writes
    world.desk.sync.retry("call", call_id)
    world.pushed()
    assert world.crm.tasks[key]["Subject"] == "Theirs"
    assert world.crm.writes - writes <= 2  # nothing differs; the fake counts the visit


def test_opening_a_call_reads_it_once(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.edit(key, Subject="Theirs")
    before = world.crm.requests
    world.desk.sync.opened(call_id)
    world.desk.sync.opened(call_id)
    world.until(lambda: _log(world, call_id).subject == "Theirs")
    assert world.crm.requests == before + 1
    world.clock.move(61)
    world.crm.edit(key, Subject="Theirs again")
    world.desk.sync.opened(call_id)
    world.until(lambda: _log(world, call_id).subject == "Theirs again")


def test_an_answer_from_before_the_notes_were_sent_takes_nothing_back(world: World) -> None:
    call_id, key = _logged(world)
    read, may_answer = Event(), Event()
    ask = world.crm.read_tasks

    def slowly(task_ids: Sequence[str]) -> list[TaskRow]:
        rows = ask(task_ids)
        read.set()
        may_answer.wait(10)
        return rows

    world.crm.read_tasks = slowly  # type: ignore[method-assign]
    world.desk.sync.opened(call_id)
    world.until(read.is_set)
    world.crm.read_tasks = ask  # type: ignore[method-assign]
    world.desk.wrapup.set_notes(call_id, "Typed meanwhile")
    world.pushed()
    assert world.crm.tasks[key]["Description"] == "Typed meanwhile"
    world.crm.edit(key, Subject="Theirs")
    may_answer.set()
    world.until(lambda: _log(world, call_id).subject == "Theirs")  # what was too old is read once more
    assert _log(world, call_id).notes == "Typed meanwhile"


def test_notes_changed_on_both_sides_are_both_kept(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.edit(key, Description="Their notes")
    world.desk.wrapup.set_notes(call_id, "My notes")
    # Nobody has read it back: sending looks first.
    world.pushed()
    both = "My notes\n\n--- Salesforce, 2026-11-20 ---\nTheir notes"
    assert _log(world, call_id).notes == both
    assert world.crm.tasks[key]["Description"] == both
    for _ in range(3):
        world.crm.edit(key)
        _read(world)
        world.desk.sync.retry("call", call_id)
        world.pushed()
    assert _log(world, call_id).notes == both
    assert world.crm.tasks[key]["Description"] == both


def test_notes_typed_while_others_come_from_salesforce_are_both_kept(world: World) -> None:
    call_id, key = _logged(world)
    # The rep begins to type; before it is stored, what somebody wrote in Salesforce has come.
    world.crm.edit(key, Description="Their notes")
    _read(world)
    assert _log(world, call_id).notes == "Their notes"
    world.desk.wrapup.set_notes(call_id, "My notes\n!fri call", base="")
    both = "My notes\n!fri call\n\n--- Salesforce, 2026-11-20 ---\nTheir notes"
    world.until(lambda: _log(world, call_id).notes == both)
    assert len(world.desk.reads.follow_ups(call_id)) == 1
    world.pushed()
    assert world.crm.tasks[key]["Description"] == both
    # What the rep goes on typing begins from what was given last.
    world.desk.wrapup.set_notes(call_id, "My notes, all of them\n!fri call", base="My notes\n!fri call")
    world.until(lambda: _log(world, call_id).notes == both.replace("My notes", "My notes, all of them"))


def test_a_lost_answer_to_merged_notes_merges_nothing_twice(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.edit(key, Description="Their notes")
    world.desk.wrapup.set_notes(call_id, "My notes")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.crm.commit_first, world.crm.fail = True, [AppError(ErrorCode.CRM_OFFLINE)]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    assert world.desk.reads.outbox_count().waiting == 1
    world.crm.commit_first = False
    world.pushed()
    assert world.crm.tasks[key]["Description"] == "My notes\n\n--- Salesforce, 2026-11-20 ---\nTheir notes"
    assert _log(world, call_id).notes == world.crm.tasks[key]["Description"]


def test_the_reps_own_change_wins_while_it_is_unsent(world: World) -> None:
    call_id, key = _logged(world)
    mine = RecordRef("Contact", "003000000000007AAA")
    world.desk.matching.choose(NUMBER, mine)
    world.crm.edit(key, Subject="Theirs")
    _read(world)
    assert _log(world, call_id).subject == "Theirs"


def test_a_task_deleted_there_stays_deleted_until_the_rep_makes_it_anew(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.throw_away(key)
    _read(world)
    assert _log(world, call_id).task_gone
    world.desk.wrapup.set_notes(call_id, "written all the same")
    world.until(lambda: _log(world, call_id).notes == "written all the same")
    world.pushed()
    assert world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=0)
    assert world.crm.tasks[key]["Description"] == ""
    world.desk.sync.log_again(call_id)
    world.until(lambda: len(world.crm.tasks) == 2)
    world.until(lambda: _log(world, call_id).synced is Synced.DONE)
    assert world.crm.tasks[f"{key}|again-2"]["Description"] == "written all the same"
    assert not _log(world, call_id).task_gone
    # And once more, under a key of its own again.
    world.crm.throw_away(f"{key}|again-2")
    _read(world)
    world.desk.sync.log_again(call_id)
    world.until(lambda: f"{key}|again-3" in world.crm.tasks)


def test_a_deletion_noticed_while_writing_is_no_failure(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.throw_away(key)
    world.crm.stamps.clear()
    world.desk.wrapup.set_notes(call_id, "late")
    world.pushed()
    assert _log(world, call_id).task_gone
    assert world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=0)


def test_an_undeleted_task_comes_back(world: World) -> None:
    call_id, key = _logged(world)
    world.crm.throw_away(key)
    _read(world)
    world.crm.take_out(key)
    world.crm.edit(key, Subject="Back")
    _read(world)
    log = _log(world, call_id)
    assert (log.task_gone, log.subject) == (False, "Back")


def test_many_calls_go_together_and_a_refused_one_alone_stays(world: World) -> None:
    world.signed_in()
    calls = [_call(world, f"+1415555020{i}") for i in range(4)]
    world.crm.refused[f"{calls[1]}@sip"] = AppError(
        ErrorCode.CRM_REFUSED, message="Say why", reason="FIELD_CUSTOM_VALIDATION_EXCEPTION"
    )
    world.pushed()
    assert world.crm.batches == [4]
    assert world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=1)
    (row,) = world.desk.reads.outbox_rows()
    assert (row.message, row.reason) == ("Say why", "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    world.crm.refused.clear()
    world.desk.sync.retry("call", calls[1])
    world.until(lambda: world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=0))


def test_offline_all_rest_after_the_first_failure(world: World) -> None:
    world.signed_in()
    world.crm.fail = [AppError(ErrorCode.CRM_OFFLINE, reason="connection")] * 4
    for i in range(3):
        _call(world, f"+1415555020{i}")
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    assert len(world.crm.batches) == 1
    state = world.desk.sync.state
    assert state.why is ErrorCode.CRM_OFFLINE
    assert state.resting_until is not None


def test_a_used_up_allowance_rests_also_over_a_restart(world: World) -> None:
    world.signed_in()
    _call(world)
    world.crm.fail = [AppError(ErrorCode.CRM_LIMIT, message="TotalRequests Limit exceeded.")]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    until = world.desk.sync.state.resting_until
    assert until is not None
    assert 900 <= (until - world.clock.now()).total_seconds() <= 3600
    world.crash()
    world.open()
    world.signed_in()
    assert world.desk.sync.state.resting_until == until
    assert world.desk.sync.state.why is ErrorCode.CRM_LIMIT
    assert world.crm.tasks == {}
    world.pushed()  # the rep may knock
    assert len(world.crm.tasks) == 1


def test_near_the_limit_only_calls_go(world: World) -> None:
    world.signed_in()
    world.crm.usage = (96, 100)
    call_id = _call(world)
    world.pushed()
    assert world.desk.sync.state.allowance is Allowance.CALLS
    message_id = world.desk.messages.send(NUMBER, "hello")
    world.until(lambda: any(command[:2] == ("text", message_id) for command in world.phone.commands))
    world.phone.text_result(message_id, Delivery.SENT)
    before = world.crm.requests
    _read(world)
    assert world.crm.requests == before, "nothing is read near the limit"
    second = _call(world)
    world.clock.move(1000)
    world.desk.sync.start()
    world.until(lambda: _log(world, second).synced is Synced.DONE)
    assert world.crm.days == {}, "only calls go by themselves"
    assert world.desk.reads.outbox_count().waiting == 1
    assert world.desk.sync.state.allowance is Allowance.CALLS
    world.pushed()  # the rep may knock
    assert list(world.crm.days) == [DAY_KEY]
    assert world.desk.sync.state.allowance is Allowance.CALLS
    assert _log(world, call_id).synced is Synced.DONE


def test_a_kill_while_the_answer_is_awaited_is_remembered(world: World) -> None:
    world.signed_in()
    _call(world)
    world.crm.commit_first, world.crm.fail = True, [AppError(ErrorCode.CRM_OFFLINE, unsure=True)]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    world.crash()
    world.crm.commit_first = False
    world.open()
    world.signed_in()
    world.pushed()
    assert world.crm.tried == [False, True]
    assert len(world.crm.tasks) == 1


def test_a_day_without_the_package_waits_and_is_no_failure(world: World) -> None:
    world.signed_in()
    world.crm.refused[DAY_KEY] = AppError(ErrorCode.CRM_PACKAGE_MISSING, reason="no-object")
    world.phone.text_in("hello")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    assert world.desk.reads.outbox_count() == OutboxCount(waiting=1, failed=0)
    (row,) = world.desk.reads.outbox_rows()
    assert row.code == ErrorCode.CRM_PACKAGE_MISSING.value


def test_a_day_gets_its_person_when_there_is_one(world: World) -> None:
    world.signed_in()
    world.phone.text_in("in time", "+14155550177")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.pushed()
    assert [day.who for day in world.crm.days.values()] == [None]
    friend = CrmRecord(RecordRef("Contact", MIA), "Mia Okafor", phones=(("Phone", "+14155550177"),))
    world.crm.people.append(friend)
    world.desk.matching.look_up("+14155550177", fresh=True)
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.pushed()
    (day,) = world.crm.days.values()
    assert day.who == friend.ref


def _lost() -> AppError:
    return AppError(ErrorCode.CRM_OFFLINE, reason="timeout", unanswered=True)


def test_a_lost_request_that_comes_through_late_is_put_right(world: World) -> None:
    call_id, key = _logged(world)
    world.desk.wrapup.set_notes(call_id, "first words")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.crm.fail = [_lost()]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    world.desk.wrapup.set_notes(call_id, "last words")
    world.pushed()
    assert world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=0)
    assert world.desk.reads.outbox_rows() == ()
    # Now the first request comes through after all, over the newer one.
    world.crm.edit(key, Description="first words")
    world.clock.move(700)
    world.hub.publish(OutboxChanged())
    world.until(lambda: world.crm.tasks[key]["Description"] == "last words")
    assert _log(world, call_id).notes == "last words"


def test_a_day_written_over_late_is_put_right(world: World) -> None:
    world.signed_in()
    world.phone.text_in("first", "+14155550177")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.crm.commit_first, world.crm.fail = True, [_lost()]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    world.crm.commit_first = False
    world.phone.text_in("second", "+14155550177")
    world.until(lambda: len(world.desk.reads.messages("+14155550177")) == 2)
    (key,) = world.crm.days
    old = world.crm.days[key]
    world.pushed()
    assert world.crm.days[key].messages == 2
    world.crm.days[key] = old
    world.clock.move(700)
    world.hub.publish(OutboxChanged())
    world.until(lambda: world.crm.days[key].messages == 2)


def test_a_text_that_comes_next_morning_goes_into_its_own_day(world: World) -> None:
    world.signed_in()
    evening = world.clock.now()
    world.phone.text_in("in time")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.pushed()
    world.clock.move(20 * 3600)
    late = evening - timedelta(minutes=30)
    world.phone.emit(TextArrived("late", "main", NUMBER, "carrier.example", "", "late", "text/plain", "l@c", late))
    world.phone.text_in("this morning")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 2)
    world.pushed()
    yesterday, today = (world.crm.days[key] for key in sorted(world.crm.days))
    assert yesterday.day == "2026-11-20"
    assert yesterday.body.index("late") < yesterday.body.index("in time")
    assert (today.day, today.messages) == ("2026-11-21", 1)


def test_log_sends_at_once_what_other_rounds_would_wait_for(world: World) -> None:
    world.signed_in()
    _call(world)
    world.pushed()
    call_id = _call(world, "+14155550203")
    world.hub.publish(OutboxChanged())
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    world.desk.wrapup.log(call_id)
    world.until(lambda: len(world.crm.tasks) == 2)


def test_a_call_on_its_way_is_read_again_even_if_it_is_refused(world: World) -> None:
    _, key = _logged(world)
    _, newer = _logged(world)
    user = world.desk.login.user()
    assert user is not None
    rows = [replace(world.crm._row(key), stamp="2026-11-20T10:00:00.000+00:00")]
    rows.append(replace(world.crm._row(newer), stamp="2026-11-20T12:00:00.000+00:00"))
    found = world.desk.login.sender()
    assert found is not None
    read_back = world.desk.sync.read_back
    read_back._is_sending = lambda task_id: task_id == rows[0].task_id
    read_back.came_along(Sender(*found, "UTC"), rows, rows[1].stamp)
    world.until(lambda: world.desk.reads.meta(f"tasks_mark|{user.id}"))
    assert world.desk.reads.meta(f"tasks_mark|{user.id}") == rows[0].stamp
