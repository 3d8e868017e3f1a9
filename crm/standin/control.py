"""`/standin/…`: faults, settings, the request log, fresh orgs and bulk loading. No token, loopback only."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from . import records, seed
from .errors import not_found, refuse
from .faults import read_fault
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
        case "DELETE", ("log",):
            org.log.clear()
            return Response(204)
        case "GET", ("settings",):
            return Response(body=asdict(org.settings))
        case "POST", ("settings",):
            return Response(body=org.change(_object(request.json())))
        case "POST", ("session",):
            return Response(201, {"access_token": org.new_session()})
        case "POST", ("index",):
            org.store.all_indexed()
            return Response(204)
        case "POST", ("reset",):
            wanted = _object(request.json()) if request.body else {}
            reset(org, empty=wanted.get("empty") is True)
            return Response(204)
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
        org.apply(OrgSettings())
        org.used = 0
        org.store.clear()
        seed.plant(org, people=not empty)


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise refuse("JSON_PARSER_ERROR", "an object is wanted here")
    return given
