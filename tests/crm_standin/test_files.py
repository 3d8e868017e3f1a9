"""Uploads: both forms, what they make, where they are linked, and reading the bytes back."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.crm_standin.client import BASE, Answer, Client
from tests.crm_standin.signing_in import JORDAN, signed_in

# Line ends, a boundary look-alike and every byte: nothing may be mended on the way.
DATA = bytes(range(256)) + b"\r\n--not-the-end\r\n\n\r" + b"\x00\xff"
BOUNDARY = "cut-here"


def part(disposition: str | None, content: bytes, kind: str) -> bytes:
    head = f"Content-Type: {kind}\r\n" + (f"Content-Disposition: {disposition}\r\n" if disposition else "")
    return f"--{BOUNDARY}\r\n".encode() + head.encode() + b"\r\n" + content + b"\r\n"


def described(record: dict[str, Any]) -> bytes:
    return part('form-data; name="entity_content"', json.dumps(record).encode(), "application/json")


def binary(data: bytes = DATA, disposition: str | None = None) -> bytes:
    return part(
        disposition or 'form-data; name="VersionData"; filename="Anruf 1.mp3"', data, "application/octet-stream"
    )


def upload(client: Client, *parts: bytes, boundary: str = BOUNDARY) -> Answer:
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.api("POST", "/sobjects/ContentVersion", body, Content_Type=kind)


def download(client: Client, version_id: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(client.url).netloc, timeout=20)
    address = f"{BASE}/sobjects/ContentVersion/{version_id}/VersionData"
    connection.request("GET", address, headers={"Authorization": f"Bearer {client.token}"})
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    return response.status, raw


@pytest.fixture
def task(client: Client) -> str:
    return client.create("Task", Subject="with a recording")


def test_an_upload_in_parts_is_linked_to_its_record(client: Client, task: str) -> None:
    record = {"Title": "Recording – 日本", "PathOnClient": "Anruf 1.mp3", "FirstPublishLocationId": task}
    answer = upload(client, described(record), binary())
    assert (answer.status, answer.body["success"]) == (201, True)
    version = client.read("ContentVersion", answer.body["id"])
    assert (version["Title"], version["FileExtension"], version["FileType"]) == ("Recording – 日本", "mp3", "MP3")
    assert (version["ContentSize"], version["IsLatest"], version["VersionNumber"]) == (len(DATA), True, "1")
    assert version["Checksum"] == hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    assert version["VersionData"] == f"{BASE}/sobjects/ContentVersion/{version['Id']}/VersionData"
    assert version["ContentDocumentId"].startswith("069")
    assert download(client, version["Id"]) == (200, DATA)
    links = client.records(
        f"SELECT ContentDocumentId, ShareType, LinkedEntityId FROM ContentDocumentLink WHERE LinkedEntityId = '{task}'"
    )
    assert [(one["ContentDocumentId"], one["ShareType"]) for one in links] == [(version["ContentDocumentId"], "V")]
    inside = client.records(
        f"SELECT (SELECT ContentDocument.Title FROM ContentDocumentLinks) FROM Task WHERE Id = '{task}'"
    )
    assert inside[0]["ContentDocumentLinks"]["records"][0]["ContentDocument"]["Title"] == "Recording – 日本"


def test_an_upload_as_base64_without_a_place_is_linked_afterwards(client: Client, task: str) -> None:
    body = {"PathOnClient": "C:\\calls\\a.wav", "VersionData": base64.b64encode(DATA).decode()}
    made = client.create("ContentVersion", **body)
    assert download(client, made) == (200, DATA)
    version = client.records(f"SELECT ContentDocumentId, Title, VersionData FROM ContentVersion WHERE Id = '{made}'")[0]
    assert version["Title"] == "a"
    assert version["VersionData"].endswith(f"/ContentVersion/{made}/VersionData")
    link = {"ContentDocumentId": version["ContentDocumentId"], "LinkedEntityId": task, "ShareType": "I"}
    assert client.create("ContentDocumentLink", **link).startswith("06A")
    again = client.api("POST", "/sobjects/ContentDocumentLink", link)
    assert (again.status, again.code) == (400, "DUPLICATE_VALUE")
    wrong = client.api("POST", "/sobjects/ContentDocumentLink", {**link, "ShareType": "X"})
    assert wrong.code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert client.api("POST", "/sobjects/ContentDocumentLink", {"ShareType": "V"}).code == "REQUIRED_FIELD_MISSING"


def test_another_version_of_the_same_file(client: Client, task: str) -> None:
    first = client.create(
        "ContentVersion", PathOnClient="a.txt", VersionData="YQ==", FirstPublishLocationId=task, Title="One"
    )
    document = client.read("ContentVersion", first)["ContentDocumentId"]
    second = client.create(
        "ContentVersion", PathOnClient="b.txt", VersionData="YmI=", ContentDocumentId=document, Title="Two"
    )
    versions = client.records(
        f"SELECT Id, IsLatest, VersionNumber FROM ContentVersion WHERE ContentDocumentId = '{document}' ORDER BY Id"
    )
    assert [(one["IsLatest"], one["VersionNumber"]) for one in versions] == [(False, "1"), (True, "2")]
    shown = client.read("ContentDocument", document)
    assert (shown["LatestPublishedVersionId"], shown["Title"], shown["ContentSize"]) == (second, "Two", 2)
    assert (download(client, first), download(client, second)) == ((200, b"a"), (200, b"bb"))
    place = {"PathOnClient": "c", "VersionData": "YQ==", "ContentDocumentId": document, "FirstPublishLocationId": task}
    assert client.api("POST", "/sobjects/ContentVersion", place).code == "INVALID_FIELD"
    assert client.api("DELETE", f"/sobjects/ContentDocument/{document}").status == 204
    assert download(client, first)[0] == 404
    assert client.records(f"SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '{task}'") == []


@pytest.mark.parametrize(
    "parts",
    [
        (binary(), described({"PathOnClient": "a"})),
        (described({"PathOnClient": "a"}),),
        (described({"PathOnClient": "a"}), binary(disposition='form-data; name="Other"; filename="x"')),
        (described({"PathOnClient": "a"}), binary(disposition='form-data; name="VersionData"')),
        (part(None, b"{}", "application/json"), binary()),
        (described({"PathOnClient": "a"}), part(None, DATA, "application/octet-stream")),
    ],
)
def test_parts_out_of_order_or_unnamed_are_refused(client: Client, parts: tuple[bytes, ...]) -> None:
    answer = upload(client, *parts)
    assert answer.status == 400, answer.body
    assert client.rows("ContentVersion") == []


def test_what_an_upload_needs(client: Client, task: str) -> None:
    assert upload(client, described({"Title": "x"}), binary()).code == "REQUIRED_FIELD_MISSING"
    assert upload(client, described({"PathOnClient": "x" * 501}), binary()).code == "STRING_TOO_LONG"
    assert upload(client, described({"PathOnClient": "x"}), binary(), boundary="other").status == 400
    gone = client.create("Task", Subject="gone")
    client.api("DELETE", f"/sobjects/Task/{gone}")
    lost = upload(client, described({"PathOnClient": "x", "FirstPublishLocationId": gone}), binary())
    assert lost.code == "INVALID_CROSS_REFERENCE_KEY"
    for body in ({"PathOnClient": "x"}, {"PathOnClient": "x", "VersionData": "%%%"}):
        assert client.api("POST", "/sobjects/ContentVersion", body).status == 400
    other = client.api("POST", "/sobjects/Task", b"x", Content_Type=f"multipart/form-data; boundary={BOUNDARY}")
    assert other.status == 415
    assert client.rows("ContentVersion") == client.rows("ContentDocument") == client.rows("ContentDocumentLink") == []


@pytest.mark.parametrize(
    "where", ["", "WHERE ShareType = 'V'", "WHERE LinkedEntityId != null", "WHERE Id = 'x' OR ShareType = 'V'"]
)
def test_links_are_asked_for_by_record_only(client: Client, where: str) -> None:
    refused = client.query(f"SELECT Id FROM ContentDocumentLink {where}")
    assert (refused.status, refused.code) == (400, "MALFORMED_QUERY")
    assert "Implementation restriction: ContentDocumentLink requires a filter" in refused.message


def test_links_may_be_asked_for_several_records(client: Client, task: str) -> None:
    client.create("ContentVersion", PathOnClient="a", VersionData="YQ==", FirstPublishLocationId=task)
    other = client.create("Task")
    where = f"WHERE LinkedEntityId IN ('{task}', '{other}') AND ShareType = 'V'"
    assert len(client.records(f"SELECT Id FROM ContentDocumentLink {where}")) == 1


def test_bytes_are_neither_filtered_nor_shown_to_others(client: Client) -> None:
    made = client.create("ContentVersion", PathOnClient="a", VersionData="YQ==")
    assert client.query("SELECT Id FROM ContentVersion WHERE VersionData = 'x'").code == "INVALID_FIELD"
    fields = {one["name"]: one for one in client.api("GET", "/sobjects/ContentVersion/describe").body["fields"]}
    assert (fields["VersionData"]["type"], fields["VersionData"]["updateable"]) == ("base64", False)
    assert client.api("PATCH", f"/sobjects/ContentVersion/{made}", {"Title": "New"}).status == 204
    assert client.column("SELECT Title FROM ContentDocument", "Title") == ["New"]
    client.control("POST", "/access", {"user": JORDAN, "object": "ContentVersion", "see": "own"})
    assert download(signed_in(client, JORDAN), made)[0] == 404
    assert download(client, made) == (200, b"a")


def test_several_kilobytes_arrive_whole(client: Client) -> None:
    data = DATA * 4_000
    made = upload(client, described({"PathOnClient": "big.wav"}), binary(data)).body["id"]
    assert download(client, made) == (200, data)


def test_the_library_our_client_uses_sends_parts_that_are_taken(client: Client) -> None:
    parts: dict[str, tuple[str | None, str | bytes, str]] = {
        "entity_content": (None, json.dumps({"PathOnClient": "日本.mp3"}), "application/json"),
        "VersionData": ("日本.mp3", DATA, "audio/mpeg"),
    }
    answer = requests.post(
        f"{client.url}{BASE}/sobjects/ContentVersion",
        files=parts,
        headers={"Authorization": f"Bearer {client.token}"},
        timeout=20,
    )
    assert answer.status_code == 201, answer.text
    assert download(client, answer.json()["id"]) == (200, DATA)
