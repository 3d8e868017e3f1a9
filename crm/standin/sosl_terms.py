"""The words inside FIND {…}: operators, phrases, wildcards, escapes; and matching them against text and phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from .errors import ApiError, refuse
from .search_index import SearchView, digits_of, ending_of, words_of

RESERVED = frozenset("?&|!{}[]()^~*:\\\"'+-")
# Two or more of these run together into words without spaces.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHORTEST_PHONE_ENDING = 7


@dataclass(frozen=True, slots=True)
class Searchable:
    """What one record offers a search: its words' texts and its phone fields."""

    texts: tuple[str, ...]
    phones: tuple[str, ...]


Test = Callable[[Searchable], bool]
# The records that may pass the test, among texts and phones as asked; None when only a look at all can tell.
Narrow = Callable[[SearchView, bool, bool], "set[str] | None"]


@dataclass(frozen=True, slots=True)
class Search:
    """A compiled search: a test on one record, and a quick way to the few records worth testing."""

    test: Test
    narrow: Narrow


@dataclass(frozen=True, slots=True)
class _Piece:
    """A term, phrase, operator or bracket."""

    kind: str
    text: str


def compile_terms(text: str) -> Search:
    """The text between the braces as a test on records. Raises ApiError INVALID_SEARCH."""
    pieces = _pieces(text)
    words = "".join(piece.text for piece in pieces if piece.kind in ("term", "phrase"))
    if len(words.replace("*", "").replace("?", "")) < 2:
        raise refuse("INVALID_SEARCH", f"search term must be longer than one character: {text}")
    reader = _Reader(pieces, text)
    search = reader.either()
    reader.finish()
    return search


def _bad(text: str) -> ApiError:
    return refuse("INVALID_SEARCH", f"unexpected token in search string: {text}")


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter in "()":
            pieces.append(_Piece(letter, letter))
            at += 1
        elif letter == '"':
            phrase, at = _until_quote(text, at + 1)
            pieces.append(_Piece("phrase", phrase))
        else:
            word, at = _word(text, at)
            upper = word.upper()
            pieces.append(_Piece(upper if upper in ("AND", "OR", "NOT") else "term", word))
    return pieces


def _until_quote(text: str, at: int) -> tuple[str, int]:
    out = ""
    while at < len(text) and text[at] != '"':
        if text[at] == "\\":
            at += 1
        out += text[at : at + 1]
        at += 1
    if at >= len(text):
        raise _bad(text)
    return out, at + 1


def _word(text: str, at: int) -> tuple[str, int]:
    out = ""
    while at < len(text) and not text[at].isspace() and text[at] not in '()"':
        letter = text[at]
        if letter == "\\":
            escaped = text[at + 1 : at + 2]
            if not escaped:
                raise _bad(text)
            # An escaped wildcard is punctuation, and punctuation parts words.
            out += " " if escaped in "*?" else escaped
            at += 2
            continue
        if letter in "*?":
            if not out:
                raise _bad(text)
        elif letter in RESERVED:
            raise _bad(text)
        out += letter
        at += 1
    return out, at


class _Reader:
    def __init__(self, pieces: list[_Piece], text: str) -> None:
        self._pieces = pieces
        self._text = text
        self._next = 0

    def finish(self) -> None:
        if self._next < len(self._pieces):
            raise _bad(self._text)

    def either(self) -> Search:
        parts = [self._both()]
        while self._kind() == "OR":
            self._next += 1
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _any(parts)

    def _both(self) -> Search:
        parts = [self._one()]
        while self._kind() in ("AND", "NOT", "term", "phrase", "("):
            if self._kind() == "AND":
                self._next += 1
            if self._kind() == "NOT":
                self._next += 1
                parts.append(_not(self._one()))
            else:
                parts.append(self._one())
        return parts[0] if len(parts) == 1 else _all(parts)

    def _one(self) -> Search:
        kind = self._kind()
        if kind == "(":
            self._next += 1
            inside = self.either()
            if self._kind() != ")":
                raise _bad(self._text)
            self._next += 1
            return inside
        if kind not in ("term", "phrase"):
            raise _bad(self._text)
        text = self._pieces[self._next].text
        self._next += 1
        return _term(text)

    def _kind(self) -> str:
        return self._pieces[self._next].kind if self._next < len(self._pieces) else ""


