"""Publish and subscribe."""

from __future__ import annotations

import threading

import pytest

from app.domain.events import CallChanged, CallFinished
from app.hub import Hub


def test_handlers_hear_their_own_class_in_the_order_they_came() -> None:
    hub, heard = Hub(), list[object]()
    hub.subscribe(CallChanged, lambda event: heard.append(("first", event.call_id)))
    hub.subscribe(CallChanged, lambda event: heard.append(("second", event.call_id)))
    hub.subscribe(CallFinished, lambda event: heard.append(("other", event.call_id)))
    hub.publish(CallChanged("c1"))
    assert heard == [("first", "c1"), ("second", "c1")]


def test_an_event_nobody_wants_is_fine() -> None:
    Hub().publish(CallChanged("c1"))


def test_a_handler_taken_off_hears_no_more_and_may_be_taken_off_again() -> None:
    hub, heard = Hub(), list[str]()
    stop = hub.subscribe(CallChanged, lambda event: heard.append(event.call_id))
    hub.publish(CallChanged("c1"))
    stop()
    stop()
    hub.publish(CallChanged("c2"))
    assert heard == ["c1"]


def test_handlers_may_come_and_go_while_an_event_is_told() -> None:
    hub, heard = Hub(), list[str]()

    def once(event: CallChanged) -> None:
        heard.append(f"once {event.call_id}")
        stop()
        hub.subscribe(CallChanged, lambda later: heard.append(f"new {later.call_id}"))

    stop = hub.subscribe(CallChanged, once)
    hub.subscribe(CallChanged, lambda event: heard.append(f"last {event.call_id}"))
    hub.publish(CallChanged("c1"))
    assert heard == ["once c1", "last c1"]
    hub.publish(CallChanged("c2"))
    assert heard[2:] == ["last c2", "new c2"]


def test_an_event_told_within_another_is_told_at_once() -> None:
    hub, heard = Hub(), list[str]()
    hub.subscribe(CallFinished, lambda event: heard.append("finished"))

    def changed(event: CallChanged) -> None:
        hub.publish(CallFinished(event.call_id))
        heard.append("changed")

    hub.subscribe(CallChanged, changed)
    hub.publish(CallChanged("c1"))
    assert heard == ["finished", "changed"]


def _failing(hub: Hub, heard: list[str]) -> Exception:
    error = ZeroDivisionError()

    def fail(event: CallChanged) -> None:
        raise error

    hub.subscribe(CallChanged, fail)
    hub.subscribe(CallChanged, lambda event: heard.append(event.call_id))
    return error


def test_a_handler_that_fails_keeps_nobody_from_hearing() -> None:
    heard, bugs = list[str](), list[BaseException]()
    hub = Hub(bugs.append)
    error = _failing(hub, heard)
    hub.publish(CallChanged("c1"))  # and who tells goes on
    assert (heard, bugs) == (["c1"], [error])


def test_where_nobody_cares_for_bugs_it_is_raised_in_the_end() -> None:
    heard = list[str]()
    hub = Hub()
    _failing(hub, heard)
    with pytest.raises(ZeroDivisionError):
        hub.publish(CallChanged("c1"))
    assert heard == ["c1"]


def test_another_thread_is_refused() -> None:
    hub, caught = Hub(), list[AssertionError]()

    def publish() -> None:
        try:
            hub.publish(CallChanged("c1"))
        except AssertionError as error:
            caught.append(error)

    thread = threading.Thread(target=publish)
    thread.start()
    thread.join()
    assert len(caught) == 1
    with pytest.raises(AssertionError, match="main thread"):
        raise caught[0]
