"""The words inside FIND {…}: operators, phrases, wildcards, escapes; and matching them against text and phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from .errors import ApiError, refuse

RESERVED = frozenset("?&|!{}[]()^~*:\\\"'+-")
# Two or more of these run together into words without spaces.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+")
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x|;ext=|#|,)\s*\d+\s*$", re.IGNORECASE)
_SHORTEST_PHONE_ENDING = 7


@dataclass(frozen=True, slots=True)
class Searchable:
    """What one record offers a search: its words' texts and its phone fields."""

    texts: tuple[str, ...]
    phones: tuple[str, ...]


Search = Callable[[Searchable], bool]


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
        return lambda record: any(part(record) for part in parts)

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
        return lambda record: all(part(record) for part in parts)

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
    return lambda record: not search(record)


def _term(text: str) -> Search:
    words = _text_test(text)
    digits = re.sub(r"[^\d*?]", "", text)
    phone_like = not re.search(r"[^\W\d]", text) and bool(re.search(r"\d", digits))

    def found(record: Searchable) -> bool:
        if any(words(one) for one in record.texts):
            return True
        return phone_like and any(phone_matches(digits, one) for one in record.phones)

    return found


def _text_test(text: str) -> Callable[[str], bool]:
    wanted = re.findall(r"[\w*?]+", text.casefold())
    if not wanted:
        return lambda _text: False
    if len(wanted) == 1 and not set(wanted[0]) & {"*", "?"} and _UNSPACED.search(wanted[0]):
        return lambda stored: wanted[0] in stored.casefold()
    patterns = [re.compile(_wild(word)) for word in wanted]

    def test(stored: str) -> bool:
        words = _WORD.findall(stored.casefold())
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
    return re.sub(r"\D", "", _EXTENSION.sub("", stored)), re.sub(r"\D", "", stored)


def _forms(main: str, full: str) -> Iterable[str]:
    yield main
    yield full
    if len(main) == 11 and main.startswith("1"):
        yield main[1:]
