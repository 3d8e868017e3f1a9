"""Numbers put into the phone fields of people who are there already, against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from simple_salesforce.exceptions import SalesforceGeneralError

from app.domain.counterpart import RecordRef
from app.errors import AppError, ErrorCode
from crm.describes import Describes
from crm.errors import crm_errors
from crm.forms import Forms
from crm.gateway import SalesforceGateway
from crm.lane import Lane
from crm.phone_fields import set_phone
from crm.visible import Visible
from tests.crm.standin_process import Standin

OLD = "2026-01-02T03:04:05.000+0000"
MINE, THEIRS = "+15035550188", "+15035550199"


def test_a_number_goes_into_a_free_field_and_out_again(org: Standin, gateway: SalesforceGateway) -> None:
    contact = org.load("Contact", {"LastName": "Stone", "Phone": "555 0100"})[0]
    ref = RecordRef("Contact", contact)
    slots = {slot.field: slot for slot in gateway.phone_slots(ref)}
    assert (slots["Phone"].value, slots["MobilePhone"].value, slots["MobilePhone"].label) == ("555 0100", "", "Mobile")
    gateway.set_phone(ref, "MobilePhone", "+15035550188", expected="")
    gateway.set_phone(ref, "MobilePhone", "+15035550188", expected="")  # the answer may have been lost
    assert org.rows("Contact")[0]["MobilePhone"] == "+15035550188"
    with pytest.raises(AppError) as raised:
        gateway.set_phone(ref, "Phone", "+15035550188", expected="")
    assert raised.value.code is ErrorCode.CRM_CHANGED
    gateway.set_phone(ref, "MobilePhone", "", expected="+15035550188")
    assert org.rows("Contact")[0]["MobilePhone"] is None


class Meanwhile:
    """A lane under which a colleague changes a contact after each of its answers, while there are changes left."""

    def __init__(self, org: Standin, contact: str) -> None:
        self.changes: list[dict[str, object]] = []
        self._org, self._contact = org, contact
        self.lane = Lane(org.url, org.token, (5.0, 30.0), self._answered)

    def put(self, expected: str) -> None:
        """Put my number into the mobile field."""
        visible, forms = Visible(), Forms(Describes())
        forms.learn_accounts(self.lane, visible)
        self.changes.reverse()
        ref = RecordRef("Contact", self._contact)
        with crm_errors():
            set_phone(self.lane, visible, forms, ref, "MobilePhone", MINE, expected=expected)

    def _answered(self, used: int, total: int) -> None:
        paths = self._org.requests()
        if self.changes and "/composite" in paths[-1]:
            self._org.load("Contact", {"Id": self._contact, **self.changes.pop()})


@pytest.fixture
def contact(org: Standin) -> str:
    """Whose record was last changed long ago."""
    return org.load("Contact", {"LastName": "Stone", "LastModifiedDate": OLD})[0]


@pytest.fixture
def meanwhile(org: Standin, contact: str) -> Iterator[Meanwhile]:
    """Somebody else at work on that contact."""
    made = Meanwhile(org, contact)
    yield made
    made.lane.close()


def test_a_colleagues_number_of_just_now_is_not_written_over(org: Standin, meanwhile: Meanwhile) -> None:
    meanwhile.changes = [{"MobilePhone": THEIRS}]
    with pytest.raises(AppError) as raised:
        meanwhile.put("")
    assert (raised.value.code, raised.value.values["message"]) == (ErrorCode.CRM_CHANGED, THEIRS)
    assert org.rows("Contact")[0]["MobilePhone"] == THEIRS


def test_another_field_changed_just_now_is_no_obstacle(org: Standin, meanwhile: Meanwhile) -> None:
    meanwhile.changes = [{"Title": "Buyer"}]
    meanwhile.put("")
    (row,) = org.rows("Contact")
    assert (row["Title"], row["MobilePhone"]) == ("Buyer", MINE)


def test_a_record_that_never_rests_is_left_for_later(org: Standin, meanwhile: Meanwhile) -> None:
    meanwhile.changes = [
        {"Title": title, "LastModifiedDate": f"2026-01-0{day}T00:00:00.000+0000"}
        for day, title in enumerate(("Buyer", "Head of buying", "Retired"), 3)
    ]
    with pytest.raises(AppError) as raised:
        meanwhile.put("")
    assert raised.value.code is ErrorCode.CRM_BUSY
    assert not org.rows("Contact")[0].get("MobilePhone")


class Fussy:
    """A lane to a Salesforce whose dates are finer than the header's: it refuses whatever has one."""

    def __init__(self) -> None:
        self.sf = self.Contact = self
        self.written: list[dict[str, object]] = []

    def composite(self, requests: object) -> dict[str, tuple[int, object]]:
        row = {"attributes": {"type": "Contact"}, "Id": "003000000000001AAA", "LastModifiedDate": OLD}
        return {"Contact": (200, {"records": [row]})}

    def update(self, record_id: str, data: dict[str, object], headers: dict[str, str]) -> None:
        if headers:
            raise SalesforceGeneralError("", 412, "Contact", b"")
        self.written.append(data)


