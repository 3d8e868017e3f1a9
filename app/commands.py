"""The command line's requests, carried out in the running app: the use cases, and so the rules, of the window.

Every command ends in one answer. Those that change a call answer when the change is confirmed, so that a script can
rely on it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import VERSION, settings
from app.control import Answer, bad, good
from app.desk import Desk
from app.domain.call import Call, CallQuality, CallState, Direction
from app.domain.call_log import CallLog, default_subject
from app.domain.counterpart import LineState
from app.domain.events import (
    CallChanged,
    CallFinished,
    CallRang,
    DevicesListed,
    FieldFilled,
    LineStateChanged,
    MessageStored,
    OutboxChanged,
    ProvisionAsked,
    RaiseAsked,
)
from app.domain.message import Delivery, Message
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.links import parse_link
from app.reads.rows import MessageRow
from app.words import end_reason

# An event counts for a `wait` that comes this long after it, once: a script need not win a race to hear of it.
RECENT = timedelta(seconds=5)
_CONFIRM = 6.0
_TEXT_CONFIRM = 3.0


@dataclass(frozen=True, slots=True)
class _Happened:
    kind: str
    at: datetime
    payload: dict[str, Any]


class Commands:
    """Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recent: deque[_Happened] = deque(maxlen=50)
        self._waiting: list[tuple[str, Answer]] = []
        desk.hub.subscribe(CallFinished, self._finished)
        desk.hub.subscribe(MessageStored, self._stored)
        desk.hub.subscribe(CallChanged, lambda _: self._look())
        desk.hub.subscribe(CallRang, lambda _: self._look())
        desk.hub.subscribe(LineStateChanged, lambda _: self._look())
        desk.hub.subscribe(OutboxChanged, lambda _: self._look())

    def handle(self, request: dict[str, Any], answer: Answer) -> None:
        """Carry out one request. Raises AppError when it is refused at once."""
        name = str(request.get("command", ""))
        handler = _HANDLERS.get(name)
        if handler is None:
            raise AppError(ErrorCode.USAGE, detail=f"“{name[:40]}” is not a command.")
        handler(self, request, answer)

    # one method a command

    def status(self, request: dict[str, Any], answer: Answer) -> None:
        """Lines, Salesforce, outbox, live calls."""
        desk, crm = self._desk, self._desk.login.status
        outbox = desk.reads.outbox_count()
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
                        "user": crm.user.username if crm.user else None,
                        "instance": crm.instance or None,
                        "problem": crm.problem.code.value if crm.problem else None,
                    },
                    "outbox": {"waiting": outbox.waiting, "failed": outbox.failed},
                    "calls": [self.call_json(call) for call in desk.calls.live()],
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
        )
        if not request.get("wait"):
            answer(good({"id": call_id}))
            return

        def check(call: Call) -> bool:
            if call.is_connected:
                answer(good(self.call_json(call)))
            elif not call.is_live:
                answer(bad(AppError(ErrorCode.CALL_FAILED, reason=_why(call)), self.call_json(call)))
            else:
                return False
            return True

        self._when(call_id, check, None, answer)

    def calls(self, request: dict[str, Any], answer: Answer) -> None:
        """Live calls."""
        answer(good([self.call_json(call) for call in self._desk.calls.live()]))

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
        answer(good(self.call_json(call)))

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
        answer(good([_message_json(row) for row in rows]))

    def recent(self, request: dict[str, Any], answer: Answer) -> None:
        """Call logs, newest first."""
        logs = self._desk.reads.call_logs(int(request.get("limit") or 50))
        answer(good([self._log_json(log) for log in logs]))

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
        event, seconds = str(request.get("event", "")), float(request.get("timeout") or 30.0)
        if event not in WAIT_EVENTS:
            raise AppError(ErrorCode.USAGE, detail=f"Wait for one of: {', '.join(WAIT_EVENTS)}.")
        if (state := self._state(event)) is not None:
            answer(good(state))
            return
        now = self._desk.clock.now()
        for past in tuple(self._recent):
            if past.kind == event and now - past.at <= RECENT:
                self._recent.remove(past)
                answer(good(past.payload))
                return
        entry = (event, answer)
        self._waiting.append(entry)

        def late() -> None:
            if entry in self._waiting:
                self._waiting.remove(entry)
                answer(bad(AppError(ErrorCode.TIMED_OUT, seconds=f"{seconds:g}")))

        self._desk.loop.later(seconds, late)

    def provision(self, request: dict[str, Any], answer: Answer) -> None:
        """Import lines and settings from a file."""
        desk = self._desk
        path = Path(str(request.get("path", "")))
        provisioned = settings.read_provisioning(path, desk.lines.settings)
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
        """Fill the keypad or thread from a link; nothing is dialled or sent."""
        found = parse_link(str(request.get("link", "")))
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

    # JSON

    def call_json(self, call: Call) -> dict[str, Any]:
        """A call as `interfaces` names its fields."""
        match = self._desk.matching.known(call.number)
        person = match.chosen
        return {
            "id": call.id,
            "line": call.line,
            "direction": call.direction.value,
            "number": call.number,
            "name": person.name if person else call.name,
            "record": person.ref.id if person else None,
            "state": call.state.value,
            "muted": call.muted,
            "recording": False,
            "outcome": call.outcome.value if call.outcome else None,
            "reason": call.reason,
            "started": _iso(call.started),
            "answered": _iso(call.answered),
            "ended": _iso(call.ended),
            "duration": call.duration,
            "encrypted": call.encrypted,
            "quality": _quality_json(self._desk.calls.quality(call.id)),
        }

    def _log_json(self, log: CallLog) -> dict[str, Any]:
        found = self.call_json(self._desk.calls.get(log.id) or log.call)
        record = log.who or log.what
        who = log.person or found["name"] or log.call.number
        return found | {
            "name": log.person or found["name"],
            "record": record.id if record else found["record"],
            "subject": log.subject or default_subject(log.call.direction, log.call.outcome, who),
            "notes": log.notes,
            "disposition": log.disposition,
            "relation": log.what.id if log.what else None,
            "synced": log.synced.value,
            "task": log.task_id or None,
        }

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
                answer(good(self.call_json(call)))
            elif not call.is_live:
                answer(bad(AppError(ErrorCode.CALL_WRONG_STATE, state=call.state.value), self.call_json(call)))
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

    def _state(self, event: str) -> dict[str, Any] | None:
        """The payload when what is waited for is so already."""
        desk = self._desk
        match event:
            case "registered":
                for found in desk.lines.all():
                    if found.state is LineState.REGISTERED:
                        return {"line": found.line.id, "state": found.state.value, "contact": found.contact}
            case "call-incoming":
                for call in desk.calls.live():
                    if call.direction is Direction.IN and call.state is CallState.RINGING:
                        return self.call_json(call)
            case "call-active":
                for call in desk.calls.live():
                    if call.state is CallState.ACTIVE:
                        return self.call_json(call)
            case "synced":
                count = desk.reads.outbox_count()
                if count.waiting == 0 and not desk.calls.live():
                    return {"waiting": 0, "failed": count.failed}
        return None

    def _look(self) -> None:
        for entry in tuple(self._waiting):
            if entry in self._waiting and (state := self._state(entry[0])) is not None:
                self._waiting.remove(entry)
                entry[1](good(state))

    def _finished(self, event: CallFinished) -> None:
        log = self._desk.reads.call_log(event.call_id)
        if log is not None:
            self._happened("call-ended", self._log_json(log))

    def _stored(self, event: MessageStored) -> None:
        row = self._desk.reads.message(event.message_id) if event.received else None
        if row is not None:
            self._happened("message-received", _message_json(row))

    def _happened(self, kind: str, payload: dict[str, Any]) -> None:
        told = [entry for entry in self._waiting if entry[0] == kind]
        for entry in told:
            self._waiting.remove(entry)
            entry[1](good(payload))
        if not told:
            self._recent.append(_Happened(kind, self._desk.clock.now(), payload))


WAIT_EVENTS = ("registered", "call-incoming", "call-active", "call-ended", "message-received", "synced")

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


def _quality_json(quality: CallQuality | None) -> dict[str, Any]:
    if quality is None:
        return {"mos": None, "loss": None, "jitter_ms": None, "rtt_ms": None}
    return {
        "mos": quality.mos,
        "loss": quality.total_loss,
        "jitter_ms": quality.jitter_ms,
        "rtt_ms": quality.rtt_ms,
        "codec": quality.codec,
    }


def _message_json(row: MessageRow | Message) -> dict[str, Any]:
    return {
        "id": row.id,
        "line": row.line,
        "number": row.number,
        "direction": row.direction.value,
        "body": row.body,
        "time": _iso(row.time),
        "delivery": row.delivery.value,
        "reason": row.reason,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
