"""Reading back what people changed in Salesforce in the Tasks of calls.

1. A Task found in the recycle bin was deleted. One that is not found at all may be hidden, shared away or archived:
   nothing is concluded from that.
2. A field changed there when it differs from what Salesforce was last known to hold (``sent``), and here when the
   call would now be written otherwise.
3. Changed there only: it is taken over. Changed here too and not yet sent: the rep's wins, and goes out. Notes are
   never given up on either side.
4. A subject or disposition emptied there is left alone: here that would mean "the generated one" again.
5. Whoever asks for changes asks again for the five minutes before the last one seen, by Salesforce's clock: a row is
   stamped when its transaction begins, and seen when it ends. A full page is followed by the next one at once: what
   an admin changed in thousands of calls at a time would else come again and again, and hide all later changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.counterpart import RecordRef
from app.domain.external_ids import KEY_FIELD
from app.domain.record_ids import kind_of_id
from app.ports.crm import LinkNews, NotesNews, TaskNews, TaskRow
from crm.composite import select
from crm.ids import id18
from crm.lane import Lane
from crm.mapping import CUT, split_description, utc, with_notes
from crm.org_rules import ObjectRules

FIELDS = ("Subject", "Description", "WhoId", "WhatId", "CallDisposition")
_OVERLAP = timedelta(minutes=5)
_IDS_A_QUERY = 200
_MOST = 500  # a page: descriptions are long
_MOST_PAGES = 40


def read_tasks(lane: Lane, rules: ObjectRules | None, task_ids: Sequence[str]) -> list[TaskRow]:
    """These Tasks, the deleted ones among them."""
    from simple_salesforce.format import format_soql

    found: list[TaskRow] = []
    for at in range(0, len(task_ids), _IDS_A_QUERY):
        where = format_soql("WHERE Id IN {}", list(task_ids[at : at + _IDS_A_QUERY]))
        found += [_row(row) for row in lane.query(select(_columns(rules), "Task", where), deleted=True)]
    return found


def changed_tasks(lane: Lane, query: Callable[[TaskRow | None], str], since: str) -> tuple[list[TaskRow], str]:
    """The rows of `changed_query`, and the next mark. ``query`` gives it for what comes after a row."""
    rows: list[TaskRow] = []
    for _ in range(_MOST_PAGES):
        page = [_row(row) for row in lane.query(query(rows[-1] if rows else None), deleted=True)]
        rows += page
        if len(page) < _MOST or not page[-1].stamp:
            break
    return rows, max([since, *(row.stamp for row in rows)])


def changed_query(
    rules: ObjectRules | None, user_id: str, since: str, *, by_key: bool, after: TaskRow | None = None
) -> str:
    """Asks for the user's calls changed since the mark, from ``after`` on. ``by_key``: our package is there."""
    from simple_salesforce.format import format_soql

    field = KEY_FIELD if by_key else "CallObject"
    # Without a mark the day is Salesforce's to say as well: this computer's clock may be wrong.
    begin = utc(datetime.fromisoformat(since) - _OVERLAP) if since else "LAST_N_DAYS:7"
    where = format_soql(f"WHERE {field} LIKE '{{:like}}|%' AND SystemModstamp >= {{:literal}}", user_id, begin)
    if after is not None:
        stamp = utc(datetime.fromisoformat(after.stamp))
        where += format_soql(
            " AND (SystemModstamp > {:literal} OR (SystemModstamp = {:literal} AND Id > {}))",
            stamp,
            stamp,
            after.task_id,
        )
    order = f"ORDER BY SystemModstamp, Id LIMIT {_MOST}"
    return select(_columns(rules), "Task", where, order)


def news(
    values: Mapping[str, object],
    sent: Mapping[str, object],
    row: TaskRow,
    tried: Sequence[Mapping[str, object]] = (),
) -> TaskNews:
    """What of the row is to be taken over; ``values`` is the call as it would be written now.

    ``tried``: what requests of ours without an answer wrote. One of them may have come through late, over something
    newer: that is nobody's change, and what is here goes out once more.
    """
    sent = {**sent, **_late(sent, row, tried)}
    there = {
        name: value
        for name, value in row.values.items()
        if name in sent and name in values and not _same(name, value, sent[name])
    }
    here = {name for name in FIELDS if name in sent and name in values and not _same(name, values[name], sent[name])}
    fresh = {name for name, value in there.items() if name not in here and not _same(name, value, values[name])}
    for name in ("Subject", "CallDisposition"):
        if name in there and not _plain(there[name]):
            del there[name]
            fresh.discard(name)
    notes = None
    if "Description" in there and not _same("Description", there["Description"], values["Description"]):
        base, mine = (split_description(str(one or "")) for one in (sent["Description"], values["Description"]))
        also_here = "Description" in here or mine.endswith(CUT)
        notes = NotesNews(split_description(str(there["Description"] or "")), base, also_here)
    if "Description" in there:
        # What stands below the marker is ours to say: somebody's words there are no reason to write it again.
        theirs = split_description(str(there["Description"] or ""))
        there["Description"] = with_notes(str(sent["Description"] or ""), theirs)
    taken = fresh | ({"Description"} if notes is not None and not notes.also_here else set())
    return TaskNews(
        sent={**sent, **there},
        unsent=any(not _same(name, values[name], there.get(name, sent[name])) for name in here - taken),
        notes=notes,
        subject=_plain(there["Subject"]) if "Subject" in fresh else None,
        disposition=_plain(there["CallDisposition"]) if "CallDisposition" in fresh else None,
        who=_link(there["WhoId"], row.who_name) if "WhoId" in fresh else None,
        what=_link(there["WhatId"], row.what_name) if "WhatId" in fresh else None,
    )


def _late(sent: Mapping[str, object], row: TaskRow, tried: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    return {
        name: value
        for name, value in row.values.items()
        if name in sent and any(name in one and _same(name, value, one[name]) for one in tried)
    }


def _same(name: str, one: object, other: object) -> bool:
    if name == "Description":
        return split_description(str(one or "")) == split_description(str(other or ""))
    if name in {"WhoId", "WhatId"}:
        return id18(str(one or "")) == id18(str(other or ""))
    return _plain(one) == _plain(other)


def _plain(value: object) -> str:
    return " ".join(str(value or "").split())


def _link(value: object, name: str) -> LinkNews:
    record_id = id18(str(value or ""))
    return LinkNews(RecordRef(kind_of_id(record_id), record_id) if record_id else None, name)


def _columns(rules: ObjectRules | None) -> str:
    seen = [name for name in FIELDS if rules is None or name in rules.fields]
    names = [f"{one}.Name" for one in ("Who", "What") if f"{one}Id" in seen]
    return ", ".join(["Id", "IsDeleted", "SystemModstamp", *seen, *names])


def _row(row: Mapping[str, Any]) -> TaskRow:
    return TaskRow(
        task_id=id18(str(row.get("Id", ""))),
        stamp=_stamp(str(row.get("SystemModstamp", ""))),
        deleted=row.get("IsDeleted") is True,
        values={name: row[name] for name in FIELDS if name in row},
        who_name=_name(row.get("Who")),
        what_name=_name(row.get("What")),
    )


def _stamp(text: str) -> str:
    """A time of Salesforce as one that sorts: UTC, to the millisecond."""
    try:
        return datetime.fromisoformat(text).isoformat(timespec="milliseconds")
    except ValueError:
        return ""


def _name(parent: object) -> str:
    return str(parent.get("Name") or "") if isinstance(parent, Mapping) else ""
