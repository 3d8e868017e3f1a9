"""The drawn keypad: dials into the field, or sends tones to the call that is active."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.components import Button, ButtonKind, IconButton, PlainLabel
from ui.components.buttons import Pressable
from ui.components.paint import antialiased, draw_line, focus_ring, rounded
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.overlay import Overlay

_KEYS = (
    ("1", ""), ("2", "ABC"), ("3", "DEF"),
    ("4", "GHI"), ("5", "JKL"), ("6", "MNO"),
    ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ"),
    ("*", ""), ("0", "+"), ("#", ""),
)  # fmt: skip
_CENTRE = Qt.AlignmentFlag.AlignHCenter
_LONG = 500  # milliseconds a key is held down for its other meaning


class _Key(Pressable):
    """One key: its digit, the letters below it. `typed` with the digit, or with ``held`` when it is held down."""

    typed = Signal(str)

    def __init__(self, digit: str, letters: str, parent: QWidget, *, held: str = "") -> None:
        self._letters = letters
        self._held = held
        super().__init__(digit, parent)
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(_LONG)
        self._long.timeout.connect(self._hold)
        self.clicked.connect(lambda: self.typed.emit(digit))
        if held:
            self.pressed.connect(self._long.start)
            self.released.connect(self._long.stop)
            self.setAccessibleDescription(self.tr("Hold it down for {key}").format(key=held))

    def _hold(self) -> None:
        self.setDown(False)  # letting it go is no press any more
        self.typed.emit(self._held)

    def sizeHint(self) -> QSize:
        return QSize(METRICS.rail + SPACE.inside, METRICS.row - SPACE.unit)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        rounded(painter, rect, METRICS.radius, self.ground(ColourRole.SUNKEN))
        ink = ColourRole.TEXT if self.isEnabled() else ColourRole.DISABLED
        digit = theme().font(TYPE.call, Weight.MEDIUM, tabular=True)
        half = rect.adjusted(0, 4, 0, -20) if self._letters else rect
        draw_line(painter, half, self._word, digit, ink, align=_CENTRE)
        if self._letters:
            below = rect.adjusted(0, 28, 0, -6)
            draw_line(painter, below, self._letters, theme().font(TYPE.muted), ColourRole.MUTED, align=_CENTRE)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()


class Keypad(QWidget):
    """Twelve keys. `pressed` for each, by pointer and by keyboard."""

    pressed = Signal(str)
    erased = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None, *, plus: bool) -> None:
        """``plus``: a zero held down is a plus, as a number from abroad begins. It is no tone."""
        super().__init__(parent)
        self._typed = "0123456789*#+" if plus else "0123456789*#"
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE.inside)
        self._keys: dict[str, _Key] = {}
        for at, (digit, letters) in enumerate(_KEYS):
            held = letters if plus and letters == "+" else ""
            key = _Key(digit, held or letters.strip("+"), self, held=held)
            key.typed.connect(self.pressed)
            grid.addWidget(key, at // 3, at % 3)
            self._keys[digit] = key
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Keypad"))

    def key(self, digit: str) -> QWidget:
        """The key of a digit."""
        return self._keys[digit]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text and text in self._typed:
            self.pressed.emit(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self.erased.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class DialKeypad(Overlay):
    """Below the one field: its keys type into it. `call_pressed` for the green button."""

    digit = Signal(str)
    backspace = Signal()
    call_pressed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor, align_right=True)
        self._keypad = Keypad(self, plus=True)
        self._keypad.pressed.connect(self.digit)
        self._keypad.erased.connect(self.backspace)
        self._keypad.entered.connect(self.call_pressed)
        self._call = Button(self.tr("Call"), ButtonKind.ANSWER, "phone", self)
        self._call.setSizePolicy(self._call.sizePolicy().Policy.Expanding, self._call.sizePolicy().Policy.Fixed)
        self._call.clicked.connect(self.call_pressed)
        erase = IconButton("backspace", self.tr("Erase the last digit"), self)
        erase.clicked.connect(self.backspace)
        below = QHBoxLayout()
        below.setSpacing(SPACE.inside)
        below.addWidget(self._call, 1)
        below.addWidget(erase)
        self.body.addWidget(self._keypad)
        self.body.addSpacing(SPACE.unit)
        self.body.addLayout(below)

    def open(self) -> None:
        """Show it and give it the keyboard's digits."""
        super().open()
        self._keypad.setFocus(Qt.FocusReason.PopupFocusReason)


class ToneKeypad(Overlay):
    """Beside a call: each key is sent as a tone at once, and what was sent stays in sight. `digit` for each."""

    digit = Signal(str)

    def __init__(self, anchor: QWidget, *, align_right: bool = False) -> None:
        super().__init__(anchor, sticky=True, align_right=align_right)
        self._sent = ""
        self._title = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self._shown = PlainLabel("", self, size=TYPE.name, tabular=True)
        self._shown.setMinimumHeight(SPACE.page)
        self._keypad = Keypad(self, plus=False)
        self._keypad.pressed.connect(self._press)
        close = IconButton(
            "close", self.tr("Close the keypad"), self, size=METRICS.control_small, icon_size=METRICS.icon_small
        )
        close.clicked.connect(self.close_overlay)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._shown)
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.body.addWidget(self._keypad)

    def open_for(self, name: str) -> None:
        """Show it for the call with somebody, with nothing sent yet, and give it the keyboard's digits."""
        self._sent = ""
        self._shown.setText("")
        self._title.setText(self.tr("Tones to {name}").format(name=name))
        self.open()
        self._keypad.setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted_size(self) -> tuple[int, int]:
        # The name and what was sent must not stretch it.
        hint = self.sizeHint()
        margins = self.body.contentsMargins()
        return self._keypad.sizeHint().width() + margins.left() + margins.right(), hint.height()

    def _press(self, digit: str) -> None:
        self._sent = (self._sent + digit)[-16:]
        self._shown.setText(self._sent)
        self.digit.emit(digit)
