"""What a new record needs in this org: read from its describe."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.new_record import PERSON_ACCOUNT, FieldKind, FormField, NewForm
from crm import rows
from crm.composite import select
from crm.describes import Describes
from crm.ids import id18
from crm.lane import Lane
from crm.visible import Visible

# Asked for in every org, in this order; what else an org requires follows.
_USUAL: dict[str, tuple[str, ...]] = {
    "Contact": ("FirstName", "LastName", "Email"),
    "Lead": ("FirstName", "LastName", "Company", "Email"),
    PERSON_ACCOUNT: ("FirstName", "LastName", "PersonEmail"),
    "Opportunity": ("Name", "StageName", "CloseDate"),
    "Case": ("Subject",),
}
_REQUIRED = frozenset({"LastName", "Company", "Name", "StageName", "CloseDate", "Subject"})
"""Without these a record could be made, but nobody would find it again."""
_GIVEN = frozenset({"OwnerId", "AccountId", "ContactId", "RecordTypeId"})
"""Never asked: filled from what is at hand, or by Salesforce itself."""
_OF_COMPANIES = frozenset({"Name"})
"""A person account makes its own of first and last name, and takes none."""
_BEGINS = frozenset({"StageName"})
"""A new deal begins at the first stage, unless the org says otherwise; nothing else is chosen for the rep."""
_TYPE = "RecordTypeId"
_PERSON_TYPES = "PersonTypes"  # the name they are kept under
_KINDS = {
    "string": FieldKind.TEXT,
    "textarea": FieldKind.TEXT,
    "email": FieldKind.TEXT,
    "phone": FieldKind.TEXT,
    "url": FieldKind.TEXT,
    "combobox": FieldKind.TEXT,
    "picklist": FieldKind.CHOICE,
    "date": FieldKind.DATE,
    "int": FieldKind.NUMBER,
    "double": FieldKind.NUMBER,
    "currency": FieldKind.NUMBER,
    "percent": FieldKind.NUMBER,
}


class Forms:
    """Any crm thread."""

    def __init__(self, describes: Describes) -> None:
        self._describes = describes

    def read(self, lane: Lane, kind: str) -> NewForm:
        """The form of a new record of this kind."""
        by_name = {str(one.get("name", "")): one for one in self.fields(lane, sobject_of(kind))}
        usual = [by_name[name] for name in _USUAL[kind] if name in by_name and by_name[name].get("createable")]
        names = {str(one["name"]) for one in usual} | (_OF_COMPANIES if kind == PERSON_ACCOUNT else set())
        more = [one for name, one in by_name.items() if name not in names | _GIVEN and _is_required(one)]
        fields = [_form_field(one) for one in (*usual, *more)]
        if kind == PERSON_ACCOUNT and len(types := self.person_types(lane)) > 1:
            label = str(by_name[_TYPE].get("label") or _TYPE).removesuffix(" ID")
            fields.append(FormField(_TYPE, label, FieldKind.CHOICE, True, tuple(types.items()), next(iter(types))))
        return NewForm(kind, tuple(fields))

    def people_kinds(self, lane: Lane) -> list[str]:
        """What a new person can be in this org: what this user may make. A service org may hide its leads."""
        kinds = ("Contact", "Lead")
        described = self._describes.of_several(lane, [*kinds, "Account"])
        # What could not be described is offered: Salesforce says why when it is chosen.
        offered = [kind for kind in kinds if kind not in described or _is_makeable(described[kind])]
        has_persons = _is_makeable(described.get("Account")) and self.person_types(lane)
        return [*offered, PERSON_ACCOUNT] if has_persons else offered

    def person_types(self, lane: Lane) -> dict[str, str]:
        """Id and name of the record types that make an Account a person and that this user may choose, default first.

        Empty in an org without person accounts: it does not even have the fields (INVALID_FIELD).
        """
        described = self._describes.of(lane, "Account")
        if not any(one.get("name") == "IsPersonAccount" for one in described["fields"]):
            return {}
        ids = set(json.loads(self._describes.word(_PERSON_TYPES, lambda: json.dumps(_person_types(lane)))))
        may = [one for one in described["recordTypeInfos"] if one.get("available") and one.get("active") is not False]
        fitting = [one for one in may if id18(str(one.get("recordTypeId", ""))) in ids]
        ordered = sorted(fitting, key=lambda one: one.get("defaultRecordTypeMapping") is not True)
        return {id18(str(one["recordTypeId"])): str(one.get("name") or "") for one in ordered}

    def updateable(self, lane: Lane, kind: str, names: Iterable[str]) -> dict[str, str]:
        """Those of the fields that this user may change, with the org's labels."""
        by_name = {str(one.get("name", "")): one for one in self.fields(lane, kind)}
        return {name: str(by_name[name].get("label") or name) for name in names if _may_update(by_name.get(name))}

    def learn_accounts(self, lane: Lane, visible: Visible) -> None:
        """Only in an org whose Accounts can be persons may a query ask who is one."""
        if not visible.described("Account"):
            visible.learn("Account", self.fields(lane, "Account"))

    def fields(self, lane: Lane, kind: str) -> tuple[Mapping[str, Any], ...]:
        """The fields of an object as describe gives them, without those this user cannot see."""
        return tuple(self._describes.of(lane, kind)["fields"])


def sobject_of(kind: str) -> str:
    """The object a new record of this kind is a row of."""
    return "Account" if kind == PERSON_ACCOUNT else kind


def _person_types(lane: Lane) -> list[str]:
    soql = "WHERE SobjectType = 'Account' AND IsPersonType = true AND IsActive = true"
    return [id18(rows.text(row, "Id")) for row in lane.query(select("Id", "RecordType", soql))]


def _is_makeable(described: Mapping[str, Any] | None) -> bool:
    return described is not None and described.get("createable") is True


def _may_update(described: Mapping[str, Any] | None) -> bool:
    return described is not None and described.get("updateable") is True


def _is_required(described: Mapping[str, Any]) -> bool:
    """Must be given in an insert: nothing may be left out that is neither nillable nor filled by Salesforce."""
    return (
        described.get("createable") is True
        and described.get("nillable") is False
        and described.get("defaultedOnCreate") is not True
        and described.get("type") != "boolean"
    )


def _form_field(described: Mapping[str, Any]) -> FormField:
    name = str(described.get("name", ""))
    kind = _KINDS.get(str(described.get("type", "")), FieldKind.OTHER)
    choices: tuple[tuple[str, str], ...] = ()
    default = ""
    if kind is FieldKind.CHOICE:
        listed = described.get("picklistValues")
        all_of_them = listed if isinstance(listed, list) else []
        active = [one for one in all_of_them if isinstance(one, dict) and one.get("active")]
        choices = tuple((str(one.get("value", "")), str(one.get("label") or one.get("value", ""))) for one in active)
        standing = [one for one in active if one.get("defaultValue")] or (active if name in _BEGINS else [])
        default = str(standing[0].get("value", "")) if standing else ""
    length = described.get("length")
    return FormField(
        name=name,
        label=str(described.get("label") or name),
        kind=kind,
        required=name in _REQUIRED or _is_required(described),
        choices=choices,
        default=default,
        length=int(length) if isinstance(length, int) and kind is FieldKind.TEXT else 0,
    )
