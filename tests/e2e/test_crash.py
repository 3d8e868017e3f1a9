"""Engine and app die in the middle of a call: the far side is let go, the line comes back, nothing written is lost."""

from __future__ import annotations

import signal
import time

import pytest

from tests.e2e.ringdown import NO_APP, Ringdown, stop_process
from tests.peers import far_end as numbers
from tests.peers.child import is_running, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce

pytestmark = pytest.mark.peers


def test_the_engine_is_killed_in_a_call(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    call_id = ready.call(numbers.ECHO)
    there = far_end.newest(numbers.ECHO)
    ready.do("note", call_id, "typed before")
    engine = ready.engine_pid
    killed = time.monotonic()
    stop_process(engine)
    log = ready.call_ended(call_id)
    assert (log["outcome"], log["reason"], log["notes"]) == ("answered", "engine-lost", "typed before")
    ready.until_line(5, state="registered")
    assert time.monotonic() - killed < 5
    assert ready.engine_pid != engine
    assert ready.status()["phone"] == "up"
    ready.do("note", call_id, "typed before and after")
    # The line works again, both ways.
    ready.hangup(ready.call(numbers.ECHO))
    far_end.call(ready.contact(), "+15035550199")
    ready.wait("call-incoming")
    ready.do("reject")
    ready.do("sync")
    (task,) = salesforce.tasks(there["sip_call_id"])
    assert task["Description"].startswith("typed before and after\n\n")


def test_the_engine_stops_answering_in_a_call(ready: Ringdown) -> None:
    call_id = ready.call(numbers.ECHO)
    engine = ready.engine_pid
    stop_process(engine, signal.SIGSTOP)
    log = ready.call_ended(call_id, 20)
    assert (log["outcome"], log["reason"]) == ("answered", "engine-lost")
    ready.until_line(8, state="registered")
    until(lambda: not is_running(engine), 5, "the deaf engine is gone")


def test_the_engine_is_killed_again_and_again(ready: Ringdown) -> None:
    for _ in range(3):
        engine = ready.engine_pid
        stop_process(engine)
        until(lambda old=engine: not is_running(old), what="it is gone")  # type: ignore[misc]
        until(lambda old=engine: ready.engine_pid != old, 8, "another one")  # type: ignore[misc]
        ready.until_line(8, state="registered")
    ready.hangup(ready.call(numbers.ECHO))


def test_the_app_is_killed_in_a_call(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    call_id = ready.call(numbers.ECHO)
    there = far_end.newest(numbers.ECHO)
    ready.do("note", call_id, "typed before")
    engine = ready.kill()
    far_end.until_call(there["id"], lambda c: c["state"] == "ended", 2)
    until(lambda: not is_running(engine), 4, "the engine has gone too")
    assert ready.run("status").code == NO_APP
    ready.start(registered=True)
    log = ready.recent(call_id)
    assert (log["state"], log["outcome"], log["reason"], log["notes"]) == (
        "ended",
        "answered",
        "app-stopped",
        "typed before",
    )
    ready.do("sync")
    (task,) = salesforce.tasks(there["sip_call_id"])
    assert task["Description"].startswith("typed before\n\n")


def test_the_app_is_killed_while_it_rings(ready: Ringdown, far_end: FarEnd) -> None:
    there = far_end.call(ready.contact(), "+15035550199")
    call_id = ready.wait("call-incoming")["id"]
    ready.kill()
    far_end.until_call(there, lambda c: c["state"] == "ended", 2)
    ready.start(registered=True)
    log = ready.recent(call_id)
    assert (log["state"], log["outcome"]) == ("ended", "missed")


def test_sigterm_in_a_call(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    call_id = ready.call(numbers.ECHO)
    there = far_end.newest(numbers.ECHO)
    engine = ready.engine_pid
    asked = time.monotonic()
    assert ready.terminate() == 0
    assert time.monotonic() - asked < 5
    assert not is_running(engine)
    far_end.until_call(there["id"], lambda c: c["state"] == "ended", 2)
    ready.start(registered=True)
    log = ready.recent(call_id)
    assert (log["state"], log["outcome"], log["answered"] is not None) == ("ended", "answered", True)
    ready.do("sync")
    assert len(salesforce.tasks(there["sip_call_id"])) == 1


def test_a_text_that_comes_while_the_app_hangs_is_not_lost(ready: Ringdown, far_end: FarEnd) -> None:
    """The engine has answered 200 for it: it must survive the app's death."""
    contact = ready.contact()
    ready.child.process.send_signal(signal.SIGSTOP)
    text = far_end.text(contact, "+15035550142", "do not lose me")
    until(lambda: [t for t in far_end.texts("out") if t["id"] == text and t["status"] == 200], 5, "it is accepted")
    ready.kill()
    ready.start(registered=True)
    messages = until(lambda: ready.do("messages", "+15035550142"), 5, "it is there")
    assert [message["body"] for message in messages] == ["do not lose me"]
