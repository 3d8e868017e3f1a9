"""Trying the sound on the settings page: how loud microphone and speaker are, and tests that say what they found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.events import CallChanged, LevelsHeard, LinesChanged, PhoneBack, PhoneLost, SoundTestMoved
from app.domain.phone_events import SoundStep, SoundTest
from app.errors import AppError
from ui.components import Button, FlowLayout, PlainLabel
from ui.components.paint import antialiased, rounded
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.setting_rows import SettingRow

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_QUIETEST = -60  # dB below full scale: the empty meter
_UNDER_WAY = {SoundStep.LISTENING, SoundStep.PLAYING}
_BAD = {SoundStep.SILENT, SoundStep.FAINT, SoundStep.NO_DEVICE}


class LevelBar(QWidget):
    """How loud it is now, from -60 dB to full scale. It rises at once and falls slowly, as people expect of a meter."""

    _FALL = 0.12

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0.0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def level(self) -> float:
        """What it shows, 0 to 1."""
        return self._level

    def show_level(self, decibel: int) -> None:
        """Show a loudness in dB below full scale."""
        heard = min(1.0, max(0.0, 1 - decibel / _QUIETEST))
        level = max(heard, self._level - self._FALL)
        if level != self._level:
            self._level = level
            self.update()

    def rest(self) -> None:
        """Nobody measures any more."""
        self._level = 0.0
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(METRICS.list, METRICS.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        height = SPACE.inside
        well = QRectF(0.0, (self.height() - height) / 2, self.width(), height)
        rounded(painter, well, height / 2, ColourRole.SUNKEN, ColourRole.BORDER)
        if self._level > 0:
            lit = QRectF(well.left(), well.top(), max(height, well.width() * self._level), height)
            rounded(painter, lit, height / 2, ColourRole.LIVE)
        painter.end()


class _Row(SettingRow):
    """A label and something beside it."""

    def show_value(self, value: str) -> None:
        """It holds no value."""


class SoundTrial(QWidget):
    """Meters while it is in sight, and the tests. The devices are open for it only as long as it is looked at."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._running = SoundTest.NONE
        self._watching = False
        self.microphone = LevelBar(self.tr("Microphone level"))
        self.speaker = LevelBar(self.tr("Speaker level"))
        self.buttons = {
            SoundTest.SPEAKER: Button(self.tr("Play on the speaker"), icon="speaker"),
            SoundTest.RINGER: Button(self.tr("Play on the ringer"), icon="phone-in"),
            SoundTest.LOOP: Button(self.tr("Record and play back"), icon="mic"),
        }
        self.call = Button(self.tr("Test call"), icon="phone")
        self.result = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        for test, button in self.buttons.items():
            button.clicked.connect(self._starter(test))
        self.call.clicked.connect(self._call_echo)
        for button in self.buttons.values():
            button.setMinimumWidth(button.sizeHint().width())  # "Stop" must not make the others move
        self._names = {test: button.word for test, button in self.buttons.items()}
        tries = QWidget()
        flow = FlowLayout(tries)
        for each in (*self.buttons.values(), self.call):
            flow.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.inside)
        column.addWidget(_Row(self.tr("Microphone hears"), "", self.microphone, self))
        column.addWidget(_Row(self.tr("Speaker plays"), "", self.speaker, self))
        column.addWidget(_Row(self.tr("Try it"), "", tries, self))
        column.addWidget(self.result)
        self.result.setMinimumHeight(METRICS.icon_small + SPACE.unit)
        desk.hub.subscribe(LevelsHeard, self._heard)
        desk.hub.subscribe(SoundTestMoved, self._moved)
        desk.hub.subscribe(PhoneLost, lambda _: self._phone_lost())
        desk.hub.subscribe(PhoneBack, lambda _: self._phone_back())
        for kind in (CallChanged, LinesChanged):
            desk.hub.subscribe(kind, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be tried now."""
        talks = bool(self._desk.calls.live())
        for test, button in self.buttons.items():
            button.setEnabled(not talks)
            runs = test is self._running
            button.set_word(self.tr("Stop") if runs else self._names[test])
        waits = self.tr("Not while there is a call.")
        if talks:
            self._say(waits, bad=False)
        elif self.result.text() == waits:
            self._say("", bad=False)
        self.call.setVisible(bool(self._echo()))
        self.call.setEnabled(not talks)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._watch(not self.window().isMinimized())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.window().removeEventFilter(self)
        self._watch(False)
        if self._running is not SoundTest.NONE:
            self._desk.lines.test_sound(SoundTest.NONE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is put away needs no microphone."""
        if event.type() == QEvent.Type.WindowStateChange:
            self._watch(self.isVisible() and not self.window().isMinimized())
        return False

    def _watch(self, on: bool) -> None:
        if on != self._watching:
            self._watching = on
            self._desk.lines.watch_levels(on)
            for bar in (self.microphone, self.speaker):
                bar.rest()

    def _echo(self) -> str:
        try:
            return self._desk.lines.choose().echo
        except AppError:  # no line yet: nothing to call
            return ""

    def _call_echo(self) -> None:
        self._nav.call_wanted.emit(self._echo(), self._desk.lines.choose().id, "")

    def _starter(self, test: SoundTest) -> Callable[[], None]:
        def start() -> None:
            self._desk.lines.test_sound(SoundTest.NONE if self._running is test else test)

        return start

    def _heard(self, event: LevelsHeard) -> None:
        if self._watching:
            self.microphone.show_level(event.microphone)
            self.speaker.show_level(event.speaker)

    def _moved(self, event: SoundTestMoved) -> None:
        if event.step in _UNDER_WAY:
            self._running = event.test
        elif event.test is self._running:
            self._running = SoundTest.NONE
        self._say(self._words(event.test, event.step), bad=event.step in _BAD)
        self.refresh()

    def _phone_lost(self) -> None:
        self._running = SoundTest.NONE
        self._say("", bad=False)
        for bar in (self.microphone, self.speaker):
            bar.rest()
        self.refresh()

    def _phone_back(self) -> None:
        if self._watching:
            self._desk.lines.watch_levels(True)

    def _say(self, words: str, *, bad: bool) -> None:
        self.result.setText(words)
        self.result.set_role(ColourRole.DANGER_TEXT if bad else ColourRole.MUTED)

    def _words(self, test: SoundTest, step: SoundStep) -> str:
        match step, test:
            case SoundStep.LISTENING, _:
                return self.tr("Say something: you are recorded for five seconds.")
            case SoundStep.PLAYING, SoundTest.LOOP:
                return self.tr("This is how you sound to others.")
            case SoundStep.PLAYING, _:
                return self.tr("You should hear a few notes now.")
            case SoundStep.DONE, _:
                return self.tr("If you heard nothing, choose another device.")
            case SoundStep.HEARD, _:
                return self.tr("We heard you. If you did not hear yourself, choose another speaker.")
            case SoundStep.FAINT, _:
                return self.tr("We heard you only faintly: come nearer, or turn the microphone up.")
            case SoundStep.SILENT, _:
                return self.tr("The microphone is silent: choose another one.")
            case SoundStep.NO_DEVICE, _:
                return self.tr("The device could not be opened: choose another one.")
            case _:
                return ""
