"""Where the files of a profile are, and that nobody else can reach them."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

import pytest

from app import paths
from app.errors import AppError, Detail, ErrorCode
from app.paths import Profile, profile, runtime_folder


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("runtime", ["xdg", "long xdg", "tmp", "long tmp"])
def test_the_socket_path_fits_whatever_the_data_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, runtime: str
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    short = tempfile.mkdtemp(dir="/tmp")
    request.addfinalizer(lambda: shutil.rmtree(short))
    base = tmp_path / ("r" * 120) if runtime.startswith("long") else Path(short)
    base.mkdir(exist_ok=True)
    if runtime.endswith("xdg"):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
    else:
        monkeypatch.setattr(tempfile, "gettempdir", lambda: str(base))
    deep = profile(str(tmp_path / ("d" * 150) / ("ü" * 100) / "e"))
    assert len(str(deep.folder)) > 250
    assert len(os.fsencode(deep.socket)) < 107
    assert mode(deep.socket.parent) == 0o700


def test_two_profiles_share_neither_name_nor_socket(tmp_path: Path) -> None:
    one, two = profile(str(tmp_path / "a")), profile(str(tmp_path / "b"))
    assert one.name != two.name
    assert one.socket != two.socket


def test_one_folder_is_one_profile_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    wanted = profile(str(tmp_path / "a"))
    for text in ("a", "./a/", "a/../a", "link", "~/a"):
        assert profile(text) == wanted


def test_which_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RINGDOWN_DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(paths, "runtime_folder", lambda: tmp_path / "run")
    assert profile(None).folder == tmp_path / "data" / "ringdown"
    assert profile(None, demo=True).folder == tmp_path / "run" / "demo"
    monkeypatch.setenv("RINGDOWN_DATA_DIR", str(tmp_path / "env"))
    assert profile(None).folder == tmp_path / "env"
    assert profile(None, demo=True).folder == tmp_path / "env"
    assert profile(str(tmp_path / "given")).folder == tmp_path / "given"


def test_preparing_makes_private_folders_and_can_be_repeated(tmp_path: Path) -> None:
    where = Profile(tmp_path / "a" / "b")
    where.prepare()
    where.prepare()
    assert {mode(folder) for folder in (where.folder, where.spool, where.log)} == {0o700}
    assert {path.name for path in where.folder.iterdir()} == {"spool", "log"}
    files = {where.database, where.spool, where.log, where.demo_mark}
    assert {path.parent for path in files} == {where.folder}
    assert len(files) == 4


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AppError) as caught:
        Profile(tmp_path / "file" / "profile").prepare()
    assert caught.value.code is ErrorCode.PROFILE_UNUSABLE


def test_a_runtime_folder_open_to_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    trap = tmp_path / "ringdown-4000000"
    trap.mkdir(mode=0o700)
    with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE) as caught:
        runtime_folder()
    assert caught.value.values["path"] == str(trap)


def test_a_runtime_folder_others_may_enter_or_that_is_a_link_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    folder = tmp_path / f"ringdown-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o750)
    with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE):
        runtime_folder()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE):
        runtime_folder()
    folder.unlink()
    folder.write_text("")
    with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE):
        runtime_folder()


def test_the_systems_runtime_folder_is_used_when_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")
    monkeypatch.setattr(Path, "mkdir", lambda self, **_: None)
    monkeypatch.setattr(Path, "lstat", lambda self: os.lstat(tmp_path))
    tmp_path.chmod(0o700)
    assert runtime_folder() == Path("/tmp/ringdown")


def test_a_folder_without_a_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty name is not the user's own profile, and nothing is made wherever the program happens to stand."""
    monkeypatch.delenv("RINGDOWN_DATA_DIR", raising=False)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: {}[uid])
    said = {}
    for name in ("", "~nobody-of-this-name/x", str(tmp_path / "loop"), None):
        with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE) as caught:
            profile(name)
        said[name] = caught.value.values["detail"]
    assert said == {
        "": Detail.NO_FOLDER_NAMED,
        "~nobody-of-this-name/x": Detail.NO_SUCH_USER,
        str(tmp_path / "loop"): Detail.LINKS_IN_A_CIRCLE,
        None: Detail.NO_HOME,
    }


def test_a_relative_folder_where_the_working_folder_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE):
        profile("relative")


def test_a_folder_whose_name_is_no_text_has_a_name_all_the_same(tmp_path: Path) -> None:
    where = profile(str(tmp_path / os.fsdecode(b"caf\xe9")))
    assert len(where.name) == 16
    where.prepare()
    assert where.log.is_dir()
