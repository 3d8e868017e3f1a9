"""Colleagues from a CSV list: a file, or an https address. The first line names the columns, in any order."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.domain.counterpart import CrmRecord
from app.errors import AppError, Detail, ErrorCode, system_detail
from crm.directory.entries import Entry, records

MOST_BYTES = 16 * 1024 * 1024
# What a column may be called, in lower case without spaces and dashes; the first that is there counts.
_NAMES = ("name", "fullname", "displayname", "氏名", "名前")
_FIRST, _LAST = ("firstname", "givenname", "名"), ("lastname", "surname", "familyname", "姓")
_TITLES = ("title", "jobtitle", "position", "役職")
_DEPARTMENTS = ("department", "team", "部署")
_EMAILS = ("email", "mail", "emailaddress", "メール", "メールアドレス")
_IDS = ("id", "uid", "employeeid", "employeenumber", "社員番号")
_EXTENSIONS = ("extension", "ext", "内線", "内線番号")
_PHONES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Phone", ("phone", "number", "telephone", "workphone", "telephonenumber", "電話", "電話番号")),
    ("Mobile", ("mobile", "mobilephone", "cell", "cellphone", "携帯", "携帯電話")),
)


class CsvDirectory:
    """``fetch`` reads an https address; raises AppError as `app.download.download`."""

    def __init__(self, place: str, fetch: Callable[[str, int], bytes]) -> None:
        self._place = place
        self._fetch = fetch

    def read(self) -> Sequence[CrmRecord]:
        """Everybody of the list. Blocks; raises AppError DIRECTORY_UNREADABLE."""
        return records(_entries(_text(self._content())))

    def _content(self) -> bytes:
        if self._place.lower().startswith("https://"):
            try:
                return self._fetch(self._place, MOST_BYTES)
            except AppError as error:
                raise AppError(ErrorCode.DIRECTORY_UNREADABLE, **error.values) from error
        try:
            path = Path(self._place)
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device read for ever
                raise unreadable(Detail.NO_FILE)
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise unreadable(system_detail(error)) from error
        except ValueError as error:  # a NUL in the name
            raise unreadable(Detail.GONE) from error
        if len(content) > MOST_BYTES:
            raise unreadable(Detail.LIST_TOO_LARGE)
        return content


def unreadable(detail: str, **places: object) -> AppError:
    """The directory could not be read, and why."""
    return AppError(ErrorCode.DIRECTORY_UNREADABLE, detail=detail, **places)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932" if b"\x8e" in content or b"\x93" in content else "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable(Detail.NOT_UTF8)


def _entries(text: str) -> Iterator[Entry]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = {_plain(name): at for at, name in reversed(list(enumerate(next(lines, []))))}
        if not any(name in columns for name in (*_NAMES, *_FIRST, *_LAST)):
            raise unreadable(Detail.NO_NAME_COLUMN)
        for values in lines:
            yield _entry(columns, values)
    except csv.Error as error:
        raise unreadable(Detail.NO_CSV) from error


def _entry(columns: dict[str, int], values: list[str]) -> Entry:
    def cell(names: tuple[str, ...]) -> str:
        at = next((columns[name] for name in names if name in columns), -1)
        return values[at].strip() if 0 <= at < len(values) else ""

    name = cell(_NAMES) or " ".join(part for part in (cell(_FIRST), cell(_LAST)) if part)
    phones = tuple((label, number) for label, names in _PHONES if (number := cell(names)))
    email = cell(_EMAILS)
    return Entry(
        uid=cell(_IDS) or email or f"{name}\n{phones}",
        name=name,
        phones=phones,
        extension=cell(_EXTENSIONS),
        title=cell(_TITLES),
        department=cell(_DEPARTMENTS),
        email=email,
    )


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
