"""Which program is started again."""

import sys
from pathlib import Path

import pytest

from app.errors import AppError
from ui.desktop.launch import Launch, this_launch


def _program(folder: Path, name: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.delenv("APPDIR", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))


def test_the_script_beside_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "bin", "python3.11"))
    script = _program(tmp_path / "bin", "ringdown")
    assert this_launch() == Launch((script,))


def test_an_installers_own_executable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "opt", "Ringdown"))
    assert this_launch().installed() == (str(tmp_path / "opt" / "Ringdown"),)


def test_the_image_not_its_mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "mount" / "usr", "python3"))
    monkeypatch.setenv("APPIMAGE", "/home/rep/Ringdown.AppImage")
    monkeypatch.setenv("APPDIR", str(tmp_path / "mount"))
    assert this_launch() == Launch(("/home/rep/Ringdown.AppImage",))


def test_another_programs_image_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "bin", "python3"))
    script = _program(tmp_path / "bin", "ringdown")
    monkeypatch.setenv("APPIMAGE", "/home/rep/Terminal.AppImage")
    monkeypatch.setenv("APPDIR", "/tmp/.mount_terminal")
    assert this_launch() == Launch((script,))


def test_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "bin", "python3"))
    assert this_launch().folder
    found = _program(tmp_path / "path", "ringdown")
    assert this_launch() == Launch((found,))


def test_from_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "bin", "python3"))
    launch = this_launch()
    assert launch.argv[1:] == ("-m", "app")
    assert (Path(launch.folder) / "app" / "__main__.py").is_file()
    with pytest.raises(AppError):
        launch.installed()
