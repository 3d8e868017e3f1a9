"""Files: what an upload makes besides its own row, the bytes, and the two ways to send them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from . import caller, ids
from .errors import ApiError, not_found, refuse
from .org import Org
from .schema import Row, SObject
from .soql_tree import Compare, Condition, Every, Member, Path, Query
from .web import Request, Response

_JSON_MOST = 50 * 1024 * 1024
_FILTERS = frozenset({"id", "contentdocumentid", "linkedentityid"})
_UNFILTERED = (
    "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or "
    "LinkedEntityId using the equals operator or multiple Id's using the IN operator."
)
_TYPES = {"mp3": "MP3", "wav": "WAV", "txt": "TEXT", "json": "JSON", "pdf": "PDF", "png": "PNG", "jpg": "JPG"}


def take_bytes(org: Org, row: Row, old: Row | None) -> None:
    """When a ContentVersion is saved: keeps its bytes, makes or moves on its document, links it. In a transaction."""
    if old is not None:
        _retitle(org, row, old)
        return
    encoded = row.pop("VersionData", None)
    if encoded is None and not row.get("ContentSize"):
        raise refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [VersionData]", ["VersionData"])
    try:
        data = base64.b64decode(str(encoded or ""), validate=True)
    except binascii.Error:
        raise refuse("JSON_PARSER_ERROR", "Base64 data of VersionData cannot be read") from None
    path = str(row.get("PathOnClient") or "")
    name = PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    row["Title"] = row.get("Title") or PurePosixPath(name).stem or name
    row["FileExtension"] = extension or None
    row["FileType"] = _TYPES.get(extension, extension.upper() or "UNKNOWN")
    if encoded is not None:
        row["ContentSize"] = len(data)
        # What Salesforce gives as Checksum is this very digest; nothing is secured by it.
        row["Checksum"] = hashlib.md5(data, usedforsecurity=False).hexdigest()
        org.blobs.put(str(row["Id"]), data)
    _publish(org, row)


def _publish(org: Org, row: Row) -> None:
    versions, documents = _object(org, "ContentVersion"), _object(org, "ContentDocument")
    document_id = str(row.get("ContentDocumentId") or "")
    document = org.store.find(document_id) if document_id else None
    number = 1
    if document is None:
        document = {**_stamps(row), "Id": org.store.new_id(documents), "OwnerId": row.get("OwnerId")}
        row["ContentDocumentId"] = document["Id"]
    else:
        if row.get("FirstPublishLocationId"):
            raise refuse("INVALID_FIELD", "FirstPublishLocationId belongs to the first version of a file only", [])
        for other in org.store.rows(versions):
            if other.get("ContentDocumentId") == document_id and not other.get("IsDeleted"):
                number = max(number, int(str(other.get("VersionNumber") or 0)) + 1)
                if other.get("IsLatest"):
                    org.store.put(versions, {**other, "IsLatest": False})
    row["IsLatest"] = True
    row["VersionNumber"] = str(number)
    copied = {name: row.get(name) for name in ("Title", "FileType", "FileExtension", "ContentSize", "Description")}
    changed = {name: value for name, value in _stamps(row).items() if not name.startswith("Created")}
    org.store.put(documents, {**document, **copied, **changed, "LatestPublishedVersionId": row["Id"]})
    if number == 1:
        _link(org, row, caller.user_id(), "I")
        place = row.get("FirstPublishLocationId")
        if place and place != caller.user_id():
            _link(org, row, str(place), "V")


def _link(org: Org, version: Row, entity: str, share: str) -> None:
    links = _object(org, "ContentDocumentLink")
    org.store.put(
        links,
        {
            **_stamps(version),
            "Id": org.store.new_id(links),
            "ContentDocumentId": version["ContentDocumentId"],
            "LinkedEntityId": entity,
            "ShareType": share,
            "Visibility": "AllUsers",
        },
    )


def check_link(org: Org, row: Row) -> None:
    """When a ContentDocumentLink is saved: one file is linked to one record once. Raises ApiError."""
    for other in org.store.rows(_object(org, "ContentDocumentLink")):
        same = all(other.get(name) == row.get(name) for name in ("ContentDocumentId", "LinkedEntityId"))
        if same and other["Id"] != row["Id"] and not other.get("IsDeleted"):
            raise refuse(
                "DUPLICATE_VALUE",
                "A document is already linked to this entity: duplicate value found: <unknown> duplicates value on "
                f"record with id: {str(other['Id'])[:15]}",
                [],
            )


def removed(org: Org, row: Row, stamp: str) -> None:
    """When a ContentDocument is deleted: its versions and links go with it. In a transaction."""
    for name in ("ContentVersion", "ContentDocumentLink"):
        sobject = _object(org, name)
        for one in org.store.rows(sobject):
            if one.get("ContentDocumentId") == row["Id"] and not one.get("IsDeleted"):
                org.store.put(sobject, {**one, "IsDeleted": True, "SystemModstamp": stamp})


def _retitle(org: Org, row: Row, old: Row) -> None:
    document = org.store.find(str(row.get("ContentDocumentId") or ""))
    if document is not None and row.get("IsLatest") and row.get("Title") != old.get("Title"):
        org.store.put(_object(org, "ContentDocument"), {**document, "Title": row.get("Title")})


def _stamps(row: Row) -> Row:
    names = ("CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp")
    return {name: row[name] for name in names}


def _object(org: Org, name: str) -> SObject:
    found = org.full_schema.find(name)
    assert found is not None
    return found


# -- reading


def download(org: Org, record_id: str) -> Response:
    """The bytes of one version. Raises ApiError."""
    row = org.seen(ids.normalise(record_id) or "")
    if row is None or not str(row["Id"]).startswith("068"):
        raise not_found()
    return Response(raw=org.blobs.get(str(row["Id"])), content_type="application/octetstream")


def check_filter(query: Query, sobject: SObject) -> None:
    """Refuses a query of ContentDocumentLink that is not narrowed to records. Raises ApiError."""
    if sobject.name == "ContentDocumentLink" and not _narrowed(query.where):
        raise refuse("MALFORMED_QUERY", _UNFILTERED)


def _narrowed(condition: Condition | None) -> bool:
    match condition:
        case Every(parts):
            return any(_narrowed(part) for part in parts)
        case Compare(Path() as path, "=", _) | Member(Path() as path, False, _):
            return path.parts[-1].lower() in _FILTERS
        case _:
            return False


# -- sending


def is_multipart(request: Request) -> bool:
    """Whether the body comes in parts, as uploads may."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


