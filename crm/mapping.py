"""CallLog and DayRollup as Salesforce fields. Pure: no network, any thread.

In a Task's Description the rep's notes stand above one fixed marker line, what is generated below it; only the part
above is ever read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from app.domain.call import Direction
from app.domain.call_log import CallLog, default_subject
from app.domain.call_quality import CallSound
from app.domain.counterpart import RecordKind, RecordRef
from app.domain.local_time import local, rep_day
from app.domain.record_ids import can_be_related_to, is_person, kind_of_id
from app.domain.subject import person_of
from app.ports.crm import DayRecord
from crm.ids import id18

PACKAGE_PREFIX = "Ringdown_"
CREATE_ONLY = frozenset({"TaskSubtype"})
"""Fields Salesforce takes in an insert only."""
COMPLETED = "Completed"
COLLEAGUES = frozenset({RecordKind.USER.value, RecordKind.COLLEAGUE.value})

MARKER = "----- Ringdown: written by the app below this line -----"
CUT = "[These notes were too long for Salesforce. All of them are kept in Ringdown.]"
SUBJECT_LIMIT = 255
DESCRIPTION_LIMIT = 32_000


def task_values(
    log: CallLog,
    *,
    zone: str,
    line_number: str,
    sound: CallSound | None = None,
    completed_status: str = COMPLETED,
) -> dict[str, object]:
    """A call as the whole Task, without the key.

    ``zone`` is the rep's IANA time zone, ``line_number`` the line as people know it. ``sound`` is how it sounded, None
    when there was none or nobody measured it.
    """
    call = log.call
    who, what = relation(log)
    outcome = call.outcome.value if call.outcome else ""
    figures = sound_words(sound) if sound is not None else ""
    return {
        "Subject": (one_line(log.subject) or default_subject(call.direction, call.outcome, person_of(log)))[
            :SUBJECT_LIMIT
        ],
        "Status": completed_status,
        "TaskSubtype": "Call",
        "CallType": _call_type(log),
        "CallDurationInSeconds": call.duration,
        "CallDisposition": (one_line(log.disposition) or outcome)[:255],
        "ActivityDate": rep_day(call.started, zone),
        "WhoId": who,
        "WhatId": what,
        "Description": description(log.notes, _generated(log, zone, line_number, figures)),
        "Ringdown_Line__c": line_number[:80],
        "Ringdown_Started__c": utc(call.started),
        "Ringdown_Ended__c": utc(call.ended) if call.ended else None,
        "Ringdown_Outcome__c": outcome,
        **({"Ringdown_Quality__c": figures} if figures else {}),
    }


def _call_type(log: CallLog) -> str:
    if log.who is not None and log.who.kind in COLLEAGUES:
        return "Internal"
    return "Inbound" if log.call.direction is Direction.IN else "Outbound"


def relation(log: CallLog) -> tuple[str | None, str | None]:
    """(WhoId, WhatId). What the call was said to be about when dialling counts until the rep says otherwise."""
    who, what = log.who, log.what
    if who is not None and who.kind == RecordKind.ACCOUNT:
        who, what = None, what or who
    if who is not None and who.kind in COLLEAGUES:
        who = None  # a user cannot be the who of a Task
    if who is None and is_person(log.about):
        who = RecordRef(kind_of_id(log.about), log.about)
    elif (what is None or what.kind == RecordKind.ACCOUNT) and can_be_related_to(log.about):
        what = RecordRef("", log.about)
    if who is not None and who.kind == RecordKind.LEAD:
        what = None  # Salesforce: "cannot specify whatID with lead whoID"
    return id18(who.id) if who else None, id18(what.id) if what else None


def sound_words(sound: CallSound) -> str:
    """How a call sounded, in one line; MOS is the E-model's opinion, 1 to 4.5."""
    codec = one_line(sound.codec)[:40]
    return (
        f"MOS {sound.mos:.1f} (lowest {sound.lowest_mos:.1f}), {100 * sound.loss:.1f} % lost, "
        f"jitter {sound.jitter_ms:.0f} ms, round trip {sound.rtt_ms:.0f} ms, {codec}"
        f"{', encrypted' if sound.encrypted else ''}"
    )


