"""Call logs: kept, noted, linked to records, compared with what Salesforce was given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog, Synced
from app.domain.counterpart import RecordKind, RecordRef
from app.store.counterparts import note_counterpart
from app.store.results import affected
from app.store.schema import call_log as table

if TYPE_CHECKING:
    from app.store.results import AnyRow

# What the log itself does not carry: what Salesforce was given and last showed, and the figures of the sound.
_BESIDE = {"sent", "task_stamp", "quality"}
COLUMNS = [column for column in table.c if column.name not in _BESIDE]
_CALL_COLUMNS = (
    "line",
    "number",
    "name",
    "direction",
    "state",
    "outcome",
    "reason",
    "status",
    "sip_call_id",
    "digits",
    "started",
    "answered",
    "ended",
)

_new = insert(table)
_SAVE = _new.on_conflict_do_update(
    index_elements=["id"], set_={c.name: _new.excluded[c.name] for c in COLUMNS if c.name != "id"}
)
_SAVE_CALL = update(table).where(table.c.id == bindparam("b_id"))
_GET = select(*COLUMNS).where(table.c.id == bindparam("id"))
# The state is written into the statement: a bound value could not use the partial index.
_UNFINISHED = select(*COLUMNS).where(table.c.state != literal_column("'ended'")).order_by(table.c.started, table.c.id)
_SENT = select(table.c.sent).where(table.c.id == bindparam("id"))
_OF_NUMBER = (
    select(table.c.id, table.c.who_id, table.c.what_kind, table.c.what_id)
    .where(table.c.number == bindparam("number"))
    .order_by(table.c.started, table.c.id)
)


def save_call_log(s: Session, log: CallLog) -> None:
    """Insert the log, or replace it by id (all but the sent values).

    The moment's flags of a live call (muted, hanging up…) are not kept. Read the log and save it in one unit of
    work: a log read earlier may undo what another work has written since; for that there are `save_call`,
    `set_notes` and `set_synced`.
    """
    s.execute(_SAVE, _values(log))
    note_counterpart(s, log.call.number, log.call.name, log.person)


def save_call(s: Session, call: Call) -> bool:
    """Store how the call stands without touching what the rep added. False when it has no log yet."""
    values = {name: value for name, value in _call_values(call).items() if name in _CALL_COLUMNS}
    changed = s.execute(_SAVE_CALL.values(**values), {"b_id": call.id})
    return affected(changed) > 0


def get_call_log(s: Session, id: str) -> CallLog | None:
    """The log of this call."""
    row = s.execute(_GET, {"id": id}).first()
    return None if row is None else to_call_log(row)


def unfinished_call_logs(s: Session) -> list[CallLog]:
    """Calls that never ended here, oldest first: after a crash they must be closed."""
    return [to_call_log(row) for row in s.execute(_UNFINISHED)]


def set_notes(s: Session, id: str, text: str) -> bool:
    """Set the rep's notes. False when there is no such log."""
    changed = s.execute(update(table).where(table.c.id == id).values(notes=text))
    return affected(changed) > 0


def set_synced(s: Session, id: str, synced: Synced, *, task_id: str = "", error: str = "") -> bool:
    """Where the log stands on its way to Salesforce; an empty ``task_id`` keeps the one known."""
    values: dict[str, object] = {"synced": synced.value, "sync_error": error}
    if task_id:
        values["task_id"] = task_id
    changed = s.execute(update(table).where(table.c.id == id).values(**values))
    return affected(changed) > 0


def get_sent(s: Session, call_id: str) -> dict[str, Any]:
    """The field values Salesforce was last given for this call; empty when none or when there is no such log."""
    found = s.execute(_SENT, {"id": call_id}).scalar()
    values: dict[str, Any] = json.loads(found) if found else {}
    return values


def set_sent(s: Session, call_id: str, values: Mapping[str, object]) -> None:
    """Remember what Salesforce holds now. Values must be plain JSON ones."""
    s.execute(update(table).where(table.c.id == call_id).values(sent=json.dumps(dict(values), ensure_ascii=False)))


def relink(
    s: Session,
    number: str,
    who: RecordRef | None,
    what: RecordRef | None,
    person: str,
    *,
    everything: bool = False,
) -> list[str]:
    """Give the number's calls to a record that was found later; the ids of the logs changed, oldest first.

    A log that already names a person keeps it, and one linked to a deal or case keeps that link: somebody chose it
    for that very call. With ``everything`` all logs of the number get the record.
    """
    changed: list[str] = []
    for row in s.execute(_OF_NUMBER, {"number": number}).all():
        values: dict[str, str] = {}
        open_who = everything or not row.who_id
        open_what = everything or (open_who and row.what_kind in {"", RecordKind.ACCOUNT.value})
        if open_who and who is not None and row.who_id != who.id:
            values |= {"who_kind": who.kind, "who_id": who.id}
        if open_what and what is not None and row.what_id != what.id:
            values |= {"what_kind": what.kind, "what_id": what.id}
        if values:
            s.execute(update(table).where(table.c.id == row.id).values(person=person, **values))
            changed.append(row.id)
    if changed:
        note_counterpart(s, number, person)
    return changed


def to_call_log(row: AnyRow) -> CallLog:
    """A row of `COLUMNS` as its CallLog."""
    call = Call(
        id=row.id,
        line=row.line,
        direction=Direction(row.direction),
        number=row.number,
        name=row.name,
        state=CallState(row.state),
        started=row.started,
        sip_call_id=row.sip_call_id,
        answered=row.answered,
        ended=row.ended,
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        status=row.status,
        digits=row.digits,
    )
    return CallLog(
        call=call,
        notes=row.notes,
        subject=row.subject,
        disposition=row.disposition,
        who=to_ref(row.who_kind, row.who_id),
        what=to_ref(row.what_kind, row.what_id),
        person=row.person,
        task_id=row.task_id,
        synced=Synced(row.synced),
        sync_error=row.sync_error,
        about=row.about,
        what_name=row.what_name,
        task_gone=row.task_gone,
    )


def to_ref(kind: str, id: str) -> RecordRef | None:
    """Two stored columns as a reference; empty ones are none."""
    return RecordRef(kind, id) if id else None


def _call_values(call: Call) -> dict[str, object]:
    return {
        "id": call.id,
        "line": call.line,
        "number": call.number,
        "name": call.name,
        "direction": call.direction.value,
        "state": call.state.value,
        "outcome": call.outcome.value if call.outcome else None,
        "reason": call.reason,
        "status": call.status,
        "sip_call_id": call.sip_call_id,
        "digits": call.digits,
        "started": call.started,
        "answered": call.answered,
        "ended": call.ended,
    }


def _values(log: CallLog) -> dict[str, object]:
    return _call_values(log.call) | {
        "notes": log.notes,
        "subject": log.subject,
        "disposition": log.disposition,
        "who_kind": log.who.kind if log.who else "",
        "who_id": log.who.id if log.who else "",
        "what_kind": log.what.kind if log.what else "",
        "what_id": log.what.id if log.what else "",
        "person": log.person,
        "about": log.about,
        "task_id": log.task_id,
        "synced": log.synced.value,
        "sync_error": log.sync_error,
        "what_name": log.what_name,
        "task_gone": log.task_gone,
    }
