"""Texts both ways, the day's record, and an outbox that loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.background import Lane
from app.domain.call_log import Synced
from app.domain.counterpart import LineState, RecordRef
from app.domain.events import OutboxChanged
from app.domain.message import Delivery
from app.errors import AppError, ErrorCode
from app.reads.rows import OutboxCount
from app.store import outbox
from app.usecases.login import CrmState
from tests.fakes import offline
from tests.journeys.conftest import ANA, World

NUMBER = "+14155550142"
DAY_KEY = f"005000000000001AAA|{NUMBER}|2026-11-20|1"


def _send(world: World, body: str) -> str:
    message_id = world.desk.messages.send(NUMBER, body)
    world.until(lambda: any(command[:2] == ("text", message_id) for command in world.phone.commands))
    return message_id


def _delivery(world: World, message_id: str) -> Delivery | None:
    row = world.desk.reads.message(message_id)
    return row.delivery if row else None


def test_a_days_texts_both_ways_are_one_record_in_order(world: World) -> None:
    world.signed_in()
    first = _send(world, "Sent, page 2 has …")
    world.phone.text_result(first, Delivery.SENT)
    world.until(lambda: _delivery(world, first) is Delivery.SENT)
    world.clock.move(60)
    world.phone.text_in("ありがとう 🎉")
    world.until(lambda: len(world.desk.reads.messages(NUMBER)) == 2)
    world.pushed()
    assert list(world.crm.days) == [DAY_KEY]
    record = world.crm.days[DAY_KEY]
    assert record.who == ANA.ref
    assert record.messages == 2
    assert record.body == "10:00 Riley Chen:\nSent, page 2 has …\n\n10:01 Ana Flores:\nありがとう 🎉"


def test_a_repeated_text_is_kept_once_and_acknowledged_each_time(world: World) -> None:
    spooled = [world.phone.text_in("once", carrier_id="same@carrier") for _ in range(2)]
    world.until(lambda: world.phone.stored == spooled)
    assert [row.body for row in world.desk.reads.messages(NUMBER)] == ["once"]


def test_without_a_line_a_text_waits_and_leaves_when_the_line_is_back(world: World) -> None:
    world.phone.line("main", LineState.FAILED)
    world.until(lambda: world.line_is(LineState.FAILED))
    message_id = world.desk.messages.send(NUMBER, "later")
    world.until(lambda: _delivery(world, message_id) is Delivery.QUEUED)
    assert not any(command[0] == "text" for command in world.phone.commands)
    world.phone.line("main", LineState.REGISTERED)
    world.until(lambda: any(command[0] == "text" for command in world.phone.commands))
    assert sum(command[0] == "text" for command in world.phone.commands) == 1


def test_a_text_on_its_way_at_a_crash_is_unknown_and_can_be_sent_again(world: World) -> None:
    message_id = _send(world, "maybe")
    world.crash()
    world.open()
    world.until(lambda: _delivery(world, message_id) is Delivery.UNKNOWN)
    assert not any(command[0] == "text" for command in world.phone.commands), "never twice by itself"
    world.desk.messages.retry(message_id)
    world.until(lambda: any(command[0] == "text" for command in world.phone.commands))


def test_a_day_that_was_sent_says_what_the_crash_left_unclear(world: World) -> None:
    """Salesforce was told that the text waits; it must not read so for ever."""
    world.signed_in()
    message_id = world.desk.messages.send("+14155550142", "on my way")
    world.until(lambda: _delivery(world, message_id) is Delivery.SENDING)
    world.pushed()
    assert ["(waiting)" in day.body for day in world.crm.days.values()] == [True]
    world.crash()
    world.open()
    world.signed_in()
    world.until(lambda: _delivery(world, message_id) is Delivery.UNKNOWN)
    world.pushed()
    assert ["(may not have been delivered)" in day.body for day in world.crm.days.values()] == [True]


def test_a_draft_survives_a_crash(world: World) -> None:
    world.desk.messages.save_draft("main", NUMBER, "half a th")
    world.until(lambda: world.desk.reads.draft("main", NUMBER) == "half a th")
    world.crash()
    world.open()
    assert world.desk.reads.draft("main", NUMBER) == "half a th"
    _send(world, "half a thought")
    assert world.desk.reads.draft("main", NUMBER) == ""


def test_killed_between_the_end_of_the_call_and_the_sync_there_is_one_task(world: World) -> None:
    world.crm.fail = [offline()] * 3
    call_id = world.short_call()
    world.crash()
    world.crm.fail = []
    world.open()
    world.signed_in()
    world.pushed()
    assert list(world.crm.tasks) == [f"005000000000001AAA|{call_id}@sip"]


def test_a_lost_reply_after_the_commit_makes_no_second_task(world: World) -> None:
    world.signed_in()
    call_id = world.short_call()
    world.crm.commit_first, world.crm.fail = True, [offline()]
    world.desk.sync.push()
    world.until(lambda: world.crm.writes == 1 and not world.crm.fail)
    world.crm.commit_first = False
    world.clock.move(3600)
    world.pushed()
    assert world.crm.writes == 2
    assert list(world.crm.tasks) == [f"005000000000001AAA|{call_id}@sip"]


def test_what_salesforce_refuses_waits_for_the_rep_with_its_words(world: World) -> None:
    world.signed_in()
    call_id = world.short_call()
    world.crm.fail = [AppError(ErrorCode.CRM_REFUSED, message="Disposition is required")]
    world.desk.sync.push()
    world.until(lambda: world.desk.reads.outbox_count().failed == 1)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.synced, log.sync_error) == (Synced.FAILED, "Disposition is required")
    world.desk.sync.retry("call", call_id)
    world.until(lambda: world.crm.tasks)
    world.until(lambda: world.desk.reads.outbox_count() == OutboxCount(waiting=0, failed=0))
    assert len(world.crm.tasks) == 1


def test_notes_after_the_sync_reach_the_same_task(world: World) -> None:
    world.signed_in()
    call_id = world.short_call()
    world.pushed()
    world.desk.wrapup.set_notes(call_id, "an afterthought")
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.synced is Synced.WAITING
    world.pushed()
    assert [task["Description"] for task in world.crm.tasks.values()] == ["an afterthought"]


def test_several_people_leave_the_task_open_until_the_rep_chooses(world: World) -> None:
    other = RecordRef("Lead", "00Q000000000001AAA")
    world.crm.people.append(type(ANA)(other, "Mia Okafor", phones=(("Phone", NUMBER),)))
    world.signed_in()
    call_id = world.short_call()
    world.until(lambda: len(world.desk.matching.known(NUMBER).records) == 2)
    world.pushed()
    key = f"005000000000001AAA|{call_id}@sip"
    assert world.crm.tasks[key]["WhoId"] is None
    world.desk.matching.choose(NUMBER, other)
    world.until(lambda: world.desk.matching.known(NUMBER).chosen is not None)
    world.pushed()
    assert world.crm.tasks[key]["WhoId"] == other.id
    assert len(world.crm.tasks) == 1


def test_salesforce_away_at_the_start_is_asked_again_once_at_a_time(world: World) -> None:
    world.signed_in()  # nothing of the first start may still ask when failures are laid out for the second
    world.crash()
    world.crm.fail = [offline()] * 3
    world.open()
    world.until(lambda: world.desk.login.status.state is CrmState.OFFLINE)
    asked: list[float] = []
    later = world.loop.later

    def spy(seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        if 10 < seconds < 40:
            asked.append(seconds)
            return later(0.0, work)
        return later(seconds, work)

    world.loop.later = spy  # type: ignore[method-assign]
    world.desk.login.start()
    world.signed_in()
    assert len(asked) == 2, "one question after each unanswered one"


def test_what_waits_for_a_sign_in_keeps_nobody_busy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    next_due = outbox.next_due

    def counted(*given: Any, **more: Any) -> datetime | None:
        asked.append(given)
        return next_due(*given, **more)

    world.signed_in()
    world.desk.sign_in.sign_out()
    world.until(lambda: world.desk.login.status.state is CrmState.SIGNED_OUT)
    monkeypatch.setattr(outbox, "next_due", counted)
    world.phone.text_in("nobody is signed in")
    world.until(lambda: world.desk.reads.outbox_count().waiting)
    world.clock.move(3600)
    world.desk.hub.publish(OutboxChanged())
    for _ in range(30):
        done: list[None] = []
        world.background.run(Lane.STORE, lambda: None, done.append)
        world.until(lambda: done)  # noqa: B023 - asked at once
    assert len(asked) < 10
