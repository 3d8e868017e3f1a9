"""Settings: one row for each declared setting, and what stands around them. Every change is kept at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from app import VERSION
from app.domain.events import CrmStateChanged, DevicesListed, DndChanged, LinesChanged, LineStateChanged
from app.setting_words import Control, Section
from app.settings import AfterCall, Declared, Language, RelationDefault, declared
from app.settings import Theme as ThemeSetting
from ui import present
from ui.column_page import ColumnPage
from ui.components import Chip, PlainLabel, clean_line
from ui.components.buttons import Pressable
from ui.design.theme import ThemeMode, theme
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.desktop import this_desktop
from ui.picker import Picker
from ui.setting_rows import LABEL, ChoiceRow, FactRow, PickerRow, SettingRow, SwitchRow, TextRow, WordsRow, words_of
from ui.settings_desktop import DesktopGroup
from ui.settings_lines import LineStates
from ui.settings_salesforce import SalesforceGroup
from ui.settings_sound import SoundTrial
from ui.words import usual_results

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.desktop.port import Desktop
    from ui.navigator import Navigator

_WIDTH = 680
_USUAL_SUBJECT = "Call to {person}"  # as Salesforce gets it, in whatever language the window is


class SettingsPage(ColumnPage):
    """One column of groups. `line_chosen` when another line became the default."""

    line_chosen = Signal()

    def __init__(
        self,
        desk: Desk,
        nav: Navigator,
        import_file: Callable[[], None],
        parent: QWidget | None = None,
        desktop: Desktop | None = None,
    ) -> None:
        super().__init__(_WIDTH, parent)
        self._desk = desk
        self._nav = nav
        self._rows: dict[str, tuple[Declared, SettingRow]] = {}
        self._groups: dict[Section, QVBoxLayout] = {}
        self.setAccessibleName(self.tr("Settings"))
        self.column.addWidget(PlainLabel(self.tr("Settings"), self.inside, size=TYPE.call, weight=Weight.STRONG))
        self.lines = LineStates(desk, import_file, self)
        self._sound_problem = PlainLabel("", self, size=TYPE.muted, role=ColourRole.DANGER_TEXT, wrap=True)
        self.salesforce_group = SalesforceGroup(desk, nav, self)
        self.desktop = DesktopGroup(desktop or this_desktop(), self)
        self.desktop.page_wanted.connect(QDesktopServices.openUrl)
        for section in Section:
            self._groups[section] = self._group(_word(section))
            if section is Section.WINDOW:
                self._group(self.tr("This computer")).addWidget(self.desktop)
        for setting in declared():
            self._add(setting)
        self._groups[Section.SOUND].addWidget(self._sound_problem)
        self.sound = SoundTrial(desk, nav, self)
        self._groups[Section.SOUND].addWidget(self.sound)
        self._keys()
        self._about()
        self.column.addStretch(1)
        for button in self.findChildren(Pressable):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # what was typed is kept before the button acts
        for kind in (LinesChanged, LineStateChanged):
            desk.hub.subscribe(kind, lambda _: self.refresh())
        desk.hub.subscribe(DndChanged, lambda _: self.refresh())
        desk.hub.subscribe(DevicesListed, lambda _: self.refresh())
        desk.hub.subscribe(CrmStateChanged, lambda _: self.refresh())
        theme().changed.connect(self.refresh)
        self.refresh()

    @property
    def choices(self) -> dict[str, Picker]:
        """The device lists: input, output, ringer."""
        rows = ((setting, row) for setting, row in self._rows.values() if setting.table == "audio")
        return {setting.name: row.picker for setting, row in rows if isinstance(row, PickerRow)}

    @property
    def modes(self) -> dict[ThemeMode, Chip]:
        """The colour choices."""
        row = self.row("theme")
        assert isinstance(row, ChoiceRow)
        return {ThemeMode(value): chip for value, chip in row.chips.items()}

    @property
    def salesforce(self) -> str:
        """What the page says of Salesforce."""
        return self.salesforce_group.said

    def row(self, name: str, table: str = "") -> SettingRow | None:
        """The row of a declared setting; None for the lines, which have a group of their own."""
        found = self._rows.get(f"{table}.{name}")
        return found[1] if found else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._desk.lines.list_devices()
        self.desktop.refresh()

    def choose_mode(self, mode: ThemeMode) -> None:
        """Wear these colours from now on."""
        theme().set_mode(mode)
        self._desk.lines.set_theme(ThemeSetting(mode.value))
        self.refresh()

    def refresh(self) -> None:
        """Read everything again."""
        self.lines.refresh()
        for setting, row in self._rows.values():
            self._show(setting, row)
        problem = bool(self._desk.lines.devices.problem)
        self._sound_problem.setText(self.tr("No sound device could be opened.") if problem else "")
        self._sound_problem.setVisible(problem)
        self.salesforce_group.refresh()

    # rows

    def _add(self, setting: Declared) -> None:
        shown = setting.shown
        label, help = _word(shown.label), _word(shown.help) if shown.help else ""
        row: SettingRow
        match shown.control:
            case Control.LINES:
                self._groups[shown.section].addWidget(self.lines)
                return
            case Control.SIGN_IN:
                self._groups[shown.section].addWidget(self.salesforce_group)
                return
            case Control.LINE | Control.INPUT | Control.OUTPUT:
                row = PickerRow(label, help, self)
            case Control.SWITCH:
                row = SwitchRow(label, help, self)
            case Control.CHOICE:
                row = ChoiceRow(label, help, [(str(value), _word(word)) for value, word in shown.choices], self)
            case Control.TEXT:
                row = TextRow(label, help, self, empty=_USUAL_SUBJECT)
            case Control.WORDS:
                row = WordsRow(label, help, self, empty=", ".join(usual_results()))
            case Control.FACT:
                row = FactRow(label, help, self)
        row.changed.connect(lambda value: self._keep(setting, value))
        self._rows[f"{setting.table}.{setting.name}"] = (setting, row)
        self._groups[shown.section].addWidget(row)

    def _show(self, setting: Declared, row: SettingRow) -> None:
        value = self._value(setting)
        if not isinstance(row, PickerRow):
            row.show_value(_text(value, words=setting.shown.control is Control.FACT))
            return
        devices = self._desk.lines.devices
        match setting.shown.control:
            case Control.INPUT:
                row.offer(self._devices(devices.inputs), value)
            case Control.OUTPUT:
                row.offer(self._devices(devices.outputs), value)
            case _:
                row.offer(self._lines(), value if self._desk.lines.get(value) else "")

    def _value(self, setting: Declared) -> Any:
        lines = self._desk.lines
        if setting.table == "policy":
            return getattr(lines.policy, setting.name)  # the machine's rules included
        return getattr(getattr(lines.settings, setting.table) if setting.table else lines.settings, setting.name)

    def _keep(self, setting: Declared, value: str) -> None:
        lines, on = self._desk.lines, value == "yes"
        match setting.table, setting.name:
            case "audio", name:
                lines.set_audio(replace(lines.settings.audio, **_one(lines.settings.audio, name, value)))
            case "", "theme":
                self.choose_mode(ThemeMode(value))
            case "", "default_line":
                lines.set_default_line(value)
                self.line_chosen.emit()
            case "", "dnd":
                lines.set_dnd(on)
            case "", "notify_preview":
                lines.set_notify_preview(on)
            case "", "language":
                lines.set_language(Language(value))
            case "", "after_call":
                lines.set_after_call(AfterCall(value))
            case "", "relation_default":
                lines.set_relation_default(RelationDefault(value))
            case "", "call_subject":
                lines.set_call_subject(value)
            case "directory", "presence":
                lines.set_presence(on)
            case "", "dispositions":
                lines.set_dispositions(words_of(value))
            case _:
                raise AssertionError(f"nobody keeps {setting.table} {setting.name}")

    def _devices(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        real = [(name, name) for name in names if name not in {"default", "none"}]
        return [("default", self.tr("As the system")), *real, ("none", self.tr("None"))]

    def _lines(self) -> list[tuple[str, str]]:
        offers = [("", self.tr("The first one"))]
        for status in self._desk.lines.all():
            line = status.line
            number = present.number_text(line.number, line.region) if line.number else clean_line(line.id)
            offers.append((line.id, number))
        return offers

    def _group(self, title: str) -> QVBoxLayout:
        body = self.add_card(title).body
        body.setSpacing(SPACE.between)  # more than between a control and its help: those belong together
        return body

    # what is no setting

    def _keys(self) -> None:
        body = self._group(self.tr("Keyboard"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.between)
        grid.setVerticalSpacing(SPACE.unit)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnStretch(1, 1)
        keys = (
            (self.tr("Ctrl+K or /"), self.tr("Search, dial or give a command")),
            ("F4", self.tr("Answer the call that rings")),
            ("Shift+F4", self.tr("Reject it")),
            ("Ctrl+M", self.tr("Mute or unmute")),
            ("Ctrl+Shift+H", self.tr("Hold or resume")),
            ("Ctrl+Shift+E", self.tr("End the call")),
            (self.tr("Ctrl+Enter"), self.tr("Log the call that has ended; Esc leaves it for later")),
            (self.tr("Ctrl+1 to 3"), self.tr("Calls, Messages, People")),
            ("Ctrl+,", self.tr("Settings")),
            ("Ctrl+D", self.tr("Details of the person, where they are folded away")),
        )
        for row, (key, does) in enumerate(keys):
            grid.addWidget(PlainLabel(key, self, role=ColourRole.MUTED), row, 0)
            grid.addWidget(PlainLabel(does, self), row, 1)
        body.addLayout(grid)

    def _about(self) -> None:
        body = self._group(self.tr("About"))
        body.addWidget(PlainLabel(self.tr("Ringdown {version}").format(version=VERSION), self, selectable=True))


def _one(table: object, name: str, value: str) -> dict[str, Any]:
    """The changed field; a switch's text becomes a bool again."""
    return {name: value == "yes" if isinstance(getattr(table, name), bool) else value}


def _text(value: Any, *, words: bool) -> str:
    """A value as its row takes it; ``words`` for people to read."""
    if isinstance(value, bool):
        if not words:
            return "yes" if value else "no"
        return _word("On") if value else _word("Off")
    if isinstance(value, tuple):
        value = ", ".join(str(item) for item in value)
    return str(value) or (QCoreApplication.translate("Settings", "not set") if words else "")


def _word(text: str) -> str:
    """The words a setting is declared with, in the rep's language."""
    return QCoreApplication.translate("Settings", text)