def _generated(log: CallLog, zone: str, line_number: str, figures: str) -> list[str]:
    call = log.call
    lines = [
        f"Direction: {'Inbound' if call.direction is Direction.IN else 'Outbound'}",
        f"Number: {call.number or 'withheld'}",
        f"Line: {line_number or call.line}",
        f"Started: {_local_time(call.started, zone)}",
    ]
    if call.ended:
        lines.append(f"Ended: {_local_time(call.ended, zone)}")
    if call.outcome:
        lines.append(f"Outcome: {call.outcome.value}")
    if figures:
        lines.append(f"Sound: {figures}")
    return lines


def _local_time(at: datetime, zone: str) -> str:
    there = local(at, zone)
    return f"{there:%Y-%m-%d %H:%M:%S} ({there.tzinfo})"


def description(notes: str, generated: list[str]) -> str:
    """Notes, marker line, generated lines; the notes are cut, and say so, where the field would be too small."""
    below = "\n".join([MARKER, *generated])
    above = notes.replace("\r\n", "\n").strip()
    if not above:
        return below
    room = DESCRIPTION_LIMIT - _size(below) - _size("\n\n")
    if _size(above) > room:
        above = cut(above, room - _size("\n" + CUT)).rstrip() + "\n" + CUT
    return f"{above}\n\n{below}"


def split_description(text: str) -> str:
    """The notes in a Task's Description: all above the marker, everything when there is none."""
    plain = text.replace("\r\n", "\n")
    lines = plain.split("\n")
    # The last one: a copied marker in the notes must not swallow what stands below it.
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].strip() == MARKER:
            return "\n".join(lines[:at]).strip()
    return plain.strip()


def with_notes(text: str, notes: str) -> str:
    """A Description with other notes: what stands from the marker on stays as it is."""
    plain = text.replace("\r\n", "\n")
    at = plain.rfind(MARKER)
    below = plain[at:] if at >= 0 else ""
    return "\n\n".join(part for part in (notes, below) if part)


def sent_changes(values: Mapping[str, object], sent: Mapping[str, object]) -> dict[str, object]:
    """What differs from the last time it was sent; not what only an insert takes."""
    return {
        name: value
        for name, value in values.items()
        if name not in CREATE_ONLY and (name not in sent or sent[name] != value)
    }


def day_values(record: DayRecord) -> dict[str, object]:
    """One part of a day rollup as its record, without the key. Links are left alone while nobody is matched."""
    values: dict[str, object] = {
        "Day__c": record.day,
        "Counterpart__c": record.number.lower(),
        "Zone__c": record.zone,
        "Part__c": record.part,
        "Messages__c": record.messages,
        "Body__c": record.body,
    }
    if record.who is not None or record.account_id:
        kind = record.who.kind if record.who else ""
        who = id18(record.who.id) if record.who else None
        account = who if kind == RecordKind.ACCOUNT else id18(record.account_id) or None
        values["Contact__c"] = who if kind == RecordKind.CONTACT else None
        values["Lead__c"] = who if kind == RecordKind.LEAD else None
        values["Account__c"] = account
    return values


def utc(at: datetime) -> str:
    """A datetime as the API takes it; it keeps no fractions."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def one_line(text: str) -> str:
    """Text for a single-line field."""
    return " ".join(text.split())


def _size(text: str) -> int:
    """Characters as Salesforce may count them: UTF-16 units, and a line break as CR LF."""
    return len(text) + text.count("\n") + sum(ord(c) > 0xFFFF for c in text)


def cut(text: str, limit: int) -> str:
    """As much of the beginning as a field of ``limit`` characters holds."""
    size = 0
    for at, char in enumerate(text):
        size += _size(char)
        if size > limit:
            return text[:at]
    return text
