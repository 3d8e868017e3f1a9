"""``mimeapps.list``: which program opens what. Text in, text out; every line that is not ours stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

_DEFAULT, _ADDED, _REMOVED = "Default Applications", "Added Associations", "Removed Associations"


def defaults(text: str, mime: str) -> list[str]:
    """The desktop ids named as default for a type, first choice first."""
    return [item for group, key, items in _entries(text) if (group, key) == (_DEFAULT, mime) for item in items]


def names(text: str, mime: str) -> bool:
    """Does the list say anything on a type?"""
    return any(key == mime for _, key, _ in _entries(text))


def with_default(text: str, mimes: Iterable[str], desktop_id: str) -> str:
    """``desktop_id`` is the first choice for these types; those before it come right after it."""
    for mime in mimes:
        text = _put_first(text, _DEFAULT, mime, desktop_id)
        text = _put_first(text, _ADDED, mime, desktop_id)
        text = _changed(text, _drop_from(desktop_id, _REMOVED, mime))
    return text


def without(text: str, desktop_id: str, mime: str = "") -> str:
    """Nothing names ``desktop_id`` any more (for one type only when ``mime`` is given); who came after is first."""
    for group in (_DEFAULT, _ADDED, _REMOVED):
        text = _changed(text, _drop_from(desktop_id, group, mime))
    return text


# What an entry's list becomes, by its group and key; None leaves the line as it was written.
_Change = Callable[[str, str, list[str]], list[str] | None]


def _drop_from(desktop_id: str, wanted: str, mime: str) -> _Change:
    def change(group: str, key: str, items: list[str]) -> list[str] | None:
        if group != wanted or mime not in {"", key} or desktop_id not in items:
            return None
        return [item for item in items if item != desktop_id]

    return change


def _put_first(text: str, wanted: str, mime: str, desktop_id: str) -> str:
    # Readers differ on which of two same keys counts, so every one is changed.
    seen = False

    def change(group: str, key: str, items: list[str]) -> list[str] | None:
        nonlocal seen
        if (group, key) != (wanted, mime):
            return None
        seen = True
        return [desktop_id, *(item for item in items if item != desktop_id)]

    text = _changed(text, change)
    if seen:
        return text
    line = f"{mime}={desktop_id};"
    lines = text.split("\n")
    for at, found in enumerate(lines):
        if _header(found) == wanted:
            return "\n".join([*lines[: at + 1], line, *lines[at + 1 :]])
    before = text if not text or text.endswith("\n") else text + "\n"
    return f"{before}{chr(10) if before else ''}[{wanted}]\n{line}\n"


def _changed(text: str, change: _Change) -> str:
    made: list[str] = []
    group = ""
    for line in text.split("\n"):
        if (header := _header(line)) is not None:
            group = header
        elif (found := _entry(line)) is not None:
            key, items = found
            fresh = change(group, key, items)
            if fresh is not None:
                if fresh:
                    made.append(f"{key}={';'.join(fresh)};")
                continue
        made.append(line)
    return "\n".join(made)


def _entries(text: str) -> Iterator[tuple[str, str, list[str]]]:
    group = ""
    for line in text.split("\n"):
        if (header := _header(line)) is not None:
            group = header
        elif (found := _entry(line)) is not None:
            yield group, *found


def _header(line: str) -> str | None:
    line = line.strip()
    return line[1:-1] if line.startswith("[") and line.endswith("]") else None


def _entry(line: str) -> tuple[str, list[str]] | None:
    key, equals, rest = line.partition("=")
    if not equals or line.lstrip().startswith("#"):
        return None
    return key.strip(), [item.strip() for item in rest.split(";") if item.strip()]
