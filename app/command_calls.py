"""The commands for live calls, carried out in the running app.

Those that change a call answer when the change is confirmed, so that a script can rely on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.command_json import call_json
from app.control import Answer, bad, good
from app.desk import Desk
from app.domain.call import Call, CallState, Direction
from app.domain.events import CallChanged
from app.errors import AppError, ErrorCode
from app.words import end_reason

_CONFIRM = 6.0  # seconds for the far side to confirm


def dial(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Dial; with ``wait`` answer when active or over."""
    call_id = desk.calls.dial(
        str(request.get("number", "")),
        line_id=str(request.get("line") or ""),
        caller_id=str(request.get("as") or ""),
        about=str(request.get("about") or ""),
        anyway=bool(request.get("anyway")),
    )
    if not request.get("wait"):
        answer(good({"id": call_id}))
        return

    def check(call: Call) -> bool:
        if call.is_connected:
            answer(good(call_json(desk, call)))
        elif not call.is_live:
            answer(bad(AppError(ErrorCode.CALL_FAILED, reason=_why(call)), call_json(desk, call)))
        else:
            return False
        return True

    _when(desk, call_id, check)


def live(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Live calls."""
    answer(good([call_json(desk, call) for call in desk.calls.live()]))


def take(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Take a ringing call."""
    call = _pick(desk, request, CallState.RINGING, Direction.IN)
    desk.calls.answer(call.id)
    _confirm(desk, call.id, lambda now: now.is_connected, answer)


def reject(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Turn a ringing caller away."""
    call = _pick(desk, request, CallState.RINGING, Direction.IN)
    desk.calls.reject(call.id)
    _confirm(desk, call.id, lambda now: not now.is_live, answer)


def hangup(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """End a call."""
    call = desk.calls.only(str(request.get("id") or ""))
    desk.calls.hangup(call.id)
    _confirm(desk, call.id, lambda now: not now.is_live, answer)


def hold(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Put a call on hold."""
    call = _pick(desk, request, CallState.ACTIVE)
    desk.calls.hold(call.id)
    _confirm(desk, call.id, lambda now: now.state is CallState.HELD, answer)


def resume(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Take a call back from hold."""
    call = _pick(desk, request, CallState.HELD)
    desk.calls.resume(call.id)
    _confirm(desk, call.id, lambda now: now.state is CallState.ACTIVE, answer)


def mute(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Mute or unmute, by the command's name."""
    on = request["command"] == "mute"
    call = desk.calls.only(str(request.get("id") or ""))
    desk.calls.mute(call.id, on)
    _confirm(desk, call.id, lambda now: now.muted is on, answer)


def dtmf(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Send tones."""
    call = _pick(desk, request, CallState.ACTIVE)
    desk.calls.digits(call.id, str(request.get("digits", "")))
    answer(good(call_json(desk, call)))


def _pick(desk: Desk, request: dict[str, Any], state: CallState, direction: Direction | None = None) -> Call:
    """The named call, or the only one, or the only one it can apply to."""
    wanted = str(request.get("id") or "")
    if not wanted:
        fitting = [
            call
            for call in desk.calls.live()
            if call.state is state and (direction is None or call.direction is direction)
        ]
        if len(fitting) == 1:
            return fitting[0]
    return desk.calls.only(wanted)


def _confirm(desk: Desk, call_id: str, is_done: Callable[[Call], bool], answer: Answer) -> None:
    def check(call: Call) -> bool:
        if is_done(call):
            answer(good(call_json(desk, call)))
        elif not call.is_live:
            answer(bad(AppError(ErrorCode.CALL_WRONG_STATE, state=call.state), call_json(desk, call)))
        else:
            return False
        return True

    def late() -> None:
        stop()
        answer(bad(AppError(ErrorCode.TIMED_OUT, seconds=f"{_CONFIRM:g}")))

    def done(call: Call) -> bool:
        if not check(call):
            return False
        cancel()
        return True

    cancel = desk.loop.later(_CONFIRM, late)
    stop = _when(desk, call_id, done)


def _when(desk: Desk, call_id: str, check: Callable[[Call], bool]) -> Callable[[], None]:
    """Ask ``check`` now and at every change of the call, until it says yes; the result gives up."""
    call = desk.calls.get(call_id)
    if call is not None and check(call):
        return lambda: None

    def changed(event: CallChanged) -> None:
        now = desk.calls.get(call_id)
        if event.call_id == call_id and now is not None and check(now):
            stop()

    stop = desk.hub.subscribe(CallChanged, changed)
    return stop


def _why(call: Call) -> str:
    return end_reason(call.reason) if call.reason else f"{call.outcome.value if call.outcome else 'ended'}."


HANDLERS: dict[str, Callable[[Desk, dict[str, Any], Answer], None]] = {
    "call": dial,
    "calls": live,
    "answer": take,
    "reject": reject,
    "hangup": hangup,
    "hold": hold,
    "resume": resume,
    "mute": mute,
    "unmute": mute,
    "dtmf": dtmf,
}
