"""A list of rows that answers to pointer and keyboard alike."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from ui.components.quiet_list import QuietList
from ui.components.row_delegate import RowDelegate
from ui.components.rows import Index, RowData, RowRole

__all__ = ["RowList"]


class RowList(QuietList):
    """Rows drawn by a `RowDelegate`.

    Pointer: a click opens, its buttons act, a click on the name asks for the record. Keyboard: up and
    down choose, Enter opens, Left and Right walk over the row's buttons and Enter presses one, Escape
    leaves them, Ctrl+Enter asks for the record.
    """

    opened = Signal(QModelIndex)
    record_requested = Signal(QModelIndex)  # only with `title_links`
    action_requested = Signal(QModelIndex, str)  # the RowAction's name

    def __init__(self, name: str, parent: QWidget | None = None, *, title_links: bool = False) -> None:
        super().__init__(name, parent)
        self._rows = RowDelegate(self)
        self._rows.title_links = title_links
        self._pressed: tuple[int, int] = (-1, -1)
        self.setItemDelegate(self._rows)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    @property
    def rows(self) -> RowDelegate:
        """The painter of this list."""
        return self._rows

    @property
    def key_action(self) -> int:
        """Which button of the current row the keyboard is on; -1 for the row itself."""
        return self._rows.focus.key_action

    def row_at(self, index: QModelIndex) -> RowData | None:
        """The row behind an index."""
        found = index.data(RowRole.DATA) if index.isValid() else None
        return found if isinstance(found, RowData) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        row = self.row_at(index)
        focus = self._rows.focus
        self.show_ring(True)
        if row is None:
            super().keyPressEvent(event)
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.isAutoRepeat():
                self._enter(index, row, record=control)
            case Qt.Key.Key_Right | Qt.Key.Key_Left if row.actions and not event.modifiers() & ~_KEYPAD:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                focus.key_action = max(-1, min(focus.key_action + step, len(row.actions) - 1))
                self._say_action(row)
                self.update(index)
            case Qt.Key.Key_Escape if focus.key_action >= 0:
                focus.key_action = -1
                self.update(index)
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row = self.row_at(index)
        if row is None:
            return
        menu = self.menu_for(index, row)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos())

    def menu_for(self, index: QModelIndex, row: RowData) -> QMenu:
        """What can be done with a row, in words: the row's painted buttons mean nothing to a screen reader."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = QPersistentModelIndex(index)
        opens = QAction(self.tr("Open"), menu)
        opens.triggered.connect(lambda: self._menu_chose(place, ""))
        menu.addAction(opens)
        for action in row.actions:
            entry = QAction(action.word.replace("&", "&&"), menu)
            entry.setEnabled(action.enabled)
            entry.triggered.connect(lambda _=False, name=action.name: self._menu_chose(place, name))
            menu.addAction(entry)
        return menu

    def _menu_chose(self, place: QPersistentModelIndex, name: str) -> None:
        if not place.isValid():
            return  # the row went away while the menu was open
        index = place.model().index(place.row(), 0)
        if name:
            self.action_requested.emit(index, name)
        else:
            self.opened.emit(index)

    def _enter(self, index: QModelIndex, row: RowData, *, record: bool) -> None:
        at = self._rows.focus.key_action
        if record and self._rows.title_links:
            self.record_requested.emit(index)
        elif 0 <= at < len(row.actions):
            if row.actions[at].enabled:
                self.action_requested.emit(index, row.actions[at].name)
        else:
            self.opened.emit(index)

    def _say_action(self, row: RowData) -> None:
        # A row's buttons are painted, not widgets: the list's description tells the one in focus.
        at = self._rows.focus.key_action
        self.setAccessibleDescription(row.actions[at].word if at >= 0 else "")

    def currentChanged(self, current: Index, previous: Index) -> None:
        self._rows.focus.key_action = -1
        super().currentChanged(current, previous)
        self.update(previous)
        self.update(current)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        model = self.model()
        if self.ring_visible and not self.currentIndex().isValid() and model and model.rowCount():
            self.setCurrentIndex(model.index(0, 0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._rows.focus.key_action = -1
        super().focusOutEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        self._point(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())
        focus = self._rows.focus
        self.show_ring(False)
        self._pressed = (focus.hover_row, focus.hover_action)
        if event.button() != Qt.MouseButton.LeftButton or focus.hover_action >= 0:
            return  # a menu or a button of a row acts without choosing the row, and takes no keyboard as no button does
        if focus.hover_row >= 0:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._point(event.position())
        focus = self._rows.focus
        pressed, self._pressed = self._pressed, (-1, -1)
        if event.button() != Qt.MouseButton.LeftButton or pressed != (focus.hover_row, focus.hover_action):
            return
        model = self.model()
        if model is None or focus.hover_row < 0:
            return
        index = model.index(focus.hover_row, 0)
        row = self.row_at(index)
        if row is None:
            return
        if focus.hover_action >= 0:
            if row.actions[focus.hover_action].enabled:
                self.action_requested.emit(index, row.actions[focus.hover_action].name)
        elif focus.hover_title and self._rows.title_links:
            self.record_requested.emit(index)
        else:
            self.opened.emit(index)

    def _point(self, at: QPointF) -> None:
        focus = self._rows.focus
        was = (focus.hover_row, focus.hover_action, focus.hover_title)
        index = self.indexAt(at.toPoint())
        row = self.row_at(index)
        focus.hover_row, focus.hover_action, focus.hover_title = -1, -1, False
        if row is not None:
            focus.hover_row = index.row()
            places = self._rows.places(QRectF(self.visualRect(index)), row, actions=True)
            for number, button in enumerate(places.actions):
                if button.contains(at):
                    focus.hover_action = number
            focus.hover_title = places.title.contains(at)
        if was != (focus.hover_row, focus.hover_action, focus.hover_title):
            link = self._rows.title_links and focus.hover_title
            shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def forget_pointer(self) -> None:
        # Also between press and release: the row under the pointer may be somebody else's now.
        self._pressed = (-1, -1)
        focus = self._rows.focus
        focus.hover_row, focus.hover_action, focus.hover_title = -1, -1, False
        self.viewport().update()


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
