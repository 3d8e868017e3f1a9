"""The top bar: the one field, the keypad one click away, and the line with its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.counterpart import LineState
from app.errors import AppError
from ui.components import Button, DotState, IconButton, clean_line
from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.marks import draw_dot
from ui.components.paint import antialiased, draw_line, focus_ring, rounded, text_width
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, MOTION, SPACE, TYPE, ColourRole
from ui.number_field import NumberField
from ui.words import error_sentence, line_reason

if TYPE_CHECKING:
    from app.desk import Desk
    from app.usecases.lines import LineStatus

LINE_DOTS = {
    LineState.REGISTERED: DotState.READY,
    LineState.REGISTERING: DotState.CONNECTING,
    LineState.FAILED: DotState.FAILED,
    LineState.OFF: DotState.OFF,
}


class LineButton(Pressable):
    """The line calls leave by: its state in colour and shape, its number, and a menu of all lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._state = DotState.OFF
        self._known = False
        self._late = False
        super().__init__("", parent)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setEnabled(False)
        self.setAccessibleName(self.tr("Loading"))
        QTimer.singleShot(MOTION.skeleton_after, self, self._appear)

    @property
    def state(self) -> DotState:
        """What the dot shows."""
        return self._state

    def show_line(self, number: str, state: DotState, told: str) -> None:
        """Show a line; ``told`` is its state in words."""
        self._state = state
        self._known = True
        self.setEnabled(True)
        self.set_word(number)
        self.setAccessibleName(self.tr("Line {number}").format(number=clean_line(number)))
        self.setAccessibleDescription(told)
        self.setToolTip(plain_tip(told))
        self.update()

    def sizeHint(self) -> QSize:
        words = round(text_width(self._word or "+1 415 555 0100", theme().font(TYPE.body, tabular=True)) + 0.5)
        return QSize(words + METRICS.icon + METRICS.icon_small + 3 * SPACE.inside, METRICS.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        if not self._known:
            if self._late:
                bar = QRectF(METRICS.icon, rect.center().y() - 5, rect.width() - 2 * METRICS.icon, 10)
                rounded(painter, bar, 5, ColourRole.HOVER)
            painter.end()
            return
        ground = self.ground()
        if ground is not None:
            rounded(painter, rect, METRICS.radius, ground)
        draw_dot(painter, QRectF(SPACE.inside, 0, METRICS.icon_small, rect.height()), self._state)
        left = SPACE.inside + METRICS.icon_small + SPACE.unit
        arrow = QRectF(rect.right() - METRICS.icon_small - SPACE.unit, 0, METRICS.icon_small, rect.height())
        words = QRectF(left, 0, arrow.left() - left - SPACE.unit, rect.height())
        draw_line(painter, words, self._word, theme().font(tabular=True), ColourRole.TEXT, elide=False)
        draw_icon(painter, "chevron-down", arrow, ColourRole.MUTED, METRICS.icon_small)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()

    def _appear(self) -> None:
        self._late = True
        self.update()


class TopBar(QWidget):
    """Above everything. `line_chosen` when the rep picks the line of the next calls."""

    keypad_pressed = Signal()
    details_pressed = Signal()
    import_pressed = Signal()
    outbox_pressed = Signal()  # what waits for Salesforce is wanted
    line_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk: Desk | None = None
        self.field = NumberField(self)
        self.field.setMaximumWidth(METRICS.fold_below // 2)
        self.keypad_button = IconButton("keypad", self.tr("Keypad"), self, size=METRICS.control + SPACE.unit)
        self.keypad_button.clicked.connect(self.keypad_pressed)
        self.details = IconButton("user", self.tr("Details"), self, checkable=True, shortcut=self.tr("Ctrl+D"))
        self.details.clicked.connect(self.details_pressed)
        self.details.hide()
        self.dnd = Button(self.tr("Do not disturb"), icon="moon", parent=self, small=True)
        self.dnd.setToolTip(
            plain_tip(self.tr("Callers are turned away without a ring. Press to let calls ring again."))
        )
        self.dnd.clicked.connect(self._stop_dnd)
        self.dnd.hide()
        self.line = LineButton(self)
        self.line.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.gap, SPACE.inside, SPACE.gap, SPACE.inside)
        row.setSpacing(SPACE.inside)
        row.addWidget(self.field, 3)
        row.addWidget(self.keypad_button)
        row.addStretch(1)
        row.addWidget(self.dnd)
        row.addWidget(self.line)
        row.addWidget(self.details)
        self.setFixedHeight(METRICS.control + SPACE.unit + 2 * SPACE.inside + 1)
        theme().changed.connect(self.update)

    def attach(self, desk: Desk) -> None:
        """There are lines now."""
        from app.domain.events import CrmStateChanged, DndChanged, LinesChanged, LineStateChanged

        self._desk = desk
        desk.hub.subscribe(LineStateChanged, lambda _: self.refresh())
        desk.hub.subscribe(LinesChanged, lambda _: self.refresh())
        desk.hub.subscribe(CrmStateChanged, lambda _: self.refresh())
        desk.hub.subscribe(DndChanged, lambda _: self.refresh())
        self.refresh()

    @property
    def chosen_line(self) -> str:
        """The id of the line that calls and texts leave by; empty when there is none."""
        status = self._status()
        return status.line.id if status is not None else ""

    def refresh(self) -> None:
        """Read the lines again."""
        if self._desk is not None:
            self.dnd.setVisible(self._desk.lines.settings.dnd)
        status = self._status()
        if status is None:
            self.line.show_line(self.tr("No line"), DotState.OFF, self.tr("No line is set up yet."))
            return
        self.line.show_line(self._number(status), LINE_DOTS[self._state(status)], self._told(status))

    def menu(self) -> QMenu:
        """All lines with their states, and Salesforce. The caller owns it."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        desk = self._desk
        if desk is None:
            return menu
        current = self._status()
        several = len(desk.lines.all()) > 1
        for status in desk.lines.all():
            action = _entry(menu, f"{self._number(status)}  ·  {self._word(status)}")
            action.setCheckable(several)
            action.setChecked(several and current is not None and status.line.id == current.line.id)
            action.triggered.connect(self._chooser(status.line.id))
            reason = line_reason(status.reason.value)
            if reason:
                _entry(menu, reason).setEnabled(False)
        if desk.lines.all():
            menu.addSeparator()
        _entry(menu, self._salesforce()).setEnabled(False)
        if waiting := desk.reads.outbox_count().waiting:
            text = self.tr("{count} waiting to be sent…").format(count=waiting)
            menu.addAction(text, self.outbox_pressed.emit)
        menu.addSeparator()
        menu.addAction(self.tr("Import provisioning file…"), self.import_pressed.emit)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour(ColourRole.BORDER))
        painter.end()

    def _stop_dnd(self) -> None:
        assert self._desk is not None
        self._desk.lines.set_dnd(False)

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.line.mapToGlobal(QPoint(self.line.width(), self.line.height() + SPACE.unit))
        menu.popup(QPoint(corner.x() - menu.sizeHint().width(), corner.y()))

    def _chooser(self, line_id: str) -> Callable[[], None]:
        def choose() -> None:
            assert self._desk is not None
            self._desk.lines.set_default_line(line_id)
            self.refresh()
            self.line_chosen.emit(line_id)

        return choose

    def _status(self) -> LineStatus | None:
        if self._desk is None:
            return None
        try:
            line = self._desk.lines.choose()
        except AppError:
            return None
        return self._desk.lines.status(line.id)

    def _state(self, status: LineStatus) -> LineState:
        """Before the phone has started, nobody can know yet: a line is not "off" then."""
        assert self._desk is not None
        starting = status.state is LineState.OFF and not self._desk.lines.phone_is_up
        return LineState.REGISTERING if starting else status.state

    def _number(self, status: LineStatus) -> str:
        from ui import present

        line = status.line
        return present.number_text(line.number, line.region) if line.number else clean_line(line.id)

    def _word(self, status: LineStatus) -> str:
        words = {
            LineState.REGISTERED: self.tr("Ready"),
            LineState.REGISTERING: self.tr("Connecting"),
            LineState.FAILED: self.tr("Not connected"),
            LineState.OFF: self.tr("Off"),
        }
        return words[self._state(status)]

    def _told(self, status: LineStatus) -> str:
        return " · ".join(part for part in (self._word(status), line_reason(status.reason.value)) if part)

    def _salesforce(self) -> str:
        assert self._desk is not None
        status = self._desk.login.status
        match status.state.value:
            case "signed-in":
                name = clean_line(status.user.name) if status.user else ""
                return self.tr("Salesforce: {name}").format(name=name)
            case "offline":
                return self.tr("Salesforce: offline")
            case _:
                problem = error_sentence(status.problem) if status.problem else self.tr("not signed in")
                return self.tr("Salesforce: {problem}").format(problem=problem)


def _entry(menu: QMenu, text: str) -> QAction:
    """A line of a menu in plain text: an ampersand would underline a letter."""
    action = QAction(clean_line(text).replace("&", "&&"), menu)
    menu.addAction(action)
    return action
