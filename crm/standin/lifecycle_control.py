"""Control calls for what a user or admin does in Salesforce itself.

POST /standin/merge/{sobject}   {"master": id, "losers": [one or two ids], "values": {…}}: the losers are deleted and
                                carry MasterRecordId, what points to them points to the master
POST /standin/convert           {"leadId": id, "accountId"?, "contactId"?, "opportunityName"?}: a converted Lead
POST /standin/undelete          {"ids": […]}: out of the recycle bin
POST /standin/empty-bin         removes what is deleted for good: /deleted and queryAll know nothing of it any more
"""

from __future__ import annotations

from typing import Any

from . import lifecycle, records
from .errors import not_found, refuse
from .org import Org
from .web import Request, Response


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers `/standin/merge/{sobject}`, `/convert`, `/undelete` and `/empty-bin`. Raises ApiError."""
    if request.method != "POST":
        raise not_found()
    with org.store.lock:
        match rest:
            case ("merge", name):
                body = request.record()
                master = lifecycle.merge(
                    org,
                    records.object_named(org, name),
                    _text(body, "master"),
                    request.text_list(body, "losers"),
                    body.get("values") or {},
                )
                return Response(body={"id": master["Id"], "mergedRecordIds": request.text_list(body, "losers")})
            case ("convert",):
                body = request.record()
                return Response(body=lifecycle.convert(org, _text(body, "leadId"), body))
            case ("undelete",):
                body = request.record()
                return Response(body={"ids": lifecycle.undelete(org, request.text_list(body, "ids"))})
            case ("empty-bin",):
                return Response(body={"removed": lifecycle.empty_bin(org)})
            case _:
                raise not_found()


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise refuse("JSON_PARSER_ERROR", f"{name} must be an id")
    return value
