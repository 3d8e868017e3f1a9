"""The deal or case a call is about: found, made, linked and taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.domain.counterpart import RecordRef
from app.domain.events import CallLogChanged
from app.domain.new_record import FieldKind, FormField, NewForm, Related
from app.errors import AppError, ErrorCode
from app.settings import RelationDefault
from tests.ui_shell.calling import ended, talk
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import BO, BO_RECORD
from ui.main_window import MainWindow
from ui.relation_card import RelationCard
from ui.shell import Shell
from ui.wrapup_panel import WrapupPanel

RENEWAL = Related(RecordRef("Opportunity", "006000000000001AAA"), "Renewal 2026", "Negotiation")
PILOT = Related(RecordRef("Opportunity", "006000000000002AAA"), "Pilot", "Closed Won", True)
LOGIN = Related(RecordRef("Case", "500000000000001AAA"), "00001042 Login fails", "Working")


def test_it_is_chosen_changed_opened_and_removed(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard, opened_urls: list[str]
) -> None:
    fake.relation.cached, fake.relation.offered = (RENEWAL,), [RENEWAL, PILOT, LOGIN]
    call = talk(shell, fake)
    assert wrapup.relation.button.word == "Link to a deal or case…"
    wrapup.relation.button.click()
    assert card.field.hasFocus()
    assert [row.entry.title for row in card.rows] == ["Renewal 2026", "00001042 Login fails", "Pilot"]
    assert [row.entry.detail for row in card.rows] == ["Negotiation", "Working", "Closed Won"]
    QTest.keyClicks(card.field, "login")
    QTest.keyClick(card.field, Qt.Key.Key_Return)
    assert not card.is_open
    assert fake.reads.logs[call].what == LOGIN.ref
    assert wrapup.relation.button.word == "00001042 Login fails"
    wrapup.relation.browser.click()
    assert opened_urls == [f"https://acme.my.example/{LOGIN.ref.id}"]
    fake.calls.end(call)
    wrapup.relation.remove.click()
    assert fake.reads.logs[call].what is None
    assert not wrapup.relation.remove.isVisible()


def test_closed_is_said_once(shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard) -> None:
    done, won = replace(LOGIN, detail="Closed", is_closed=True), replace(PILOT, detail="Won")
    fake.relation.offered = [done, won, replace(RENEWAL, detail="", is_closed=True)]
    talk(shell, fake)
    wrapup.relation.button.click()
    assert {row.entry.detail for row in card.rows} == {"Closed", "Won · closed", "closed"}


def test_the_card_is_as_high_as_what_it_offers(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    fake.relation.offered = [RENEWAL]
    talk(shell, fake)
    wrapup.relation.button.click()
    one = card.height()
    card.close_overlay()
    fake.relation.offered = [RENEWAL, PILOT, LOGIN]
    wrapup.relation.button.click()
    three = card.height()
    assert three == one + 2 * card.rows[0].height()
    QTest.keyClicks(card.field, "login")
    assert len(card.rows) == 1
    assert card.height() == three, "what is below the list stays where it is while one types"
    card.close_overlay()
    fake.relation.offered = [replace(RENEWAL, ref=RecordRef("Opportunity", f"00600000000000{n}AAA")) for n in range(9)]
    card.field.clear()
    wrapup.relation.button.click()
    assert len(card.rows) == 9
    assert card.height() < one + 4 * card.rows[0].height(), "more than five are scrolled"


def test_the_keyboard_goes_back_to_the_notes(
    window: MainWindow, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    notes = shell.workspace.page.panel.notes.edit
    call = talk(shell, fake)
    notes.setFocus()
    wrapup.relation.button.click()
    assert card.field.hasFocus()
    QTest.keyClick(card.field, Qt.Key.Key_Escape)
    assert not card.is_open
    assert notes.hasFocus()
    wrapup.relation.button.setFocus()
    wrapup.relation.button.click()
    QTest.keyClick(card.field, Qt.Key.Key_Escape)
    assert wrapup.relation.button.hasFocus(), "who came by Tab goes on from there"
    fake.calls.end(call)
    assert notes.hasFocus(), "the row folds away for a moment, and gives the keyboard to no list"


def test_salesforce_answers_while_the_keyboard_is_on_a_line(
    shell: Shell, fake: FakeDesk, card: RelationCard, wrapup: WrapupPanel
) -> None:
    fake.relation.cached = (RENEWAL,)
    call = talk(shell, fake)
    wrapup.relation.button.click()
    QTest.keyClick(card.field, Qt.Key.Key_Down)
    here = card.rows[0]
    assert here.hasFocus()
    fake.relation.offered = [PILOT, LOGIN, RENEWAL]
    card._search()
    assert [row.entry.title for row in card.rows][-1] == "Pilot"
    assert card.rows[1] is here
    assert here.hasFocus()
    QTest.keyClick(here, Qt.Key.Key_Return)
    assert fake.reads.logs[call].what == RENEWAL.ref


def test_by_the_arrow_keys(shell: Shell, fake: FakeDesk, card: RelationCard, wrapup: WrapupPanel) -> None:
    fake.relation.offered = [RENEWAL, PILOT]
    call = talk(shell, fake)
    wrapup.relation.button.click()
    QTest.keyClick(card.field, Qt.Key.Key_Down)
    QTest.keyClick(card.rows[0], Qt.Key.Key_Down)
    assert card.rows[1].hasFocus()
    QTest.keyClick(card.rows[1], Qt.Key.Key_Return)
    assert fake.reads.logs[call].what == PILOT.ref


@pytest.mark.parametrize(
    ("default", "word", "first"),
    [
        (RelationDefault.CASE, "Link to a case…", "00001042 Login fails"),
        (RelationDefault.OPPORTUNITY, "Link to a deal…", "Renewal 2026"),
    ],
)
def test_the_usual_kind_comes_first(
    shell: Shell,
    fake: FakeDesk,
    wrapup: WrapupPanel,
    card: RelationCard,
    default: RelationDefault,
    word: str,
    first: str,
) -> None:
    fake.lines.set_relation_default(default)
    fake.relation.offered = [RENEWAL, LOGIN]
    talk(shell, fake)
    assert wrapup.relation.button.word == word
    wrapup.relation.button.click()
    assert card.rows[0].entry.title == first


def test_a_call_begun_from_a_deal_is_linked_by_itself(shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
    call = talk(shell, fake)
    fake.reads.logs[call] = replace(fake.reads.logs[call], about=RENEWAL.ref.id)
    fake.hub.publish(CallLogChanged(call))
    assert fake.relation.named[-1] == call
    assert wrapup.relation.button.word == "A record in Salesforce"
    fake.wrapup.set_relation(call, RENEWAL)
    assert wrapup.relation.button.word == "Renewal 2026"


def test_a_lead_takes_none_and_the_page_says_why(shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
    call = ended(shell, fake, BO)
    fake.reads.logs[call] = replace(fake.reads.logs[call], who=BO_RECORD.ref)
    fake.hub.publish(CallLogChanged(call))
    assert not wrapup.relation.button.isEnabled()
    assert "not to a lead" in wrapup.relation.why


def test_offline_what_is_known_can_be_chosen(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    fake.relation.cached = (RENEWAL,)
    fake.relation.refuse = AppError(ErrorCode.CRM_OFFLINE)
    call = talk(shell, fake)
    wrapup.relation.button.click()
    assert "cannot be reached" in card._state.text()
    card.rows[0].click()
    assert fake.reads.logs[call].what == RENEWAL.ref


def test_a_new_deal(shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard) -> None:
    call = ended(shell, fake)
    wrapup.relation.button.click()
    QTest.keyClicks(card.field, "Forty sites")
    card.new_deal.click()
    name = card.form.control("Name")
    assert isinstance(name, QLineEdit)
    assert name.text() == "Forty sites"
    QTest.keyClick(name, Qt.Key.Key_Return)
    (made,) = fake.relation.made
    assert made.values == {"Name": "Forty sites", "StageName": "Prospecting", "CloseDate": "2026-12-20"}
    assert not card.is_open
    assert fake.reads.logs[call].what_name == "Forty sites"


def test_a_day_in_words_and_one_that_is_none(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    ended(shell, fake)
    wrapup.relation.button.click()
    card.new_deal.click()
    name, day = card.form.control("Name"), card.form.control("CloseDate")
    assert isinstance(name, QLineEdit)
    assert isinstance(day, QLineEdit)
    name.setText("x")
    day.setText("soon")
    card.make.click()
    assert card._trouble.text() == "Still needed: Close Date"
    day.setText("next fri")
    card.make.click()
    assert fake.relation.made[0].values["CloseDate"] == "2026-11-27"


def test_what_was_typed_offline_is_there_when_salesforce_is(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    fake.relation.refuse = AppError(ErrorCode.CRM_OFFLINE)
    ended(shell, fake)
    wrapup.relation.button.click()
    card.new_case.click()
    subject = card.form.control("Subject")
    assert isinstance(subject, QLineEdit)
    QTest.keyClicks(subject, "No sound")
    card.make.click()
    assert "needs Salesforce" in card._trouble.text()
    card.close_overlay()
    fake.relation.refuse = None
    wrapup.relation.button.click()
    card.new_case.click()
    card.make.click()
    assert fake.relation.made[0].values == {"Subject": "No sound"}


def test_what_was_typed_for_one_call_waits_while_another_is_shown(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    first = ended(shell, fake)
    wrapup.relation.button.click()
    card.new_deal.click()
    QTest.keyClicks(card.form.control("Name"), "Forty sites")
    ended(shell, fake)
    wrapup.relation.button.click()
    card.new_deal.click()
    assert card.form.values()["Name"] == ""
    shell.workspace.open_call(first)
    wrapup.relation.button.click()
    card.new_deal.click()
    assert card.form.values()["Name"] == "Forty sites"
    card.make.click()
    assert fake.relation.made[0].values["Name"] == "Forty sites"
    assert fake.typed_forms.kept == {}


def test_what_only_salesforces_page_can_ask(
    shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
) -> None:
    region = FormField("Region__c", "Sales region", FieldKind.OTHER, required=True)
    fake.relation.form_of["Case"] = NewForm("Case", (*fake.relation.form_of["Case"].fields, region))
    ended(shell, fake)
    wrapup.relation.button.click()
    card.new_case.click()
    assert "Sales region" in card._trouble.text()
    assert not card.make.isEnabled()
