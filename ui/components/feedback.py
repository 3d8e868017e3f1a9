"""What a page says about itself: a quiet bar, an empty page, a page on its way."""

from enum import StrEnum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMoveEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from ui.components.buttons import Button, ButtonKind, IconButton
from ui.components.labels import PlainLabel
from ui.components.marks import Glyph
from ui.components.paint import antialiased, rounded
from ui.components.paragraph import Paragraph
from ui.components.plain import clean_text
from ui.design.theme import theme
from ui.design.tokens import METRICS, MOTION, SPACE, TYPE, ColourRole, Weight

__all__ = ["Banner", "BannerKind", "EmptyState", "Skeleton"]

_SENTENCE = 264  # pixels: what a list of 320 has room for
_ICON_AT = 0.3  # of the pane's height


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
        self._own_icon = icon
        self._glyph = Glyph(icon or name, ink, METRICS.icon_small, self)
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
        self.setAccessibleName(clean_text(text))
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
        self._glyph.show_icon(self._own_icon or name, ink)
        self._label.setText(text)
        self.setAccessibleName(clean_text(text))
        self._action.set_word(action)
        self._action.setVisible(bool(action))
        self.update()

    def set_closable(self, closable: bool) -> None:
        """Whether the rep may put the bar away."""
        self._close.setVisible(closable)

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour(_BANNERS[self._kind][1]))
        painter.end()


class EmptyState(QWidget):
    """A page with nothing on it yet: what will appear here, and the first step.

    Its icon stands at the same height in every pane, however long the words below it are.
    """

    acted = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        sentence: str,
        parent: QWidget | None = None,
        *,
        action: str = "",
        kind: ButtonKind = ButtonKind.SECONDARY,
        within: QWidget | None = None,
    ) -> None:
        """``within`` is the pane whose height counts, when something else stands above this page in it."""
        super().__init__(parent)
        self._within = within
        centre = Qt.AlignmentFlag.AlignHCenter
        self._glyph = Glyph(icon, ColourRole.BORDER_STRONG, 40, self)
        self._title = PlainLabel(title, self, size=TYPE.name, weight=Weight.STRONG, align=centre)
        self._sentence = Paragraph(sentence, _SENTENCE, self, role=ColourRole.MUTED, align=centre)
        self._action = Button(action, kind, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, 0, SPACE.page, SPACE.inside)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.setSpacing(SPACE.inside)
        self._above = QSpacerItem(0, SPACE.page, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        column.addItem(self._above)
        column.addWidget(self._glyph, 0, centre)
        column.addSpacing(SPACE.unit)
        column.addWidget(self._title)
        column.addWidget(self._sentence, 0, centre)
        column.addSpacing(SPACE.inside)
        column.addWidget(self._action, 0, centre)
        column.addStretch(1)
        self._action.clicked.connect(self.acted)
        self.set_words(title, sentence, action)

    @property
    def icon_top(self) -> int:
        """Where the icon begins, from the top of the page in pixels."""
        return self._glyph.y()

    def set_words(self, title: str, sentence: str, action: str = "") -> None:
        """Say something else, as when a filter finds nothing."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._action.set_word(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(clean_text(title))
        self.setAccessibleDescription(clean_text(sentence))
        self._level()

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._glyph.show_icon(icon, ColourRole.BORDER_STRONG)

    def minimumSizeHint(self) -> QSize:
        return QSize(_SENTENCE, _SENTENCE // 2)  # the room above the icon gives way first

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._level()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._level()

    def _level(self) -> None:
        pane = self._within if self._within is not None and self._within.isAncestorOf(self) else self
        wanted = round(pane.height() * _ICON_AT) - self.mapTo(pane, QPoint(0, 0)).y()
        column = self.layout()
        assert column is not None
        content = column.sizeHint().height() - self._above.sizeHint().height()
        above = max(SPACE.inside, min(wanted, self.height() - content))
        if above != self._above.sizeHint().height():
            self._above.changeSize(0, above, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            column.invalidate()
            column.activate()  # now: the icon must not be seen on its way


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
