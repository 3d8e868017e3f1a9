"""The command line's requests, carried out in the running app: the use cases, and so the rules, of the window.

Every command ends in one answer. Those that change a call answer when the change is confirmed, so that a script can
rely on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app import VERSION, command_sign_in, settings_file
from app.command_json import call_json, log_json, message_json
from app.command_waits import Waits
from app.control import Answer, bad, good
from app.desk import Desk
from app.domain.call import Call, CallState, Direction
from app.domain.counterpart import LineState
from app.domain.events import (
    CallChanged,
    DevicesListed,
    FieldFilled,
    MessageStored,
    OutboxChanged,
    ProvisionAsked,
    RaiseAsked,
    Troubled,
)
from app.domain.message import Delivery, Message
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.links import parse_link
from app.words import end_reason

_CONFIRM = 6.0
_TEXT_CONFIRM = 3.0


class Commands:
    """Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waits = Waits(desk)

    def handle(self, request: dict[str, Any], answer: Answer) -> None:
        """Carry out one request. Raises AppError when it is refused at once."""
        name = str(request.get("command", ""))
        if name in command_sign_in.HANDLERS:
            command_sign_in.HANDLERS[name](self._desk, request, answer)
            return
        handler = _HANDLERS.get(name)
        if handler is None:
            raise AppError(ErrorCode.USAGE, detail=f"“{name[:40]}” is not a command.")
        handler(self, request, answer)

    # one method a command

    def status(self, request: dict[str, Any], answer: Answer) -> None:
        """Lines, Salesforce, outbox, live calls."""
        desk, crm = self._desk, self._desk.login.status
        outbox = desk.reads.outbox_count()
        others = sum(count for _, count in desk.reads.waiting_for_others())
        answer(
            good(
                {
                    "version": VERSION,
                    "lines": [
                        {
                            "id": found.line.id,
                            "uri": found.line.uri,
                            "number": found.line.number,
                            "state": found.state.value,
                            "reason": found.reason.value,
                            "status": found.status,
                            "contact": found.contact,
                        }
                        for found in desk.lines.all()
                    ],
                    "salesforce": {
                        "state": crm.state.value,
                        "user": crm.user.username if crm.user and not crm.left else None,
                        "instance": crm.instance or None,
                        "problem": crm.problem.code.value if crm.problem else None,
                        "signing_in": desk.sign_in.waiting is not None,
                        "waiting_for_others": others,
                    },
                    "outbox": {"waiting": outbox.waiting, "failed": outbox.failed},
                    "calls": [call_json(self._desk, call) for call in desk.calls.live()],
                    "voicemail": {"new": 0, "old": 0},
                    "dnd": desk.lines.settings.dnd,
                    "phone": "up" if desk.lines.phone_is_up else "restarting",
                    "demo": desk.is_demo,
                }
            )
        )

    def call(self, request: dict[str, Any], answer: Answer) -> None:
        """Dial; with ``wait`` answer when active or over."""
        call_id = self._desk.calls.dial(
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
                answer(good(call_json(self._desk, call)))
            elif not call.is_live:
                answer(bad(AppError(ErrorCode.CALL_FAILED, reason=_why(call)), call_json(self._desk, call)))
            else:
                return False
            return True

        self._when(call_id, check, None, answer)

    def calls(self, request: dict[str, Any], answer: Answer) -> None:
        """Live calls."""
        answer(good([call_json(self._desk, call) for call in self._desk.calls.live()]))

    def answer_call(self, request: dict[str, Any], answer: Answer) -> None:
        """Take a ringing call."""
        call = self._pick(request, CallState.RINGING, Direction.IN)
        self._desk.calls.answer(call.id)
        self._confirm(call.id, lambda now: now.is_connected, answer)

    def reject(self, request: dict[str, Any], answer: Answer) -> None:
        """Turn a ringing caller away."""
        call = self._pick(request, CallState.RINGING, Direction.IN)
        self._desk.calls.reject(call.id)
        self._confirm(call.id, lambda now: not now.is_live, answer)

    def hangup(self, request: dict[str, Any], answer: Answer) -> None:
        """End a call."""
        call = self._desk.calls.only(str(request.get("id") or ""))
        self._desk.calls.hangup(call.id)
        self._confirm(call.id, lambda now: not now.is_live, answer)

    def hold(self, request: dict[str, Any], answer: Answer) -> None:
        """Put a call on hold."""
        call = self._pick(request, CallState.ACTIVE)
        self._desk.calls.hold(call.id)
        self._confirm(call.id, lambda now: now.state is CallState.HELD, answer)

    def resume(self, request: dict[str, Any], answer: Answer) -> None:
        """Take a call back from hold."""
        call = self._pick(request, CallState.HELD)
        self._desk.calls.resume(call.id)
        self._confirm(call.id, lambda now: now.state is CallState.ACTIVE, answer)

    def mute(self, request: dict[str, Any], answer: Answer) -> None:
        """Mute or unmute, by the command's name."""
        on = request["command"] == "mute"
        call = self._desk.calls.only(str(request.get("id") or ""))
        self._desk.calls.mute(call.id, on)
        self._confirm(call.id, lambda now: now.muted is on, answer)

    def dtmf(self, request: dict[str, Any], answer: Answer) -> None:
        """Send tones."""
        call = self._pick(request, CallState.ACTIVE)
        self._desk.calls.digits(call.id, str(request.get("digits", "")))
        answer(good(call_json(self._desk, call)))

    def text(self, request: dict[str, Any], answer: Answer) -> None:
        """Send a text; answers when it is sent or failed, or as it stands after three seconds."""
        desk = self._desk
        done: list[bool] = []

        def finish(delivery: Delivery, reason: str) -> None:
            if done:
                return
            done.append(True)
            stop()
            result = {"id": message_id, "delivery": delivery.value}
            if delivery is Delivery.FAILED:
                answer(bad(AppError(ErrorCode.TEXT_FAILED, reason=reason or "unknown"), result))
            else:
                answer(good(result))

        def changed(event: MessageStored) -> None:
            if event.message_id != message_id:
                return
            row = desk.reads.message(message_id)
            if row is not None and row.delivery not in {Delivery.QUEUED, Delivery.SENDING}:
                finish(row.delivery, row.reason)

        def stored(message: Message) -> None:
            status = desk.lines.status(message.line)
            if status is None or status.state is not LineState.REGISTERED:
                finish(message.delivery, "")

        def late() -> None:
            row = desk.reads.message(message_id)
            finish(row.delivery if row else Delivery.QUEUED, row.reason if row else "")

        stop = desk.hub.subscribe(MessageStored, changed)
        message_id = ""
        try:
            message_id = desk.messages.send(
                str(request.get("number", "")),
                str(request.get("body", "")),
                line_id=str(request.get("line") or ""),
                then=stored,
                failed=lambda error: answer(bad(error)),
            )
        except AppError:
            stop()
            raise
        desk.loop.later(_TEXT_CONFIRM, late)

    def messages(self, request: dict[str, Any], answer: Answer) -> None:
        """Texts, newest last."""
        number = request.get("number")
        key = parse(str(number), self._desk.lines.region()).value if number else None
        rows = self._desk.reads.messages(key, int(request.get("limit") or 50))
        answer(good([message_json(row) for row in rows]))

    def recent(self, request: dict[str, Any], answer: Answer) -> None:
        """Call logs, newest first."""
        logs = self._desk.reads.call_logs(int(request.get("limit") or 50))
        answer(good([log_json(self._desk, log) for log in logs]))

    def note(self, request: dict[str, Any], answer: Answer) -> None:
        """Set the notes of a call log."""
        call_id = str(request.get("id", ""))
        self._desk.wrapup.set_notes(
            call_id,
            str(request.get("text", "")),
            lambda: answer(good({"id": call_id})),
            lambda error: answer(bad(error)),
        )

    def sync(self, request: dict[str, Any], answer: Answer) -> None:
        """Push now and wait until nothing waits, or until the time is over."""
        desk, before = self._desk, self._desk.sync.sent
        done: list[bool] = []

        def result() -> dict[str, int]:
            count = desk.reads.outbox_count()
            return {"sent": desk.sync.sent - before, "waiting": count.waiting, "failed": count.failed}

        def finish() -> None:
            if done:
                return
            done.append(True)
            stop()
            found = result()
            if found["waiting"] or found["failed"]:
                answer(bad(AppError(ErrorCode.OUTBOX_FAILED, **found), found))
            else:
                answer(good(found))

        def changed(_: object = None) -> None:
            if desk.reads.outbox_count().waiting == 0:
                finish()

        stop = desk.hub.subscribe(OutboxChanged, changed)
        desk.loop.later(float(request.get("timeout") or 30.0), finish)
        desk.sync.push(changed)

    def wait(self, request: dict[str, Any], answer: Answer) -> None:
        """Wait for an event; one of the last five seconds that no wait was told of counts."""
        self._waits.wait(str(request.get("event", "")), float(request.get("timeout") or 30.0), answer)

    def provision(self, request: dict[str, Any], answer: Answer) -> None:
        """Import lines and settings; the asking program has read the file, which may be a pipe of its own."""
        desk = self._desk
        text, source = str(request.get("text", "")), str(request.get("source", ""))
        provisioned = settings_file.parse_provisioning(text, source, desk.lines.settings)
        lines = [line.id for line in provisioned.settings.line]
        desk.lines.provision(provisioned, lambda: answer(good({"lines": lines})), lambda error: answer(bad(error)))

    def devices(self, request: dict[str, Any], answer: Answer) -> None:
        """Sound devices as audio settings name them."""
        found = self._desk.lines.devices
        if found.inputs or found.outputs or not self._desk.lines.phone_is_up:
            answer(good({"inputs": list(found.inputs), "outputs": list(found.outputs)}))
            return

        def listed(_: DevicesListed) -> None:
            stop()
            now = self._desk.lines.devices
            answer(good({"inputs": list(now.inputs), "outputs": list(now.outputs)}))

        stop = self._desk.hub.subscribe(DevicesListed, listed)
        self._desk.lines.list_devices()

    def dnd(self, request: dict[str, Any], answer: Answer) -> None:
        """Switch do not disturb."""
        on = bool(request.get("on"))
        self._desk.lines.set_dnd(on)
        answer(good({"dnd": on}))

    def open_link(self, request: dict[str, Any], answer: Answer) -> None:
        """Fill the keypad or thread from a link; nothing is dialled or sent.

        The window says too when it is none: whoever clicked on it does not see what the asking program prints.
        """
        try:
            found = parse_link(str(request.get("link", "")))
        except AppError as error:
            self._desk.hub.publish(Troubled.of(error))
            self._desk.hub.publish(RaiseAsked())
            raise
        if found.provision:
            self._desk.hub.publish(ProvisionAsked(found.provision))
        else:
            self._desk.hub.publish(FieldFilled(found.to, found.body, found.messages, found.about))
        self._desk.hub.publish(RaiseAsked())
        answer(good({}))

    def show(self, request: dict[str, Any], answer: Answer) -> None:
        """A second start without a link: come forward."""
        self._desk.hub.publish(RaiseAsked())
        answer(good({}))

    def quit(self, request: dict[str, Any], answer: Answer) -> None:
        """End calls, store everything, exit."""
        answer(good({}))
        self._desk.loop.later(0.0, self._desk.quit)

    # waiting

    def _pick(self, request: dict[str, Any], state: CallState, direction: Direction | None = None) -> Call:
        """The named call, or the only one, or the only one it can apply to."""
        wanted = str(request.get("id") or "")
        if not wanted:
            fitting = [
                call
                for call in self._desk.calls.live()
                if call.state is state and (direction is None or call.direction is direction)
            ]
            if len(fitting) == 1:
                return fitting[0]
        return self._desk.calls.only(wanted)

    def _confirm(self, call_id: str, is_done: Callable[[Call], bool], answer: Answer) -> None:
        def check(call: Call) -> bool:
            if is_done(call):
                answer(good(call_json(self._desk, call)))
            elif not call.is_live:
                answer(bad(AppError(ErrorCode.CALL_WRONG_STATE, state=call.state.value), call_json(self._desk, call)))
            else:
                return False
            return True

        self._when(call_id, check, _CONFIRM, answer)

    def _when(self, call_id: str, check: Callable[[Call], bool], seconds: float | None, answer: Answer) -> None:
        """Answer through ``check`` as soon as it says so, else with a time-out."""
        call = self._desk.calls.get(call_id)
        if call is not None and check(call):
            return
        done: list[bool] = []

        def changed(event: CallChanged) -> None:
            now = self._desk.calls.get(call_id)
            if event.call_id == call_id and now is not None and not done and check(now):
                done.append(True)
                stop()

        def late() -> None:
            if not done:
                done.append(True)
                stop()
                answer(bad(AppError(ErrorCode.TIMED_OUT, seconds=f"{seconds:g}")))

        stop = self._desk.hub.subscribe(CallChanged, changed)
        if seconds is not None:
            self._desk.loop.later(seconds, late)


_HANDLERS: dict[str, Callable[[Commands, dict[str, Any], Answer], None]] = {
    "status": Commands.status,
    "call": Commands.call,
    "calls": Commands.calls,
    "answer": Commands.answer_call,
    "reject": Commands.reject,
    "hangup": Commands.hangup,
    "hold": Commands.hold,
    "resume": Commands.resume,
    "mute": Commands.mute,
    "unmute": Commands.mute,
    "dtmf": Commands.dtmf,
    "text": Commands.text,
    "messages": Commands.messages,
    "recent": Commands.recent,
    "note": Commands.note,
    "sync": Commands.sync,
    "wait": Commands.wait,
    "provision": Commands.provision,
    "devices": Commands.devices,
    "dnd": Commands.dnd,
    "open-link": Commands.open_link,
    "show": Commands.show,
    "quit": Commands.quit,
}


def _why(call: Call) -> str:
    return end_reason(call.reason) if call.reason else f"{call.outcome.value if call.outcome else 'ended'}."
