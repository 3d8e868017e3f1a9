"""All tests on two cores: `python -m tests`, which is `./dev test` without arguments.

Four runs of pytest and one closing line that counts them all. Tests that drive the whole app mostly wait, and so do
those with engines: both run beside all others. What compares sound or measures time comes afterwards, alone.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = {
    # The app with a line: without a registrar it takes port 5060, so one run alone may do that.
    "apps": ("desktop_e2e", "e2e", "package/test_click_to_dial.py", "signin"),
    "engines": ("contract", "network", "sip", "sip_standin"),
    "alone": ("e2e/test_matrix.py", "e2e/test_sound.py", "sip/test_engine_process.py", "sip/test_sound.py", "sound"),
}
# As pytest orders them.
KINDS = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "errors")
_CLOSING = re.compile(r"=* ?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s(?: \([\d:]+\))? ?=*")
_INTERRUPTED = 2  # pytest.ExitCode, which would have to be imported
_printing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Part:
    """What one run of pytest is given."""

    name: str
    arguments: tuple[str, ...]


def parts() -> dict[str, Part]:
    """By name, those of `PLACES` and ``others``. Each test file is in exactly one."""
    found: dict[str, list[str]] = {"others": [], **{name: [] for name in PLACES}}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        path = file.relative_to(ROOT / "tests").as_posix()
        names = [name for place in (path, path.partition("/")[0]) for name in PLACES if place in PLACES[name]]
        found[names[0] if names else "others"].append(f"tests/{path}")  # a file goes before its folder
    return {name: Part(name, tuple(files)) for name, files in found.items()}


class Run:
    """A running pytest whose lines are printed as they come, with the part's name before them."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._counts: Counter[str] | None = None
        self._failures: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pytest", *part.arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait(self) -> Result:
        """Its result, once it has ended."""
        code = self._process.wait()
        self._reader.join()
        counts = self._counts or Counter()
        failed = counts["failed"] + counts["errors"] > 0
        if not counts or failed != bool(code):  # it crashed, or ended before its end
            counts["errors"] += 1
            self._failures.append(f"ERROR {self._part.name}: pytest ended with code {code}")
        return Result(code, counts, self._failures)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                line = line.rstrip("\n")
                with _printing:
                    print(f"{self._part.name} | {line}", flush=True)
                if line.startswith(("FAILED ", "ERROR ")):
                    self._failures.append(line)
                elif closing := _CLOSING.fullmatch(line):
                    self._counts = _counts(closing[1])


@dataclass(frozen=True, slots=True)
class Result:
    """Pytest's exit code, how many tests ended how, and the lines that say which have failed."""

    code: int
    counts: Counter[str]
    failures: list[str]


def run(stages: Sequence[Sequence[Part]]) -> int:
    """Run the parts of each stage beside each other, stage after stage; 0 when every test of every part has passed."""
    begun = time.monotonic()
    results: list[Result] = []
    for stage in stages:
        running = [Run(part) for part in stage]
        results += [one.wait() for one in running]
        if any(result.code in {_INTERRUPTED, -signal.SIGINT} for result in results):
            break
    counts = sum((result.counts for result in results), Counter())
    for failure in (failure for result in results for failure in result.failures):
        print(failure)
    took = time.monotonic() - begun
    print(f"{_sentence(counts)} in {took:.2f}s ({int(took) // 60}:{int(took) % 60:02})")
    return int(counts["failed"] + counts["errors"] > 0)


def _counts(text: str) -> Counter[str]:
    """``1 failed, 2 passed`` as numbers."""
    plural = {"error": "errors", "warning": "warnings"}
    pairs = (each.split(" ") for each in text.split(", "))
    return Counter({plural.get(kind, kind): int(number) for number, kind in pairs})


def _sentence(counts: Counter[str]) -> str:
    words = (
        f"{counts[kind]} {kind[:-1] if counts[kind] == 1 and kind[-1] == 's' else kind}"
        for kind in KINDS
        if counts[kind]
    )
    return ", ".join(words) or "no tests ran"


def main() -> int:
    """The exit code of all."""
    # ^C reaches the runs too, which end by themselves and say how far they came. Not ignored: they would inherit that.
    signal.signal(signal.SIGINT, lambda *_: None)
    found = parts()
    alone = found.pop("alone")
    return run([tuple(found.values()), (alone,)])


if __name__ == "__main__":
    sys.exit(main())
