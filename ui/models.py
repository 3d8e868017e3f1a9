"""Lists over pages of frozen rows: they grow while scrolled and change in place when something happened.

How a list follows what happens:
1. Events of the hub only say "look again"; a 0-ms timer makes one look of many (`Watch`).
2. A look reads page after page from the top, one per turn of the event loop, as far as rows were shown.
3. Each page is laid over the rows by key: gone ones leave, new ones come, moved ones move, changed ones are told.
   Nothing is reset, so selection and scroll position stay.
4. Rows become words only when they are drawn, and are kept until they or the day change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app.errors import AppError
from app.hub import Hub
from app.reads.rows import Page
from ui.components import RowData, row_value

__all__ = ["DiffModel", "PagedModel", "Watch"]

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
PAGE = 50


class Watch(QObject):
    """Calls ``look`` once after any number of the hub's events, in the next turn of the event loop."""

    def __init__(self, hub: Hub, look: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(look)
        self._stops: list[Callable[[], None]] = []
        stops = self._stops
        self.destroyed.connect(lambda: [stop() for stop in stops])

    def on(self, *kinds: type[Any], when: Callable[[Any], bool] | None = None) -> Watch:
        """Look after these events, or only after those for which ``when`` says so."""
        for kind in kinds:
            self._stops.append(self._hub.subscribe(kind, lambda event: self._told(event, when)))
        return self

    def soon(self) -> None:
        """Look in the next turn of the event loop."""
        if not self._timer.isActive():
            self._timer.start(0)

    def _told(self, event: object, when: Callable[[Any], bool] | None) -> None:
        if when is None or when(event):
            self.soon()


class DiffModel(QAbstractListModel, Generic[Row]):
    """Rows with a key each; `set_rows` changes only what differs."""

    changing = Signal()  # rows are about to come, go or move: a view notes its place
    settled = Signal()  # and now they have

    def __init__(self, key: Callable[[Row], Hashable], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._rows: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def row(self, at: int) -> Row:
        """The row at a place; IndexError beyond the end."""
        return self._rows[at]

    def all_rows(self) -> Sequence[Row]:
        """The rows as shown now."""
        return tuple(self._rows)

    def find(self, key: Hashable) -> int:
        """Where the row with this key is; -1 when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if self._key(row) == key), -1)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, each key once: what is gone leaves, what is new comes, what moved moves."""
        if len(rows) == len(self._rows) and all(a is b for a, b in zip(rows, self._rows, strict=True)):
            return
        keys = [self._key(row) for row in rows]
        places = keys != [self._key(row) for row in self._rows]
        if places:
            self.changing.emit()
            self._drop(set(keys))
            self._place(rows, keys)
        changed = [at for at, row in enumerate(rows) if self._rows[at] != row]
        for first, last in _runs(changed):
            self._rows[first : last + 1] = rows[first : last + 1]
            self.told_changed(first, last)
        if places:
            self.settled.emit()

    def told_changed(self, first: int, last: int) -> None:
        """Say that rows look different now."""
        self.dataChanged.emit(self.index(first), self.index(last))

    def replace_all(self, rows: Sequence[Row]) -> None:
        """Show another list altogether."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def _drop(self, kept: set[Hashable]) -> None:
        gone = [at for at, row in enumerate(self._rows) if self._key(row) not in kept]
        for first, last in reversed(list(_runs(gone))):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _place(self, rows: Sequence[Row], keys: Sequence[Hashable]) -> None:
        known = {self._key(row) for row in self._rows}
        at = 0
        while at < len(rows):
            if at < len(self._rows) and self._key(self._rows[at]) == keys[at]:
                at += 1
            elif keys[at] in known:
                was = next(old for old in range(at + 1, len(self._rows)) if self._key(self._rows[old]) == keys[at])
                self.beginMoveRows(QModelIndex(), was, was, QModelIndex(), at)
                self._rows.insert(at, self._rows.pop(was))
                self.endMoveRows()
                at += 1
            else:
                last = at
                while last + 1 < len(rows) and keys[last + 1] not in known:
                    last += 1
                self.beginInsertRows(QModelIndex(), at, last)
                self._rows[at:at] = rows[at : last + 1]
                self.endInsertRows()
                at = last + 1


class PagedModel(DiffModel[Row]):
    """Rows read by the page, newest (or first) on top, with optional rows pinned above them.

    ``read(after, limit)`` gives one page; ``pinned()`` the rows that always stand on top (a pinned row hides the
    paged one of the same key); ``present`` makes words of a row.
    """

    failed = Signal(object)  # AppError: the rows could not be read
    refreshed = Signal()  # the first page was read; rows or emptiness are up to date

    def __init__(
        self,
        read: Callable[[str, int], Page[Row]],
        key: Callable[[Row], Hashable],
        present: Callable[[Row], RowData],
        parent: QObject | None = None,
        *,
        pinned: Callable[[], Sequence[Row]] = tuple,
        page: int = PAGE,
    ) -> None:
        super().__init__(key, parent)
        self._read = read
        self._present = present
        self._pinned = pinned
        self._page = page
        self._paged: list[Row] = []
        self._after = ""
        self._words: dict[Hashable, tuple[Row, RowData]] = {}
        self._fresh: list[Row] = []  # what the walk of a look has read so far
        self._walk_after = ""
        self._target = 0
        self._walk = QTimer(self)
        self._walk.setSingleShot(True)
        self._walk.timeout.connect(self._next_page)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        return row_value(self._words_of(self._rows[index.row()]), role)

    def canFetchMore(self, parent: Index = QModelIndex()) -> bool:
        return not parent.isValid() and bool(self._after)

    def fetchMore(self, parent: Index = QModelIndex()) -> None:
        if not self.canFetchMore(parent):
            return
        if self._walk.isActive():
            self._target += self._page  # the look that is under way reads further
            return
        page = self._page_after(self._after)
        if page is None:
            self._after = ""
            return
        self._after = page.after
        known = {self._key(row) for row in self._paged}
        self._paged += [row for row in page.rows if self._key(row) not in known]
        self._show()

    def reload(self) -> None:
        """Read from the top another list (a filter, a search): nothing of the old one stays."""
        self._walk.stop()
        page = self._page_after("")
        if page is None:
            return
        self._paged, self._after = list(page.rows), page.after
        self._words.clear()
        self.replace_all(self._with_pinned())
        self.refreshed.emit()

    def refresh(self) -> None:
        """Look again at all that is shown."""
        self._fresh, self._walk_after = [], ""
        self._target = max(len(self._paged), self._page)
        if self._next_page():
            self.refreshed.emit()

    def refresh_pinned(self) -> None:
        """Only the rows on top have changed."""
        self._show()

    def forget_words(self) -> None:
        """Make all words anew: the day, the language or what they depend on has changed."""
        self._words.clear()
        if self._rows:
            self.told_changed(0, len(self._rows) - 1)

    def forget_word(self, at: int) -> None:
        """Make the words of one row anew."""
        self._words.pop(self._key(self._rows[at]), None)
        self.told_changed(at, at)

    def _next_page(self) -> bool:
        # Exactly as far as rows are shown: a list must not grow by a page with every look.
        page = self._page_after(self._walk_after, min(4 * self._page, self._target - len(self._fresh)))
        if page is None:
            return False
        known = {self._key(row) for row in self._fresh}
        self._fresh += [row for row in page.rows if self._key(row) not in known]
        self._walk_after = page.after
        beyond = _beyond(self._fresh, self._paged, self._key) if page.after else []
        self._paged = self._fresh + beyond
        # New rows have pushed as many old ones beyond the end: these are read too.
        self._target = max(self._target, len(self._paged))
        if page.after and len(self._fresh) < self._target:
            self._walk.start(0)
        else:
            self._after, self._fresh = page.after, []
        self._show()
        return True

    def _page_after(self, after: str, limit: int = 0) -> Page[Row] | None:
        try:
            return self._read(after, limit or self._page)
        except AppError as error:
            self.failed.emit(error)
            return None

    def _show(self) -> None:
        self.set_rows(self._with_pinned())

    def _with_pinned(self) -> list[Row]:
        above = list(self._pinned())
        taken = {self._key(row) for row in above}
        return above + [row for row in self._paged if self._key(row) not in taken]

    def _words_of(self, row: Row) -> RowData:
        key = self._key(row)
        kept = self._words.get(key)
        if kept is not None and kept[0] is row:
            return kept[1]
        made = self._present(row)
        self._words[key] = (row, made)
        return made


def _beyond(fresh: list[Row], old: list[Row], key: Callable[[Row], Hashable]) -> list[Row]:
    """What was shown below the pages read so far."""
    have = {key(row) for row in fresh}
    places = {key(row): at for at, row in enumerate(old)}
    # The lowest row that both lists know: what stood below it has not been read yet.
    last = next((places[key(row)] for row in reversed(fresh) if key(row) in places), -1)
    return [row for row in old[last + 1 :] if key(row) not in have]


def _runs(places: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Neighbouring numbers as (first, last)."""
    first = last = -2
    for at in places:
        if at != last + 1:
            if first >= 0:
                yield first, last
            first = at
        last = at
    if first >= 0:
        yield first, last
