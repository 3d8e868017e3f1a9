"""Calls, logs and texts as the command line's JSON names their fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.desk import Desk
from app.domain.call import Call
from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.message import Message
from app.domain.subject import person_of, subject_of
from app.reads.rows import MessageRow

Json = dict[str, Any]


def call_json(desk: Desk, call: Call) -> Json:
    """A call as `interfaces` names its fields."""
    match = desk.matching.known(call.number)
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
        "quality": _quality_json(desk.calls.quality(call.id)),
    }


def _company(desk: Desk, log: CallLog) -> str:
    record = desk.reads.person(log.who.id) if log.who is not None else None
    return record.company if record is not None else ""


def log_json(desk: Desk, log: CallLog) -> Json:
    """A call log: the call, and what was written and synced of it."""
    found = call_json(desk, desk.calls.get(log.id) or log.call)
    record = log.who or log.what
    if desk.calls.quality(log.id) is None:
        found["quality"] = _quality_json(desk.reads.call_sound(log.id))
    return found | {
        "name": log.person or found["name"],
        "record": record.id if record else found["record"],
        "subject": log.subject
        or subject_of(
            desk.lines.settings.call_subject,
            log.call,
            person=person_of(log, found["name"]),
            company=_company(desk, log),
            line=log.call.line,
        ),
        "notes": log.notes,
        "disposition": log.disposition,
        "relation": log.what.id if log.what else None,
        "synced": log.synced.value,
        "task": log.task_id or None,
    }


def _quality_json(quality: CallSound | None) -> Json:
    if quality is None:
        return {"mos": None, "loss": None, "jitter_ms": None, "rtt_ms": None}
    return {
        "mos": quality.mos,
        "loss": quality.loss,
        "jitter_ms": quality.jitter_ms,
        "rtt_ms": quality.rtt_ms,
        "codec": quality.codec,
    }


def message_json(row: MessageRow | Message) -> Json:
    """One text."""
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
