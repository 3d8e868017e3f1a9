"""A choice from a list, closed: the value that holds now, and a menu of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from ui.components import clean_line
from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, draw_line, focus_ring, rounded
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, ColourRole


class Picker(Pressable):
    """`picked` with the value the rep chose. The wheel passes over it: it scrolls the page, not the choice."""

    picked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name`` says what is chosen here, for screen readers."""
        self._name = name
        self._value = ""
        self._offers: tuple[tuple[str, str], ...] = ()
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> str:
        """What holds now."""
        return self._value

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """(value, word) pairs."""
        return self._offers

    def offer(self, offers: Sequence[tuple[str, str]], value: str) -> None:
        """Offer (value, word) pairs; a ``value`` that is not among them stays in the list, marked as gone."""
        words = dict(offers)
        if value not in words:
            words[value] = self.tr("{name} (not there now)").format(name=clean_line(value))
        self._offers = tuple(words.items())
        self._value = value
        self.set_word(words[value])
        self.setAccessibleName(clean_line(f"{self._name}: {self._word}"))
        self.setToolTip(plain_tip(self._word))

    def menu_of_offers(self) -> QMenu:
        """The menu. The caller owns it."""
        menu = QMenu(self)
        menu.setMinimumWidth(self.width())
        group = QActionGroup(menu)
        for value, word in self._offers:
            action = QAction(clean_line(word).replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(value == self._value)
            action.triggered.connect(self._picker(value))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def nextCheckState(self) -> None:  # a press opens the menu and checks nothing
        menu = self.menu_of_offers()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + SPACE.unit)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(METRICS.list, METRICS.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(METRICS.list // 2, METRICS.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        edge = ColourRole.BORDER_STRONG if self.underMouse() and self.isEnabled() else ColourRole.BORDER
        rounded(painter, rect, METRICS.radius, ColourRole.SUNKEN, edge)
        arrow = QRectF(rect.right() - METRICS.icon_small - SPACE.inside, 0, METRICS.icon_small, rect.height())
        words = QRectF(SPACE.gap, 0, arrow.left() - SPACE.gap - SPACE.unit, rect.height())
        ink = ColourRole.TEXT if self.isEnabled() else ColourRole.DISABLED
        draw_line(painter, words, self._word, theme().font(), ink)
        draw_icon(painter, "chevron-down", arrow, ColourRole.MUTED, METRICS.icon_small)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()

    def _picker(self, value: str) -> Callable[[], None]:
        def pick() -> None:
            if value != self._value:
                self.offer(self._offers, value)
                self.picked.emit(value)

        return pick
