"""Describe: the list of objects, and everything a client may know about one of them."""

from __future__ import annotations

from typing import Any

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
        "updateable": sobject.createable,
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
                "cascadeDelete": False,
                "childSObject": child.name,
                "deprecatedAndHidden": False,
                "field": one.name,
                "relationshipName": one.children,
            }
            for child, one in org.schema.children_of(sobject)
        ],
        "recordTypeInfos": [
            {
                "active": True,
                "available": True,
                "defaultRecordTypeMapping": True,
                "developerName": "Master",
                "master": True,
                "name": "Master",
                "recordTypeId": "012000000000000AAA",
            }
        ],
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
        "caseSensitive": False,
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
