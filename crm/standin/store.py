"""Rows in memory, written through to disk; transactions with savepoints; key and search-age book-keeping.

Rows are never changed in place: a write replaces the row, so a reader's snapshot stays what it was and a
roll-back puts the old row back. Rows hold only values that are not null.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import ids
from .disk import Disk
from .indexes import Index
from .objects import ALL_OBJECTS, PREFIXES
from .schema import Row, SObject
from .search_index import SearchIndex, SearchView

_KEY_FIELDS = {
    one.name: tuple(each.name for each in one.declared if each.external_id or each.unique) for one in ALL_OBJECTS
}
_CASE_SENSITIVE = {(one.name, each.name) for one in ALL_OBJECTS for each in one.declared if each.case_sensitive}
_Change = tuple[str, str, Row | None]


class Store:
    """Every row of the org. Any thread; writes belong inside `transaction()`."""

    def __init__(self, disk: Disk | None, wall_clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self._disk = disk
        self._tables: dict[str, dict[str, Row]] = {}
        self._indexes: dict[str, dict[str, Index]] = {}
        self._counters: dict[str, int] = {}
        self._search = SearchIndex(wall_clock)
        self._undo: list[_Change] = []
        self._depth = 0
        self._forget()
        if disk is not None:
            for sobject, row in disk.rows():
                self._place(sobject, str(row["Id"]), row)
                self._counters[sobject] = max(self._counters[sobject], ids.number_of(str(row["Id"])))

    def _forget(self) -> None:
        self._tables = {one.name: {} for one in ALL_OBJECTS}
        self._indexes = {
            name: {key: Index(sensitive=(name, key) in _CASE_SENSITIVE) for key in keys}
            for name, keys in _KEY_FIELDS.items()
        }
        self._counters = dict.fromkeys(self._tables, 0)
        self._search.clear()

    @property
    def empty(self) -> bool:
        """Whether there is no record at all."""
        return not any(self._tables.values())

    def clear(self) -> None:
        """Removes every record; counting starts again, so a seeded org gets the same ids."""
        with self.lock:
            self._forget()
            if self._disk is not None:
                self._disk.clear()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are kept or, if it ends by an exception, none. Nested ones are savepoints."""
        with self.lock:
            mark = len(self._undo)
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._keep()
            except BaseException:
                while len(self._undo) > mark:
                    sobject, record_id, row = self._undo.pop()
                    self._place(sobject, record_id, row)
                raise
            finally:
                self._depth -= 1

    def _keep(self) -> None:
        if self._disk is not None and self._undo:
            changed = {record_id: sobject for sobject, record_id, _ in self._undo}
            self._disk.save((name, one, self._tables[name].get(one)) for one, name in changed.items())
        self._undo.clear()

    def new_id(self, sobject: SObject) -> str:
        """The next id of this object."""
        with self.lock:
            self._counters[sobject.name] += 1
            return ids.make(sobject.prefix, self._counters[sobject.name])

    def reserve(self, sobject: SObject, record_id: str) -> None:
        """Takes an id chosen elsewhere, so that it is not given out again."""
        with self.lock:
            self._counters[sobject.name] = max(self._counters[sobject.name], ids.number_of(record_id))

    def count(self, sobject: SObject) -> int:
        """How many ids this object has given out."""
        return self._counters[sobject.name]

    def put(self, sobject: SObject, row: Row) -> None:
        """Stores or replaces a row; only inside `transaction()`."""
        record_id = str(row["Id"])
        old = self._tables[sobject.name].get(record_id)
        self._undo.append((sobject.name, record_id, old))
        self._place(sobject.name, record_id, {name: value for name, value in row.items() if value is not None})

    def drop(self, sobject: SObject, record_id: str) -> None:
        """Removes a row for good; only inside `transaction()`."""
        old = self._tables[sobject.name].get(record_id)
        if old is not None:
            self._undo.append((sobject.name, record_id, old))
            self._place(sobject.name, record_id, None)

    def _place(self, sobject: str, record_id: str, row: Row | None) -> None:
        table = self._tables[sobject]
        old = table.get(record_id)
        for name, index in self._indexes[sobject].items():
            before, after = old.get(name) if old else None, row.get(name) if row else None
            if before != after:
                index.remove(before, record_id)
                index.add(after, record_id)
        self._search.changed(sobject, record_id, old, row)
        if row is None:
            table.pop(record_id, None)
        else:
            table[record_id] = row

    def get(self, sobject: SObject, record_id: str) -> Row | None:
        """The row, deleted or not."""
        return self._tables[sobject.name].get(record_id)

    def find(self, record_id: str) -> Row | None:
        """The live row of any object with this id."""
        name = PREFIXES.get(record_id[:3])
        row = self._tables[name].get(record_id) if name else None
        return None if row is None or row.get("IsDeleted") else row

    def rows(self, sobject: SObject) -> list[Row]:
        """A snapshot of every row, deleted ones too, in the order they were made."""
        with self.lock:
            return list(self._tables[sobject.name].values())

    def keyed(self, sobject: SObject, field: str, value: str) -> list[Row]:
        """Rows, deleted ones too, whose field equals the value. The first such question about a field indexes it."""
        with self.lock:
            table, indexes = self._tables[sobject.name], self._indexes[sobject.name]
            index = indexes.get(field)
            if index is None:
                declared = sobject.fields.get(field.lower())
                index = indexes[field] = Index(sensitive=bool(declared and declared.case_sensitive))
                for record_id, row in table.items():
                    index.add(row.get(field), record_id)
            return [table[one] for one in index.ids(value)]

    def searched(self, sobject: SObject) -> SearchView:
        """What the search knows of an object now; `sobject` with all its fields, whoever asks."""
        with self.lock:
            self._search.catch_up(self._row)
            return self._search.view(sobject, self._tables[sobject.name].values())

    def set_search_lag(self, seconds: float) -> None:
        """How long the search does not know of a write. Fields may have changed, so the index is built anew."""
        with self.lock:
            self._search.lag = seconds
            self._search.forget()

    def all_indexed(self) -> None:
        """Makes the search index catch up at once."""
        with self.lock:
            self._search.catch_up(self._row, everything=True)

    def _row(self, sobject: str, record_id: str) -> Row | None:
        return self._tables[sobject].get(record_id)
