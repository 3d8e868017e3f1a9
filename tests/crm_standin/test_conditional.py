"""Conditional headers: dates on every row, entity tags on Accounts."""

from __future__ import annotations

from email.utils import formatdate
from time import time

from tests.crm_standin.client import Client


def test_an_account_has_an_entity_tag(client: Client) -> None:
    made = client.create("Account", Name="Tagged")
    path = f"/sobjects/Account/{made}"
    tag = client.api("GET", path).headers["etag"]
    same = client.api("GET", path, If_None_Match=tag)
    assert (same.status, same.body) == (304, None)
    assert client.api("PATCH", path, {"Site": "a"}, If_Match=tag).status == 204
    stale = client.api("PATCH", path, {"Site": "b"}, If_Match=tag)
    assert (stale.status, stale.code) == (412, "PRECONDITION_FAILED")
    assert client.api("GET", path, If_None_Match=tag).body["Site"] == "a"
    assert client.api("PATCH", path, {"Site": "b"}, If_Match="*").status == 204


def test_other_rows_know_dates_only(client: Client) -> None:
    made = client.create("Contact", LastName="x")
    path = f"/sobjects/Contact/{made}"
    assert "etag" not in client.api("GET", path).headers
    assert client.api("PATCH", path, {"Title": "a"}, If_Match='"other"').status == 204
    past, future = formatdate(time() - 60, usegmt=True), formatdate(time() + 60, usegmt=True)
    assert client.api("GET", path, If_Modified_Since=future).status == 304
    assert client.api("GET", path, If_Modified_Since=past).status == 200
    assert client.api("PATCH", path, {"Title": "b"}, If_Unmodified_Since=past).status == 412
    assert client.api("PATCH", path, {"Title": "b"}, If_Unmodified_Since=future).status == 204
