"""What a page says about itself: a quiet bar, an empty page, a page on its way."""

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.components.buttons import Button, ButtonKind, IconButton
from ui.components.labels import PlainLabel
from ui.components.paint import antialiased, rounded
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, MOTION, SPACE, TYPE, ColourRole, Weight

__all__ = ["Banner", "BannerKind", "EmptyState", "Skeleton"]


class BannerKind(StrEnum):
    """What a bar is about."""

    INFO = "info"
    OFFLINE = "offline"  # something waits; the rest works
    ERROR = "error"


_BANNERS = {
    BannerKind.INFO: ("info", ColourRole.ACCENT_SOFT, ColourRole.ACCENT_TEXT),
    BannerKind.OFFLINE: ("wifi-off", ColourRole.WAIT_SOFT, ColourRole.WAIT_TEXT),
    BannerKind.ERROR: ("alert", ColourRole.DANGER_SOFT, ColourRole.DANGER_TEXT),
}


class _Glyph(QWidget):
    """An icon that only decorates."""

    def __init__(self, icon: str, role: ColourRole, size: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon, self.role, self._size = icon, role, size
        self.setFixedSize(size, size)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, self.icon, QRectF(self.rect()), self.role, self._size)
        painter.end()


class Banner(QWidget):
    """A quiet bar over a page: what happened and what still works, with at most one action.

    Not for what the rep must act on at once.
    """

    acted = Signal()
    closed = Signal()

    def __init__(
        self,
        kind: BannerKind,
        text: str,
        parent: QWidget | None = None,
        *,
        action: str = "",
        closable: bool = False,
        icon: str = "",
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        name, _, ink = _BANNERS[kind]
        self._own_icon = bool(icon)
        self._glyph = _Glyph(icon or name, ink, METRICS.icon_small, self)
        self._label = PlainLabel(text, self, wrap=True)
        self._action = Button(action, ButtonKind.GHOST, parent=self, small=True)
        self._close = IconButton(
            "close", self.tr("Dismiss"), self, size=METRICS.control_small, icon_size=METRICS.icon_small
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE.gap, SPACE.unit, SPACE.inside, SPACE.unit)
        line.setSpacing(SPACE.inside)
        line.addWidget(self._glyph)
        line.addWidget(self._label, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._action)
        line.addWidget(self._close)
        self.setMinimumHeight(METRICS.control + SPACE.unit)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(text)
        self._action.setVisible(bool(action))
        self._close.setVisible(closable)
        self._action.clicked.connect(self.acted)
        self._close.clicked.connect(self._dismiss)
        theme().changed.connect(self.update)

    @property
    def kind(self) -> BannerKind:
        """What the bar is about."""
        return self._kind

    def show_text(self, kind: BannerKind, text: str, action: str = "") -> None:
        """Say something else."""
        self._kind = kind
        name, _, ink = _BANNERS[kind]
        if not self._own_icon:
            self._glyph.icon = name
        self._glyph.role = ink
        self._glyph.update()
        self._label.setText(text)
        self.setAccessibleName(text)
        self._action.set_word(action)
        self._action.setVisible(bool(action))
        self.update()

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour(_BANNERS[self._kind][1]))
        painter.end()


class EmptyState(QWidget):
    """A page with nothing on it yet: what will appear here, and the first step."""

    acted = Signal()

    def __init__(
        self, icon: str, title: str, sentence: str, parent: QWidget | None = None, *, action: str = ""
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._title = PlainLabel(title, self, size=TYPE.name, weight=Weight.STRONG, align=centre)
        self._sentence = PlainLabel(sentence, self, role=ColourRole.MUTED, wrap=True, align=centre)
        self._sentence.setFixedWidth(280)
        self._action = Button(action, ButtonKind.SECONDARY, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.inside)
        column.addStretch(2)
        column.addWidget(_Glyph(icon, ColourRole.BORDER_STRONG, 40, self), 0, centre)
        column.addSpacing(SPACE.unit)
        column.addWidget(self._title, 0, centre)
        column.addWidget(self._sentence, 0, centre)
        column.addSpacing(SPACE.unit)
        column.addWidget(self._action, 0, centre)
        column.addStretch(3)
        self._action.setVisible(bool(action))
        self._action.clicked.connect(self.acted)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def set_words(self, title: str, sentence: str, action: str = "") -> None:
        """Say something else, as when a filter finds nothing."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._action.set_word(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)


class Skeleton(QWidget):
    """Grey rows in the place of rows on their way: only after 150 ms, and they do not move."""

    shown = Signal()

    def __init__(self, rows: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MOTION.skeleton_after)
        self._timer.timeout.connect(self._appear)
        self.setAccessibleName(self.tr("Loading"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        theme().changed.connect(self.update)

    def start(self) -> None:
        """Show in 150 ms unless `stop` comes first."""
        if not self.isVisible():
            self._timer.start()

    def stop(self) -> None:
        """The rows are here."""
        self._timer.stop()
        self.hide()

    def _appear(self) -> None:
        self.show()
        self.shown.emit()

    def sizeHint(self) -> QSize:
        return QSize(METRICS.list, self._rows * METRICS.row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        painter.fillRect(self.rect(), theme().colour(ColourRole.SURFACE))
        room = max(self.width() - 56 - SPACE.between - 48, 40)
        for row in range(min(self._rows, self.height() // METRICS.row + 1)):
            top = row * METRICS.row
            rounded(painter, QRectF(16, top + 18, 20, 20), 10, ColourRole.HOVER)
            title, below = (0.62, 0.48, 0.7, 0.54)[row % 4], (0.4, 0.3, 0.34, 0.46)[row % 4]
            rounded(painter, QRectF(52, top + 14, room * title, 11), 5.5, ColourRole.HOVER)
            rounded(painter, QRectF(52, top + 33, room * below, 9), 4.5, ColourRole.HOVER)
            rounded(painter, QRectF(self.width() - 52, top + 15, 36, 9), 4.5, ColourRole.HOVER)
        painter.end()
