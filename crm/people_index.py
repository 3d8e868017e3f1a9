"""Reading people for the local index: everything once, then what has changed.

1. The first request describes the objects: every field for phone numbers is read, the org's own ones too.
2. A full reading takes each object in turn, 2,000 rows a request, the latest changed first, so many at most. With the
   policy that reads everybody, Contacts, Leads and Accounts come through Bulk API jobs instead, without a limit.
3. Later readings take one request for all objects: what has a SystemModstamp of the last cursor or later, a few
   minutes overlapping, because a transaction may commit after its stamp. Deleted rows come with them: one that was
   merged or converted names its heir.
4. The cursor is the server's clock at the beginning of a reading: this computer's may be wrong.
5. What leads to the next page is plain text, so that a reading goes on after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.people_index import Gone, IndexPage, IndexScope
from app.domain.record_ids import kind_of_id
from crm import bulk, rows
from crm.composite import part, select
from crm.describes import Describes
from crm.ids import id18
from crm.lane import API_VERSION, Lane, rows_of
from crm.mapping import utc
from crm.visible import Visible

OVERLAP = timedelta(minutes=10)
SHARES = {"Contact": 10_000, "Lead": 4_000, "Account": 2_000, "User": 4_000}
"""The most rows of a full reading: 20,000 in all."""
BULK_PAGE = 5_000
CONTACTED = 300
"""So many ids of one object at most: a request's address is 16 kB long at most."""

