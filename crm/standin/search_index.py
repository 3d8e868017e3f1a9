"""What the search knows: words and phone endings by record, as of some time ago.

A write is known at once, or `lag` seconds after it; until then the record is found by what it was before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .indexes import Index
from .schema import TEXT_KINDS, Kind, Row, SObject

_WORD = re.compile(r"\w+")
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x|;ext=|#|,)\s*\d+\s*$", re.IGNORECASE)
_HINT = re.compile(r"[x#,;e]", re.IGNORECASE)
_NO_DIGIT = re.compile(r"\D")
_ENDING = 7


def words_of(text: str) -> list[str]:
    """The words of a text, their case folded."""
    return _WORD.findall(text.casefold())


def digits_of(stored: str) -> tuple[str, str]:
    """A stored number's digits without and with its extension."""
    full = _NO_DIGIT.sub("", stored)
    # Few numbers have an extension, and to look for one takes longest.
    return (_NO_DIGIT.sub("", _EXTENSION.sub("", stored)), full) if _HINT.search(stored) else (full, full)


def ending_of(digits: str) -> str:
    """By what a number is looked up: its last seven digits, or all of a shorter one."""
    return digits[-_ENDING:]


@dataclass(slots=True)
class _Known:
    """What is known of one object: its records, and where words and endings stand. Empty maps are built on demand."""

    texts: tuple[str, ...]
    phones: tuple[str, ...]
    rows: dict[str, Row] = field(default_factory=dict)
    words: Index | None = None
    endings: Index | None = None

    def change(self, record_id: str, row: Row | None) -> None:
        old = self.rows.pop(record_id, None)
        if row is not None:
            self.rows[record_id] = row
        for index, tokens in ((self.words, self._words), (self.endings, self._endings)):
            if index is not None:
                before, after = tokens(old), tokens(row)
                for token in before - after:
                    index.remove(token, record_id)
                for token in after - before:
                    index.add(token, record_id)

    def word_index(self) -> Index:
        if self.words is None:
            self.words = _filled(self.rows, self._words)
        return self.words

    def ending_index(self) -> Index:
        if self.endings is None:
            self.endings = _filled(self.rows, self._endings)
        return self.endings

    def _words(self, row: Row | None) -> set[str]:
        if row is None:
            return set()
        return {word for name in self.texts if (text := row.get(name)) for word in words_of(str(text))}

    def _endings(self, row: Row | None) -> set[str]:
        if row is None:
            return set()
        return {ending_of(digits) for name in self.phones if (text := row.get(name)) for digits in digits_of(str(text))}


def _filled(rows: dict[str, Row], tokens: Callable[[Row], set[str]]) -> Index:
    index = Index(sensitive=True)
    for record_id, row in rows.items():
        for token in tokens(row):
            index.add(token, record_id)
    return index


class SearchIndex:
    """The index over all objects. Not thread-safe by itself: the store's lock guards it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.lag = 0.0
        self._known: dict[str, _Known] = {}
        # By record: when it was last written, its object, and what is known of it.
        self._pending: dict[str, tuple[float, str, Row | None]] = {}

    def changed(self, sobject: str, record_id: str, old: Row | None, row: Row | None) -> None:
        """Takes note of a write."""
        if self.lag > 0 or record_id in self._pending:
            waiting = self._pending.pop(record_id, None)
            self._pending[record_id] = (self._clock(), sobject, waiting[2] if waiting else old)
        elif sobject in self._known:
            self._known[sobject].change(record_id, row)

    def catch_up(self, find: Callable[[str, str], Row | None], *, everything: bool = False) -> None:
        """Learns the writes whose lag is over; `find` gives an object's row by id."""
        now = self._clock()
        due = [
            record_id for record_id, (moment, _, _) in self._pending.items() if everything or now - moment >= self.lag
        ]
        for record_id in due:
            _, sobject, _ = self._pending.pop(record_id)
            if sobject in self._known:
                self._known[sobject].change(record_id, find(sobject, record_id))

    def forget(self) -> None:
        """Drops what was built, as when fields come or go; what is pending stays so."""
        self._known.clear()

    def clear(self) -> None:
        """As new."""
        self._known.clear()
        self._pending.clear()

    def view(self, sobject: SObject, rows: Iterable[Row]) -> SearchView:
        """What is known of an object, built from `rows` the first time."""
        known = self._known.get(sobject.name)
        if known is None:
            own = [one for one in sobject.declared if not one.via and one.kind in TEXT_KINDS]
            known = self._known[sobject.name] = _Known(
                tuple(one.name for one in own if one.kind is not Kind.PHONE),
                tuple(one.name for one in own if one.kind is Kind.PHONE),
            )
            for row in rows:
                known.rows[str(row["Id"])] = row
            for record_id, (_, name, old) in self._pending.items():
                if name == sobject.name:
                    known.change(record_id, old)
        return SearchView(known)


class SearchView:
    """Looks up what is known of one object."""

    __slots__ = ("_known",)

    def __init__(self, known: _Known) -> None:
        self._known = known

    def row(self, record_id: str) -> Row | None:
        """The record as it is known."""
        return self._known.rows.get(record_id)

    def ids(self) -> list[str]:
        """Every known record."""
        return sorted(self._known.rows)

    def with_word(self, word: str) -> set[str]:
        """The records with this word in any text."""
        return set(self._known.word_index().ids(word))

    def with_words_like(self, pattern: re.Pattern[str]) -> set[str]:
        """The records with a word that matches as a whole."""
        index = self._known.word_index()
        return {one for word in index.values() if pattern.fullmatch(word) for one in index.ids(word)}

    def with_ending(self, ending: str) -> set[str]:
        """The records with a number that ends so."""
        return set(self._known.ending_index().ids(ending))
