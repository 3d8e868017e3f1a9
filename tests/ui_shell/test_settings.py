"""The settings page is made from the declared settings, and keeps each at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.domain.events import DndChanged, LinesChanged
from app.errors import AppError, ErrorCode
from app.setting_words import Control
from app.settings import Language, PolicySettings, declared
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.fake_desktop import FakeDesktop
from tests.ui_shell.samples import SECOND
from ui.desktop.port import Lack
from ui.navigator import Navigator
from ui.rail import Page
from ui.setting_rows import ChoiceRow, FactRow, PickerRow, SwitchRow, TextRow, WordsRow
from ui.settings_desktop import lack_sentence
from ui.settings_page import SettingsPage
from ui.shell import Shell


@pytest.fixture
def desktop() -> FakeDesktop:
    return FakeDesktop()


@pytest.fixture
def page(fake: FakeDesk, nav: Navigator, desktop: FakeDesktop, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(fake.desk, nav, lambda: None, desktop=desktop)
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_declared_setting_has_a_row(page: SettingsPage) -> None:
    for setting in declared():
        row = page.row(setting.name, setting.table)
        if setting.shown.control is Control.LINES:
            assert page.lines.isVisibleTo(page)
            continue
        if setting.shown.control is Control.SIGN_IN:
            assert page.salesforce_group.isVisibleTo(page)
            continue
        assert row is not None, setting
        assert row.isVisibleTo(page), setting
        assert row.label.text() == setting.shown.label
        assert row.help.isVisibleTo(row) == bool(setting.shown.help)


def test_every_setting_that_can_be_changed_is_kept(page: SettingsPage, fake: FakeDesk) -> None:
    fake.lines.add(SECOND)
    for setting in declared():
        row = page.row(setting.name, setting.table)

        def value() -> object:
            kept = fake.lines.settings
            return getattr(getattr(kept, setting.table) if setting.table else kept, setting.name)  # noqa: B023

        before = value()
        match row:
            case SwitchRow():
                row.switch.click()
                assert value() is not before
            case ChoiceRow():
                other = next(name for name in row.chips if name != before)
                row.chips[other].click()
                assert value() == other
                assert row.chips[other].isChecked()
            case PickerRow():
                other = next(name for name, _ in row.picker.offered if name != before)
                row.picker.picked.emit(other)
                assert value() == other
            case TextRow() if not isinstance(row, WordsRow):
                row.field.setText(" {person} ")
                row.field.editingFinished.emit()
                assert value() == "{person}"
            case WordsRow():
                row.field.setText(" One,Two 、 One ,, ")
                row.field.editingFinished.emit()
                assert value() == ("One", "Two")
            case _:
                assert setting.shown.control in {Control.FACT, Control.LINES, Control.SIGN_IN}
                continue
        assert setting.shown.control is not Control.FACT


def test_what_is_changed_elsewhere_shows(page: SettingsPage, fake: FakeDesk) -> None:
    fake.lines.set_dnd(True)
    row = page.row("dnd")
    assert isinstance(row, SwitchRow)
    assert row.switch.isChecked()
    fake.lines.settings = replace(
        fake.lines.settings, language=Language.JAPANESE, policy=PolicySettings(consent=True, redaction=("card", "iban"))
    )
    fake.hub.publish(LinesChanged())
    language, consent, redaction = page.row("language"), page.row("consent", "policy"), page.row("redaction", "policy")
    assert isinstance(language, ChoiceRow)
    assert language.chips["ja"].isChecked()
    assert isinstance(consent, FactRow)
    assert consent.fact.text() == "On"
    assert isinstance(redaction, FactRow)
    assert redaction.fact.text() == "card, iban"


def test_no_rule_is_said_to_be_in_force(page: SettingsPage) -> None:
    """Nothing acts on them yet: who reads them must know."""
    rules = [setting for setting in declared() if setting.table == "policy"]
    assert rules
    for setting in rules:
        row = page.row(setting.name, setting.table)
        assert row is not None
        assert row.help.text().startswith("Not in force yet: ")
        assert not row.help.isHidden()


def test_the_default_line_chosen_here_is_the_one_of_the_top_bar(shell: Shell, fake: FakeDesk) -> None:
    fake.lines.add(SECOND)
    row = shell.workspace.settings.row("default_line")
    assert isinstance(row, PickerRow)
    assert [value for value, _ in row.picker.offered] == ["", "main", "support"]
    row.picker.picked.emit("support")
    assert shell._window.top_bar.chosen_line == "support"
    assert shell.suggest.wish.line == "support"


def test_start_at_login_and_links(page: SettingsPage, desktop: FakeDesktop, qtbot: QtBot) -> None:
    group = page.desktop
    qtbot.waitUntil(group.login.switch.isEnabled, timeout=3000)
    assert not group.login.switch.isChecked()
    assert group.links.text() == "Only tel: open in Ringdown"
    group.login.switch.click()
    qtbot.waitUntil(lambda: desktop.login and group.login.switch.isEnabled(), timeout=3000)
    assert group.login.switch.isChecked()
    group.take_links.click()
    qtbot.waitUntil(group.take_links.isHidden, timeout=3000)
    assert group.links.text() == "Open in Ringdown"


def test_what_the_system_refuses_is_told_and_nothing_is_pretended(
    page: SettingsPage, desktop: FakeDesktop, qtbot: QtBot
) -> None:
    group = page.desktop
    qtbot.waitUntil(group.login.switch.isEnabled, timeout=3000)
    desktop.refuse = AppError(ErrorCode.FILE_UNREADABLE, path="/x", detail="read-only")
    group.login.switch.click()
    qtbot.waitUntil(lambda: not group.problem.isHidden() and group.login.switch.isEnabled(), timeout=3000)
    assert "read-only" in group.problem.text()
    assert not group.login.switch.isChecked()


def test_what_the_desktop_lacks_is_said(page: SettingsPage, desktop: FakeDesktop, qtbot: QtBot) -> None:
    assert group_words(page) == []
    desktop.session = frozenset({Lack.NO_GLOBAL_SHORTCUTS})
    desktop.lacks = frozenset(Lack) - desktop.session
    page.desktop.refresh()
    qtbot.waitUntil(lambda: group_words(page) == [lack_sentence(lack) for lack in Lack], timeout=3000)


def test_the_window_goes_on_while_the_session_is_asked(page: SettingsPage, desktop: FakeDesktop, qtbot: QtBot) -> None:
    desktop.session = frozenset({Lack.NO_GLOBAL_SHORTCUTS})
    desktop.may_answer.clear()
    QTimer.singleShot(0, page, desktop.may_answer.set)
    page.desktop.refresh()
    qtbot.waitUntil(lambda: len(group_words(page)) == 1, timeout=10_000)
    assert not desktop.has_waited_in_vain


def group_words(page: SettingsPage) -> list[str]:
    items = (page.desktop.lacks.itemAt(at) for at in range(page.desktop.lacks.count()))
    return [item.widget().text() for item in items]  # type: ignore[union-attr]


def test_do_not_disturb_is_in_sight_and_one_press_ends_it(shell: Shell, fake: FakeDesk) -> None:
    bar = shell._window.top_bar
    assert bar.dnd.isHidden()
    fake.lines.set_dnd(True)
    assert bar.dnd.isVisible()
    bar.dnd.click()
    assert not fake.lines.settings.dnd
    assert bar.dnd.isHidden()
    fake.hub.publish(DndChanged(False))
    shell.show_page(Page.SETTINGS)