_BASE = f"/services/data/v{API_VERSION}"
_MARKS = {"Contact": ("MasterRecordId",), "Lead": ("MasterRecordId", "IsConverted", "ConvertedContactId")}
_LOOKED_AT = "LastViewedDate"
_FIRST_LOOK, _LONGEST_LOOK = 2.0, 60.0  # seconds between looks at a job
_MOST_LOOKS = 600  # ten hours
_MOST_PAGES, _MOST_PAGES_OF_ALL = 500, 20_000  # no org is larger: pages that lead on for ever are left


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing to read: an object from its beginning, from ``path`` on, or from a job's ``locator`` on.

    ``plain``: not by a job, which this org would not do.
    """

    kind: str
    path: str = ""
    job: str = ""
    locator: str = ""
    ready: bool = False
    looks: int = 0
    plain: bool = False
    pages: int = 0


@dataclass(frozen=True, slots=True)
class _Mark:
    cursor: str
    everything: bool
    steps: tuple[_Step, ...] = field(default=())

    def text(self) -> str:
        return json.dumps(asdict(self)) if self.steps else ""


def page(lane: Lane, visible: Visible, describes: Describes, scope: IndexScope, mark: str) -> IndexPage:
    """The first page of ``scope``, or the one ``mark`` leads to."""
    _describe(lane, visible, describes)
    if mark:
        return _go_on(lane, visible, scope, _read_mark(mark))
    begun = utc(lane.server_now())
    if scope.since:
        return _changes(lane, visible, scope, begun)
    steps = [_Step(kind) for kind in ("User", *visible.people())]
    return _go_on(lane, visible, scope, _Mark(begun, scope.everything, tuple(steps)))


def _describe(lane: Lane, visible: Visible, describes: Describes) -> None:
    """Learn the phone fields, in one request; an object that cannot be described keeps the usual ones."""
    unknown = [kind for kind in ("User", *visible.people()) if not visible.described(kind)]
    for kind, described in describes.of_several(lane, unknown).items():
        if described is not None:
            visible.learn(kind, described["fields"])
        else:
            visible.hide_object(kind)


def _changes(lane: Lane, visible: Visible, scope: IndexScope, begun: str) -> IndexPage:
    since = utc(datetime.fromisoformat(scope.since) - OVERLAP)

    def ask() -> dict[str, tuple[int, Any]]:
        wanted = {kind: _changed(visible, kind, scope, since) for kind in ("User", *visible.people())}
        return lane.composite([{"method": "GET", "url": path, "referenceId": kind} for kind, path in wanted.items()])

    answer: dict[str, tuple[int, Any]] = {}

    def checked() -> None:
        answer.clear()
        answer.update(ask())
        for kind in answer:
            part(answer, kind, needed=True)

    visible.ask(checked)
    steps = [_Step(kind, path) for kind, (_, body) in answer.items() if (path := _following(body))]
    found = [row for kind in answer for row in part(answer, kind)]
    return _page(visible, found, _Mark(begun, scope.everything, tuple(steps)))


def _go_on(lane: Lane, visible: Visible, scope: IndexScope, mark: _Mark) -> IndexPage:
    step, rest = mark.steps[0], mark.steps[1:]
    if mark.everything and not (scope.since or step.kind == "User" or step.plain):
        return _bulk_page(lane, visible, scope, mark)

    def fetch() -> dict[str, Any]:
        if step.kind != "User" and step.kind not in visible.people():
            return {"records": []}  # it has just turned out that this user may not see the object
        return lane.get(step.path or _whole(visible, step.kind, scope))

    body = visible.ask(fetch)
    following = _following(body)
    steps = (
        (replace(step, path=following, pages=step.pages + 1), *rest) if following and not _is_endless(mark) else rest
    )
    return _page(visible, rows_of(body), replace(mark, steps=steps))


def _bulk_page(lane: Lane, visible: Visible, scope: IndexScope, mark: _Mark) -> IndexPage:
    from simple_salesforce.exceptions import SalesforceMalformedRequest

    step, rest = mark.steps[0], mark.steps[1:]
    # The plain way takes more requests, but it leads there as well.
    plain = replace(mark, steps=(_Step(step.kind, plain=True), *rest))
    if not step.job:
        try:
            job = bulk.start(lane, _whole_soql(visible, step.kind, scope))
        except SalesforceMalformedRequest:
            return _page(visible, [], plain)
        return _page(visible, [], replace(mark, steps=(replace(step, job=job), *rest)), wait=_FIRST_LOOK)
    if not step.ready:
        match bulk.state(lane, step.job):
            case bulk.JobState.RUNNING if step.looks < _MOST_LOOKS:
                steps = (replace(step, looks=step.looks + 1), *rest)
                wait = min(_LONGEST_LOOK, _FIRST_LOOK * 2**step.looks)
                return _page(visible, [], replace(mark, steps=steps), wait=wait)
            case bulk.JobState.FAILED | bulk.JobState.RUNNING:
                return _page(visible, [], plain)
            case bulk.JobState.COMPLETE:
                step = replace(step, ready=True)
    found, locator = bulk.page(lane, step.job, step.kind, step.locator, BULK_PAGE)
    steps = (replace(step, locator=locator, pages=step.pages + 1), *rest) if locator and not _is_endless(mark) else rest
    return _page(visible, found, replace(mark, steps=steps))


def _is_endless(mark: _Mark) -> bool:
    return mark.steps[0].pages >= (_MOST_PAGES_OF_ALL if mark.everything else _MOST_PAGES)


def _page(visible: Visible, found: Sequence[rows.Row], mark: _Mark, *, wait: float = 0.0) -> IndexPage:
    people: dict[RecordRef, CrmRecord] = {}
    gone: dict[RecordRef, Gone] = {}
    for row in found:
        if (left := _gone(row)) is not None:
            gone[left.ref] = left
        else:
            record = visible.record(row)
            people[record.ref] = record
    following = mark.text()
    return IndexPage(tuple(people.values()), tuple(gone.values()), following, "" if following else mark.cursor, wait)


def _gone(row: rows.Row) -> Gone | None:
    ref = RecordRef(rows.kind_of(row), id18(rows.text(row, "Id")))
    if row.get("IsDeleted") is True:
        heir = id18(rows.text(row, "MasterRecordId"))
        return Gone(ref, RecordRef(ref.kind, heir) if heir else None)
    if row.get("IsConverted") is True:
        heir = id18(rows.text(row, "ConvertedContactId"))
        return Gone(ref, RecordRef("Contact", heir) if heir else None)
    return None


def _changed(visible: Visible, kind: str, scope: IndexScope, since: str) -> str:
    order = "ORDER BY SystemModstamp, Id"
    stamp = f"SystemModstamp >= {since}"
    if kind == "User":
        return _path(select(visible.fields(kind), kind, f"WHERE {stamp} {order}"))
    marks = ("IsDeleted", *_MARKS.get(kind, ("MasterRecordId",)))
    fields = ", ".join((visible.fields(kind), *marks))
    mine = "" if scope.everything else f" AND {_mine(visible, kind, scope)}"
    return _path(select(fields, kind, f"WHERE {stamp}{mine} {order}"), deleted=True)


def _whole(visible: Visible, kind: str, scope: IndexScope) -> str:
    limit = "" if scope.everything else f" LIMIT {SHARES[kind]}"
    return _path(f"{_whole_soql(visible, kind, scope)} ORDER BY LastModifiedDate DESC, Id{limit}")


def _whole_soql(visible: Visible, kind: str, scope: IndexScope) -> str:
    conditions = ["IsConverted = false"] if kind == "Lead" else []
    if kind == "User":
        conditions = ["IsActive = true", "UserType = 'Standard'"]
    elif not scope.everything:
        conditions.append(_mine(visible, kind, scope))
    where = [f"WHERE {' AND '.join(conditions)}"] if conditions else []
    return select(visible.fields(kind), kind, *where)


def _mine(visible: Visible, kind: str, scope: IndexScope) -> str:
    """The user's own rows, those they changed or looked at, and those they called."""
    from simple_salesforce.format import format_soql

    ways = [format_soql("OwnerId = {id} OR LastModifiedById = {id}", id=visible.user_id)]
    if visible.has(kind, _LOOKED_AT):
        ways.append(f"{_LOOKED_AT} = LAST_N_DAYS:90")
    contacted = [id for id in scope.contacted if kind_of_id(id) == kind][:CONTACTED]
    if contacted:
        ways.append(format_soql("Id IN {}", contacted))
    return f"({' OR '.join(ways)})"


def _path(soql: str, *, deleted: bool = False) -> str:
    return f"{_BASE}/{'queryAll' if deleted else 'query'}/?q={quote(soql, safe='', errors='replace')}"


def _following(body: Any) -> str:
    """The path of the next page; empty at the end. Only a path is taken: the token goes to no other host."""
    path = body.get("nextRecordsUrl") if isinstance(body, dict) else None
    return path if isinstance(path, str) and path.startswith("/services/data/") else ""


def _read_mark(text: str) -> _Mark:
    read = json.loads(text)
    return _Mark(str(read["cursor"]), bool(read["everything"]), tuple(_Step(**step) for step in read["steps"]))
