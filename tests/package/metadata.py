"""The package's files as plain values, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2] / "resources" / "salesforce"
SOURCE = ROOT / "force-app" / "main" / "default"
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"


@dataclass(frozen=True, slots=True)
class FieldFile:
    """One custom field. ``owner`` is the folder it lies in: `Activity` for those of a Task."""

    owner: str
    name: str
    values: dict[str, str]

    @property
    def length(self) -> int:
        """Characters it holds, 0 for kinds without a length of their own."""
        return 255 if self.values["type"] == "Url" else int(self.values.get("length", "0"))


def read(path: Path) -> ElementTree.Element:
    """The root element of one file below `SOURCE`."""
    return ElementTree.parse(SOURCE / path).getroot()


def texts(root: ElementTree.Element, path: str) -> list[str]:
    """What stands in every element of that path, in order; `a/b` goes down."""
    return [one.text or "" for one in root.iterfind("/".join(NAMESPACE + step for step in path.split("/")))]


def text(root: ElementTree.Element, path: str) -> str:
    """The first of `texts`, empty without one."""
    return next(iter(texts(root, path)), "")


def values(root: ElementTree.Element) -> dict[str, str]:
    """The plain children of an element."""
    return {one.tag.removeprefix(NAMESPACE): one.text or "" for one in root}


def named(pattern: str) -> list[Path]:
    """Files below `SOURCE` by a glob, relative to it."""
    return sorted(one.relative_to(SOURCE) for one in SOURCE.glob(pattern))


def fields(owner: str) -> dict[str, FieldFile]:
    """The custom fields of an object by name."""
    found = [values(read(path)) for path in named(f"objects/{owner}/fields/*.field-meta.xml")]
    return {one["fullName"]: FieldFile(owner, one["fullName"], one) for one in found}
