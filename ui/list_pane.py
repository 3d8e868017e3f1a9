"""The frame of every list pane: a head, rows that keep their place, and what it says when it is empty or unreadable."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.desk import Desk
from app.errors import AppError
from ui.components import Chip, EmptyState, PlainLabel, RowAction, RowList
from ui.components.rows import CALL, TEXT
from ui.design.tokens import METRICS, SPACE, TYPE, Weight
from ui.models import PagedModel, Watch
from ui.navigator import Navigator
from ui.present import local_day, match_title
from ui.words import error_sentence

__all__ = ["ListHead", "ListPane", "SteadyList"]

Row = TypeVar("Row")
Choice = TypeVar("Choice")
_AHEAD = 12 * METRICS.row  # pixels before the end at which the next page is read
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_DAY_CHECK = 30_000  # ms: at midnight "10:42" becomes "Fri 10:42"


class SteadyList(RowList):
    """Rows that stay under the pointer and the eye while others come and go above them."""

    left = Signal()  # the keyboard has gone elsewhere

    def __init__(self, name: str, parent: QWidget | None = None, *, title_links: bool = False) -> None:
        super().__init__(name, parent, title_links=title_links)
        self._anchor: QPersistentModelIndex | None = None
        self._offset = 0
        self._parked = False  # was at the top; waits for the pointer to leave before it goes there again

    def follow(self, model: PagedModel[Any]) -> None:
        """Show this model."""
        self.setModel(model)
        model.changing.connect(self._note_place)
        model.settled.connect(self._back_to_place)
        model.modelReset.connect(self._unpark)
        self.verticalScrollBar().valueChanged.connect(self._read_ahead)

    @property
    def browsed(self) -> bool:
        """Is somebody walking over the rows by keyboard?"""
        return self.hasFocus() and self.ring_visible

    def mark(self, index: QModelIndex, *, in_sight: bool) -> None:
        """Make a row the marked one; ``in_sight`` scrolls to it, unless the pointer rests on the rows."""
        self.setAutoScroll(in_sight and not self._pointed())
        self.setCurrentIndex(index)
        self.setAutoScroll(True)

    def _note_place(self) -> None:
        pointed = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos())) if self._pointed() else QModelIndex()
        at_top = self.verticalScrollBar().value() == 0
        self._anchor = None
        if at_top and not pointed.isValid():
            return
        found = pointed if pointed.isValid() else self.indexAt(self.viewport().rect().topLeft())
        if found.isValid():
            self._anchor = QPersistentModelIndex(found)
            self._offset = self.visualRect(found).top()
            self._parked = self._parked or at_top

    def _back_to_place(self) -> None:
        anchor, self._anchor = self._anchor, None
        if anchor is None or not anchor.isValid():
            return
        self.executeDelayedItemsLayout()
        self.updateGeometries()  # the bar's range follows only now
        self.verticalScrollBar().setValue(anchor.row() * METRICS.row - self._offset)

    def _pointed(self) -> bool:
        return self.isVisible() and self.viewport().underMouse()

    def _unpark(self) -> None:
        self._parked = False

    def _read_ahead(self, value: int) -> None:
        model = self.model()
        if value > self.verticalScrollBar().maximum() - _AHEAD and model is not None:
            root = QModelIndex()
            if model.canFetchMore(root):
                model.fetchMore(root)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._unpark()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._unpark()
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self._parked:
            self._unpark()
            self.verticalScrollBar().setValue(0)
        return super().viewportEvent(event)


class ListHead(QWidget):
    """The line above a list: its name and room for what can be done with it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(SPACE.between, SPACE.inside, SPACE.inside, SPACE.inside)
        self.line.setSpacing(SPACE.unit)
        self.setMinimumHeight(METRICS.control + 2 * SPACE.inside)
        if title:
            self.line.addWidget(PlainLabel(title, self, size=TYPE.name, weight=Weight.STRONG), 1)

    def add_choices(
        self, words: Mapping[Choice, str], chosen: Choice, choose: Callable[[Choice], None]
    ) -> dict[Choice, Chip]:
        """A chip for each, one of them on, in place of a title."""
        self.line.setContentsMargins(SPACE.gap, SPACE.inside, SPACE.inside, SPACE.inside)
        group = QButtonGroup(self)
        chips = {choice: Chip(word, self) for choice, word in words.items()}
        for choice, chip in chips.items():
            group.addButton(chip)
            self.line.addWidget(chip)
            chip.setChecked(choice is chosen)
            chip.clicked.connect(lambda _, choice=choice: choose(choice))
        self.line.addStretch(1)
        return chips


