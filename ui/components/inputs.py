"""Fields one types in: the search field and the composer that grows."""

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from ui.components.buttons import IconButton
from ui.components.paint import antialiased, draw_line, rounded, text_width
from ui.components.plain import clean_text
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, TYPE, ColourRole

__all__ = ["AutoGrowTextEdit", "SearchField"]


class SearchField(QLineEdit):
    """One line to search or dial with: a leading icon, a shortcut hint while idle, a cross to clear.

    Escape clears. Signals are QLineEdit's own; `cleared` follows a clear by the rep.
    """

    cleared = Signal()

    def __init__(
        self,
        placeholder: str,
        parent: QWidget | None = None,
        *,
        icon: str = "search",
        shortcut_hint: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._hint = shortcut_hint
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setMinimumHeight(METRICS.control + 4)
        self.setTextMargins(24, 0, 24, 0)
        self._clear = IconButton("close", self.tr("Clear"), self, size=24, icon_size=METRICS.icon_small)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Escape does the same by keyboard
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.hide()
        self._clear.clicked.connect(self._wipe)
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(METRICS.list - 2 * METRICS.radius, METRICS.control + 4)

    def _wipe(self) -> None:
        self.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.cleared.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._wipe()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._clear.sizeHint().width()
        self._clear.setGeometry(self.width() - side - 6, (self.height() - side) // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        antialiased(painter)
        at = QRectF(10, 0, METRICS.icon_small, self.height())
        draw_icon(painter, self._icon, at, ColourRole.MUTED, METRICS.icon_small)
        if self._hint and not self.text() and not self.hasFocus():
            font = theme().font(TYPE.muted)
            width = text_width(self._hint, font)
            key = QRectF(self.width() - width - 22, (self.height() - 20) / 2, width + 12, 20)
            rounded(painter, key, 5, ColourRole.SURFACE, ColourRole.BORDER)
            draw_line(painter, key, self._hint, font, ColourRole.MUTED, align=Qt.AlignmentFlag.AlignHCenter)
        painter.end()


class AutoGrowTextEdit(QPlainTextEdit):
    """A composer of one to six lines. Enter sends, Shift+Enter breaks the line, Tab leaves.

    While an input method is composing, Enter belongs to it and never sends. Only plain text goes in.
    """

    submitted = Signal()  # Enter; the caller reads toPlainText() and clears

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, least: int = 1, most: int = 6) -> None:
        super().__init__(parent)
        self._least = least
        self._most = most
        self._composing = False
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(3.5)  # one line stands in the middle of a 36-px field
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())
        self._grow()

    @property
    def lines(self) -> int:
        """How many lines the text takes on the screen, wrapped ones counted."""
        return max(1, round(self.document().size().height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not self._composing and not self.isReadOnly():
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if modifiers == Qt.KeyboardModifier.NoModifier:
                if not event.isAutoRepeat():
                    self.submitted.emit()
                return
            if modifiers == Qt.KeyboardModifier.ShiftModifier:
                # Qt's own Shift+Enter puts in a line separator, which a text message should not carry.
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
                return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._composing = False
        super().focusOutEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insertPlainText(clean_text(source.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def _grow(self) -> None:
        shown = min(max(self.lines, self._least), self._most)
        around = 12 + round(2 * self.document().documentMargin())
        height = max(shown * self.fontMetrics().lineSpacing() + around, METRICS.control + 4)
        over = self.lines > self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if over else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        if height != self.height() or self.maximumHeight() != height:
            self.setFixedHeight(height)
