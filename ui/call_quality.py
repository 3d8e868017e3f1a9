"""How a call sounds: bars with their words, a plain sentence when it is bad, and a lock when it is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.call import Call
from app.domain.call_quality import CallSound, Complaint
from app.errors import AppError
from ui.components import PlainLabel
from ui.components.labels import plain_tip
from ui.components.marks import draw_bars
from ui.components.paint import antialiased
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
        draw_bars(painter, self._bars, ColourRole.MUTED, ColourRole.BORDER)
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


class CallMarks(QWidget):
    """Lock and bars of a live call, small, for its head and its strip. A past call has none."""

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
        self.bars.show_sound(sound if call.is_live else None)
        self.lock.setVisible(call.is_live and call.encrypted)


class CallRemark(PlainLabel):
    """What is wrong with the sound of a live call. It stands in the free place beside the call's buttons, so that
    nothing moves when it speaks."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        """``height`` in pixels: that of the buttons."""
        super().__init__("", parent, size=TYPE.muted, role=ColourRole.DANGER_TEXT, wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(height)

    def show_call(self, call: Call, sound: CallSound | None) -> None:
        """Say what is wrong, or nothing."""
        said = complaint_text(sound.complaint) if sound is not None and call.is_connected else ""
        self.setText(said)
        self.setToolTip(plain_tip(said))  # a system's font may be wider than the room


class CallFigures(QWidget):
    """How a past call sounded, in one line of its page; hidden when nobody knows."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
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
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def show_call(self, call: Call) -> None:
        """Show how a past call sounded."""
        sound = None if call.is_live or call.answered is None else self._sound(call.id)
        encrypted = sound is not None and sound.encrypted
        self.bars.show_sound(sound)
        self.lock.setVisible(encrypted)
        self._secret.setVisible(encrypted)
        self._words.setText(f"{bars_text(sound.bars)} · {figures_text(sound)}" if sound is not None else "")
        self.setVisible(sound is not None)

    def _sound(self, call_id: str) -> CallSound | None:
        known = self._desk.calls.quality(call_id)
        if known is not None:
            return known
        try:
            return self._desk.reads.call_sound(call_id)
        except AppError as error:
            self._nav.trouble.emit(error)
            return None


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
