"""The middle of the window: the call on top, the texts with the same number below, or what to do first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.events import LinesChanged
from ui import present
from ui.call_panel import CallPanel
from ui.components import ButtonKind, EmptyState
from ui.demo_guide import DemoGuide
from ui.models import Watch
from ui.thread import ThreadView
from ui.thread_header import ThreadHeader

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_LEAST_BELOW = 150  # pixels the texts need to be of use beside a wrap-up


class ConversationPage(QWidget):
    """One counterpart at a time. `call_shown` tells the call on top, "" for none."""

    call_shown = Signal(str)

    def __init__(
        self, desk: Desk, nav: Navigator, import_file: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        """``import_file`` asks for a provisioning file: the first step of who has no line yet."""
        super().__init__(parent)
        self._desk = desk
        self._thread_of = ("", "")
        self.panel = CallPanel(desk, nav, self)
        self.panel.hide()
        self.header = ThreadHeader(desk, nav, self)
        self.header.hide()
        self.thread_view = ThreadView(desk, nav, self)
        self._empty = EmptyState("phone", "", "", self, kind=ButtonKind.PRIMARY, within=self)
        self._empty.acted.connect(import_file)
        self._nothing = self._first_step(desk, nav)
        self._no_texts = EmptyState(
            "message", self.tr("No texts"), self.tr("The caller gave no number, so nobody can be texted."), self
        )
        self._below = QStackedWidget(self)
        # The demo's guide stands in for the empty page, which must lie in the stack all the same: a widget that is in
        # no layout would float over the page.
        for widget in dict.fromkeys((self._nothing, self._empty, self.thread_view, self._no_texts)):
            self._below.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.panel)
        column.addWidget(self.header)
        column.addWidget(self._below, 1)
        column.addStretch(0)
        Watch(desk.hub, self._show_empty, self).on(LinesChanged)
        self.panel.grown.connect(self._share_room)
        self._show_empty()

    @property
    def call_id(self) -> str:
        """The call on top, "" for none."""
        return self.panel.call_id

    @property
    def thread_of(self) -> tuple[str, str]:
        """(line, number) of the open conversation, empty when there is none."""
        return self._thread_of

    @property
    def asks_for_line(self) -> bool:
        """Whether the page is empty and says what to do without a line."""
        return self._below.currentWidget() is self._empty

    def show_call(self, call_id: str) -> bool:
        """Show a call and the texts with its number. False when nobody knows the call."""
        if not self.panel.show_call(call_id):
            return False
        call = self.panel.call
        assert call is not None
        if present.is_number(call.number):
            self._open_thread(call.line, call.number)
        else:
            self._close_thread()
            self._below.setCurrentWidget(self._no_texts)
        self.panel.show()
        self._show_head()
        self.call_shown.emit(call_id)
        return True

    def show_thread(self, line: str, number: str) -> None:
        """Show the texts with a number, with its live call on top when there is one."""
        live = next((call.id for call in self._desk.calls.live() if call.number == number), "")
        shown = self.panel.call
        keep = shown is not None and shown.is_live and shown.number == number
        if live and not keep:
            self.panel.show_call(live)
            self.panel.show()
        elif not keep:
            self._hide_panel()
        self._open_thread(line, number)
        self._show_head()
        self.call_shown.emit(self.panel.call_id)

    def clear(self) -> None:
        """Nothing is open."""
        self._hide_panel()
        self._close_thread()
        self._below.setCurrentWidget(self._nothing)
        self._show_head()
        self.call_shown.emit("")

    def flush(self) -> None:
        """Store what was typed."""
        self.panel.keep_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """In a low window a wrap-up has the page for itself until it is logged or left."""
        wraps_up = not self.panel.isHidden() and self.panel.wrapup.wraps_up
        needed = self.panel.sizeHint().height() + max(_LEAST_BELOW, self._below.minimumSizeHint().height())
        self._below.setVisible(not (wraps_up and needed > self.height()))

    def _open_thread(self, line: str, number: str) -> None:
        if self._thread_of != (line, number):
            self._thread_of = (line, number)
            self.thread_view.open(line, number)
        self._below.setCurrentWidget(self.thread_view)

    def _close_thread(self) -> None:
        if self._thread_of[1]:
            self._thread_of = ("", "")
            self.thread_view.close_thread()

    def _hide_panel(self) -> None:
        self.panel.clear()
        self.panel.hide()
        self._share_room()

    def _show_head(self) -> None:
        """The call panel names whom it is about; without it the header does."""
        alone = self._below.currentWidget() is self.thread_view and self.panel.isHidden()
        if alone:
            self.header.show_thread(*self._thread_of)
        self.header.setVisible(alone)

    def _first_step(self, desk: Desk, nav: Navigator) -> QWidget:
        if not desk.demo_numbers:
            return self._empty
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(DemoGuide(desk, nav, area))
        return area

    def _show_empty(self) -> None:
        if self._desk.lines.all():
            self._empty.set_icon("phone")
            self._empty.set_words(
                self.tr("Nothing open"), self.tr("Choose a call, a conversation or a person, or type a number above.")
            )
            return
        self._empty.set_icon("download")
        self._empty.set_words(
            self.tr("Set up your line"),
            self.tr("Your admin gives you a provisioning file. Import it, and calls and texts can begin."),
            self.tr("Import provisioning file…"),
        )
