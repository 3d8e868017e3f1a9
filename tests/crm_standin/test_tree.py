"""Record trees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crm_standin.client import Client


def node(kind: str, reference: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": kind, "referenceId": reference}, **fields}


def chain(levels: int) -> dict[str, Any]:
    """Accounts below accounts."""
    below: dict[str, Any] = {}
    for level in range(levels, 0, -1):
        below = {"records": [node("Account", f"r{level}", Name="x", **({"ChildAccounts": below} if below else {}))]}
    return below


def test_a_tree_is_made_with_its_children(client: Client) -> None:
    people = {"records": [node("Contact", "p1", LastName="One"), node("Contact", "p2", LastName="Two")]}
    body = {"records": [node("Account", "a1", Name="Tree Inc", Contacts=people), node("Account", "a2", Name="Bare")]}
    answer = client.api("POST", "/composite/tree/Account/", body)
    assert (answer.status, answer.body["hasErrors"]) == (201, False)
    made = {one["referenceId"]: one["id"] for one in answer.body["results"]}
    assert list(made) == ["a1", "p1", "p2", "a2"]
    assert {client.read("Contact", made[name])["AccountId"] for name in ("p1", "p2")} == {made["a1"]}


def test_one_wrong_record_undoes_the_tree(client: Client) -> None:
    before = len(client.rows("Account"))
    people = {"records": [node("Contact", "p1", FirstName="Nobody")]}
    answer = client.api(
        "POST", "/composite/tree/Account", {"records": [node("Account", "a1", Name="x", Contacts=people)]}
    )
    assert answer.status == 400
    assert answer.body == {
        "hasErrors": True,
        "results": [
            {
                "referenceId": "p1",
                "errors": [
                    {
                        "statusCode": "REQUIRED_FIELD_MISSING",
                        "message": "Required fields are missing: [LastName]",
                        "fields": ["LastName"],
                    }
                ],
            }
        ],
    }
    assert len(client.rows("Account")) == before


def test_a_locked_row_undoes_the_tree(client: Client) -> None:
    client.control("POST", "/faults", {"match": "composite/tree", "kind": "row-lock", "records": [1]})
    body = {"records": [node("Account", f"a{n}", Name="x") for n in range(3)]}
    answer = client.api("POST", "/composite/tree/Account", body)
    assert answer.body["results"][0]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    assert answer.body["results"][0]["referenceId"] == "a1"
    assert client.api("POST", "/composite/tree/Account", body).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"records": [{"Name": "x"}]},
        {"records": [{"attributes": {"type": "Account"}, "Name": "x"}]},
        {"records": [node("Contact", "a", LastName="x")]},
        {"records": [node("Account", "a", Name="x"), node("Account", "a", Name="y")]},
        {"records": [node("Account", f"a{n}", Name="x") for n in range(201)]},
        {"records": [node("Account", "a", Name="x", Nope={"records": []})]},
        chain(6),
    ],
)
def test_a_malformed_tree_is_refused_whole(client: Client, body: dict[str, Any]) -> None:
    answer = client.api("POST", "/composite/tree/Account", body)
    assert answer.status == 400
    assert answer.code
    assert len(client.rows("Account")) == 10


def test_five_levels_are_enough(client: Client) -> None:
    assert client.api("POST", "/composite/tree/Account", chain(5)).status == 201
