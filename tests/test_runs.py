"""`./dev test` runs every test once, opens the lines of one process only, and says what all runs came to."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.__main__ import PLACES, ROOT, Part, parts, run
from tests.test_architecture import imports

TESTS = ROOT / "tests"
THE_APP = {"tests.bench", "tests.e2e.ringdown", "tests.headless", "tests.soak"}


def part(folder: Path, name: str, text: str) -> Part:
    """A run of one file."""
    file = folder / f"test_{name}.py"
    file.write_text(text, "utf-8")
    return Part(name, ("-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider", "-ra", str(file)))


def reached(path: Path) -> set[str]:
    """All modules of the tests that a file imports, and those they import; the file's conftest with them."""
    found: set[str] = set()
    waiting = [path, path.with_name("conftest.py")]
    while waiting:
        file = waiting.pop()
        for name in set(imports(file)) if file.exists() else ():
            if name.startswith("tests.") and name not in found:
                found.add(name)
                waiting.append(ROOT / (name.replace(".", "/") + ".py"))
    return found


def test_each_test_file_is_in_one_part() -> None:
    files = [file for each in parts().values() for file in each.arguments]
    assert sorted(files) == sorted(f"tests/{path.relative_to(TESTS).as_posix()}" for path in TESTS.rglob("test_*.py"))
    assert all(len(each.arguments) > 5 for each in parts().values())


def test_every_place_named_is_there() -> None:
    named = [place for places in PLACES.values() for place in places]
    assert len(named) == len(set(named))
    assert not [place for place in named if not (TESTS / place).exists()]


def test_a_file_goes_before_its_folder() -> None:
    assert "tests/sip/test_sound.py" in parts()["alone"].arguments
    assert "tests/sip/test_wire.py" in parts()["engines"].arguments


def test_one_run_alone_starts_apps() -> None:
    found = parts()
    starts = {name: [file for file in found[name].arguments if reached(ROOT / file) & THE_APP] for name in found}
    assert starts["others"] == starts["engines"] == []
    assert starts["apps"]


def test_what_the_runs_came_to_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = part(tmp_path, "good", "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('why')\n")
    more = part(tmp_path, "more", "def test_c(): pass\n")
    assert run([(good, more), (more,)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert re.fullmatch(r"3 passed, 1 skipped in \d+\.\d\ds \(0:\d\d\)", lines[-1])
    assert sum(line.startswith("more | ") and "1 passed" in line for line in lines) == 2


@pytest.mark.parametrize("first", [True, False])
def test_a_failure_in_any_run_is_the_failure_of_all(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], first: bool
) -> None:
    good = part(tmp_path, "good", "def test_a(): pass\n")
    bad = part(tmp_path, "bad", "def test_b(): assert 'this' == 'that'\n")
    assert run([(bad, good), (good,)] if first else [(good,), (bad,)]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert re.fullmatch(rf"1 failed, {2 if first else 1} passed in .*", lines[-1])
    assert re.match(r"FAILED \S*test_bad\.py::test_b", lines[-2])
    assert any(line.startswith("bad | E ") and "'this' == 'that'" in line for line in lines)


@pytest.mark.parametrize(
    "text",
    ["import os\ndef test_c(): os._exit(0)\n", "import os\ndef test_c(): os.abort()\n", "def nothing(): pass\n"],
    ids=["it ends early", "it crashes", "it has no tests"],
)
def test_a_run_without_a_result_is_a_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str) -> None:
    good = part(tmp_path, "good", "def test_a(): pass\n")
    assert run([(good, part(tmp_path, "gone", text))]) == 1
    *_, said, last = capfd.readouterr().out.splitlines()
    assert said.startswith("ERROR gone: pytest ended with code ")
    assert last.startswith("1 passed, 1 error in ")
