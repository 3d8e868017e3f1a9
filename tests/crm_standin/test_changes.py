"""`/updated` and `/deleted`, merges, conversion of Leads, the recycle bin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.crm_standin.client import Answer, Client

MINUTE = timedelta(minutes=1)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def wire(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def changes(client: Client, sobject: str, what: str, start: datetime, end: datetime) -> Answer:
    return client.api("GET", f"/sobjects/{sobject}/{what}/?start={wire(start)}&end={wire(end)}")


def deleted(client: Client, sobject: str) -> list[str]:
    answer = changes(client, sobject, "deleted", now() - MINUTE, now() + 2 * MINUTE)
    assert answer.status == 200, answer.body
    return [one["id"] for one in answer.body["deletedRecords"]]


def stamped(client: Client, name: str, moment: datetime) -> str:
    return str(
        client.control("POST", "/records/Contact", [{"LastName": name, "CreatedDate": wire(moment)}]).body["ids"][0]
    )


def test_updated_gives_ids_of_the_span_without_its_seconds(client: Client) -> None:
    noon = (now() - timedelta(days=2)).replace(second=0)
    before, first, last, after = (
        stamped(client, "x", noon + timedelta(seconds=seconds)) for seconds in (-1, 0, 119, 120)
    )
    answer = changes(client, "Contact", "updated", noon + timedelta(seconds=59), noon + timedelta(seconds=179))
    assert answer.status == 200
    assert answer.body == {
        "ids": [first, last],
        "latestDateCovered": (noon + 2 * MINUTE).strftime("%Y-%m-%dT%H:%M:00.000+0000"),
    }
    assert before not in answer.body["ids"]
    assert after not in answer.body["ids"]


def test_latest_date_covered_is_never_ahead_of_the_clock(client: Client) -> None:
    made = client.create("Contact", LastName="now")
    answer = changes(client, "Contact", "updated", now() - MINUTE, now() + timedelta(days=1)).body
    assert made in answer["ids"]
    covered = datetime.fromisoformat(answer["latestDateCovered"])
    assert now() - 2 * MINUTE < covered <= now()
    assert covered.second == 0


def test_a_lagging_replication_holds_back_and_says_so(client: Client) -> None:
    client.control("POST", "/settings", {"changes_lag": 600})
    made = client.create("Contact", LastName="now")
    answer = changes(client, "Contact", "updated", now() - timedelta(hours=1), now() + MINUTE).body
    assert made not in answer["ids"]
    covered = datetime.fromisoformat(answer["latestDateCovered"])
    assert covered <= now() - timedelta(minutes=9)
    client.control("POST", "/settings", {"changes_lag": 0})
    assert made in changes(client, "Contact", "updated", covered, now() + MINUTE).body["ids"]


def test_deleted_lists_ids_and_moments(client: Client) -> None:
    kept, gone = client.create("Contact", LastName="kept"), client.create("Contact", LastName="gone")
    client.api("DELETE", f"/sobjects/Contact/{gone}")
    answer = changes(client, "Contact", "deleted", now() - MINUTE, now() + 2 * MINUTE).body
    assert [one["id"] for one in answer["deletedRecords"]] == [gone]
    moment = datetime.fromisoformat(answer["deletedRecords"][0]["deletedDate"])
    assert abs(moment - now()) < 2 * MINUTE
    assert set(answer) == {"deletedRecords", "earliestDateAvailable", "latestDateCovered"}
    updated = changes(client, "Contact", "updated", now() - MINUTE, now() + 2 * MINUTE).body["ids"]
    assert kept in updated
    assert gone not in updated


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (timedelta(days=-31), timedelta()),
        (timedelta(days=-1), timedelta(days=-1)),
        (timedelta(days=-1), timedelta(days=-2)),
        (timedelta(hours=1), timedelta(hours=2)),
    ],
)
def test_spans_that_are_refused(client: Client, start: timedelta, end: timedelta) -> None:
    for what in ("updated", "deleted"):
        answer = changes(client, "Contact", what, now() + start, now() + end)
        assert (answer.status, answer.code) == (400, "INVALID_REPLICATION_DATE")


def test_dates_must_be_there_and_readable(client: Client) -> None:
    for rest in ("", "?start=x&end=y", f"?start={wire(now())}"):
        assert client.api("GET", f"/sobjects/Contact/updated/{rest}").code == "INVALID_REPLICATION_DATE"
    plus = (now() - MINUTE).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    end = wire(now() + MINUTE)
    assert client.api("GET", f"/sobjects/Contact/updated/?start={plus}&end={end}").status == 200
    assert client.api("GET", f"/sobjects/Nope/updated/?start={plus}&end={end}").status == 404


def test_too_many_ids(client: Client) -> None:
    client.control("POST", "/settings", {"changes_limit": 3})
    for number in range(4):
        client.create("Contact", LastName=f"x{number}")
    answer = changes(client, "Contact", "updated", now() - MINUTE, now() + MINUTE)
    assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")


def test_emptying_the_bin_forgets_deletions(client: Client) -> None:
    gone = client.create("Contact", LastName="gone")
    client.api("DELETE", f"/sobjects/Contact/{gone}")
    assert client.control("POST", "/empty-bin").body == {"removed": 1}
    old = changes(client, "Contact", "deleted", now() - timedelta(hours=1), now() + MINUTE)
    assert (old.status, old.code) == (400, "INVALID_REPLICATION_DATE")
    assert client.api("GET", f"/sobjects/Contact/{gone}").code == "NOT_FOUND"
    asked = f"/queryAll/?q=SELECT+Id+FROM+Contact+WHERE+Id='{gone}'"
    assert client.api("GET", asked).body["totalSize"] == 0


def test_undelete_brings_a_record_back(client: Client) -> None:
    gone = client.create("Contact", LastName="gone")
    assert client.control("POST", "/undelete", {"ids": [gone]}).code == "UNDELETE_FAILED"
    client.api("DELETE", f"/sobjects/Contact/{gone}")
    assert client.control("POST", "/undelete", {"ids": [gone]}).body == {"ids": [gone]}
    assert client.read("Contact", gone)["LastName"] == "gone"
    assert deleted(client, "Contact") == []


# -- merge


def merge(client: Client, sobject: str, master: str, *losers: str, **values: Any) -> Answer:
    return client.control("POST", f"/merge/{sobject}", {"master": master, "losers": list(losers), "values": values})


def test_a_merge_deletes_the_losers_and_moves_what_belonged_to_them(client: Client) -> None:
    master, loser, third = (client.create("Contact", LastName=name) for name in ("one", "two", "three"))
    task = client.create("Task", Subject="call", WhoId=loser)
    day = client.upsert("Ringdown_Day__c", "Key__c", "k", Contact__c=third).body["id"]
    case = client.create("Case", Subject="help", ContactId=loser)
    answer = merge(client, "Contact", master, loser, third, Phone="212 555 0100")
    assert (answer.status, answer.body) == (200, {"id": master, "mergedRecordIds": [loser, third]})
    assert client.read("Contact", master)["Phone"] == "212 555 0100"
    assert client.read("Task", task)["WhoId"] == master
    assert client.read("Case", case)["ContactId"] == master
    assert client.read("Ringdown_Day__c", day)["Contact__c"] == master
    assert client.api("GET", f"/sobjects/Contact/{loser}").code == "ENTITY_IS_DELETED"
    assert sorted(deleted(client, "Contact")) == sorted([loser, third])
    asked = "/queryAll/?q=SELECT+Id,MasterRecordId+FROM+Contact+WHERE+IsDeleted=true+ORDER+BY+LastName"
    records = client.api("GET", asked).body["records"]
    assert [(one["Id"], one["MasterRecordId"]) for one in records] == [(third, master), (loser, master)]
    changed = changes(client, "Task", "updated", now() - MINUTE, now() + MINUTE).body["ids"]
    assert task in changed
    assert client.control("POST", "/undelete", {"ids": [loser]}).code == "UNDELETE_FAILED"


def test_merges_that_make_no_sense(client: Client) -> None:
    one, two = client.create("Account", Name="one"), client.create("Account", Name="two")
    assert merge(client, "Account", one).code == "INVALID_INPUT"
    assert merge(client, "Account", one, one).code == "INVALID_INPUT"
    assert merge(client, "Account", one, two, one[:15], two).status == 400
    assert merge(client, "Task", client.create("Task"), client.create("Task")).code == "INVALID_TYPE"
    assert merge(client, "Account", one, two, Nope="x").code == "INVALID_FIELD"
    assert client.read("Account", two)["Name"] == "two"


# -- conversion


def test_a_converted_lead_leaves_its_tasks_to_the_contact(client: Client) -> None:
    lead = client.create("Lead", LastName="Okoye", FirstName="Ada", Company="Reed & Co", MobilePhone="+12125550111")
    task = client.create("Task", Subject="call", WhoId=lead, Status="Completed")
    answer = client.control("POST", "/convert", {"leadId": lead, "opportunityName": "New deal"}).body
    assert (answer["leadId"], answer["tasksMoved"]) == (lead, 1)
    contact = client.read("Contact", answer["contactId"])
    assert (contact["Name"], contact["MobilePhone"], contact["AccountId"]) == (
        "Ada Okoye",
        "+12125550111",
        answer["accountId"],
    )
    assert client.read("Account", answer["accountId"])["Name"] == "Reed & Co"
    assert client.read("Opportunity", answer["opportunityId"])["Name"] == "New deal"
    record = client.read("Lead", lead)
    assert (record["IsConverted"], record["ConvertedContactId"], record["ConvertedAccountId"]) == (
        True,
        answer["contactId"],
        answer["accountId"],
    )
    moved = client.read("Task", task)
    assert (moved["WhoId"], moved["AccountId"]) == (answer["contactId"], answer["accountId"])
    assert lead in changes(client, "Lead", "updated", now() - MINUTE, now() + MINUTE).body["ids"]
    assert client.control("POST", "/convert", {"leadId": lead}).code == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_a_converted_lead_is_read_only_and_takes_no_tasks(client: Client) -> None:
    lead = client.create("Lead", LastName="Okoye", Company="Reed")
    client.control("POST", "/convert", {"leadId": lead})
    changed = client.api("PATCH", f"/sobjects/Lead/{lead}", {"Phone": "1"})
    assert (changed.status, changed.code, changed.message) == (
        400,
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "cannot reference converted lead",
    )
    assert client.api("POST", "/sobjects/Task", {"WhoId": lead}).code == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_conversion_into_what_is_there(client: Client) -> None:
    account = client.create("Account", Name="There")
    contact = client.create("Contact", LastName="There", AccountId=account)
    lead = client.create("Lead", LastName="x", Company="y")
    answer = client.control("POST", "/convert", {"leadId": lead, "accountId": account, "contactId": contact}).body
    assert (answer["accountId"], answer["contactId"], answer["opportunityId"]) == (account, contact, None)
    assert client.control("POST", "/convert", {"leadId": account}).code == "MALFORMED_ID"
    assert client.control("POST", "/convert", {}).status == 400


def test_archived_tasks_show_only_in_query_all(client: Client) -> None:
    client.control("POST", "/records/Task", [{"Subject": "old one", "IsArchived": True}])
    asked = "?q=SELECT+Id+FROM+Task+WHERE+Subject='old one'".replace(" ", "%20")
    assert client.api("GET", f"/query/{asked}").body["totalSize"] == 0
    assert client.api("GET", f"/queryAll/{asked}").body["totalSize"] == 1
