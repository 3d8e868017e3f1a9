"""Addresses, search terms, hidden fields and the HTTP session, without a server."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.phone_number import PhoneNumber, parse
from crm.http import CrmSession, is_loopback, wait_asked
from crm.lookup import is_same, name_term, persons_first, search_digits, stored_forms
from crm.rows import day_entry, instant, record, task_entry
from crm.urls import record_url
from crm.visible import Visible

REF = RecordRef("Contact", "003000000000001AAA")


@pytest.mark.parametrize(
    ("instance", "page"),
    [
        (
            "https://acme.my.salesforce.com",
            "https://acme.lightning.force.com/lightning/r/Contact/003000000000001AAA/view",
        ),
        (
            "https://acme--uat.sandbox.my.salesforce.com/",
            "https://acme--uat.sandbox.lightning.force.com/lightning/r/Contact/003000000000001AAA/view",
        ),
        (
            "https://acme.my.salesforce.mil",
            "https://acme.lightning.crmforce.mil/lightning/r/Contact/003000000000001AAA/view",
        ),
        ("https://na1.salesforce.com", "https://na1.salesforce.com/003000000000001AAA"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000/003000000000001AAA"),
    ],
)
def test_record_pages(instance: str, page: str) -> None:
    assert record_url(instance, REF) == page


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", ""),
        ("a", ""),
        (" - ", ""),
        ("jo smi", "jo* AND smi*"),
        ("J Smith", "Smith*"),
        ("(Smith) & Sons,", "Smith* AND Sons*"),
        ("__", ""),
        ("O'Brien", r"O\'Brien*"),
        ("Jean-Luc {x} \\", r"Jean\-Luc*"),
        ('a"b} RETURNING User(Id)', r"a\"b* AND RETURNING* AND User\(Id*"),
        ("tab\tnul\0", "tab* AND nul*"),
        ("李明", "李明*"),
    ],
)
def test_name_terms(text: str, term: str) -> None:
    assert name_term(text) == term


@pytest.mark.parametrize(
    ("typed", "region", "digits"),
    [
        ("+14155550123", "US", ["4155550123", "14155550123"]),
        ("020 7946 0018", "GB", ["2079460018", "442079460018", "02079460018"]),
        ("*97", "US", []),
        ("1234", "US", []),
        ("sip:4155550123@example.com", "US", []),
    ],
)
def test_search_digits(typed: str, region: str, digits: list[str]) -> None:
    assert search_digits(parse(typed, region)) == digits


@pytest.mark.parametrize(
    ("stored", "number", "same"),
    [
        ("(415) 555-0123 x7", "+14155550123", True),
        ("1.415.555.0123", "+14155550123", True),
        ("+1 415 555 0124", "+14155550123", False),
        ("020 7946 0018", "+442079460018", True),  # means nothing in the US, so it is read in the caller's country
        ("(415) 555-0123", "+444155550123", False),
        ("call him", "+14155550123", False),
    ],
)
def test_stored_numbers_are_verified(stored: str, number: str, same: bool) -> None:
    assert is_same(stored, parse(number, ""), "US") is same


def test_the_forms_a_number_is_mostly_stored_in() -> None:
    assert stored_forms(parse("+14155550123", "US")) == [
        "+14155550123",
        "(415) 555-0123",
        "+1 415-555-0123",
        "4155550123",
        "14155550123",
        "415-555-0123",
    ]
    assert len(stored_forms(parse("+81312345678", "JP"))) in range(4, 7)
    assert stored_forms(parse("*97", "US")) == []


def test_persons_stand_before_companies() -> None:
    ann = CrmRecord(RecordRef("Contact", "003A"), "Ann", account_id="001A")
    lead = CrmRecord(RecordRef("Lead", "00QA"), "Leo")
    firm = CrmRecord(RecordRef("Account", "001B"), "B")
    assert persons_first([firm, lead, ann]) == [ann, lead, firm]


def test_every_phone_field_counts_the_fax_last() -> None:
    visible = Visible()
    fields = [("Fax", "phone"), ("Direct__c", "phone"), ("Name", "string"), ("Phone", "phone"), ("Fax2__c", "phone")]
    visible.learn("Lead", [{"name": name, "type": kind, "label": name.removesuffix("__c")} for name, kind in fields])
    assert visible.phones("Lead") == {"Phone": "Phone", "Direct__c": "Direct", "Fax2__c": "Fax2", "Fax": "Fax"}
    assert {"Direct__c", "Fax"} <= set(visible.names("Lead"))
    assert "Direct__c" not in visible.names("Contact")
    assert visible.record({"Id": "00QA", "Direct__c": "1", "Fax": "2"}, "Lead").phones == (
        ("Direct", "1"),
        ("Fax", "2"),
    )
    visible.forget()
    assert "Direct__c" not in visible.names("Lead")


def test_hidden_fields_are_left_out_for_good() -> None:
    visible = Visible()
    assert visible.hide("\nSELECT DoNotCall\nNo such column 'donotcall' on entity 'Contact'. If you are attempting")
    assert "DoNotCall" not in visible.names("Contact")
    assert "DoNotCall" in visible.names("Lead")
    assert not visible.hide("No such column 'DoNotCall' on entity 'Contact'.")
    assert not visible.hide("No such column 'Name' on entity 'Contact'.")
    assert visible.hide("Didn't understand relationship 'Account' in field path. If you are")
    assert "Account.Name" not in visible.names("Contact")
    visible.forget()
    assert "DoNotCall" in visible.names("Contact")


def test_hidden_objects_are_left_out_but_never_all() -> None:
    visible = Visible()
    assert visible.hide("sObject type 'Lead' is not supported. If you are attempting to use a custom object")
    assert visible.people() == ["Contact", "Account"]
    assert visible.hide("sObject type 'account' is not supported.")
    assert not visible.hide("sObject type 'Contact' is not supported.")
    assert not visible.hide("sObject type 'Invoice__c' is not supported.")


def test_rows_with_nothing_in_them() -> None:
    empty = record({"attributes": {"type": "Contact"}, "Id": "003000000000001", "Name": None, "Account": None})
    assert empty == CrmRecord(ref=REF, name="")


def test_timeline_rows() -> None:
    call = task_entry(
        {"Id": "00T000000000001AAA", "TaskSubtype": "Call", "CreatedDate": "2026-05-07T22:07:19.000+0000"}
    )
    assert (call.kind, call.when) == ("call", "2026-05-07T22:07:19Z")
    assert instant("nonsense") == "nonsense"
    assert [day_entry({"Messages__c": n}).texts for n in (1.0, 3, None)] == [1, 3, 0]
    assert [day_entry({"Part__c": n}).part for n in (2.0, 1, None)] == [2, 1, 1]


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1:8", True),
        ("localhost", True),
        ("[::1]:9", True),
        ("127.0.0.1.evil.test", False),
        ("10.0.0.1", False),
    ],
)
def test_only_this_machine_is_spoken_to_plainly(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_waits_asked_by_a_header() -> None:
    assert wait_asked("120") == 120
    assert wait_asked("") is None
    assert wait_asked("soon") is None
    later = wait_asked(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert later is not None
    assert 50 < later <= 60


def test_a_far_host_is_never_spoken_to_plainly() -> None:
    assert CrmSession(plain_host="example.com")._plain_prefix == ""


def test_importing_the_gateway_loads_no_library() -> None:
    code = "import sys, crm.gateway; sys.exit('simple_salesforce' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_plain_number_object_is_taken_as_it_is() -> None:
    assert search_digits(PhoneNumber("+4930123456", parse("+4930123456", "DE").kind))[0] == "30123456"
