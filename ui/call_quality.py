"""How a call sounds: bars with their words, a plain sentence when it is bad, and a lock when it is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.call import Call
from app.domain.call_quality import CallSound, Complaint
from app.domain.events import CallSoundChanged
from app.errors import AppError
from ui.components import PlainLabel
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, rounded
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_FIXED = QSizePolicy.Policy.Fixed


class SignalBars(QWidget):
    """Three bars, 0 to 3 of them lit. Neutral in colour: the words say whether it is good."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = 0
        self.setSizePolicy(_FIXED, _FIXED)
        theme().changed.connect(self.update)
        self.hide()

    @property
    def bars(self) -> int:
        """How many are lit."""
        return self._bars

    def show_sound(self, sound: CallSound | None) -> None:
        """Show a call's figures; nothing before the first."""
        self.setVisible(sound is not None)
        if sound is not None:
            word = f"{bars_text(sound.bars)}. {figures_text(sound)}"
            self._bars = sound.bars
            self.setToolTip(plain_tip(word))
            self.setAccessibleName(bars_text(sound.bars))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(16, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        for bar, height in enumerate((5, 9, 13)):
            at = QRectF(1 + bar * 5, 14.5 - height, 3, height)
            rounded(painter, at, 1.5, ColourRole.MUTED if bar < self._bars else ColourRole.BORDER)
        painter.end()


class Lock(QWidget):
    """The sound of the call is encrypted, as its stream says. Hidden when it is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(_FIXED, _FIXED)
        self.setAccessibleName(self.tr("Encrypted"))
        self.setToolTip(plain_tip(self.tr("The sound of this call is encrypted.")))
        theme().changed.connect(self.update)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(METRICS.icon_small, METRICS.icon_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, "lock", QRectF(self.rect()), ColourRole.MUTED, METRICS.icon_small)
        painter.end()


class CallQualityRow(QWidget):
    """One line of a call's page. It keeps its place while the call lives, so that nothing moves when it speaks."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._call: Call | None = None
        self.bars = SignalBars(self)
        self.lock = Lock(self)
        self._words = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self._secret = PlainLabel(self.tr("Encrypted"), self, size=TYPE.muted, role=ColourRole.MUTED)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.inside)
        row.addWidget(self.bars)
        row.addWidget(self._words, 1)
        row.addWidget(self.lock)
        row.addWidget(self._secret)
        self.setFixedHeight(METRICS.icon_small + SPACE.unit)
        desk.hub.subscribe(CallSoundChanged, self._told)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def show_call(self, call: Call) -> None:
        """Show how a call sounds, or a past one sounded; a past one without figures has no line."""
        self._call = call
        sound = self._desk.calls.quality(call.id)
        if sound is None and not call.is_live and call.answered is not None:
            try:
                sound = self._desk.reads.call_sound(call.id)
            except AppError as error:
                self._nav.trouble.emit(error)
        encrypted = call.encrypted if call.is_live else sound is not None and sound.encrypted
        self.bars.show_sound(sound)
        self.lock.setVisible(encrypted)
        self._secret.setVisible(encrypted)
        wrong = sound is not None and call.is_connected and sound.complaint is not Complaint.NONE
        self._words.setText(self._said(call, sound))
        self._words.set_role(ColourRole.DANGER_TEXT if wrong else ColourRole.MUTED)
        self.setVisible(call.is_live or sound is not None)

    def _said(self, call: Call, sound: CallSound | None) -> str:
        if sound is None:
            return ""
        if call.is_live:
            return complaint_text(sound.complaint) or bars_text(sound.bars)
        return f"{bars_text(sound.bars)} · {figures_text(sound)}"

    def _told(self, event: CallSoundChanged) -> None:
        call = self._desk.calls.get(event.call_id)
        if self._call is not None and call is not None and call.id == self._call.id:
            self.show_call(call)


class StripMarks(QWidget):
    """Bars and lock for a call's strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars = SignalBars(self)
        self.lock = Lock(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, SPACE.unit, 0)
        row.setSpacing(SPACE.unit)
        row.addWidget(self.lock)
        row.addWidget(self.bars, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_call(self, call: Call, sound: CallSound | None) -> None:
        """Show how a live call sounds."""
        self.bars.show_sound(sound)
        self.lock.setVisible(call.encrypted)


def bars_text(bars: int) -> str:
    """The words of so many bars."""
    match bars:
        case 3:
            return QCoreApplication.translate("Quality", "Good sound")
        case 2:
            return QCoreApplication.translate("Quality", "Fair sound")
        case 1:
            return QCoreApplication.translate("Quality", "Poor sound")
        case _:
            return QCoreApplication.translate("Quality", "Bad sound")


def complaint_text(complaint: Complaint) -> str:
    """What is wrong, in one sentence; empty when nothing is."""
    match complaint:
        case Complaint.SILENT:
            return QCoreApplication.translate("Quality", "No sound comes from the other side.")
        case Complaint.RECEIVING:
            return QCoreApplication.translate("Quality", "Your network is losing packets.")
        case Complaint.SENDING:
            return QCoreApplication.translate("Quality", "The other side hears you badly.")
        case Complaint.UNEVEN:
            return QCoreApplication.translate("Quality", "Your network is uneven: words may be cut.")
        case Complaint.LATE:
            return QCoreApplication.translate("Quality", "The sound is late: leave pauses.")
        case Complaint.NONE:
            return ""


def figures_text(sound: CallSound) -> str:
    """The figures for those who want them: opinion, loss, round trip, codec."""
    return QCoreApplication.translate("Quality", "MOS {mos}, {loss} lost, {rtt} ms round trip, {codec}").format(
        mos=_decimal(sound.mos),
        loss=_decimal(100 * sound.loss) + " %",
        rtt=round(sound.rtt_ms),
        codec=_CODECS.get(sound.codec, sound.codec),
    )


_CODECS = {"G722": "G.722", "PCMU": "G.711 µ-law", "PCMA": "G.711 A-law"}


def _decimal(value: float) -> str:
    return QLocale().toString(value, "f", 1)
