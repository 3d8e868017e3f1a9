"""New people, deals and cases, and follow-ups against the stand-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from app.domain.counterpart import RecordRef
from app.domain.follow_up import FollowUp
from app.domain.new_record import PERSON_ACCOUNT, FieldKind, NewRecord
from app.errors import AppError, ErrorCode
from app.ports.crm import TaskReceipt
from crm.gateway import SalesforceGateway
from crm.records_writing import follow_up_values
from tests.crm.samples import call_log
from tests.crm.standin_process import Standin

ANA = NewRecord("Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": "+14155550142", "Email": ""})


def test_a_contact_is_made_and_read_back(org: Standin, gateway: SalesforceGateway) -> None:
    account = org.load("Account", {"Name": "Acme"})[0]
    ref = gateway.create(replace(ANA, values={**ANA.values, "AccountId": account}))
    (record,) = gateway.read_people([ref, RecordRef("Contact", "003000000000999AAA")])
    assert (record.ref, record.name, record.company) == (ref, "Ana Flores", "Acme")
    assert record.phones == (("Phone", "+14155550142"),)


def test_a_lost_answer_makes_no_second_contact(org: Standin, gateway: SalesforceGateway) -> None:
    gateway.sign_in()
    org.fault("POST .*/Contact/", "drop-after-commit")
    with pytest.raises(AppError) as raised:
        gateway.create(ANA)
    assert raised.value.code is ErrorCode.CRM_OFFLINE
    ref = gateway.create(ANA)
    assert [row["Id"] for row in org.rows("Contact")] == [ref.id]


def test_somebody_elses_contact_of_this_name_is_not_taken_for_ours(org: Standin, gateway: SalesforceGateway) -> None:
    colleague = org.load("User", {"LastName": "Bell", "Username": "bell@x.test"})[0]
    org.load("Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": "+14155550142", "CreatedById": colleague})
    gateway.create(ANA)
    assert len(org.rows("Contact")) == 2


def test_only_what_this_user_may_make_is_offered(org: Standin, gateway: SalesforceGateway) -> None:
    assert list(gateway.people_kinds()) == ["Contact", "Lead"]
    org.control("POST", "access", {"object": "Lead", "read": False})
    org.control("POST", "access", {"object": "Contact", "create": False})
    without = SalesforceGateway(org.url, lambda: org.token)
    assert list(without.people_kinds()) == []
    without.close()


def test_what_a_lead_needs(gateway: SalesforceGateway) -> None:
    form = gateway.new_form("Lead")
    assert [field.name for field in form.fields] == ["FirstName", "LastName", "Company", "Email"]
    assert [field.name for field in form.fields if field.required] == ["LastName", "Company"]
    assert form.unasked == ()


def test_what_a_deal_needs(gateway: SalesforceGateway) -> None:
    name, stage, close = gateway.new_form("Opportunity").fields
    assert (name.required, name.length) == (True, 120)
    assert (stage.kind, stage.choices[0]) == (FieldKind.CHOICE, ("Prospecting", "Prospecting"))
    assert close.kind is FieldKind.DATE


def test_deals_and_cases_of_a_contact_open_ones_first(org: Standin, gateway: SalesforceGateway) -> None:
    account, other = org.load("Account", {"Name": "Acme"}, {"Name": "Other"})
    contact = org.load("Contact", {"LastName": "Flores", "AccountId": account})[0]
    won, renewal, _far, advised = org.load(
        "Opportunity",
        {"Name": "Pilot", "StageName": "Closed Won", "CloseDate": "2026-01-01", "AccountId": account},
        {"Name": "Renewal 100%", "StageName": "Prospecting", "CloseDate": "2027-01-01", "AccountId": account},
        {"Name": "Far away", "StageName": "Prospecting", "CloseDate": "2027-01-01", "AccountId": other},
        {"Name": "Advised", "StageName": "Prospecting", "CloseDate": "2027-02-01", "AccountId": other},
    )
    org.load("OpportunityContactRole", {"OpportunityId": advised, "ContactId": contact})
    case = org.load("Case", {"Subject": "Cannot log in", "ContactId": contact})[0]
    who = RecordRef("Contact", contact)
    org.clear_log()
    found = gateway.related("", who=who, account_id=account)
    assert len(org.requests()) == 1
    assert {one.ref.id for one in found} == {won, renewal, advised, case}
    assert (found[-1].ref.id, found[-1].is_closed, found[-1].detail) == (won, True, "Closed Won")
    assert [one.ref.id for one in gateway.related("0%", who=who, account_id=account)] == [renewal]
    assert [one.ref.id for one in gateway.related("LOG", who=who, account_id=account)] == [case]
    assert gateway.related("", who=None) == []
    assert [one.name for one in gateway.related("far", who=None)] == ["Far away"]


def test_what_a_call_is_about_gets_its_name(org: Standin, gateway: SalesforceGateway) -> None:
    case = org.load("Case", {"Subject": "Cannot log in"})[0]
    found = gateway.read_related(case)
    assert found is not None
    assert found.ref == RecordRef("Case", case)
    assert found.name.endswith("Cannot log in")
    assert gateway.read_related("006000000000999AAA") is None
    assert gateway.read_related("a0B000000000001AAA") is None


def test_a_record_is_deleted_once_or_twice(org: Standin, gateway: SalesforceGateway) -> None:
    ref = gateway.create(ANA)
    gateway.delete(ref)
    gateway.delete(ref)
    assert org.rows("Contact") == []


class TestRules:
    """What an admin asks of new records."""

    def _rule(self, org: Standin, **values: object) -> None:
        who = {"object": "Contact", "rule": "Standard_Contact_Match_Rule_v1_1", "every": ["LastName"]}
        org.control("POST", "custom/duplicates", {"object": "Contact", "matches": [who], **values})

    def _refused(self, gateway: SalesforceGateway, wanted: NewRecord = ANA, *, save_anyway: bool = False) -> AppError:
        with pytest.raises(AppError) as raised:
            gateway.create(wanted, save_anyway=save_anyway)
        return raised.value

    @pytest.mark.parametrize("spelling", ["duplicateResut", "duplicateResult"])
    def test_a_duplicate_names_whom_it_is_like(self, org: Standin, gateway: SalesforceGateway, spelling: str) -> None:
        there = org.load("Contact", {"FirstName": "Anna", "LastName": "Flores"})[0]
        self._rule(org, allow_save=True, message="Use one of these?")
        org.control("POST", "custom/spelling", {"key": spelling})
        error = self._refused(gateway)
        assert (error.code, error.values["message"]) == (ErrorCode.CRM_DUPLICATE, "Use one of these?")
        assert error.values["may_save"] is True
        assert error.values["duplicates"] == (("Contact", there),)
        ref = gateway.create(ANA, save_anyway=True)
        assert {row["Id"] for row in org.rows("Contact")} == {there, ref.id}

    def test_a_rule_that_blocks_is_not_passed(self, org: Standin, gateway: SalesforceGateway) -> None:
        org.load("Contact", {"LastName": "Flores"})
        self._rule(org, allow_save=False)
        assert self._refused(gateway).values["may_save"] is False
        assert self._refused(gateway, save_anyway=True).code is ErrorCode.CRM_DUPLICATE
        assert len(org.rows("Contact")) == 1

    def test_a_validation_rule_speaks_in_its_own_words(self, org: Standin, gateway: SalesforceGateway) -> None:
        org.control(
            "POST",
            "custom/validation",
            {"object": "Contact", "when": "Email = null", "message": "A contact needs an e-mail address."},
        )
        error = self._refused(gateway)
        assert (error.code, error.values["message"]) == (ErrorCode.CRM_REFUSED, "A contact needs an e-mail address.")
        gateway.create(replace(ANA, values={**ANA.values, "Email": "ana@x.test"}))
        assert len(org.rows("Contact")) == 1

    def test_a_field_the_org_requires_is_asked_for(self, org: Standin, gateway: SalesforceGateway) -> None:
        field = {"object": "Opportunity", "name": "Region__c", "type": "picklist", "label": "Sales region"}
        org.control("POST", "custom/fields", {**field, "required": True, "values": ["North", "South"]})
        gateway.sign_in()
        fields = gateway.new_form("Opportunity").fields
        stage = next(field for field in fields if field.name == "StageName")
        assert stage.default == stage.choices[0][0], "a new deal begins at the first stage"
        region = fields[-1]
        assert region.default == ""
        assert (region.name, region.label, region.kind, region.required) == (
            "Region__c",
            "Sales region",
            FieldKind.CHOICE,
            True,
        )
        assert [value for value, _ in region.choices] == ["North", "South"]

    def test_no_assignment_rule_takes_a_lead_away(self, org: Standin, gateway: SalesforceGateway) -> None:
        user = gateway.sign_in()
        colleague = org.load("User", {"LastName": "Bell", "Username": "bell@x.test"})[0]
        for kind in ("Lead", "Case"):
            org.control("POST", "custom/assignment", {"object": kind, "owner": colleague})
        gateway.create(NewRecord("Lead", {"LastName": "Okafor", "Company": "Nord", "Phone": "+15035550188"}))
        gateway.create(NewRecord("Case", {"Subject": "No sound"}))
        assert org.rows("Lead")[0]["OwnerId"] == user.id
        assert org.rows("Case")[0]["OwnerId"] == colleague


class TestFollowUps:
    WISH = FollowUp("f1", "c1", "!fri 3pm send quote", "send quote", date(2026, 11, 27), time(15), "Asia/Tokyo")
    KEY = "005000000000001AAA|followup|f1"

    def _write(self, gateway: SalesforceGateway, one: FollowUp, receipt: TaskReceipt | None = None) -> TaskReceipt:
        log = call_log(person="Ana Flores")
        if receipt is None:
            return gateway.log_follow_up(one, log, key=self.KEY, sent={})
        return gateway.log_follow_up(replace(one, task_id=receipt.task_id), log, key=self.KEY, sent=receipt.sent)

    def test_it_is_an_open_task_with_a_reminder(self, org: Standin, gateway: SalesforceGateway) -> None:
        self._write(gateway, self.WISH)
        self._write(gateway, self.WISH)
        (task,) = org.rows("Task")
        assert (task["Subject"], task["ActivityDate"], task["Status"]) == ("send quote", "2026-11-27", "Not Started")
        assert (task["IsReminderSet"], task["ReminderDateTime"][:16]) == (True, "2026-11-27T06:00")
        assert (task["Ringdown_Key__c"], task["TaskSubtype"]) == (self.KEY, "Task")
        assert "Ana Flores" in task["Description"]

    def test_only_changes_are_sent(self, org: Standin, gateway: SalesforceGateway) -> None:
        first = self._write(gateway, self.WISH)
        org.clear_log()
        assert self._write(gateway, self.WISH, first) == first
        assert org.requests() == []
        self._write(gateway, replace(self.WISH, text="send both quotes", at=None), first)
        (task,) = org.rows("Task")
        assert (task["Subject"], task["IsReminderSet"], task["ReminderDateTime"]) == ("send both quotes", False, None)

    def test_taken_back_it_is_gone_even_when_nobody_knows_its_id(
        self, org: Standin, gateway: SalesforceGateway
    ) -> None:
        gateway.sign_in()
        org.fault("PATCH .*/Task/", "drop-after-commit")
        with pytest.raises(AppError):
            self._write(gateway, self.WISH)
        assert len(org.rows("Task")) == 1
        self._write(gateway, replace(self.WISH, removed=True))
        self._write(gateway, replace(self.WISH, removed=True))
        assert org.rows("Task") == []

    def test_one_deleted_in_salesforce_stays_deleted(self, org: Standin, gateway: SalesforceGateway) -> None:
        first = self._write(gateway, self.WISH)
        gateway.delete(RecordRef("Task", first.task_id))
        self._write(gateway, replace(self.WISH, text="other"), first)
        assert org.rows("Task") == []

    def test_without_the_package_a_lost_request_waits(self, org: Standin, gateway: SalesforceGateway) -> None:
        org.settings(package=False)
        gateway.sign_in()
        org.fault("POST .*", "drop-before")
        with pytest.raises(AppError) as raised:
            self._write(gateway, self.WISH)
        assert raised.value.values["unsure"] is True
        with pytest.raises(AppError) as raised:
            self._write(gateway, self.WISH)
        assert raised.value.code is ErrorCode.CRM_BUSY
        assert org.rows("Task") == []

    def test_without_the_package_the_key_travels_in_call_object(self, org: Standin, gateway: SalesforceGateway) -> None:
        org.settings(package=False)
        first = self._write(gateway, self.WISH)
        assert self._write(gateway, self.WISH).task_id == first.task_id
        assert org.rows("Task")[0]["CallObject"] == self.KEY
        self._write(gateway, replace(self.WISH, removed=True))
        assert org.rows("Task") == []


PERSON = NewRecord(PERSON_ACCOUNT, {"FirstName": "Noor", "LastName": "Haas", "PersonMobilePhone": "+12125550177"})


class TestPersonAccounts:
    @pytest.fixture(autouse=True)
    def _persons(self, org: Standin) -> None:
        org.settings(person_accounts=True)

    def test_it_is_offered_only_where_there_are_such(self, org: Standin, gateway: SalesforceGateway) -> None:
        assert list(gateway.people_kinds()) == ["Contact", "Lead", PERSON_ACCOUNT]
        org.settings(person_accounts=False)
        without = SalesforceGateway(org.url, lambda: org.token)
        assert list(without.people_kinds()) == ["Contact", "Lead"]
        without.close()

    def test_a_type_the_user_may_not_choose_is_not_offered(self, org: Standin, gateway: SalesforceGateway) -> None:
        person = next(row for row in org.rows("RecordType") if row.get("IsPersonType"))
        given = {"object": "Account", "name": person["Name"], "id": person["Id"], "users": []}
        org.control("POST", "custom/record-types", given)
        assert list(gateway.people_kinds()) == ["Contact", "Lead"]

    def test_what_one_needs(self, gateway: SalesforceGateway) -> None:
        form = gateway.new_form(PERSON_ACCOUNT)
        assert [field.name for field in form.fields] == ["FirstName", "LastName", "PersonEmail"]
        assert [field.name for field in form.fields if field.required] == ["LastName"]
        assert form.unasked == ()

    def test_one_is_made_and_comes_back_as_the_contact_behind_it(
        self, org: Standin, gateway: SalesforceGateway
    ) -> None:
        ref = gateway.create(PERSON)
        (account,) = [row for row in org.rows("Account") if row.get("IsPersonAccount")]
        assert (ref, account["Name"]) == (RecordRef("Account", account["Id"]), "Noor Haas")
        (record,) = gateway.read_people([ref])
        assert record.ref == RecordRef("Contact", account["PersonContactId"])
        assert (record.name, record.account_id, record.phones) == (
            "Noor Haas",
            ref.id,
            (("Mobile", "+12125550177"),),
        )
        (behind,) = gateway.read_people([record.ref])
        assert (behind.name, behind.company) == ("Noor Haas", ""), "nobody is their own company"
        gateway.delete(ref)
        assert not [row for row in org.rows("Account") if row.get("IsPersonAccount")]

    def test_a_lost_answer_makes_no_second_one(self, org: Standin, gateway: SalesforceGateway) -> None:
        gateway.sign_in()
        org.fault("POST .*/Account/", "drop-after-commit")
        with pytest.raises(AppError) as raised:
            gateway.create(PERSON)
        assert raised.value.code is ErrorCode.CRM_OFFLINE
        ref = gateway.create(PERSON)
        assert [row["Id"] for row in org.rows("Account") if row.get("IsPersonAccount")] == [ref.id]


def test_a_deal_of_nobody_is_not_taken_for_somebodys(org: Standin, gateway: SalesforceGateway) -> None:
    acme = org.load("Account", {"Name": "Acme"})[0]
    deal = {"Name": "Renewal", "StageName": "Prospecting", "CloseDate": "2027-01-01"}
    first = gateway.create(NewRecord("Opportunity", {**deal, "AccountId": acme}))
    second = gateway.create(NewRecord("Opportunity", deal))
    assert first != second
    assert gateway.create(NewRecord("Opportunity", deal)) == second  # the answer may have been lost
    contact = org.load("Contact", {"LastName": "Stone", "AccountId": acme})[0]
    case = gateway.create(NewRecord("Case", {"Subject": "Call back", "ContactId": contact}))
    other = gateway.create(NewRecord("Case", {"Subject": "Call back"}))
    assert case != other
    assert gateway.create(NewRecord("Case", {"Subject": "Call back", "ContactId": contact})) == case


def test_what_was_just_made_is_a_matter_of_salesforces_clock(org: Standin, gateway: SalesforceGateway) -> None:
    """An hour away from this computer's, which may be wrong."""
    org.settings(clock_skew=3600.0)
    first = gateway.create(ANA)
    assert gateway.create(ANA) == first
    org.settings(clock_skew=3600.0 + 700)
    gateway.sign_in()
    assert gateway.create(ANA) != first


def test_the_day_in_a_follow_up_is_the_reps(org: Standin, gateway: SalesforceGateway) -> None:
    late = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)  # the evening before in California
    one = FollowUp("f1", "c1", "!fri send quote", "send quote", date(2026, 11, 27), None, "America/Los_Angeles")
    log = call_log({"started": late})
    assert "on 2026-11-20." in str(follow_up_values(one, log)["Description"])
