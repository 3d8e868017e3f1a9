"""The Tab key walks down a page as the eye does."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui_shell.calling import ended
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import BO
from ui.call_panel import CallPanel
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell
from ui.status_bar import Matter


def _walk(root: QWidget) -> list[QWidget]:
    """Where Tab stops inside ``root``, from its first stop on."""
    at = root.focusWidget() or QApplication.focusWidget()
    assert at is not None
    stops: list[QWidget] = []
    while at not in stops and root.isAncestorOf(at):
        stops.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
        found = QApplication.focusWidget()
        assert found is not None
        at = found
    return stops


def test_settings_from_top_to_bottom(window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot) -> None:
    shell.show_page(Page.SETTINGS)
    inside = shell.workspace.settings.widget()
    assert inside is not None
    shell.workspace.focus_list()
    stops = _walk(inside)
    heights = [each.mapTo(inside, QPoint(0, 0)).y() // 24 for each in stops]
    assert len(stops) > 8
    assert heights == sorted(heights)


def test_filters_come_before_their_list(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    shell.show_page(Page.PEOPLE)
    people = shell.workspace.people
    at = next(chip for chip in people.findChildren(QWidget) if getattr(chip, "isChecked", lambda: False)())
    at.setFocus()
    QTest.keyClick(at, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is people.list


def test_the_rail_has_one_stop_the_open_page(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    shell.show_page(Page.PEOPLE)
    field = window.top_bar.field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is window.rail.button(Page.PEOPLE)


def test_what_came_later_stands_where_the_eye_finds_it(
    window: MainWindow, shell: Shell, fake: FakeDesk, panel: CallPanel
) -> None:
    call = ended(shell, fake)
    shell.nav.call_opened.emit(call)
    fake.calls.ring(BO)
    shell.banner.refresh()
    shell.status.tell("Something is wrong")
    window.activateWindow()
    window.top_bar.field.setFocus()
    stops = _walk(window)
    bar, banner = shell.banner.bar(fake.calls.live()[-1].id), shell.status.bar(Matter.TROUBLE)
    assert bar is not None
    assert banner is not None
    dismiss = next(stop for stop in stops if banner.isAncestorOf(stop))
    wrapup, card = panel.wrapup, shell.workspace.sidebar.card
    wanted = [
        dismiss, bar.reply, bar.answer, bar.reject, panel.notes.edit, wrapup.subject,
        *wrapup.results.values(), wrapup.result, wrapup.relation.button, wrapup.log, card.who.refresh, card.who.browser,
        card.deals.rows[0], card.deals.buttons[0], card.cases.rows[0], card.timeline.rows[0],
    ]  # fmt: skip
    assert [stop for stop in stops if stop in wanted] == wanted
