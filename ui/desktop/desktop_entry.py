"""Desktop entries of freedesktop.org: writing them, quoting their command, reading one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")


def entry(keys: Mapping[str, str]) -> str:
    """The text of a [Desktop Entry]. Values are escaped; lists come joined with semicolons."""
    return "[Desktop Entry]\n" + "".join(f"{key}={_escaped(value)}\n" for key, value in keys.items())


def command(argv: Sequence[str], field: str = "") -> str:
    """The value of Exec: each argument stays one argument, ``field`` (``%u``) is left for the desktop to fill.

    Raises ValueError for an argument with a control character: no desktop can start such a program.
    """
    words = [_quoted(word) for word in argv]
    return " ".join([*words, field] if field else words)


def value(text: str, key: str) -> str:
    """The value of a key in [Desktop Entry], unescaped; empty when it is not there."""
    inside = False
    for line in text.split("\n"):
        if line.startswith("["):
            inside = line.strip() == "[Desktop Entry]"
        elif inside:
            name, equals, rest = line.partition("=")
            if equals and name.strip() == key:
                return _unescaped(rest.strip())
    return ""


def _quoted(word: str) -> str:
    if any(ord(c) < 32 or ord(c) == 127 for c in word):
        raise ValueError("a control character in a command")
    word = word.replace("%", "%%")
    # Only when needed: some desktops look for the program's file without taking quotes off.
    if word and not _RESERVED & set(word):
        return word
    return '"' + "".join(f"\\{c}" if c in '"`$\\' else c for c in word) + '"'


def _escaped(text: str) -> str:
    made = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return "\\s" + made[1:] if made.startswith(" ") else made


def _unescaped(text: str) -> str:
    made, at = [], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            made.append({"s": " ", "n": "\n", "t": "\t", "r": "\r"}.get(text[at + 1], text[at + 1]))
            at += 2
        else:
            made.append(text[at])
            at += 1
    return "".join(made)
