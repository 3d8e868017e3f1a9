"""Who asked not to be called is called only after a question."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.counterpart import NO_MATCH, Match, RecordRef
from app.domain.events import MatchChanged
from app.errors import AppError, ErrorCode
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_RECORD, BO
from ui.main_window import MainWindow
from ui.shell import Shell
from ui.status_bar import Matter


def _wants_no_calls(fake: FakeDesk) -> None:
    ana = replace(ANA_RECORD, do_not_call=True)
    fake.reads.matches[ANA] = Match((ana,), ana)


def test_who_asked_not_to_be_called_is_called_only_after_a_question(shell: Shell, fake: FakeDesk) -> None:
    _wants_no_calls(fake)
    shell.nav.call_wanted.emit(ANA, "", "006000000000001AAA")
    assert fake.calls.dialled == []
    assert shell.status.matters[0] is Matter.QUESTION
    assert shell.status.text(Matter.QUESTION) == "Ana Flores asked not to be called."
    bar = shell.status.bar(Matter.QUESTION)
    assert bar is not None
    bar.acted.emit()
    assert fake.calls.dialled == [(ANA, "main", "006000000000001AAA")]
    assert shell.status.bar(Matter.QUESTION) is None


def test_putting_the_question_away_or_calling_somebody_else_is_a_no(shell: Shell, fake: FakeDesk) -> None:
    _wants_no_calls(fake)
    shell.nav.call_wanted.emit(ANA, "", "")
    bar = shell.status.bar(Matter.QUESTION)
    assert bar is not None
    bar.closed.emit()
    assert shell.status.bar(Matter.QUESTION) is None
    shell.nav.call_wanted.emit(ANA, "", "")
    assert shell.status.bar(Matter.QUESTION) is not None
    shell.nav.call_wanted.emit(BO, "", "")
    assert shell.status.bar(Matter.QUESTION) is None
    assert [number for number, _, _ in fake.calls.dialled] == [BO]


def test_a_call_that_fails_after_the_question_says_why(shell: Shell, fake: FakeDesk) -> None:
    _wants_no_calls(fake)
    shell.nav.call_wanted.emit(ANA, "", "")
    bar = shell.status.bar(Matter.QUESTION)
    assert bar is not None
    fake.calls.refuse = AppError(ErrorCode.PHONE_DOWN)
    bar.acted.emit()
    assert Matter.QUESTION not in shell.status.matters
    assert "phone engine" in shell.status.text(Matter.TROUBLE)


def test_a_link_shows_who_asked_not_to_be_called_before_enter(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _wants_no_calls(fake)
    shell.links.take(f"tel:{ANA}")
    first = window.top_bar.field.offers[0]
    assert first.row.subtitle.startswith("Do not call · Ana Flores")
    window.top_bar.field.submit()
    assert fake.calls.dialled == []
    assert shell.status.text(Matter.QUESTION) == "Ana Flores asked not to be called."


def test_a_typed_number_is_asked_about_before_it_is_called(
    window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot
) -> None:
    """Who is not in the index on this computer may have asked not to be called, too."""
    fake.reads.matches[ANA] = NO_MATCH
    asked: list[str] = []

    def look_up(number: str, *, fresh: bool = False) -> Match:
        asked.append(number)
        return NO_MATCH

    fake.matching.look_up = look_up  # type: ignore[method-assign]
    field = window.top_bar.field
    field.fill(ANA)
    QTest.keyClick(field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: asked == [ANA])
    assert not field.offers[0].row.subtitle.startswith("Do not call")
    _wants_no_calls(fake)
    fake.hub.publish(MatchChanged(ANA))
    qtbot.waitUntil(lambda: field.offers[0].row.subtitle.startswith("Do not call · Ana Flores"))
    assert asked == [ANA], "the answer asks no new question"
    field.submit()
    assert fake.calls.dialled == [], "what was chosen, to text, stays chosen"
    assert Matter.QUESTION not in shell.status.matters


def test_one_of_several_who_asked_not_to_be_called_shows_on_the_call(
    window: MainWindow, shell: Shell, fake: FakeDesk
) -> None:
    shy, other = replace(ANA_RECORD, do_not_call=True), replace(ANA_RECORD, ref=RecordRef("Contact", "003B"))
    fake.reads.matches[ANA] = Match((shy, other))
    fake.calls.dial(ANA, anyway=True)
    shell.nav.call_opened.emit(fake.calls.live()[0].id)
    assert not shell.workspace.page.panel.head.no_calls.isHidden()
