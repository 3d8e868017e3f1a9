"""What a 56-px row shows, and a model that holds such rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.components.plain import clean_line
from ui.design.tokens import ColourRole

__all__ = ["CALL", "TEXT", "Index", "RowAction", "RowData", "RowMark", "RowModel", "RowRole", "row_value"]

Index = QModelIndex | QPersistentModelIndex

CALL = "call"
TEXT = "text"


class RowRole(IntEnum):
    """The roles a model answers for `RowDelegate`, beside Qt's own."""

    DATA = Qt.ItemDataRole.UserRole + 1  # RowData
    KEY = Qt.ItemDataRole.UserRole + 2  # str: stays the row's own while the list changes


@dataclass(frozen=True, slots=True)
class RowAction:
    """A button that appears on hover and on keyboard focus."""

    name: str  # what `RowList.action_requested` says: CALL, TEXT, or the pane's own
    icon: str
    word: str  # tooltip and accessible word
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class RowMark:
    """A small icon at the end of the second line: a note, a pin, a recording, a thing that waits."""

    icon: str
    word: str
    role: ColourRole = ColourRole.MUTED


@dataclass(frozen=True, slots=True)
class RowData:
    """One row, ready to draw. Text may come from anywhere and is shown as it is, as plain text."""

    key: str
    title: str
    subtitle: str = ""
    time: str = ""
    icon: str = ""  # a leading icon; the avatar shows when empty
    icon_role: ColourRole = ColourRole.MUTED
    avatar: str | None = None  # the name whose initials show; None takes the title
    alert: str = ""  # first word of the second line, in red: "missed", "not sent"
    alert_role: ColourRole = ColourRole.DANGER_TEXT  # amber for what is not known
    number: bool = False  # the title is a number: tabular, never cut
    unread: int = 0
    marks: tuple[RowMark, ...] = ()
    actions: tuple[RowAction, ...] = ()
    current: bool = False  # a live call: a green disc beside the time
    spoken: str = ""  # what a screen reader says instead of the row's texts in order

    def accessible(self) -> str:
        """The row in words."""
        if self.spoken:
            return self.spoken
        parts = [self.title, self.alert, self.subtitle, self.time, *(mark.word for mark in self.marks)]
        if self.unread:
            parts.append(str(self.unread))
        return ", ".join(clean_line(part) for part in parts if part)


def row_value(row: RowData, role: int) -> object:
    """What any model's `data` answers for one row."""
    match role:
        case RowRole.DATA:
            return row
        case RowRole.KEY:
            return row.key
        case Qt.ItemDataRole.DisplayRole:
            return clean_line(row.title)
        case Qt.ItemDataRole.AccessibleTextRole:
            return row.accessible()
        case _:
            return None


class RowModel(QAbstractListModel):
    """Rows that are all in memory. `set_rows` changes only what differs, so that the selection stays."""

    def __init__(self, rows: Sequence[RowData] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = list(rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        return row_value(self._rows[index.row()], role)

    def row(self, at: int) -> RowData:
        """The row at a place; IndexError beyond the end."""
        return self._rows[at]

    def set_rows(self, rows: Sequence[RowData]) -> None:
        """Show `rows`, each with a key of its own: what is gone leaves, what is new comes, what moved moves."""
        kept = {row.key for row in rows}
        for at in range(len(self._rows) - 1, -1, -1):
            if self._rows[at].key not in kept:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self._rows[at]
                self.endRemoveRows()
        known = {row.key for row in self._rows}
        for at, row in enumerate(rows):
            if row.key not in known:
                self.beginInsertRows(QModelIndex(), at, at)
                self._rows.insert(at, row)
                self.endInsertRows()
                continue
            if self._rows[at].key != row.key:
                was = next(old for old in range(at + 1, len(self._rows)) if self._rows[old].key == row.key)
                self.beginMoveRows(QModelIndex(), was, was, QModelIndex(), at)
                self._rows.insert(at, self._rows.pop(was))
                self.endMoveRows()
            if self._rows[at] != row:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at), self.index(at))
