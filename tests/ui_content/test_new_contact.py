"""A number nobody has: the form that makes a contact of it, the field of somebody it becomes, and Undo."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.events import CrmStateChanged
from app.domain.new_record import PERSON_ACCOUNT, FieldKind, FormField, NewForm, PhoneSlot
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from tests.ui_content.fake_desk import NOON, FakeDesk
from tests.ui_content.samples import PERSON, REF
from ui.navigator import Navigator
from ui.picker import Picker
from ui.sidebar import Sidebar

STRANGER = "+15035550188"
ACME = CrmRecord(RecordRef("Account", "001000000000001AAA"), "Acme Logistics")
REFUSED = AppError(ErrorCode.CRM_REFUSED, message="Say where you met this person.")


def _pane(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> Sidebar:
    fake.reads.asked[STRANGER] = NOON
    pane = Sidebar(fake.desk, nav)
    qtbot.addWidget(pane)
    pane.resize(340, 800)
    pane.show()
    pane.activateWindow()
    qtbot.waitUntil(pane.isActiveWindow)
    pane.show_number(STRANGER, "main")
    return pane


def _type(pane: Sidebar, name: str, text: str) -> None:
    field = pane.form.form.control(name)
    assert isinstance(field, QLineEdit)
    field.clear()
    QTest.keyClicks(field, text)


def _typed(pane: Sidebar, name: str) -> str:
    field = pane.form.form.control(name)
    assert isinstance(field, QLineEdit)
    return field.text()


def test_a_contact_is_made_by_keyboard(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.new_people.accounts = [ACME]
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    assert pane.form.isVisible()
    assert not pane.nobody.isVisible()
    assert pane.form.form.control("FirstName").hasFocus()
    _type(pane, "FirstName", "Mia")
    _type(pane, "LastName", "Okafor")
    QTest.keyClicks(pane.form.company.field, "acme")
    qtbot.waitUntil(pane.form.company.offers.isVisible)
    pane.form.company.offers.rows[0].click()
    assert pane.form.company.text == "Acme Logistics"
    pane.form.places["MobilePhone"].click()
    QTest.keyClick(pane.form.form.control("LastName"), Qt.Key.Key_Return)
    ((wanted, anyway),) = fake.new_people.made
    assert (wanted.kind, anyway) == ("Contact", False)
    assert wanted.values == {
        "FirstName": "Mia",
        "LastName": "Okafor",
        "Email": "",
        "MobilePhone": STRANGER,
        "AccountId": ACME.ref.id,
    }
    qtbot.waitUntil(pane.card.isVisible)
    assert not pane.form.isVisible()
    assert pane.card.who.name.word == "Mia Okafor"


def test_a_lead_needs_a_company(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    pane.form.kinds["Lead"].click()
    assert not pane.form.company.isVisible()
    assert _typed(pane, "LastName") == "Okafor", "what was typed stays"
    pane.form.save.click()
    assert pane.form.trouble.text() == "Still needed: Company"
    assert fake.new_people.made == []
    _type(pane, "Company", "Nord")
    pane.form.save.click()
    assert fake.new_people.made[0][0].kind == "Lead"


def test_a_person_account_where_the_org_has_them(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    person = pane.form.kinds[PERSON_ACCOUNT]
    assert not person.isVisible()
    pane.form.cancel.click()
    fake.new_people.offered = ("Contact", "Lead", PERSON_ACCOUNT)
    pane.nobody.new_button.click()
    assert person.isVisible()
    _type(pane, "LastName", "Haas")
    _type(pane, "Email", "noor@haas.example")
    person.click()
    assert not pane.form.company.isVisible()
    assert (_typed(pane, "LastName"), _typed(pane, "PersonEmail")) == ("Haas", "noor@haas.example"), "it stays"
    pane.form.places["MobilePhone"].click()
    pane.form.save.click()
    ((wanted, _),) = fake.new_people.made
    assert wanted.kind == PERSON_ACCOUNT
    assert wanted.values == {
        "FirstName": "",
        "LastName": "Haas",
        "PersonEmail": "noor@haas.example",
        "PersonMobilePhone": STRANGER,
    }


def test_an_org_that_has_none_any_more_offers_a_contact(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.new_people.offered = ("Contact", "Lead", PERSON_ACCOUNT)
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    pane.form.kinds[PERSON_ACCOUNT].click()
    pane.form.cancel.click()
    fake.new_people.offered = ("Contact", "Lead")
    pane.nobody.new_button.click()
    assert pane.form.kinds["Contact"].isChecked()
    assert not pane.form.kinds[PERSON_ACCOUNT].isVisible()
    assert pane.form.form.form is not None
    assert pane.form.form.form.kind == "Contact"


def test_the_name_the_network_gave_is_there_already(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.show_number(STRANGER, "main", "Mia van Dijk")
    pane.nobody.new_button.click()
    assert (_typed(pane, "FirstName"), _typed(pane, "LastName")) == ("Mia van", "Dijk")
    assert pane.form.form.control("FirstName").hasFocus()


def test_a_company_nobody_chose_is_not_left_out_silently(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    QTest.keyClicks(pane.form.company.field, "Umbrella")
    pane.form.save.click()
    assert fake.new_people.made == []
    assert "Choose the company" in pane.form.trouble.text()


def test_a_refusal_is_said_in_salesforces_words_and_nothing_typed_is_lost(
    qtbot: QtBot, fake: FakeDesk, nav: Navigator
) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    fake.new_people.refuse = REFUSED
    pane.form.save.click()
    assert "Say where you met this person." in pane.form.trouble.text()
    assert _typed(pane, "LastName") == "Okafor"
    assert pane.form.save.isEnabled()
    fake.new_people.refuse = None
    pane.form.save.click()
    assert fake.new_people.made


def test_what_was_typed_is_there_after_a_restart(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.new_people.accounts = [ACME]
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    _type(pane, "Email", "mia@acme.example")
    QTest.keyClicks(pane.form.company.field, "acme")
    qtbot.waitUntil(pane.form.company.offers.isVisible)
    pane.form.company.offers.rows[0].click()
    pane.form.places["MobilePhone"].click()
    qtbot.waitUntil(lambda: bool(fake.typed_forms.kept))
    again = _pane(qtbot, fake, nav)
    again.nobody.new_button.click()
    assert (_typed(again, "LastName"), again.form.company.text) == ("Okafor", "Acme Logistics")
    again.form.save.click()
    ((wanted, _),) = fake.new_people.made
    assert wanted.values == {
        "FirstName": "",
        "LastName": "Okafor",
        "Email": "mia@acme.example",
        "MobilePhone": STRANGER,
        "AccountId": ACME.ref.id,
    }
    assert fake.typed_forms.kept == {}


def test_what_was_typed_for_one_number_waits_while_another_is_shown(
    qtbot: QtBot, fake: FakeDesk, nav: Navigator
) -> None:
    other = "+15035550199"
    fake.reads.asked[other] = NOON
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    pane.form.kinds["Lead"].click()
    _type(pane, "Company", "Nord")
    pane.show_number(other, "main")
    pane.nobody.new_button.click()
    assert _typed(pane, "Company") == ""
    pane.form.kinds["Contact"].click()
    pane.show_number(STRANGER, "main")
    pane.nobody.new_button.click()
    assert pane.form.kinds["Lead"].isChecked()
    assert _typed(pane, "Company") == "Nord"


def test_a_form_that_has_changed_in_salesforce_is_asked_again_with_what_was_typed(
    qtbot: QtBot, fake: FakeDesk, nav: Navigator
) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    _type(pane, "Email", "mia@acme.example")
    region = FormField("Region__c", "Region", FieldKind.CHOICE, True, (("North", "North"), ("South", "South")))
    fields = [field for field in fake.new_people.forms["Contact"].fields if field.name != "Email"]
    fake.new_people.forms["Contact"] = NewForm("Contact", (*fields, region))
    fake.new_people.refuse = REFUSED
    pane.form.save.click()
    assert "asks for something else" in pane.form.trouble.text()
    assert "mia@acme.example" in pane.form.trouble.text(), "what was typed and is not asked for any more is still there"
    assert _typed(pane, "LastName") == "Okafor"
    fake.new_people.refuse = None
    pane.form.save.click()
    assert "Region" in pane.form.trouble.text(), "nothing is chosen for the rep"
    assert fake.new_people.made == []
    picker = pane.form.form.control("Region__c")
    assert isinstance(picker, Picker)
    next(action for action in picker.menu_of_offers().actions() if action.text() == "South").trigger()
    pane.form.save.click()
    ((wanted, _),) = fake.new_people.made
    assert wanted.values["Region__c"] == "South"
    assert "Email" not in wanted.values


def test_a_duplicate_can_be_used_or_saved_anyway_where_that_is_allowed(
    qtbot: QtBot, fake: FakeDesk, nav: Navigator
) -> None:
    fake.new_people.alike = (PERSON,)
    fake.new_people.people[REF] = PERSON
    fake.new_people.refuse = AppError(ErrorCode.CRM_DUPLICATE, message="Use one of these?", may_save=False)
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Flores")
    pane.form.save.click()
    assert [row.entry.title for row in pane.form.alike.rows] == ["Ana Flores"]
    assert not pane.form.anyway.isVisible()
    fake.new_people.refuse.values["may_save"] = True
    pane.form.save.click()
    assert pane.form.anyway.isVisible()
    fake.new_people.phone_slots[REF] = (PhoneSlot("Phone", "Phone", "(415) 555-0100"), PhoneSlot("HomePhone", "Home"))
    pane.form.alike.rows[0].click()
    assert pane.place.isVisible()
    assert [(row.entry.title, row.entry.detail) for row in pane.place.slots.rows] == [
        ("Home", "Free"),
        ("Phone", "Replaces (415) 555-0100"),
    ]
    pane.place.slots.rows[0].click()
    assert fake.new_people.added == [(REF, PhoneSlot("HomePhone", "Home"))]
    qtbot.waitUntil(pane.card.isVisible)
    fake.new_people.refuse = None
    pane.undo.acted.emit()
    qtbot.waitUntil(pane.nobody.isVisible)
    pane.nobody.new_button.click()
    assert _typed(pane, "LastName") == "", "who it was not is no draft for who it is"


def test_saved_anyway(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.new_people.refuse = AppError(ErrorCode.CRM_DUPLICATE, message="Use one of these?", may_save=True)
    fake.new_people.alike = (PERSON,)
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Flores")
    pane.form.save.click()
    pane.form.anyway.click()
    assert fake.new_people.made[0][1] is True


def test_a_number_is_given_to_somebody_who_is_there(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.cards.found = [PERSON]
    fake.new_people.people[REF] = PERSON
    fake.new_people.phone_slots[REF] = (PhoneSlot("Phone", "Phone", "(415) 555-0100"),)
    pane = _pane(qtbot, fake, nav)
    pane.nobody.add_button.click()
    QTest.keyClicks(pane.nobody.field, "ana")
    qtbot.waitUntil(lambda: len(pane.nobody.results.rows) == 1)
    pane.nobody.results.rows[0].click()
    assert pane.place.slots.rows[0].hasFocus()
    QTest.keyClick(pane.place.slots.rows[0], Qt.Key.Key_Return)
    assert fake.new_people.added == [(REF, PhoneSlot("Phone", "Phone", "(415) 555-0100"))]
    qtbot.waitUntil(pane.undo.isVisible)
    assert "Ana Flores" in pane.undo.accessibleName()


def test_somebody_who_has_the_number_is_only_remembered(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    has_it = replace(PERSON, phones=(("Phone", "(503) 555-0188"),))
    fake.cards.found = [has_it]
    pane = _pane(qtbot, fake, nav)
    pane.nobody.add_button.click()
    QTest.keyClicks(pane.nobody.field, "ana")
    qtbot.waitUntil(lambda: len(pane.nobody.results.rows) == 1)
    pane.nobody.results.rows[0].click()
    assert fake.new_people.added == []
    qtbot.waitUntil(pane.card.isVisible)


def test_undo(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    pane.form.save.click()
    qtbot.waitUntil(pane.undo.isVisible)
    trouble = QSignalSpy(nav.trouble)
    fake.new_people.refuse = REFUSED
    pane.undo.acted.emit()
    assert trouble.count() == 1
    assert pane.undo.isVisible()
    fake.new_people.refuse = None
    pane.undo.acted.emit()
    assert fake.new_people.undone == [STRANGER]
    qtbot.waitUntil(pane.nobody.isVisible)
    assert not pane.undo.isVisible()


def test_offline_the_form_can_be_filled_and_says_why_it_is_not_saved(
    qtbot: QtBot, fake: FakeDesk, nav: Navigator
) -> None:
    fake.set_crm(CrmState.OFFLINE)
    fake.new_people.refuse = AppError(ErrorCode.CRM_OFFLINE)
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    assert "cannot be reached" in pane.form.trouble.text()
    _type(pane, "LastName", "Okafor")
    pane.form.save.click()
    assert "cannot be reached" in pane.form.trouble.text()
    fake.new_people.refuse = None
    fake.set_crm(CrmState.SIGNED_IN)
    fake.hub.publish(CrmStateChanged())
    assert _typed(pane, "LastName") == "Okafor"
    pane.form.save.click()
    assert fake.new_people.made


def test_escape_leaves_and_another_number_forgets(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.asked["+15035550189"] = NOON
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    _type(pane, "LastName", "Okafor")
    QTest.keyClick(pane.form.form.control("LastName"), Qt.Key.Key_Escape)
    assert pane.nobody.isVisible()
    assert pane.nobody.new_button.hasFocus()
    pane.nobody.new_button.click()
    assert _typed(pane, "LastName") == "Okafor", "the same number: what was typed is there again"
    pane.show_number("+15035550189", "main")
    assert not pane.form.isVisible()
    pane.nobody.new_button.click()
    assert _typed(pane, "LastName") == ""


def test_who_may_make_only_leads_is_offered_only_leads(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.new_people.offered = ("Lead",)
    pane = _pane(qtbot, fake, nav)
    pane.nobody.new_button.click()
    assert not pane.form.kinds["Contact"].isVisible()
    assert pane.form.kinds["Lead"].isVisible()
    assert pane.form.kinds["Lead"].isChecked()
