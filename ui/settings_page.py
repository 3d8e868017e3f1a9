"""Settings: lines, sound, colours, Salesforce, the keys. Every change is kept at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import VERSION
from app.domain.events import CrmStateChanged, DevicesListed, LinesChanged, LineStateChanged
from app.settings import Theme as ThemeSetting
from ui import present
from ui.components import Button, Card, Chip, PlainLabel, SectionTitle, Separator, StateDot, clean_line
from ui.design.theme import ThemeMode, theme
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.picker import Picker
from ui.top_bar import LINE_DOTS
from ui.words import error_sentence, line_reason

if TYPE_CHECKING:
    from app.desk import Desk
    from app.usecases.lines import LineStatus

_WIDTH = 640
_LABEL = 120


class SettingsPage(QScrollArea):
    """One column of groups."""

    def __init__(self, desk: Desk, import_file: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._import = import_file
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Settings"))
        inside = QWidget(self)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE.inside)
        middle = QHBoxLayout(inside)
        middle.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        middle.addStretch(1)
        middle.addLayout(self._column, 100)
        middle.addStretch(1)
        self._column.addWidget(PlainLabel(self.tr("Settings"), inside, size=TYPE.call, weight=Weight.STRONG))
        self._lines = self._group(self.tr("Lines"))
        self._choices = self._sound()
        self._modes = self._colours()
        self._salesforce = self._group(self.tr("Salesforce"))
        self._keys()
        self._about()
        self._column.addStretch(1)
        self.setWidget(inside)
        for kind in (LinesChanged, LineStateChanged):
            desk.hub.subscribe(kind, lambda _: self._show_lines())
        desk.hub.subscribe(DevicesListed, lambda _: self._show_devices())
        desk.hub.subscribe(CrmStateChanged, lambda _: self._show_salesforce())
        theme().changed.connect(self._show_mode)
        self._show_lines()
        self._show_devices()
        self._show_salesforce()
        self._show_mode()

    @property
    def choices(self) -> dict[str, Picker]:
        """The device lists: input, output, ringer."""
        return dict(self._choices)

    @property
    def modes(self) -> dict[ThemeMode, Chip]:
        """The colour choices."""
        return self._modes

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._desk.lines.list_devices()

    def _group(self, title: str) -> QVBoxLayout:
        self._column.addSpacing(SPACE.inside)
        self._column.addWidget(SectionTitle(title, self))
        card = Card(self)
        card.setMaximumWidth(_WIDTH)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._column.addWidget(card)
        return card.body

    def _sound(self) -> dict[str, Picker]:
        body = self._group(self.tr("Sound"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.between)
        grid.setVerticalSpacing(SPACE.inside)
        grid.setColumnMinimumWidth(0, _LABEL)
        grid.setColumnStretch(1, 1)
        made: dict[str, Picker] = {}
        words = {
            "input": self.tr("Microphone"),
            "output": self.tr("Speaker"),
            "ringer": self.tr("Ringer"),
        }
        for row, (name, word) in enumerate(words.items()):
            label = PlainLabel(word, self)
            choice = Picker(word, self)
            choice.picked.connect(lambda _, name=name: self._keep_audio(name))
            grid.addWidget(label, row, 0)
            grid.addWidget(choice, row, 1)
            made[name] = choice
        body.addLayout(grid)
        self._sound_problem = PlainLabel("", self, size=TYPE.muted, role=ColourRole.DANGER_TEXT, wrap=True)
        body.addWidget(self._sound_problem)
        return made

    def _colours(self) -> dict[ThemeMode, Chip]:
        body = self._group(self.tr("Colours"))
        row = QHBoxLayout()
        row.setSpacing(SPACE.inside)
        group = QButtonGroup(self)
        group.setExclusive(True)
        words = {
            ThemeMode.SYSTEM: self.tr("As the system"),
            ThemeMode.LIGHT: self.tr("Light"),
            ThemeMode.DARK: self.tr("Dark"),
        }
        made: dict[ThemeMode, Chip] = {}
        for mode, word in words.items():
            chip = Chip(word, self)
            chip.clicked.connect(lambda _=False, mode=mode: self.choose_mode(mode))
            group.addButton(chip)
            row.addWidget(chip)
            made[mode] = chip
        row.addStretch(1)
        body.addLayout(row)
        return made

    def _keys(self) -> None:
        body = self._group(self.tr("Keyboard"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.between)
        grid.setVerticalSpacing(SPACE.unit)
        grid.setColumnMinimumWidth(0, _LABEL)
        grid.setColumnStretch(1, 1)
        keys = (
            (self.tr("Ctrl+K or /"), self.tr("Search, dial or give a command")),
            ("F4", self.tr("Answer the call that rings")),
            (self.tr("Shift+F4"), self.tr("Reject it")),
            (self.tr("Ctrl+M"), self.tr("Mute or unmute")),
            (self.tr("Ctrl+Shift+H"), self.tr("Hold or resume")),
            (self.tr("Ctrl+Shift+E"), self.tr("End the call")),
            (self.tr("Ctrl+1 to 3"), self.tr("Calls, Messages, People")),
            (self.tr("Ctrl+,"), self.tr("Settings")),
            (self.tr("Ctrl+D"), self.tr("Details of the person, where they are folded away")),
        )
        for row, (key, does) in enumerate(keys):
            grid.addWidget(PlainLabel(key, self, role=ColourRole.MUTED), row, 0)
            grid.addWidget(PlainLabel(does, self), row, 1)
        body.addLayout(grid)

    def _about(self) -> None:
        body = self._group(self.tr("About"))
        body.addWidget(PlainLabel(self.tr("Ringdown {version}").format(version=VERSION), self, selectable=True))

    def _show_lines(self) -> None:
        _empty(self._lines)
        statuses = self._desk.lines.all()
        for at, status in enumerate(statuses):
            if at:
                self._lines.addWidget(Separator(self))
            self._lines.addWidget(self._line(status))
        if not statuses:
            text = self.tr("No line is set up yet. Import the provisioning file from your admin.")
            self._lines.addWidget(PlainLabel(text, self, role=ColourRole.MUTED, wrap=True))
        button = Button(self.tr("Import provisioning file…"), icon="download", parent=self)
        button.clicked.connect(self._import)
        self._lines.addSpacing(SPACE.unit)
        self._lines.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _line(self, status: LineStatus) -> QWidget:
        line = status.line
        words = {
            "registered": self.tr("Ready"),
            "registering": self.tr("Connecting"),
            "failed": self.tr("Not connected"),
            "off": self.tr("Off"),
        }
        word = words[status.state.value]
        made = QWidget(self)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.gap)
        texts = QVBoxLayout()
        texts.setSpacing(SPACE.half)
        number = present.number_text(line.number, line.region) if line.number else line.id
        texts.addWidget(PlainLabel(number, made, number=True, tabular=True, weight=Weight.MEDIUM))
        below = line_reason(status.reason.value)
        texts.addWidget(PlainLabel(line.uri, made, size=TYPE.muted, role=ColourRole.MUTED))
        if below:
            role = ColourRole.DANGER_TEXT if status.state.value == "failed" else ColourRole.MUTED
            texts.addWidget(PlainLabel(below, made, size=TYPE.muted, role=role, wrap=True))
        row.addWidget(StateDot(LINE_DOTS[status.state.value], word, made), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(PlainLabel(word, made, size=TYPE.muted, role=ColourRole.MUTED))
        return made

    def _show_devices(self) -> None:
        devices = self._desk.lines.devices
        audio = self._desk.lines.settings.audio
        self._choices["input"].offer(self._offers(devices.inputs), audio.input)
        self._choices["output"].offer(self._offers(devices.outputs), audio.output)
        self._choices["ringer"].offer(self._offers(devices.outputs), audio.ringer)
        self._sound_problem.setText(self.tr("No sound device could be opened.") if devices.problem else "")
        self._sound_problem.setVisible(bool(devices.problem))

    def _offers(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        real = [(name, name) for name in names if name not in {"default", "none"}]
        return [("default", self.tr("As the system")), *real, ("none", self.tr("None"))]

    def _keep_audio(self, name: str) -> None:
        chosen = self._choices[name].value
        audio = self._desk.lines.settings.audio
        changed = replace(audio, **{name: chosen})
        if changed != audio:
            self._desk.lines.set_audio(changed)

    def choose_mode(self, mode: ThemeMode) -> None:
        """Wear these colours from now on."""
        theme().set_mode(mode)
        self._desk.lines.set_theme(ThemeSetting(mode.value))
        self._show_mode()

    def _show_mode(self) -> None:
        for mode, chip in self._modes.items():
            chip.setChecked(mode is theme().mode)

    def _show_salesforce(self) -> None:
        _empty(self._salesforce)
        status = self._desk.login.status
        user = clean_line(status.user.name) if status.user else ""
        match status.state.value:
            case "signed-in":
                said, role = self.tr("Signed in as {name}").format(name=user), ColourRole.TEXT
            case "offline":
                said, role = self.tr("Offline. What you write waits here and goes out later."), ColourRole.WAIT_TEXT
            case _ if status.problem is not None:
                said, role = error_sentence(status.problem), ColourRole.DANGER_TEXT
            case _:
                said = self.tr("Not signed in. The provisioning file of your admin brings the sign-in.")
                role = ColourRole.MUTED
        self._salesforce.addWidget(PlainLabel(said, self, role=role, wrap=True))
        if status.instance:
            label = PlainLabel(status.instance, self, size=TYPE.muted, role=ColourRole.MUTED, selectable=True)
            self._salesforce.addWidget(label)


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
