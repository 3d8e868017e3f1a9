"""Control calls for what an admin sets up: permissions, sharing, fields, record types, rules, daily usage.

GET, POST, DELETE /standin/access       rules as `access` reads them, one or a list; "user" is a name or id.
                                        {"package": false, "user"}: the user lacks our permission set, so that the
                                        package's object and fields are not there. DELETE takes all away
GET, DELETE /standin/custom             everything below; DELETE takes all away
POST /standin/custom/fields             {"object", "name": "X__c", "type": "string", "label", "length", "required",
                                        "values", "restricted", "default", "references"}; with the name of a field
                                        that is there its label, length, required, values … are changed
POST /standin/custom/validation         {"object", "when": "Status = 'Completed' AND Description = null", "message",
                                        "field", "on": ["insert", "update"]}
POST /standin/custom/duplicates         {"object": "Contact", "allow_save": true, "message", "name", "on",
                                        "matches": [{"object": "Lead", "rule", "every": ["LastName"], "some":
                                        ["Phone", "MobilePhone"], "confidence"}]}
POST /standin/custom/spelling           {"key": "duplicateResult"} or "duplicateResut", the default
POST /standin/custom/record-types       {"object": "Task", "name": "Phone Call", "default": true, "users": [...]}:
                                        {"id"}; with the "id" of one that is there only who may choose it is changed
POST /standin/custom/assignment         {"object": "Lead", "owner": user name or id, or null}
POST /standin/usage                     {"used": 4000} or {"percent": 95} of the day's calls
"""

from __future__ import annotations

from typing import Any

from . import access, records, saving
from .custom import Validation
from .errors import not_found, refuse
from .oauth_users import user_named
from .org import Org
from .web import Request, Response


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers one control call. Raises ApiError."""
    with org.store.lock:
        match request.method, rest:
            case "GET", ("access",):
                return Response(body=org.access.listed())
            case "POST", ("access",):
                given = request.json()
                org.access.add(
                    [rule for one in (given if isinstance(given, list) else [given]) for rule in _rules(org, one)]
                )
                org.apply(org.settings)
                return Response(201, org.access.listed())
            case "DELETE", ("access",):
                org.access.clear()
                org.apply(org.settings)
                return Response(204)
            case "GET", ("custom",):
                return Response(body=org.custom.as_json())
            case "DELETE", ("custom",):
                org.custom.clear()
                org.apply(org.settings)
                return Response(204)
            case "POST", ("custom", what):
                made = _customise(org, what, request.record())
                org.apply(org.settings)
                return Response(201, made)
            case "POST", ("usage",):
                org.used = _usage(org, request.record())
                return Response(body={"used": org.used, "limit": org.settings.api_limit})
            case _:
                raise not_found()


def _rules(org: Org, given: Any) -> list[access.Rule]:
    if not isinstance(given, dict):
        raise refuse("JSON_PARSER_ERROR", "an object is wanted here")
    if "package" in given:
        return _package_rules(org, given)
    if org.full_schema.find(str(given.get("object", ""))) is None:
        raise refuse("INVALID_RULE", f"no such object: {given.get('object')}")
    return [access.read_rule(given, user=_user(org, given["user"]) if "user" in given else None)]


def _package_rules(org: Org, given: dict[str, Any]) -> list[access.Rule]:
    """Our permission set given to, or taken from, one user or all."""
    allowed = given["package"]
    if not isinstance(allowed, bool) or not set(given) <= {"package", "user"}:
        raise refuse("INVALID_RULE", "package is true or false, with a user or without")
    user = _user(org, given["user"]) if "user" in given else None
    objects = [access.Rule(one.name, user=user, read=allowed) for one in org.full_schema.objects if one.package]
    fields = [
        access.Rule(one.name, user=user, field=field.name, visible=allowed)
        for one in org.full_schema.objects
        for field in one.declared
        if field.package and not one.package
    ]
    return [*objects, *fields]


def _customise(org: Org, what: str, given: dict[str, Any]) -> dict[str, Any]:
    match what:
        case "fields":
            org.custom.add_field(org.full_schema, given)
        case "validation":
            rule = Validation(str(given.get("object")), str(given.get("when")), "")
            saving.condition(org, records.object_named(org, rule.object), rule)
            org.custom.add_validation(given)
        case "duplicates":
            org.custom.add_duplicates(given)
        case "spelling":
            org.custom.spelling = str(given.get("key"))
        case "record-types":
            return {"id": _record_type(org, given)}
        case "assignment":
            owner = given.get("owner")
            org.custom.assign(str(given.get("object")), None if owner is None else _user(org, owner))
        case _:
            raise not_found()
    return org.custom.as_json()


def _record_type(org: Org, given: dict[str, Any]) -> str:
    sobject = records.object_named(org, str(given.get("object")))
    name = given.get("name")
    users = given.get("users")
    if not isinstance(name, str) or not (users is None or isinstance(users, list)):
        raise refuse("INVALID_INPUT", "a record type has a name, and users as a list")
    row = {
        "Name": name,
        "DeveloperName": given.get("developer_name", name.replace(" ", "_")),
        "SobjectType": sobject.name,
        "IsActive": given.get("active", True) is not False,
    }
    known = given.get("id")
    made = str(known) if known else records.load(org, records.object_named(org, "RecordType"), [row])[0]
    ids = None if users is None else [_user(org, one) for one in users]
    org.custom.set_type(made, default=given.get("default") is True, users=ids)
    return made


def _usage(org: Org, given: dict[str, Any]) -> int:
    used, percent = given.get("used"), given.get("percent")
    if isinstance(percent, int | float) and percent >= 0:
        return round(org.settings.api_limit * percent / 100)
    if isinstance(used, int) and used >= 0:
        return used
    raise refuse("INVALID_INPUT", "used or percent is wanted, not negative")


def _user(org: Org, name: Any) -> str:
    found = user_named(org, str(name))
    if found is None:
        raise refuse("INVALID_INPUT", f"no such user: {name}")
    return str(found["Id"])