def test_a_date_finer_than_the_header_keeps_nobody_out() -> None:
    visible, fussy = Visible(), Fussy()
    visible.learn("Account", [])
    ref = RecordRef("Contact", "003000000000001AAA")
    set_phone(cast(Lane, fussy), visible, Forms(Describes()), ref, "MobilePhone", MINE, expected="")
    assert fussy.written == [{"MobilePhone": MINE}]


class TestPersonAccounts:
    """The Contact of a person follows the Account, and Salesforce lets nobody else change it."""

    @pytest.fixture
    def person(self, org: Standin) -> RecordRef:
        """A person as the app knows them: by the Contact."""
        org.settings(person_accounts=True)
        org.load("Account", {"LastName": "Haas", "FirstName": "Noor", "Phone": "555 0100"})
        return RecordRef("Contact", org.rows("Account")[0]["PersonContactId"])

    def test_a_number_goes_to_the_account_and_out_again(
        self, org: Standin, gateway: SalesforceGateway, person: RecordRef
    ) -> None:
        slots = {slot.label: slot for slot in gateway.phone_slots(person)}
        assert (slots["Phone"].value, slots["Mobile"].field, slots["Mobile"].value) == (
            "555 0100",
            "PersonMobilePhone",
            "",
        )
        gateway.set_phone(person, "PersonMobilePhone", MINE, expected="")
        assert org.rows("Account")[0]["PersonMobilePhone"] == MINE
        (record,) = gateway.read_people([person])
        assert record.phones == (("Phone", "555 0100"), ("Mobile", MINE))
        gateway.set_phone(person, "PersonMobilePhone", "", expected=MINE)
        assert org.rows("Account")[0]["PersonMobilePhone"] is None

    def test_a_field_of_the_contact_is_none_of_the_persons(
        self, org: Standin, gateway: SalesforceGateway, person: RecordRef
    ) -> None:
        with pytest.raises(AppError) as raised:
            gateway.set_phone(person, "MobilePhone", MINE, expected="")
        assert raised.value.values["reason"] == "no-phone-field"

    def test_the_persons_account_by_its_own_id(self, gateway: SalesforceGateway, org: Standin) -> None:
        org.settings(person_accounts=True)
        ref = RecordRef("Account", org.load("Account", {"LastName": "Haas"})[0])
        assert "PersonMobilePhone" in [slot.field for slot in gateway.phone_slots(ref)]
        company = RecordRef("Account", org.load("Account", {"Name": "Acme"})[0])
        assert [slot.field for slot in gateway.phone_slots(company)] == ["Phone"]

    def test_an_ordinary_contact_is_written_itself(self, org: Standin, gateway: SalesforceGateway) -> None:
        org.settings(person_accounts=True)
        ref = RecordRef("Contact", org.load("Contact", {"LastName": "Stone"})[0])
        org.clear_log()
        gateway.set_phone(ref, "MobilePhone", MINE, expected="")
        assert org.rows("Contact")[0]["MobilePhone"] == MINE
        assert len([path for path in org.requests() if "/describe" not in path]) == 2
