"""`/standin/…`: faults, settings, the request log, fresh orgs and bulk loading. No token, loopback only.

GET, POST, DELETE /standin/faults       what `faults` describes, one or a list, used first come first served
GET, DELETE /standin/log[?since=n]      the requests received, each with its user, status and fault
GET /standin/log/counts                 how many there were: all, to the API, by user name, by resource
GET, POST /standin/settings             the values of `org.Settings`
POST /standin/session                   ends the fixed token and gives another
POST /standin/index                     the search index catches up at once
POST /standin/reset                     a fresh org ({"empty": true}: users only); sign-ins and rules are gone, too
GET, POST /standin/records/{sobject}    every row; loads rows as given
/standin/oauth…                         `oauth_control`: sign-in policy and kill switches
/standin/access, /custom, /usage        `admin_control`: permissions, sharing, fields, rules, the day's calls
/standin/merge, /convert, /undelete …   `lifecycle_control`
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from . import admin_control, lifecycle_control, oauth_control, person_accounts, records, seed
from .errors import not_found, refuse
from .faults import read_fault
from .oauth_policy import Policy
from .org import Org
from .org import Settings as OrgSettings
from .web import Request, Response


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers one control call. Raises ApiError."""
    match request.method, rest:
        case "GET", ("faults",):
            return Response(body=[fault.as_json() for fault in org.faults.armed()])
        case "POST", ("faults",):
            given = request.json()
            org.faults.arm([read_fault(_object(one)) for one in (given if isinstance(given, list) else [given])])
            return Response(201, [fault.as_json() for fault in org.faults.armed()])
        case "DELETE", ("faults",):
            org.faults.clear()
            return Response(204)
        case "GET", ("log",):
            since = request.query.get("since", "0")
            return Response(body=org.log.since(int(since) if since.isdigit() else 0))
        case "GET", ("log", "counts"):
            return Response(body=org.log.counts())
        case "DELETE", ("log",):
            org.log.clear()
            return Response(204)
        case "GET", ("settings",):
            return Response(body=asdict(org.settings))
        case "POST", ("settings",):
            changed = org.change(_object(request.json()))
            person_accounts.plant_types(org)
            return Response(body=changed)
        case _, ("access" | "custom" | "usage", *_):
            return admin_control.handle(org, request, rest)
        case _, ("oauth", *inside):
            return oauth_control.handle(org, request, tuple(inside))
        case "POST", ("session",):
            return Response(201, {"access_token": org.new_session()})
        case "POST", ("expire-cursors",):
            org.expire_cursors()
            return Response(204)
        case "POST", ("index",):
            org.store.all_indexed()
            return Response(204)
        case "POST", ("reset",):
            wanted = _object(request.json()) if request.body else {}
            reset(org, empty=wanted.get("empty") is True)
            return Response(204)
        case _, ("merge" | "convert" | "undelete" | "empty-bin", *_):
            return lifecycle_control.handle(org, request, rest)
        case "GET", ("records", name):
            sobject = records.object_named(org, name)
            names = [one.name for one in sobject.declared if not one.via]
            return Response(body=[{each: row.get(each) for each in names} for row in org.store.rows(sobject)])
        case "POST", ("records", name):
            sobject = records.object_named(org, name)
            given = request.json()
            made = records.load(org, sobject, given if isinstance(given, list) else [given])
            return Response(201, {"loaded": len(made), "ids": made})
        case _:
            raise not_found()


def reset(org: Org, *, empty: bool = False) -> None:
    """A fresh org: seeded rows (or only the users), default settings, no faults, an empty log. The session stays."""
    org.faults.clear()
    org.log.clear()
    with org.store.lock:
        org.jobs.clear()
        org.set_policy(Policy())
        org.grants.clear()
        org.access.clear()
        org.custom.clear()
        org.blobs.clear()
        org.used = 0
        org.bin_emptied = None
        org.store.clear()
        org.apply(OrgSettings())
        seed.plant(org, people=not empty)


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise refuse("JSON_PARSER_ERROR", "an object is wanted here")
    return given
