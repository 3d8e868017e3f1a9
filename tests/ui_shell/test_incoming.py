"""Calls that ring: the card, the banner, the keys, what is said aloud."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.events import MatchChanged
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_CARD, ANA_RECORD, BO, BO_RECORD, SECOND
from ui.announce import announce
from ui.incoming_popup import IncomingCards
from ui.main_window import MainWindow
from ui.shell import Shell

STRANGER = "+15035550188"


def test_incoming_card_and_banner_from_the_cache(
    shell: Shell, fake: FakeDesk, window: MainWindow, qtbot: QtBot
) -> None:
    window.top_bar.field.setFocus()
    fake.lines.add(SECOND)
    call = fake.calls.ring(ANA)
    card = shell.cards.card(call)
    assert card is not None
    assert card.isVisible()
    assert shell.banner.bar(call) is None  # the card comes first
    qtbot.waitUntil(lambda: shell.banner.bar(call) is not None)
    assert card.name.word == "Ana Flores"
    assert card.company.text() == "Acme · VP Operations"
    assert card.number.text() == "(415) 555-0142"
    assert card.country.text() == "United States"
    assert card.why.text() == "Deal $42k: Renewal 2026 · Negotiation"
    assert card.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    room = window.screen().availableGeometry()
    assert room.contains(card.geometry().adjusted(card.shadow, card.shadow, -card.shadow, -card.shadow))
    assert window.focusWidget() is window.top_bar.field
    card.answer.click()
    assert shell.cards.card(call) is None
    qtbot.waitUntil(lambda: shell.banner.bar(call) is None)
    assert shell.workspace.page.call_id == call


def test_of_a_very_long_name_the_company_is_still_read(
    shell: Shell, fake: FakeDesk, window: MainWindow, qtbot: QtBot
) -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff-Montgomery-Featherstonehaugh the Younger"
    fake.know(replace(ANA_RECORD, name=name), number=STRANGER)
    window.resize(800, 600)
    call = fake.calls.ring(STRANGER)
    qtbot.waitUntil(lambda: shell.banner.bar(call) is not None)
    bar = shell.banner.bar(call)
    assert bar is not None
    qtbot.waitUntil(lambda: bar.name.elided)
    assert bar.detail.text() == "Acme · VP Operations"
    assert not bar.detail.elided


def test_why_a_call_matters_takes_two_lines_and_keeps_the_amount(shell: Shell, fake: FakeDesk) -> None:
    deal = replace(ANA_CARD.deals[0], name="Wind farm monitoring and maintenance for the northern sites " * 3)
    fake.cards.cards[ANA_RECORD.ref] = replace(ANA_CARD, deals=(deal,))
    card = shell.cards.card(fake.calls.ring(ANA))
    assert card is not None
    assert len(card.why.lines) == 2
    assert card.why.lines[0].startswith("Deal $42k: Wind farm")
    assert card.why.lines[1].endswith("…")
    assert card.why.geometry().bottom() < card.answer.y()


def test_a_ringing_call_is_said_once_and_again_when_its_name_is_known(
    shell: Shell, fake: FakeDesk, window: MainWindow
) -> None:
    said: list[str] = []
    cards = IncomingCards(fake.desk, shell.incoming, window, lambda _, words: said.append(words))
    number = "+14155550199"
    call = fake.calls.ring(number)
    fake.hub.publish(MatchChanged(number))
    assert said == ["Incoming call: (415) 555-0199, No one with this number, United States"]
    fake.know(replace(BO_RECORD, name="Late Match"), number=number)
    fake.hub.publish(MatchChanged(number))
    assert len(said) == 2
    assert "Late Match" in said[1]
    fake.calls.end(call, 487)
    cards.close()


def test_announcing_without_a_screen_reader_does_nothing(window: MainWindow) -> None:
    announce(window, "Incoming call")
    QAccessible.setActive(True)
    try:
        announce(window, "Incoming call")
    finally:
        QAccessible.setActive(False)


def test_incoming_says_when_nobody_or_several_have_the_number(shell: Shell, fake: FakeDesk) -> None:
    unknown = shell.cards.card(fake.calls.ring("+442079460958"))
    assert unknown is not None
    assert (unknown.name.word, unknown.company.text()) == ("+44 20 7946 0958", "No one with this number")
    fake.know(BO_RECORD, replace(BO_RECORD, ref=replace(BO_RECORD.ref, id="00Q2")), number=ANA)
    several = shell.cards.card(fake.calls.ring(ANA))
    assert several is not None
    assert several.company.text() == "3 people have this number"
    assert several.geometry().bottom() < unknown.geometry().bottom()


def test_incoming_updates_when_salesforce_answers(shell: Shell, fake: FakeDesk) -> None:
    number = "+14155550199"
    call = fake.calls.ring(number)
    fake.know(replace(BO_RECORD, name="Late Match"), number=number)
    fake.hub.publish(MatchChanged(number))
    card = shell.cards.card(call)
    assert card is not None
    assert card.name.word == "Late Match"


def test_incoming_by_keys(shell: Shell, fake: FakeDesk, window: MainWindow) -> None:
    first, second = fake.calls.ring(ANA), fake.calls.ring(BO)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert len(fake.calls.live()) == 2
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert fake.calls.get(first).is_connected  # type: ignore[union-attr]
    QTest.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert [call.id for call in fake.calls.live()] == [first]
    assert shell.cards.card(second) is None


def test_reply_with_text_rejects_and_opens_the_thread(shell: Shell, fake: FakeDesk) -> None:
    card = shell.cards.card(fake.calls.ring(ANA))
    assert card is not None
    card.reply.click()
    assert fake.calls.live() == ()
    assert shell.workspace.page.thread_of == ("main", ANA)


def test_a_withheld_number_rings_too(shell: Shell, fake: FakeDesk) -> None:
    call = fake.calls.ring("")
    card = shell.cards.card(call)
    assert card is not None
    assert not card.reply.isEnabled()
    shell.incoming.answer(call)
    assert shell.workspace.page.call_id == call
    fake.calls.end(call)
    assert shell.workspace.page.panel.go.isHidden()


def test_a_caller_who_gave_up_leaves_no_card(shell: Shell, fake: FakeDesk) -> None:
    call = fake.calls.ring(ANA)
    fake.calls.end(call, 487)
    assert shell.cards.card(call) is None
    shell.incoming.answer(call)
    assert fake.calls.live() == ()
