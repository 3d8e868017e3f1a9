"""Labels that only ever show plain text."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from ui.components.paint import draw_line, text_width
from ui.components.plain import clean_line, clean_text
from ui.design.theme import theme
from ui.design.tokens import TYPE, ColourRole, Weight

__all__ = ["PlainLabel", "SectionTitle"]


class PlainLabel(QLabel):
    """Text from anywhere, never read as markup.

    One line, cut with an ellipsis when there is no room and then told in full by its tooltip; `number`
    is never cut, `wrap` flows over lines. `text()` gives the text as it was set.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: float = TYPE.body,
        weight: Weight = Weight.REGULAR,
        role: ColourRole = ColourRole.TEXT,
        number: bool = False,
        tabular: bool = False,
        wrap: bool = False,
        selectable: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        super().__init__(parent)
        self._raw = text
        self._role = role
        self._number = number
        self._flat = not (wrap or selectable)  # drawn here; QLabel draws what wraps or can be selected
        self._wrap = wrap
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme().font(size, weight, tabular=tabular))
        self.setWordWrap(wrap)
        self.setAlignment(align | (Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter))
        if selectable:
            flags = Qt.TextInteractionFlag
            self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        if not wrap:
            across = QSizePolicy.Policy.Minimum if number else QSizePolicy.Policy.Preferred
            self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._tint)
        self._tint()
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text`; anything but its characters is lost."""
        shown = clean_text(text) if self._wrap else clean_line(text)
        self._raw = text
        if shown != super().text():
            super().setText(shown)
            self.updateGeometry()
        self.setAccessibleName(super().text())

    def text(self) -> str:
        """The text as it was set."""
        return self._raw

    def set_role(self, role: ColourRole) -> None:
        """Colour the text by another meaning."""
        if role is not self._role:
            self._role = role
            self._tint()
            self.update()

    @property
    def elided(self) -> bool:
        """Whether the text is cut now."""
        return self._flat and not self._number and self._needed() > self.contentsRect().width()

    def sizeHint(self) -> QSize:
        if not self._flat:
            return super().sizeHint()
        return QSize(round(self._needed() + 0.5), self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        if not self._flat:
            return super().minimumSizeHint()
        hint = self.sizeHint()
        return hint if self._number else QSize(min(hint.width(), 24), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._flat:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        draw_line(
            painter,
            QRectF(self.contentsRect()),
            super().text(),
            self.font(),
            self.palette().color(self.foregroundRole()) if self.isEnabled() else self._colour(),
            align=self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask,
            elide=not self._number,
        )
        painter.end()

    def event(self, event: QEvent) -> bool:
        # A tooltip set by the caller wins; else an elided text tells itself, escaped: tooltips guess markup.
        if event.type() == QEvent.Type.ToolTip and not self.toolTip() and isinstance(event, QHelpEvent):
            if self.elided:
                QToolTip.showText(event.globalPos(), plain_tip(super().text()), self)
                return True
            return False
        return super().event(event)

    def _needed(self) -> float:
        return text_width(super().text(), self.font())

    def _colour(self) -> QColor:
        return theme().colour(self._role if self.isEnabled() else ColourRole.DISABLED)

    def _tint(self) -> None:
        changed = QPalette()
        changed.setColor(QPalette.ColorRole.WindowText, theme().colour(self._role))
        changed.setColor(
            QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, theme().colour(ColourRole.DISABLED)
        )
        self.setPalette(changed)


def plain_tip(text: str) -> str:
    """A tooltip's text that Qt cannot take for markup."""
    cleaned = clean_text(text, 1024)
    escaped = cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>" if escaped != cleaned else cleaned


class SectionTitle(PlainLabel):
    """The quiet heading of a group: "Open deals". A heading to screen readers by its name alone."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent, size=TYPE.muted, weight=Weight.MEDIUM, role=ColourRole.MUTED)
