"""The command line's requests, carried out in the running app: the use cases, and so the rules, of the window.

Every command ends in one answer. Those for calls and for the sign-in are in `command_calls` and `command_sign_in`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app import VERSION, command_calls, command_sign_in, settings_file
from app.command_json import call_json, log_json, message_json
from app.command_waits import Waits
from app.control import Answer, bad, good
from app.desk import Desk
from app.domain.counterpart import LineState
from app.domain.events import (
    DevicesListed,
    FieldFilled,
    MessageStored,
    OutboxChanged,
    PhoneLost,
    ProvisionAsked,
    RaiseAsked,
    Troubled,
)
from app.domain.message import Delivery, Message
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.links import parse_link

_TEXT_CONFIRM = 3.0
_PATIENCE = 30.0  # seconds of who names none
_ELSEWHERE = command_calls.HANDLERS | command_sign_in.HANDLERS


class Commands:
    """Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waits = Waits(desk)

    def handle(self, request: dict[str, Any], answer: Answer) -> None:
        """Carry out one request. Raises AppError when it is refused at once."""
        name = str(request.get("command", ""))
        if name in _ELSEWHERE:
            _ELSEWHERE[name](self._desk, request, answer)
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
        desk.loop.later(_patience(request), finish)
        desk.sync.push(changed)

    def wait(self, request: dict[str, Any], answer: Answer) -> None:
        """Wait for an event; one of the last five seconds that no wait was told of counts."""
        self._waits.wait(str(request.get("event", "")), _patience(request), answer)

    def provision(self, request: dict[str, Any], answer: Answer) -> None:
        """Import lines and settings; the asking program has read the file, which may be a pipe of its own."""
        desk = self._desk
        text, source = str(request.get("text", "")), str(request.get("source", ""))
        provisioned = settings_file.parse_provisioning(text, source, desk.lines.settings)
        lines = [line.id for line in provisioned.settings.line]
        desk.lines.provision(provisioned, lambda: answer(good({"lines": lines})), lambda error: answer(bad(error)))

    def devices(self, request: dict[str, Any], answer: Answer) -> None:
        """Sound devices as audio settings name them."""
        lines, hub = self._desk.lines, self._desk.hub

        def listed(_: object = None) -> None:
            stop()
            now = lines.devices
            answer(good({"inputs": list(now.inputs), "outputs": list(now.outputs)}))

        def lost(_: PhoneLost) -> None:
            stop()
            answer(bad(AppError(ErrorCode.PHONE_DOWN)))

        stops = [hub.subscribe(DevicesListed, listed), hub.subscribe(PhoneLost, lost)]

        def stop() -> None:
            for end in stops:
                end()

        if lines.devices.inputs or lines.devices.outputs or not lines.phone_is_up:
            listed()
        else:
            lines.list_devices()

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


_HANDLERS: dict[str, Callable[[Commands, dict[str, Any], Answer], None]] = {
    "status": Commands.status,
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


def _patience(request: dict[str, Any]) -> float:
    """Seconds; none at all is a wish too."""
    given = request.get("timeout")
    return _PATIENCE if given is None else float(given)
