"""A paragraph of plain text with a width of its own."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.components.labels import plain_tip
from ui.components.plain import clean_text
from ui.design.theme import theme
from ui.design.tokens import TYPE, ColourRole

__all__ = ["Paragraph"]


class Paragraph(QWidget):
    """Text from anywhere over several lines, as high as it is long: its height never has to be asked for a width.

    It also breaks inside a word too long for a line, as a path. With `most` lines the last one is cut with an
    ellipsis, and its tooltip tells the whole.
    """

    def __init__(
        self,
        text: str,
        width: int,
        parent: QWidget | None = None,
        *,
        size: float = TYPE.body,
        role: ColourRole = ColourRole.TEXT,
        most: int = 0,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """``width`` in pixels; ``most`` lines, 0 for as many as there are."""
        super().__init__(parent)
        self._raw = text
        self._width = width
        self._size = size
        self._role = role
        self._most = most
        self._align = align
        self._lines: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)
        self._break()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as drawn."""
        return tuple(self._lines)

    def text(self) -> str:
        """The text as it was set."""
        return self._raw

    def setText(self, text: str) -> None:
        """Say something else."""
        if text != self._raw:
            self._raw = text
            self._break()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._width, round(self._line_height() * max(len(self._lines), 1)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme().font(self._size)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(theme().colour(self._role if self.isEnabled() else ColourRole.DISABLED))
        height = self._line_height()
        for at, line in enumerate(self._lines):
            left = 0.0
            if self._align & Qt.AlignmentFlag.AlignHCenter:
                left = (self.width() - metrics.horizontalAdvance(line)) / 2
            baseline = round(at * height + (height + metrics.capHeight()) / 2)
            painter.drawText(QPointF(left, baseline), line)
        painter.end()

    def _line_height(self) -> float:
        return float(round(self._size * 1.45))

    def _break(self) -> None:
        shown = clean_text(self._raw).strip()
        font = theme().font(self._size)
        self._lines = [line for part in shown.splitlines() for line in self._broken(part)]
        cut = 0 < self._most < len(self._lines)
        if cut:
            rest = " ".join(self._lines[self._most - 1 :])
            last = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, self._width)
            self._lines = [*self._lines[: self._most - 1], last]
        self.setAccessibleName(shown)
        self.setToolTip(plain_tip(shown) if cut else "")

    def _broken(self, text: str) -> list[str]:
        layout = QTextLayout(text, theme().font(self._size))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        units = text.encode("utf-16-le", "surrogatepass")  # Qt counts these, not characters
        found: list[str] = []
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self._width)
            first, last = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
            found.append(units[first:last].decode("utf-16-le", "surrogatepass").rstrip())
        layout.endLayout()
        return found
