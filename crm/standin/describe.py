"""Describe: the list of objects, and everything a client may know about one of them."""

from __future__ import annotations

from typing import Any

from . import caller, saving
from .org import Org
from .schema import ID_KINDS, NUMBER_KINDS, TEXT_KINDS, Field, Kind, SObject

_SOAP = {
    Kind.ID: "tns:ID",
    Kind.REFERENCE: "tns:ID",
    Kind.BOOLEAN: "xsd:boolean",
    Kind.INT: "xsd:int",
    Kind.DOUBLE: "xsd:double",
    Kind.CURRENCY: "xsd:double",
    Kind.PERCENT: "xsd:double",
    Kind.DATE: "xsd:date",
    Kind.DATETIME: "xsd:dateTime",
}


def everything(org: Org, base: str) -> dict[str, Any]:
    """The global describe."""
    return {
        "encoding": "UTF-8",
        "maxBatchSize": 200,
        "sobjects": [summary(one, base) for one in org.schema.objects],
    }


def summary(sobject: SObject, base: str) -> dict[str, Any]:
    """One object as the global describe lists it."""
    address = f"{base}/sobjects/{sobject.name}"
    return {
        "activateable": False,
        "createable": sobject.createable,
        "custom": sobject.custom,
        "customSetting": False,
        "deletable": sobject.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "keyPrefix": sobject.prefix,
        "label": sobject.label,
        "labelPlural": sobject.plural,
        "layoutable": sobject.createable,
        "mergeable": sobject.name in ("Account", "Contact", "Lead"),
        "name": sobject.name,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": sobject.searchable,
        "triggerable": True,
        "undeletable": sobject.deletable,
        "updateable": sobject.createable and sobject.updateable,
        "urls": {
            "sobject": address,
            "describe": f"{address}/describe",
            "rowTemplate": f"{address}/{{ID}}",
        },
    }


def one_object(org: Org, sobject: SObject, base: str) -> dict[str, Any]:
    """The full describe of one object."""
    return {
        **summary(sobject, base),
        "fields": [_field(org, one) for one in sobject.declared],
        "childRelationships": [
            {
                "cascadeDelete": sobject.name == "Account" and child.name in ("Contact", "Opportunity"),
                "childSObject": child.name,
                "deprecatedAndHidden": False,
                "field": one.name,
                "relationshipName": one.children,
            }
            for child, one in org.schema.children_of(sobject)
        ],
        "recordTypeInfos": _types(org, sobject, base),
    }


def _types(org: Org, sobject: SObject, base: str) -> list[dict[str, Any]]:
    """The record types as the caller has them; the master type always comes with them."""
    default = saving.default_type(org, sobject)
    infos = [
        _type(
            base,
            sobject,
            str(row["Id"]),
            str(row.get("Name")),
            str(row.get("DeveloperName")),
            active=row.get("IsActive") is not False,
            available=org.custom.available(str(row["Id"]), caller.user_id()),
            default=row["Id"] == default,
        )
        for row in saving.types_of(org, sobject)
        if "recordtypeid" in sobject.fields
    ]
    master = _type(
        base, sobject, saving.MASTER_TYPE, "Master", "Master", active=True, available=True, default=default is None
    )
    return [*infos, {**master, "master": True}]


def _type(
    base: str,
    sobject: SObject,
    type_id: str,
    name: str,
    developer_name: str,
    *,
    active: bool,
    available: bool,
    default: bool,
) -> dict[str, Any]:
    return {
        "active": active,
        "available": available,
        "defaultRecordTypeMapping": default,
        "developerName": developer_name,
        "master": False,
        "name": name,
        "recordTypeId": type_id,
        "urls": {"layout": f"{base}/sobjects/{sobject.name}/describe/layouts/{type_id}"},
    }


def _field(org: Org, one: Field) -> dict[str, Any]:
    text = one.kind in TEXT_KINDS or one.kind is Kind.MULTIPICKLIST
    always = one.required or one.kind in (Kind.ID, Kind.BOOLEAN) or one.name in ("OwnerId", *_ALWAYS_SET)
    whole = one.kind is Kind.INT
    return {
        "name": one.name,
        "label": one.label,
        "type": one.kind.value,
        "soapType": _SOAP.get(one.kind, "xsd:string"),
        "length": one.length,
        "byteLength": one.length * 3 if text else one.length,
        "digits": one.digits if whole else 0,
        "precision": one.digits if one.kind in NUMBER_KINDS and not whole else 0,
        "scale": 0,
        "nillable": not always,
        "createable": one.createable,
        "updateable": one.updateable,
        "filterable": one.filterable,
        "sortable": one.filterable and one.kind is not Kind.MULTIPICKLIST,
        "groupable": one.filterable and one.kind is not Kind.DATETIME,
        "aggregatable": one.filterable and one.kind is not Kind.BOOLEAN,
        "externalId": one.external_id,
        "unique": one.unique,
        "idLookup": one.kind is Kind.ID or one.external_id,
        "caseSensitive": one.case_sensitive,
        "calculated": False,
        "autoNumber": one.auto_number is not None,
        "nameField": one.name_field,
        "custom": one.name.endswith("__c"),
        "defaultValue": one.default if one.kind is Kind.BOOLEAN else None,
        "defaultedOnCreate": one.default is not None or one.name in ("OwnerId", *_ALWAYS_SET),
        "restrictedPicklist": one.restricted,
        "picklistValues": [
            {"active": True, "defaultValue": value == one.default, "label": value, "validFor": None, "value": value}
            for value in one.values
        ],
        "referenceTo": [name for name in one.refers_to if org.schema.find(name) or name == "Group"],
        "relationshipName": one.relationship,
        "polymorphicForeignKey": one.polymorphic,
        "permissionable": not always and one.kind not in ID_KINDS,
        "extraTypeInfo": "plaintextarea" if one.kind is Kind.TEXTAREA else None,
        "inlineHelpText": None,
        "deprecatedAndHidden": False,
        "htmlFormatted": False,
        "compoundFieldName": "Name" if one.name in ("FirstName", "LastName", "Salutation") else None,
    }


_ALWAYS_SET = ("CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp")