def body_of(request: Request) -> dict[str, Any]:
    """The record in a create call of ContentVersion, its bytes as base64 text. Raises ApiError."""
    if not is_multipart(request):
        if len(request.body) > _JSON_MOST:
            raise refuse("INVALID_INPUT", "The request body is too large for base64 content: use multipart")
        return request.record()
    parts = _parts(request)
    # The order is part of the contract: first what it is, then the bytes.
    if len(parts) != 2:
        raise _malformed("Multipart message must include a non-binary part, then a binary part")
    names = [part.get_param("name", header="content-disposition") for part, _ in parts]
    if names[1] != "VersionData" or not parts[1][0].get_filename():
        raise _malformed("Binary data not included: the second part is named VersionData and has a filename")
    try:
        record = json.loads(parts[0][1])
    except ValueError as error:
        raise refuse("JSON_PARSER_ERROR", f"Unexpected character or end of input: {error}") from error
    if not isinstance(record, dict):
        raise refuse("JSON_PARSER_ERROR", "Can not deserialize SObject out of START_ARRAY token")
    return {**record, "VersionData": base64.b64encode(parts[1][1]).decode()}


def _parts(request: Request) -> list[tuple[Message, bytes]]:
    head = Message()
    head["Content-Type"] = request.headers["content-type"]
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise _malformed("Multipart message has no boundary")
    # By hand, because a mail parser would mend line ends inside the bytes.
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise _malformed("Multipart message is not ended by its boundary")
    parts: list[tuple[Message, bytes]] = []
    for piece in pieces[1:-1]:
        header, gap, content = piece.partition(b"\r\n\r\n")
        part = BytesParser(policy=HTTP).parsebytes(header.lstrip(b"\r\n") + b"\r\n\r\n")
        if not gap or part.get("Content-Disposition") is None:
            raise _malformed("Multipart message has a part without Content-Disposition")
        parts.append((part, content))
    return parts


def _malformed(message: str) -> ApiError:
    return refuse("INVALID_MULTIPART_REQUEST", message)
