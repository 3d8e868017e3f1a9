"""The words people are found by, cut the same way for what is kept and for what is asked.

1. Text is folded (`text_search.fold`), accents of Latin letters fall away, and everything that is neither letter nor
   digit parts words. ``search_text`` is these words, each after a space.
2. A word of an alphabet is found by its beginning. Chinese, Japanese and Korean are written without spaces: there any
   part is found, through the pairs of signs it consists of.
3. A number is found by any three digits or more of it, through the triples it consists of.
4. The index answers in candidates; `holds` then looks at the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.store.text_search import digits, fold

_MOST_WORDS = 8  # more narrow nothing
_TRIPLE = "№"  # marks a triple of digits; folding never leaves this sign in a word
_SIGNS = "\u2e80-\u303b\u3040-\u312f\u3131-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_PIECES = re.compile(f"[{_SIGNS}]+|[^{_SIGNS} ]+")
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search looks for: all of ``holds`` in a ``search_text``, or the digits ``number`` in a number.

    ``match`` asks the index for both; empty when it cannot tell (one or two digits, or nothing that was typed is a
    letter or digit).
    """

    holds: tuple[str, ...]
    number: str
    match: str
    is_all: bool
    """Nothing was typed: everybody is meant."""


def pieces(text: str) -> list[str]:
    """The words of a text, those of different writing systems apart."""
    plain = fold(text)
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", _LATIN_ACCENTS.sub("", unicodedata.normalize("NFD", plain)))
    return _PIECES.findall("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain))


def search_text(*texts: str) -> str:
    """What `holds` is looked for in."""
    return "".join(f" {piece}" for text in texts for piece in pieces(text))


def index_words(found_by: str, numbers: Iterable[str]) -> str:
    """The words for the index: of a ``search_text``, and of numbers given as their digits."""
    words = dict.fromkeys(word for piece in found_by.split() for word in _index_words(piece))
    triples = dict.fromkeys(number[at : at + 3] for number in numbers for at in range(len(number) - 2))
    return " ".join((*words, *(_TRIPLE + triple for triple in triples)))


def asked(text: str) -> Asked:
    """What was typed into a search."""
    words = pieces(text)[:_MOST_WORDS]
    number = digits(text)
    by_word = dict.fromkeys(term for word in words for term in _terms(word))
    by_number = dict.fromkeys(f'"{_TRIPLE}{number[at : at + 3]}"' for at in range(len(number) - 2))
    both = [f"({' AND '.join(terms)})" for terms in (by_word, by_number) if terms]
    return Asked(
        holds=tuple(word if _is_signs(word) else f" {word}" for word in words),
        number=number,
        match=" OR ".join(both) if by_number or not number else "",
        is_all=not text.strip(),
    )


def holds(found_by: str, wanted: Sequence[str]) -> bool:
    """Are all of `Asked.holds` in a ``search_text``?"""
    return all(word in found_by for word in wanted)


def _is_signs(piece: str) -> bool:
    return re.match(f"[{_SIGNS}]", piece) is not None


def _index_words(piece: str) -> list[str]:
    if not _is_signs(piece):
        return [piece]
    # The last sign alone too, so that every single one begins a word.
    return [piece[at : at + 2] for at in range(len(piece))]


def _terms(piece: str) -> list[str]:
    if not _is_signs(piece) or len(piece) == 1:
        return [f'"{piece}"*']
    return [f'"{piece[at : at + 2]}"' for at in range(len(piece) - 1)]
