"""Brings the translation files up to the code, for translators: `python -m tests.i18n.extract [FOLDER]`.

pyside6-lupdate finds what stands in `ui` inside tr() and translate(). Words that are declared elsewhere and reach
translate() as a value are written into a small file of its own kind first, so that it finds them too.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import resources
from app import demo, setting_words, settings, words

LANGUAGES = ("ja",)
_HERE = resources.path("i18n")
_ROOT = _HERE.parents[1]
# Where most numbers of a Japanese or American office lead; every other country keeps its English name.
_COUNTRIES = (
    "Australia", "Brazil", "Canada", "China", "France", "Germany", "Hong Kong", "India", "Indonesia", "Ireland",
    "Italy", "Japan", "Malaysia", "Mexico", "Netherlands", "New Zealand", "Norway", "Philippines", "Singapore",
    "South Korea", "Spain", "Sweden", "Switzerland", "Taiwan", "Thailand", "United Kingdom", "United States",
    "Vietnam",
)  # fmt: skip

_PHONE_FIELDS = ("Phone", "Mobile", "Home", "Other", "Assistant")  # as `crm.rows` names them


def dynamic_words() -> Iterator[tuple[str, str]]:
    """(context, source text) of every word that is no literal where it is translated."""
    for template in words.all_templates().values():
        yield "Words", template
    for _, does in demo.NUMBERS:
        yield "Demo", does
    for section in setting_words.Section:
        yield "Settings", section.value
    for item in settings.declared():
        yield "Settings", item.shown.label
        if item.shown.help:
            yield "Settings", item.shown.help
        for _, word in item.shown.choices:
            yield "Settings", word
    for word in ("Settings", "On", "Off", "not set"):
        yield "Settings", word
    for field in _PHONE_FIELDS:
        yield "PhoneField", field
    for country in _COUNTRIES:
        yield "Country", country


def extract(folder: Path = _HERE) -> list[Path]:
    """Update (or make) the .ts files in ``folder`` and compile them; the .ts files."""
    made = [folder / f"ringdown_{language}.ts" for language in LANGUAGES]
    with tempfile.TemporaryDirectory() as name:
        listed = Path(name) / "declared.py"
        lines = [
            f"QCoreApplication.translate({context!r}, {text!r})" for context, text in dict.fromkeys(dynamic_words())
        ]
        listed.write_text("\n".join([*lines, ""]), encoding="utf-8")
        sources = sorted(str(path.relative_to(_ROOT)) for path in (_ROOT / "ui").rglob("*.py"))
        for language, file in zip(LANGUAGES, made, strict=True):
            command = [_tool("lupdate"), *sources, str(listed), "-ts", str(file), "-target-language", language]
            subprocess.run(
                [*command, "-source-language", "en", "-locations", "none", "-no-obsolete", "-silent"],
                cwd=_ROOT, check=True,
            )  # fmt: skip
            compile_to(file, file.with_suffix(".qm"))
    return made


def compile_to(ts: Path, qm: Path) -> None:
    """Write what the window loads. An unfinished translation is left out of it."""
    subprocess.run([_tool("lrelease"), str(ts), "-silent", "-qm", str(qm)], check=True)


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


if __name__ == "__main__":
    extract(Path(sys.argv[1]) if len(sys.argv) > 1 else _HERE)