def _not(search: Search) -> Search:
    return Search(lambda record: not search.test(record), lambda _view, _texts, _phones: None)


def _any(parts: list[Search]) -> Search:
    def narrow(view: SearchView, texts: bool, phones: bool) -> set[str] | None:
        return _united(part.narrow(view, texts, phones) for part in parts)

    return Search(lambda record: any(part.test(record) for part in parts), narrow)


def _all(parts: list[Search]) -> Search:
    def narrow(view: SearchView, texts: bool, phones: bool) -> set[str] | None:
        return _shared(part.narrow(view, texts, phones) for part in parts)

    return Search(lambda record: all(part.test(record) for part in parts), narrow)


def _united(found: Iterable[set[str] | None]) -> set[str] | None:
    every: set[str] = set()
    for one in found:
        if one is None:
            return None
        every |= one
    return every


def _shared(found: Iterable[set[str] | None]) -> set[str] | None:
    known = [one for one in found if one is not None]
    return set.intersection(*known) if known else None


def _term(text: str) -> Search:
    words = _text_test(text)
    digits = re.sub(r"[^\d*?]", "", text)
    phone_like = not re.search(r"[^\W\d]", text) and bool(re.search(r"\d", digits))

    def found(record: Searchable) -> bool:
        if any(words(one) for one in record.texts):
            return True
        return phone_like and any(phone_matches(digits, one) for one in record.phones)

    def narrow(view: SearchView, texts: bool, phones: bool) -> set[str] | None:
        some: list[set[str] | None] = [_narrow_words(view, text)] if texts else []
        if phones and phone_like:
            some.append(None if set(digits) & {"*", "?"} else view.with_ending(ending_of(digits)))
        return _united(some)

    return Search(found, narrow)


def _narrow_words(view: SearchView, text: str) -> set[str] | None:
    wanted = re.findall(r"[\w*?]+", text.casefold())
    if len(wanted) == 1 and _UNSPACED.search(wanted[0]):
        return None
    return _shared(
        view.with_words_like(re.compile(_wild(word))) if set(word) & {"*", "?"} else view.with_word(word)
        for word in wanted
    )


def _text_test(text: str) -> Callable[[str], bool]:
    wanted = re.findall(r"[\w*?]+", text.casefold())
    if not wanted:
        return lambda _text: False
    if len(wanted) == 1 and not set(wanted[0]) & {"*", "?"} and _UNSPACED.search(wanted[0]):
        return lambda stored: wanted[0] in stored.casefold()
    patterns = [re.compile(_wild(word)) for word in wanted]

    def test(stored: str) -> bool:
        words = words_of(stored)
        return any(
            all(pattern.fullmatch(word) for pattern, word in zip(patterns, words[start:], strict=False))
            for start in range(len(words) - len(patterns) + 1)
        )

    return test


def _wild(word: str, any_one: str = r"\w") -> str:
    return "".join(f"{any_one}*" if one == "*" else any_one if one == "?" else re.escape(one) for one in word)


def phone_matches(digits: str, stored: str) -> bool:
    """Whether searched digits (wildcards allowed) find a stored number, however it is punctuated.

    The whole number matches, with or without its extension, and so does its ending from seven digits on: a
    national number finds one stored with a country code, but not the other way round.
    """
    main, full = _digits_of(stored)
    if set(digits) & {"*", "?"}:
        pattern = re.compile(_wild(digits, r"\d"))
        return any(pattern.fullmatch(one) for one in _forms(main, full))
    if digits in (main, full):
        return True
    return len(digits) >= _SHORTEST_PHONE_ENDING and main.endswith(digits)


@lru_cache(maxsize=200_000)
def _digits_of(stored: str) -> tuple[str, str]:
    """A stored number's digits without and with its extension; kept, as a search reads every number."""
    return digits_of(stored)


def _forms(main: str, full: str) -> Iterable[str]:
    yield main
    yield full
    if len(main) == 11 and main.startswith("1"):
        yield main[1:]
