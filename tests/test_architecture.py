"""The shape of the program: which package may import what, and that its five names are its own."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "ui", "sip", "crm", "resources")


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the program by its dotted name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file, for types only or not."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            found = ".".join(part for part in (base, node.module or "") if part)
            yield found
            yield from (f"{found}.{alias.name}" for alias in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    """Is the module one of these or inside one of them?"""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


IMPORTS = tuple((name, wanted) for name, path in modules() for wanted in imports(path))


def test_there_is_something_to_check() -> None:
    assert len(IMPORTS) > 500
    assert {name.split(".")[0] for name, _ in IMPORTS} >= {"app", "ui", "sip", "crm"}


# library → the only places that may import it
OWNERS: dict[str, tuple[str, ...]] = {
    "PySide6": ("ui",),
    "pjsua2": ("sip.engine", "sip.standin"),
    "miniaudio": ("sip.engine",),
    "_miniaudio": ("sip.engine",),
    "simple_salesforce": ("crm",),
    "truststore": ("crm.network",),
    "sqlcipher3": ("app.store",),
    "alembic": ("app.store",),
    "keyring": ("app.secret_store",),
    "phonenumbers": ("app.domain.phone_number",),
    # A store's Session is passed through the use cases by its type; they call nothing of it.
    "sqlalchemy": ("app.store", "app.usecases"),
}


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_a_library_is_imported_only_where_it_belongs(library: str, owners: tuple[str, ...]) -> None:
    strangers = {name for name, wanted in IMPORTS if within(wanted, (library,)) and not within(name, owners)}
    assert not strangers


def test_use_cases_know_no_more_of_sqlalchemy_than_the_session() -> None:
    found = {wanted for name, wanted in IMPORTS if within(name, ("app.usecases",)) and within(wanted, ("sqlalchemy",))}
    assert found <= {"sqlalchemy.orm", "sqlalchemy.orm.Session"}


# place → all of ours it may import
SEES: dict[str, tuple[str, ...]] = {
    "app.domain": ("app.domain", "app.errors"),
    "app.errors": (),
    "app.ports": ("app.domain", "app.errors"),
    "sip.engine": (
        "sip.engine",
        "sip.wire",
        "sip.address",
        "sip.ip",
        "resources",
        "app.domain",
        "app.errors",
        "app.log",
        "app.VERSION",
    ),
    "sip": ("sip", "resources", "app.domain", "app.ports", "app.settings", "app.errors", "app.log", "app.VERSION"),
    "sip.standin": ("sip.standin",),
    "crm": ("crm", "app.domain", "app.ports", "app.settings", "app.errors", "app.log"),
    "crm.standin": ("crm.standin",),
    "resources": ("resources",),
}


@pytest.mark.parametrize(("place", "seen"), SEES.items())
def test_a_place_sees_only_what_it_may(place: str, seen: tuple[str, ...]) -> None:
    strange = {
        (name, wanted)
        for name, wanted in IMPORTS
        if within(name, (place,)) and within(wanted, PACKAGES) and wanted not in PACKAGES and not within(wanted, seen)
    }
    assert not strange


def test_the_domain_needs_only_the_standard_library() -> None:
    allowed = {*sys.stdlib_module_names, "app", "phonenumbers"}
    assert not {
        (name, wanted)
        for name, wanted in IMPORTS
        if within(name, ("app.domain", "app.errors")) and wanted.split(".")[0] not in allowed
    }


def test_nothing_of_the_program_imports_its_tests() -> None:
    assert not {(name, wanted) for name, wanted in IMPORTS if within(wanted, ("tests", "pytest"))}


@pytest.mark.parametrize("name", PACKAGES)
def test_the_five_names_are_the_projects(name: str) -> None:
    found = importlib.import_module(name)
    assert found.__file__ is not None, "a bare folder would lose against any package of that name"
    assert Path(found.__file__).parent == ROOT / name


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for _, path in modules()}
    assert not {str(folder) for folder in folders if not (folder / "__init__.py").exists()}


def test_no_module_hides_one_of_the_standard_librarys() -> None:
    """``app/__main__.py`` run as a file puts its folder first on the path; the programs of `sip` and `crm` likewise."""
    started = {path.parent for _, path in modules() if path.name in {"__main__.py", "main.py"}}
    assert ROOT / "app" in started
    hidden = {
        str(path.relative_to(ROOT))
        for _, path in modules()
        if path.parent in started and path.stem in sys.stdlib_module_names and path.stem != "__main__"
    }
    packages = {
        str(folder.relative_to(ROOT))
        for start in started
        for folder in start.iterdir()
        if folder.is_dir() and folder.name in sys.stdlib_module_names
    }
    assert not hidden | packages


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for name, path in modules():
        tree = ast.parse(path.read_text("utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(name)
    assert not silent


def test_import_contracts_are_kept() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
