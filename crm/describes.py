"""What describe tells of this org's objects, for one rep: asked once a day, and kept over a restart.

1. What was confirmed within a day is used as it is: a start costs no request for it.
2. Older than that it is asked with `If-Modified-Since`, mostly answered by a 304. Once a week it is asked in full:
   nobody promises that a permission given to the rep moves that date. So it is after a refusal.
3. Only what the app looks at is kept: the fields with a few properties each, and the record types.
4. It belongs to one user at one address; for anybody else it is learnt anew.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.ports.crm import OrgMemory
from crm.lane import API_VERSION, Lane, mapping_of

FRESH = timedelta(days=1)
IN_FULL = timedelta(days=7)
AWAITED = timedelta(hours=1)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC).isoformat()
_BASE = f"/services/data/v{API_VERSION}/sobjects"
_FORM = 1  # of what is kept: another number when that changes
_OF_FIELD = (
    *("name", "label", "type", "length", "nillable", "createable", "updateable", "externalId", "idLookup"),
    *("defaultedOnCreate", "deprecatedAndHidden"),
)
_OF_CHOICE = ("value", "label", "active", "defaultValue")
_OF_TYPE = ("name", "developerName", "recordTypeId", "available", "defaultRecordTypeMapping", "master", "active")

Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """``at``: when it was last confirmed; ``asked``: when last in full; ``dated``: Salesforce's date of it."""

    described: Described
    at: str
    asked: str
    dated: str = ""


class Forgetful:
    """Keeps nothing over a restart."""

    def recall(self, name: str) -> str:
        """Nothing."""
        return ""

    def keep(self, name: str, text: str) -> None:
        """Not here."""


class Describes:
    """Thread-safe. Methods raise the library's own errors: wrap them in `crm_errors`."""

    def __init__(
        self, memory: OrgMemory | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._memory = Forgetful() if memory is None else memory
        self._now = now
        self._lock = threading.Lock()
        self._owner = self._begun = ""
        self._known: dict[str, _Known] = {}

    def belong_to(self, owner: str) -> None:
        """Whose view of which org this is from now on: nobody else's is used. Again with each sign-in."""
        with self._lock:
            self._begun = self._stamp()
            if owner != self._owner:
                self._owner = owner
                self._known = {}

    def of(self, lane: Lane, sobject: str, *, awaited: str = "") -> Described:
        """An object as this rep sees it.

        Until it has the field ``awaited`` it is asked for in full every hour and after each sign-in.
        """
        known = self._recall(sobject)
        is_whole = not awaited or (known is not None and _has(known.described, awaited))
        if known is not None and is_whole and self._is_within(known.at, FRESH):
            return known.described
        if known is not None and self._begun <= known.at and self._is_within(known.at, AWAITED):
            return known.described
        since = known.dated if known is not None and is_whole and self._is_within(known.asked, IN_FULL) else ""
        found, dated = lane.get_since(f"{_BASE}/{sobject}/describe", since)
        if found is None and known is not None:
            return self._keep(sobject, replace(known, at=self._stamp())).described
        return self._learn(sobject, found or {}, dated)

    def doubt(self, sobject: str) -> None:
        """Salesforce refused what should have been right: asked for in full the next time."""
        known = self._recall(sobject)
        if known is not None:
            self._keep(sobject, replace(known, at=_LONG_AGO, asked=_LONG_AGO))

    def of_several(self, lane: Lane, sobjects: Sequence[str]) -> dict[str, Described | None]:
        """Several objects, those that must be asked for in one request. None: there is no such object for this rep.

        One that cannot be described is left out.
        """
        known = {name: found for name in sobjects if (found := self._recall(name)) is not None}
        fresh = {name: found.described for name, found in known.items() if self._is_within(found.at, FRESH)}
        answers: dict[str, Described | None] = {**fresh}
        wanted = [name for name in sobjects if name not in fresh]
        asked = [{"method": "GET", "url": f"{_BASE}/{name}/describe", "referenceId": name} for name in wanted]
        for name, (status, body) in (lane.composite(asked) if asked else {}).items():
            if status == 200 and isinstance(body, dict) and isinstance(body.get("fields"), list):
                answers[name] = self._learn(name, body, "")
            elif status == 404:
                answers[name] = None
        return answers

    def word(self, name: str, ask: Callable[[], str]) -> str:
        """A word of the org's own, asked once a day."""
        known = self._recall(name)
        if known is not None and self._is_within(known.at, FRESH):
            return str(known.described.get("word", ""))
        stamp = self._stamp()
        return str(self._keep(name, _Known({"word": ask()}, stamp, stamp)).described["word"])

    def _learn(self, sobject: str, body: Described, dated: str) -> Described:
        stamp = self._stamp()
        return self._keep(sobject, _Known(_pruned(body), stamp, stamp, dated)).described

    def _recall(self, name: str) -> _Known | None:
        with self._lock:
            owner, known = self._owner, self._known.get(name)
        if known is None and owner:
            known = _unpacked(self._memory.recall(_key(owner, name)))
        return known

    def _keep(self, name: str, known: _Known) -> _Known:
        with self._lock:
            owner = self._owner
            self._known[name] = known
        if owner:
            self._memory.keep(_key(owner, name), _packed(known))
        return known

    def _is_within(self, stamp: str, span: timedelta) -> bool:
        # A clock that was set back must not keep anything for ever.
        return timedelta(0) <= self._now() - datetime.fromisoformat(stamp) < span

    def _stamp(self) -> str:
        return self._now().isoformat()


def _key(owner: str, name: str) -> str:
    return f"{owner}|{API_VERSION}|{_FORM}|{name}"


def _has(described: Described, field: str) -> bool:
    return any(one.get("name") == field for one in described["fields"])


def _pruned(body: Described) -> Described:
    fields = [_field(mapping_of(one)) for one in _listed(body.get("fields")) if isinstance(one, dict)]
    types = [_some(one, _OF_TYPE) for one in _listed(body.get("recordTypeInfos")) if isinstance(one, dict)]
    return {"createable": body.get("createable") is True, "fields": fields, "recordTypeInfos": types}


def _field(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = _some(one, _OF_FIELD)
    if one.get("nillable") is False:  # only these are ever offered; the states of all countries are not
        choices = [each for each in _listed(one.get("picklistValues")) if isinstance(each, dict)]
        kept["picklistValues"] = [_some(each, _OF_CHOICE) for each in choices]
    return kept


def _some(one: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: one[name] for name in names if name in one}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _packed(known: _Known) -> str:
    text = json.dumps(asdict(known), separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode("utf-8", "replace"))).decode()


def _unpacked(text: str) -> _Known | None:
    """What was kept; None for nothing, and for what an earlier version or a half-written row left."""
    if not text:
        return None
    try:
        read = json.loads(zlib.decompress(base64.b85decode(text)))
        known = _Known(mapping_of(read["described"]), str(read["at"]), str(read["asked"]), str(read["dated"]))
        datetime.fromisoformat(known.at), datetime.fromisoformat(known.asked)
    except (ValueError, KeyError, TypeError, zlib.error, binascii.Error):
        return None
    return known
