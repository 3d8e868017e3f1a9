"""A Salesforce that lies, floods or leads in circles: each answer ends as one sentence, none as a traceback."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from app.domain.counterpart import RecordRef
from app.domain.new_record import NewRecord
from app.domain.people_index import IndexScope
from app.domain.phone_number import parse
from app.domain.policies import next_attempt
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmUser
from crm import people_index
from crm.gateway import SalesforceGateway
from crm.http import date_of, wait_asked
from crm.lane import API_VERSION
from tests.crm import samples
from tests.security.hostile_org import HostileOrg, Reply

WHO = RecordRef("Contact", "003000000000001AAA")
USER = CrmUser(
    id="005000000000001AAA", name="Riley", username="r@ringdown.example", org_id="00D000000000001AAA", zone="UTC"
)
NUMBER = parse("+14155550123", "US")
CIRCLE = f"/services/data/v{API_VERSION}/query/01g-again"

BULK = '{"cursor":"2026-01-01T00:00:00Z","everything":true,"steps":[{"kind":"Contact","job":"x","ready":true}]}'


def _asks(gateway: SalesforceGateway) -> dict[str, Callable[[], object]]:
    call = CallWrite(samples.call_log(), "key", "line", {}, None)
    known = replace(call, log=replace(samples.call_log(), task_id="00T000000000001AAA"), sent={"Subject": "old"})
    return {
        "sign_in": gateway.sign_in,
        "find": lambda: gateway.find(NUMBER, "US"),
        "exact": lambda: gateway.find_exact(NUMBER, "US"),
        "search": lambda: gateway.search("ann"),
        "card": lambda: gateway.card(WHO),
        "related": lambda: gateway.related("ab", who=WHO),
        "read_related": lambda: gateway.read_related("006000000000001AAA"),
        "form": lambda: gateway.new_form("Opportunity"),
        "create": lambda: gateway.create(NewRecord("Contact", {"LastName": "x"})),
        "people": lambda: gateway.read_people([WHO]),
        "slots": lambda: gateway.phone_slots(WHO),
        "tasks": lambda: gateway.read_tasks(["00T000000000001AAA"]),
        "changed": lambda: gateway.changed_tasks(USER, ""),
        "whole index": lambda: gateway.index_page(IndexScope("", False, ())),
        "index since": lambda: gateway.index_page(IndexScope("2026-01-01T00:00:00Z", False, ())),
        "bulk": lambda: gateway.index_page(IndexScope("", True, ()), BULK),
        "new call": lambda: gateway.log_calls([call], zone="UTC"),
        "known call": lambda: gateway.log_calls([known], zone="UTC"),
    }


def _part(name: str, body: str, status: int = 200) -> str:
    return f'{{"httpStatusCode":{status},"referenceId":"{name}","body":{body}}}'


_BIG = "1" + "0" * 400
ODD = {
    "nothing": "",
    "null": "null",
    "number": "7",
    "list": "[1]",
    "endless number": "[" + "9" * 5_000 + "]",
    "deep list": "[" * 100_000 + "]" * 100_000,
    "deep object": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "no rows": '{"records":[null]}',
    "odd rows": '{"records":[{"Id":{},"Name":[],"SystemModstamp":1,"attributes":[]}]}',
    "half characters": '{"records":[{"Id":"\\ud800","Name":"\\ud800","attributes":{"type":"Contact"}}]}',
    "odd found": '{"searchRecords":[{"Id":1,"attributes":[]}]}',
    "odd part": '{"compositeResponse":[1]}',
    "odd status": '{"compositeResponse":[{"httpStatusCode":"x"},{"httpStatusCode":[]}]}',
    "odd fields": '{"fields":5,"recordTypeInfos":5}',
    "odd field": '{"fields":[{"name":[]},{"name":"StageName","type":"picklist","picklistValues":5},{"name":"a{} b",'
    '"type":"phone"},{"name":"CloseDate","type":"picklist","picklistValues":[{"active":1,"defaultValue":1}]}]}',
    "odd identity": '{"identity":"http://[","state":"JobComplete","id":"../../x"}',
    "odd figures": '{"compositeResponse":['
    + ",".join(
        (
            _part("record", '{"records":[{"Id":5,"Name":"x"}]}'),
            _part("days", '{"records":[{"Messages__c":1e999},{"Messages__c":NaN}]}'),
            _part("deals", f'{{"records":[{{"Amount":1e999}},{{"Amount":{_BIG}}}]}}'),
        )
    )
    + "]}",
    "odd outcome": '[{"success":false,"errors":[{"statusCode":[],"fields":5}]}]',
}


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_answered_is_a_sentence(odd: str, status: int) -> None:
    with HostileOrg(lambda *_: Reply(ODD[odd].encode(), status)) as org:
        gateway = SalesforceGateway(org.url, lambda: "00Dx!token", timeout=(2, 5))
        for ask in _asks(gateway).values():
            gateway._user, gateway._visible.user_id = USER, USER.id
            with suppress(AppError):
                ask()
        gateway.close()


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_of_fifty_megabytes_is_not_read(packed: bool) -> None:
    body = b'{"searchRecords":[' + b" " * 50_000_000 + b"]}"
    reply = Reply(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"}) if packed else Reply(body)
    with HostileOrg(lambda *_: reply) as org:
        gateway = SalesforceGateway(org.url, lambda: "00Dx!token")
        with pytest.raises(AppError) as caught:
            gateway.find(NUMBER, "US")
        gateway.close()
    assert (caught.value.code, caught.value.values["reason"]) == (ErrorCode.CRM_OFFLINE, "reply")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"Id,Name\n" + b"x" * 5_000_000),
        Reply(b"Id,Name\n" + b"1,2\n" * 20_000),
        Reply(b"Id,Name\n" + b'"' + b"x" * 200_000 + b'",y\n'),
        Reply(b"Id,Name\n1\n"),
        Reply(b"Account,Account.Name\nx,y\n"),
        Reply(b"Id,Name\n\xff\xfe,2\n"),
        Reply(b"Id,Name\n" + b"1,2\n" * 1_000, cut=500),
    ],
)
def test_a_table_that_is_none_is_a_sentence(reply: Reply) -> None:
    with HostileOrg(lambda method, path, _: reply if "/results" in path else Reply()) as org:
        gateway = SalesforceGateway(org.url, lambda: "00Dx!token", timeout=(2, 5))
        gateway._visible.user_id = USER.id
        with pytest.raises(AppError) as caught:
            gateway.index_page(IndexScope("", True, ()), BULK)
        gateway.close()
    assert caught.value.code is ErrorCode.CRM_OFFLINE


def test_pages_that_lead_in_a_circle_come_to_an_end() -> None:
    body = json.dumps({"records": [], "nextRecordsUrl": CIRCLE, "compositeResponse": []}).encode()
    with HostileOrg(lambda *_: Reply(body)) as org:
        gateway = SalesforceGateway(org.url, lambda: "00Dx!token", timeout=(2, 5))
        gateway._visible.user_id = USER.id
        step = {"kind": "Contact", "path": CIRCLE, "pages": people_index._MOST_PAGES - 3}
        mark = json.dumps({"cursor": "2026-01-01T00:00:00Z", "everything": False, "steps": [step]})
        pages = 0
        while mark:
            mark = gateway.index_page(IndexScope("", False, ()), mark).next
            pages += 1
            assert pages < 10
        gateway.close()


@pytest.mark.parametrize("path", ["https://evil.example/services/data/", "//evil.example/", "/../x", 5, None])
def test_the_next_page_is_on_the_same_host_or_none(path: object) -> None:
    assert people_index._following({"nextRecordsUrl": path}) == ""


def test_the_token_goes_to_nobody_a_redirect_names() -> None:
    with HostileOrg(lambda *_: Reply()) as thief:
        moved = Reply(b"", 307, {"Location": f"{thief.url}/services/data/"})
        with HostileOrg(lambda *_: moved) as org:
            gateway = SalesforceGateway(org.url, lambda: "00Dx!token", timeout=(2, 5))
            for ask in _asks(gateway).values():
                gateway._user, gateway._visible.user_id = USER, USER.id
                with suppress(AppError):
                    ask()
            gateway.close()
            assert org.asked
        assert not thief.asked


@pytest.mark.parametrize("header", ["31536000", "9" * 400, "Wed, 21 Oct 9999 07:28:00 GMT"])
def test_who_asks_to_wait_for_a_year_is_asked_again_within_hours(header: str) -> None:
    asked = wait_asked(header)
    assert asked is not None
    wait = next_attempt(1, ErrorCode.CRM_BUSY, asked).seconds
    assert wait is not None
    assert wait <= 27 * 3600


@pytest.mark.parametrize(
    "header",
    ["\xb2", "-5", "1e9", "", "x" * 10_000, "Fri, 31 Dec 9999 23:59:59 -2359", "Fri, 31 Dec 99999 23:59:59 GMT"],
)
def test_odd_dates_and_waits_are_none(header: str) -> None:
    assert wait_asked(header) is None
    assert date_of(header) is None


def test_a_hundred_thousand_candidates_are_a_moment() -> None:
    row = {"attributes": {"type": "Contact"}, "Id": "", "Name": "Ann", "Phone": "+1 415-555-0123"}
    rows = [{**row, "Id": f"003{at:012d}AAA"} for at in range(100_000)]
    body = json.dumps({"searchRecords": rows, "compositeResponse": []}).encode()
    with HostileOrg(lambda *_: Reply(body)) as org:
        gateway = SalesforceGateway(org.url, lambda: "00Dx!token")
        began = time.monotonic()
        found = gateway.find(NUMBER, "US")
        gateway.close()
    assert len(found) <= 200
    assert time.monotonic() - began < 10