class ListPane(QWidget, Generic[Row]):
    """A head over rows, or over a page that says why there are none. Subclasses fill in what is their own."""

    def __init__(self, desk: Desk, nav: Navigator, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.nav = nav
        self.setAccessibleName(name)
        self.model = self.make_model()
        self.list = SteadyList(name, self, title_links=True)
        self.list.follow(self.model)
        self.empty = EmptyState(icon, name, "", self, within=self)
        self._open: Hashable | None = None  # the key of what shows beside the list; None: nobody tells
        self._error: AppError | None = None
        self._stale = True
        self._day = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.make_head())
        self._pages = QStackedLayout()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.empty)
        column.addLayout(self._pages, 1)
        self._watch = Watch(desk.hub, self._look, self)
        self._days = QTimer(self)
        self._days.setInterval(_DAY_CHECK)
        self._days.timeout.connect(self._check_day)
        self.model.failed.connect(self._refused)
        self.model.refreshed.connect(self._read)
        self.model.settled.connect(self._mark_again)
        self.model.modelReset.connect(self._mark_again)
        self.list.left.connect(self._mark_open)
        self.list.opened.connect(self._opened)
        self.list.record_requested.connect(self._record)
        self.list.action_requested.connect(self._act)
        self.empty.acted.connect(self._step)
        self.watch(self._watch)

    # what a subclass says

    def make_model(self) -> PagedModel[Row]:
        """The rows."""
        raise NotImplementedError

    def make_head(self) -> QWidget:
        """What stands above them."""
        raise NotImplementedError

    def watch(self, watch: Watch) -> None:
        """Name the events after which the rows may differ."""
        raise NotImplementedError

    def empty_words(self) -> tuple[str, str, str]:
        """(title, sentence, first step) of the page without rows; the step may be empty."""
        raise NotImplementedError

    def open_row(self, row: Row) -> None:
        """A row was clicked beside its name, or Enter was pressed on it."""
        raise NotImplementedError

    def open_record(self, row: Row) -> bool:
        """The name was clicked; False when there is no record to open."""
        raise NotImplementedError

    def act(self, row: Row, action: str) -> None:
        """A button of a row was pressed."""
        raise NotImplementedError

    def first_step(self) -> None:
        """The button of the empty page was pressed."""

    # what all have in common

    def focus_first(self, reason: Qt.FocusReason = Qt.FocusReason.ShortcutFocusReason) -> None:
        """Put the keyboard on the rows: where it was, else on the first one."""
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))
        target = self.list if self.model.rowCount() else self
        target.setFocus(reason)

    def reload(self) -> None:
        """Read another list from its top."""
        if self.isVisible():
            self.model.reload()
            self.list.scrollToTop()
        else:
            self._stale = True
            self.model.replace_all(())

    def title(self, name: str, number: str, shown: str) -> str:
        """Whom a row is about: the name it has, else who shares its number, as on their page; else ``shown``."""
        return name or match_title(self.desk.matching.known(number), shown)

    def call_and_text(self) -> tuple[RowAction, ...]:
        """The two buttons of a row."""
        return (RowAction(CALL, "phone", self.tr("Call")), RowAction(TEXT, "message", self.tr("Text")))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._days.start()
        self._check_day()
        if self._stale:
            self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._days.stop()

    def _look(self) -> None:
        if not self.isVisible():
            self._stale = True  # nobody sees it; it is read when it shows
            return
        self._stale = False
        self.model.refresh()

    def _check_day(self) -> None:
        today = local_day(self.desk.clock.now())
        if today != self._day:
            self._day = today
            self.model.forget_words()

    def _read(self) -> None:
        self._error = None
        self._show_page()

    def _refused(self, error: AppError) -> None:
        self._error = error
        self._show_page()

    def _show_page(self) -> None:
        if self._error is not None and not self.model.rowCount():
            self._say(self.tr("This list cannot be shown"), error_sentence(self._error), self.tr("Try again"))
        elif not self.model.rowCount():
            self._say(*self.empty_words())
        else:
            self._pages.setCurrentWidget(self.list)

    def _say(self, title: str, sentence: str, action: str) -> None:
        self.empty.set_words(title, sentence, action)
        self._pages.setCurrentWidget(self.empty)

    def _step(self) -> None:
        if self._error is not None:
            self._look()
        else:
            self.first_step()

    def _opened(self, index: QModelIndex) -> None:
        self.open_row(self.model.row(index.row()))

    def _record(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if not self.open_record(row):
            self.open_row(row)
        self._after_press()

    def _act(self, index: QModelIndex, action: str) -> None:
        self.act(self.model.row(index.row()), action)
        self._after_press()

    # what is open

    def select(self, key: Hashable) -> None:
        """Mark the row whose page shows beside the list, also when it comes into the list only later.

        A key that no row has marks nothing.
        """
        if key != self._open or not self.list.browsed:
            self._open = key
            self._mark_open(in_sight=True)

    def _mark_again(self) -> None:
        # Who walks over the rows by keyboard keeps the place; the mark comes back when the keyboard leaves.
        found = self.model.find(self._open) >= 0
        current = self.list.currentIndex()
        if not self.list.browsed or (found and not current.isValid()):
            self._mark_open()

    def _after_press(self) -> None:
        if not self.list.browsed:
            self._mark_open()  # a press marks its row, but what it asked for may open elsewhere

    def _mark_open(self, *, in_sight: bool = False) -> None:
        if self._open is None:
            return
        at = self.model.find(self._open)
        if at == self.list.currentIndex().row():
            return
        if at >= 0:
            self.list.mark(self.model.index(at), in_sight=in_sight)
        else:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
