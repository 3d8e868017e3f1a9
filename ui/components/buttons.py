"""Buttons: words, icons, and what all of them do alike."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.components.focus import FocusRing
from ui.components.labels import plain_tip
from ui.components.paint import (
    antialiased,
    count_width,
    draw_count,
    draw_line,
    focus_ring,
    rounded,
    text_width,
)
from ui.components.plain import clean_line
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

__all__ = ["Button", "ButtonKind", "IconButton", "Pressable", "Tone"]

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class Pressable(QPushButton):
    """A button that its subclass paints: hover, Space and Enter, a ring when the keyboard is on it.

    A press with the mouse leaves the keyboard where it was. Who types notes and clicks "Mute" types on, and the next
    space must not press a button, least of all one that has become "Call" meanwhile.
    """

    def __init__(self, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = FocusRing()
        self._word = ""
        self.setFlat(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)
        self.set_word(word)

    @property
    def word(self) -> str:
        """What the button says."""
        return self._word

    def set_word(self, word: str) -> None:
        """Say something else; `word` is also the accessible name."""
        self._word = clean_line(word)
        self.setText(self._word.replace("&", "&&"))
        self.setAccessibleName(self._word)
        self.updateGeometry()
        self.update()

    @property
    def ring_visible(self) -> bool:
        """Whether the focus ring shows: the keyboard came here, not the mouse."""
        return self._ring.shown

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring.came(event)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring.went(event)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring.shown = True
        self.update()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def ground(self, rest: ColourRole | None = None) -> ColourRole | None:
        """The fill of a quiet button in its present state."""
        if not self.isEnabled():
            return rest
        if self.isDown():
            return ColourRole.PRESSED
        return ColourRole.HOVER if self.underMouse() else rest


class ButtonKind(StrEnum):
    """How much a button asks to be pressed."""

    PRIMARY = "primary"  # the one thing to do here; at most one in sight
    SECONDARY = "secondary"
    GHOST = "ghost"  # quiet: in rows, banners, toolbars
    DANGER = "danger"  # ends or rejects a call, deletes
    ANSWER = "answer"  # answers or places a call


_FILLS = {
    ButtonKind.PRIMARY: (ColourRole.ACCENT, ColourRole.ACCENT_HOVER),
    ButtonKind.DANGER: (ColourRole.DANGER, ColourRole.DANGER_HOVER),
    ButtonKind.ANSWER: (ColourRole.LIVE, ColourRole.LIVE_HOVER),
}


class Button(Pressable):
    """A word, with an icon before it if given. 32 px high, 28 with `small`."""

    def __init__(
        self,
        word: str,
        kind: ButtonKind = ButtonKind.SECONDARY,
        icon: str | None = None,
        parent: QWidget | None = None,
        *,
        small: bool = False,
    ) -> None:
        self._kind = kind
        self._icon = icon
        self._small = small
        super().__init__(word, parent)

    @property
    def kind(self) -> ButtonKind:
        """How much it asks to be pressed."""
        return self._kind

    def sizeHint(self) -> QSize:
        font = theme().font(TYPE.body, Weight.MEDIUM)
        side = SPACE.inside if self._small or self._kind is ButtonKind.GHOST else SPACE.gap
        icon = METRICS.icon_small + 6 if self._icon else 0
        width = 2 * side + icon + round(text_width(self._word, font) + 0.5)
        return QSize(width, METRICS.control_small if self._small else METRICS.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        ink = self._paint_ground(painter, rect)
        font = theme().font(TYPE.body, Weight.MEDIUM)
        words = text_width(self._word, font)
        icon = METRICS.icon_small + 6 if self._icon else 0
        left = max(rect.left() + 4, rect.center().x() - (words + icon) / 2)
        if self._icon:
            at = QRectF(left, rect.top(), METRICS.icon_small, rect.height())
            draw_icon(painter, self._icon, at, ink, METRICS.icon_small)
        draw_line(painter, QRectF(left + icon, 0, rect.right() - left - icon, rect.height()), self._word, font, ink)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> ColourRole:
        if self._kind in _FILLS:
            if not self.isEnabled():
                rounded(painter, rect, METRICS.radius, ColourRole.PRESSED)
                return ColourRole.MUTED
            rest, hover = _FILLS[self._kind]
            rounded(painter, rect, METRICS.radius, hover if self.underMouse() or self.isDown() else rest)
            return ColourRole.ON_FILL
        ink = ColourRole.TEXT if self.isEnabled() else ColourRole.DISABLED
        if self._kind is ButtonKind.GHOST:
            ground = self.ground()
            if ground is not None:
                rounded(painter, rect, METRICS.radius, ground)
            return ink if not self.isEnabled() else ColourRole.ACCENT_TEXT
        rounded(painter, rect, METRICS.radius, self.ground(ColourRole.RAISED), ColourRole.BORDER)
        return ink


class Tone(StrEnum):
    """What a switched-on icon button means."""

    ACCENT = "accent"
    LIVE = "live"
    DANGER = "danger"
    WAIT = "wait"


_TONES = {
    Tone.ACCENT: (ColourRole.ACCENT_SOFT, ColourRole.ACCENT_TEXT),
    Tone.LIVE: (ColourRole.LIVE_SOFT, ColourRole.LIVE_TEXT),
    Tone.DANGER: (ColourRole.DANGER_SOFT, ColourRole.DANGER_TEXT),
    Tone.WAIT: (ColourRole.WAIT_SOFT, ColourRole.WAIT_TEXT),
}


class IconButton(Pressable):
    """An icon that always has its word: below it with `show_word`, else as tooltip.

    `checkable` keeps it on or off (mute, hold, a page of the rail); `tone` colours the on state.
    `set_count` puts a small count on its corner.
    """

    def __init__(
        self,
        icon: str,
        word: str,
        parent: QWidget | None = None,
        *,
        show_word: bool = False,
        checkable: bool = False,
        tone: Tone = Tone.ACCENT,
        size: int = METRICS.control,
        icon_size: int = METRICS.icon,
        shortcut: str = "",
        role: ColourRole = ColourRole.MUTED,
    ) -> None:
        self._icon = icon
        self._show_word = show_word
        self._tone = tone
        self._size = size
        self._icon_size = icon_size
        self._keys = shortcut
        self._role = role
        self._count = 0
        self._also: tuple[str, ...] = ()
        super().__init__(word, parent)
        self.setCheckable(checkable)

    @property
    def icon_name(self) -> str:
        """The icon that shows."""
        return self._icon

    def set_icon_name(self, icon: str) -> None:
        """Show another icon, as mic and mic-off."""
        self._icon = icon
        self.update()

    def set_word(self, word: str) -> None:
        super().set_word(word)
        keys = f" ({self._keys})" if self._keys else ""
        self.setToolTip("" if self._show_word and not keys else plain_tip(self._word + keys))

    def keep_room(self, *words: str) -> None:
        """Be wide enough for these words too, which it will say at times: its neighbours stay where they are."""
        self._also = tuple(clean_line(word) for word in words)
        self.updateGeometry()

    @property
    def count(self) -> int:
        """The count on the corner; 0 shows none."""
        return self._count

    def set_count(self, count: int, told: str = "") -> None:
        """Show a count; `told` is how a screen reader says it ("3 unread")."""
        self._count = max(count, 0)
        self.setAccessibleDescription(told)
        self.update()

    def sizeHint(self) -> QSize:
        if not self._show_word:
            return QSize(self._size, self._size)
        font = theme().font(TYPE.muted, Weight.MEDIUM)  # as while it is switched on
        words = max(round(text_width(word, font) + 0.5) for word in (self._word, *self._also))
        return QSize(max(METRICS.row, words + 8), 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        ground, ink = self.ground(), self._role
        if self.isChecked():
            ground, ink = _TONES[self._tone]
        elif self.underMouse() or self.isDown():
            ink = ColourRole.TEXT
        if not self.isEnabled():
            ground, ink = None, ColourRole.DISABLED
        if ground is not None:
            rounded(painter, rect, METRICS.radius, ground)
        at = rect
        if self._show_word:
            at = QRectF(rect.left(), rect.top() + 7, rect.width(), METRICS.icon)
            below = QRectF(rect.left() + 2, rect.top() + 30, rect.width() - 4, 16)
            font = theme().font(TYPE.muted, Weight.MEDIUM if self.isChecked() else Weight.REGULAR)
            draw_line(painter, below, self._word, font, ink, align=_CENTRE)
        draw_icon(painter, self._icon, at, ink, self._icon_size)
        if self._count:
            width = count_width(self._count)
            right = min(at.center().x() + 4 + width, rect.right())
            draw_count(painter, right, max(at.top() + 3, rect.top() + 9), self._count)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()
