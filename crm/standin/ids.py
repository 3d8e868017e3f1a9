"""Record ids: 15 characters that distinguish case, 18 with the suffix that makes them safe without."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_POD = "Rd"
_NUMBER_LENGTH = 10


def suffix(id15: str) -> str:
    """The three characters that record which of the fifteen are upper case."""
    chunks = (id15[0:5], id15[5:10], id15[10:15])
    return "".join(
        _SUFFIX[sum(1 << place for place, letter in enumerate(chunk) if "A" <= letter <= "Z")] for chunk in chunks
    )


def normalise(text: str) -> str | None:
    """The 18-character form of a 15- or 18-character id, or None when it is neither."""
    if len(text) not in (15, 18) or not (text.isascii() and text.isalnum()):
        return None
    full = text[:15] + suffix(text[:15])
    return full if len(text) == 15 or full == text else None


def make(prefix: str, number: int) -> str:
    """The id of the `number`-th record of the object with this three-character prefix."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _DIGITS[rest] + digits
    id15 = prefix + _POD + digits.rjust(_NUMBER_LENGTH, "0")
    return id15 + suffix(id15)


def number_of(record_id: str) -> int:
    """The inverse of `make`; 0 for an id that was not made here."""
    if record_id[3:5] != _POD:
        return 0
    number = 0
    for letter in record_id[5:15]:
        number = number * 62 + _DIGITS.index(letter)
    return number
