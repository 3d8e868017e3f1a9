"""Desktop entries: what is written is read the same by the specification's own checker."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ui.desktop import desktop_entry

ODD = [
    "/opt/Ring down/ringdown",
    'a"b',
    "a`id`b",
    "$(id)",
    "100%",
    "%u",
    "back\\slash",
    "semi;colon",
    "",
    "~/x",
    "é 日本",
]


@pytest.mark.parametrize("word", ODD)
def test_an_argument_stays_one_argument(word: str) -> None:
    made = desktop_entry.command(["/bin/x", word], "%u")
    # The specification's quoting is the shell's inside double quotes, so a shell may judge.
    script = f"printf '%s\\0' {made.replace('%%', '%')}"
    said = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.split("\0")[:-1] == ["/bin/x", word, "%u"]
    assert made.count("%u") - made.count("%%u") == 1


def test_no_quotes_where_none_are_needed() -> None:
    assert desktop_entry.command(["/usr/bin/ringdown", "open-link", "--"], "%u") == "/usr/bin/ringdown open-link -- %u"


@pytest.mark.parametrize("word", ["a\nExec=evil", "a\0b", "\x1b[2J", "a\x7f"])
def test_control_characters_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match="control"):
        desktop_entry.command([word])


@pytest.mark.parametrize(
    "text", ["plain", " space first", "two\nlines", "back\\slash", "tab\there", 'q"uote', "[Group]"]
)
def test_values_come_back_as_written(text: str) -> None:
    assert desktop_entry.value(desktop_entry.entry({"Name": text, "Exec": "x"}), "Name") == text


def test_only_the_first_group_is_read() -> None:
    text = "# Exec=no\n[Desktop Action x]\nExec=no\n[Desktop Entry]\nName=n\nExec = yes\n[Other]\nExec=no\n"
    assert desktop_entry.value(text, "Exec") == "yes"
    assert desktop_entry.value(text, "Hidden") == ""
    assert desktop_entry.value("", "Exec") == ""


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
@pytest.mark.parametrize("word", [word for word in ODD if word])
def test_the_checker_accepts_odd_paths(word: str, tmp_path: Path) -> None:
    file = tmp_path / "x.desktop"
    keys = {"Type": "Application", "Name": "x", "Exec": desktop_entry.command([word, "a"], "%u")}
    file.write_text(desktop_entry.entry(keys))
    done = subprocess.run(["desktop-file-validate", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
