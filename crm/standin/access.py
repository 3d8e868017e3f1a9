"""Who may see and change what: object permissions, field-level security and sharing, as rules an admin sets.

A rule is about one object and, unless `user` is left out, one user. Later rules win over earlier ones.

{"object": "QuickText", "read": false}                         the object does not exist for the user (INVALID_TYPE)
{"object": "Lead", "create": false, "edit": …, "delete": …}     what may be done with it
{"object": "Contact", "field": "Phone", "visible": false}      "No such column 'Phone'"; "editable": false: read only
{"object": "Contact", "see": "own"}                            sharing: "all", "own" or "none" of the rows
{"object": "Contact", "change": "own"}                         rows that are seen but not changed
{"object": "Contact", "record": "003…", "see": "none"}         one row

As in Salesforce, the Call fields of Task know no field-level security.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .disk import Disk
from .errors import refuse
from .schema import Row, Schema, SObject

_META = "access"
_SWITCHES = ("read", "create", "edit", "delete", "visible", "editable")
_SCOPES = ("see", "change")
_WORDS = ("all", "own", "none")
# Field-level security does not reach these: Salesforce says so of the Call fields.
_NO_SECURITY = frozenset({"calltype", "calldisposition", "calldurationinseconds", "callobject"})
# Without these no record could be named or opened.
_ALWAYS = frozenset({"id", "isdeleted", "systemmodstamp", "lastmodifieddate", "createddate"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the rules; None is "not said"."""

    object: str
    user: str | None = None
    field: str | None = None
    record: str | None = None
    read: bool | None = None
    create: bool | None = None
    edit: bool | None = None
    delete: bool | None = None
    visible: bool | None = None
    editable: bool | None = None
    see: str | None = None
    change: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What was said."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_rule(given: Mapping[str, Any], *, user: str | None) -> Rule:
    """A rule from its JSON; `user` is the id its user name stands for. Raises ApiError when it makes no sense."""
    known = asdict(Rule(""))
    for name, value in given.items():
        good = name in known and (
            (isinstance(value, bool) if name in _SWITCHES else isinstance(value, str))
            and (name not in _SCOPES or value in _WORDS)
        )
        if not good:
            raise refuse("INVALID_RULE", f"unreadable: {name}")
    rule = Rule(**{**given, "user": user})
    about_field = rule.visible is not None or rule.editable is not None
    if not rule.object or about_field != (rule.field is not None):
        raise refuse("INVALID_RULE", "a rule needs an object; visible and editable need a field")
    return rule


class Access:
    """The rules of the org. Reads from any thread; changed under the store's lock."""

    def __init__(self, disk: Disk | None) -> None:
        self._disk = disk
        kept = disk.meta(_META) if disk else None
        self._rules: tuple[Rule, ...] = tuple(Rule(**one) for one in json.loads(kept)) if kept else ()
        self._views: dict[str, tuple[Schema, Schema]] = {}

    def add(self, rules: Iterable[Rule]) -> None:
        """Adds rules behind the others."""
        self._keep((*self._rules, *rules))

    def clear(self) -> None:
        """Everybody may do everything again."""
        self._keep(())

    def _keep(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._views = {}
        if self._disk is not None:
            self._disk.set_meta(_META, json.dumps([one.as_json() for one in rules]))

    def listed(self) -> list[dict[str, Any]]:
        """The rules, oldest first."""
        return [one.as_json() for one in self._rules]

    def view(self, full: Schema, user: str) -> Schema:
        """The schema as this user sees it."""
        if not self._rules:
            return full
        kept = self._views.get(user)
        if kept is None or kept[0] is not full:
            mine = self._of(user)
            kept = full, Schema(seen for one in full.objects if (seen := _seen(one, mine)) is not None)
            self._views[user] = kept
        return kept[1]

    def sees(self, user: str, sobject: str, row: Row) -> bool:
        """Whether the row is shared with this user."""
        return self._reaches(user, sobject, row, "see") and _last(self._of(user, sobject), "read") is not False

    def changes(self, user: str, sobject: str, row: Row) -> bool:
        """Whether the row is shared with this user for changing; the object's own permissions are the view's."""
        return self._reaches(user, sobject, row, "change")

    def _reaches(self, user: str, sobject: str, row: Row, what: str) -> bool:
        if not self._rules:
            return True
        words = [
            word
            for one in self._of(user, sobject)
            if (word := getattr(one, what)) is not None and one.record in (None, row["Id"])
        ]
        match words[-1] if words else "all":
            case "none":
                return False
            case "own":
                return user == (row.get("OwnerId") or row.get("CreatedById"))
            case _:
                return True

    def _of(self, user: str, sobject: str | None = None) -> list[Rule]:
        return [
            one
            for one in self._rules
            if one.user in (None, user) and (sobject is None or one.object.lower() == sobject.lower())
        ]


def _last(rules: list[Rule], name: str) -> Any:
    said = [value for one in rules if (value := getattr(one, name)) is not None]
    return said[-1] if said else None


def _seen(sobject: SObject, rules: list[Rule]) -> SObject | None:
    mine = [one for one in rules if one.object.lower() == sobject.name.lower()]
    if not mine:
        return sobject
    if _last(mine, "read") is False:
        return None
    fields = []
    for field in sobject.declared:
        about = [one for one in mine if one.field and one.field.lower() == field.name.lower()]
        if sobject.name == "Task" and field.name.lower() in _NO_SECURITY:
            about = []
        if _last(about, "visible") is False and field.name.lower() not in _ALWAYS:
            continue
        closed = _last(about, "editable") is False
        fields.append(replace(field, createable=False, updateable=False) if closed else field)
    return replace(
        sobject,
        declared=tuple(fields),
        createable=sobject.createable and _last(mine, "create") is not False,
        updateable=sobject.updateable and _last(mine, "edit") is not False,
        deletable=sobject.deletable and _last(mine, "delete") is not False,
    )
