"""Before the window: whose folder it is, and what a start must never do to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.__main__ import main
from app.errors import AppError, Detail, ErrorCode
from app.lock import ProfileLock
from app.paths import Profile
from app.window import open_profile


def _refused(folder: Path | str | None) -> AppError:
    with (
        pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE) as caught,
        open_profile(None if folder is None else str(folder), demo=True),
    ):
        pass
    return caught.value


def _files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_demo_never_empties_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "letter.txt").write_text("precious")
    (tmp_path / "sub" / "photo.jpg").write_text("precious too")
    before = _files(tmp_path)
    assert _refused(tmp_path).values["detail"] == Detail.OTHER_FILES
    assert _files(tmp_path) == before


@pytest.mark.parametrize("file", ["settings.toml", "ringdown.db", "ringdown.db-wal", "spool/a.text"])
def test_a_demo_never_empties_a_real_profile(tmp_path: Path, file: str) -> None:
    Profile(tmp_path).prepare()
    (tmp_path / file).write_text("real")
    _refused(tmp_path)
    assert _files(tmp_path) == {file: "real"}


def test_nor_one_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text("real")
    monkeypatch.setenv("RINGDOWN_DATA_DIR", str(tmp_path))
    _refused(None)
    assert _files(tmp_path) == {"settings.toml": "real"}


def test_a_demo_takes_a_new_folder_an_empty_one_and_its_own_again(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty", "new"):
        with open_profile(str(tmp_path / name), demo=True) as (where, lock):
            assert lock is not None
            (where.folder / "ringdown.db").write_text("demo")
            (where.spool / "a.text").write_text("demo")
        assert set(_files(where.folder)) == {"lock"}


def test_what_a_killed_demo_has_left_is_thrown_away(tmp_path: Path) -> None:
    Profile(tmp_path).prepare()
    Profile(tmp_path).demo_mark.touch()
    (tmp_path / "ringdown.db").write_text("demo")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "by hand").write_text("precious")
    with open_profile(str(tmp_path), demo=True) as (where, _):
        assert not where.database.exists()
    assert set(_files(tmp_path)) == {"lock", "kept/by hand"}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[ErrorCode]:
    """What a window would say before the window is there."""
    found: list[ErrorCode] = []
    monkeypatch.setattr("ui.qt_app.refuse", lambda error, close_after: found.append(error.code))
    return found


def test_a_folder_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shown: list[ErrorCode]
) -> None:
    """No traceback: a name too long, a lock that cannot be opened, a file in the folder's place. And a window."""
    (tmp_path / "lock").mkdir()
    (tmp_path / "file").write_text("")
    starts: list[list[str]] = [[], ["--demo"], ["--hidden"], ["tel:+14155550101"]]
    for folder in (tmp_path / ("x" * 300), tmp_path, tmp_path / "file"):
        for start in starts:
            assert main([*start, "--data-dir", str(folder)]) == 1
            said = capsys.readouterr().err
            assert said.startswith("The folder ")
            assert said.count("\n") == 1
    assert shown == [ErrorCode.PROFILE_UNUSABLE] * 3 * len(starts)


def test_so_is_one_that_no_name_leads_to(
    capsys: pytest.CaptureFixture[str], shown: list[ErrorCode], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGDOWN_DATA_DIR", "~nobody-of-this-name/ringdown")
    for start in ([], ["open-link", "tel:+14155550101"]):
        assert main(start) == 1
        assert "there is no such user" in capsys.readouterr().err
    assert shown == [ErrorCode.PROFILE_UNUSABLE] * 2
    assert main(["status"]) == 1  # who types a command reads its answer
    assert len(shown) == 2


def test_what_a_demo_may_not_throw_away_is_one_sentence(tmp_path: Path, shown: list[ErrorCode]) -> None:
    Profile(tmp_path).prepare()
    Profile(tmp_path).demo_mark.mkdir()
    (tmp_path / "demo" / "file").touch()
    (tmp_path / "spool" / "folder").mkdir()  # no file: it cannot be unlinked
    assert main(["--demo", "--data-dir", str(tmp_path)]) == 1
    assert shown == [ErrorCode.PROFILE_UNUSABLE]
    assert ProfileLock(Profile(tmp_path)).take(), "the lock is free again"


def test_a_link_may_follow_two_dashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = Profile(tmp_path)
    taken = ProfileLock(where)
    assert taken.take()
    handed: list[object] = []

    def ask(path: Path, request: object, timeout: float) -> dict[str, object]:
        handed.append(request)
        return {"ok": True}

    monkeypatch.setattr("app.window.ask", ask)
    assert main(["--data-dir", str(tmp_path), "--", "tel:+14155550101"]) == 0
    assert handed == [{"command": "open-link", "link": "tel:+14155550101"}]
    taken.release()


def test_a_link_that_is_none_is_told_by_the_window_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: list[ErrorCode], capsys: pytest.CaptureFixture[str]
) -> None:
    taken = ProfileLock(Profile(tmp_path))
    assert taken.take()
    monkeypatch.setattr("app.window.ask", lambda *_: {"ok": False, "message": "not a link"})
    assert main(["--data-dir", str(tmp_path), "--", "tel:"]) == 1
    assert capsys.readouterr().err == "not a link\n"
    assert shown == []
    taken.release()


@pytest.mark.parametrize("code", [ErrorCode.NO_RUNNING_APP, ErrorCode.TIMED_OUT])
def test_one_that_does_not_answer_is_not_called_absent(
    code: ErrorCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: list[ErrorCode]
) -> None:
    """It may wait for the rep to unlock the password store, and does not listen yet; or it hangs."""

    def ask(path: Path, request: object, timeout: float) -> dict[str, object]:
        raise AppError(code)

    monkeypatch.setattr("app.window._PATIENCE", 0.0)
    monkeypatch.setattr("app.window.ask", ask)
    taken = ProfileLock(Profile(tmp_path))
    assert taken.take()
    assert main(["--data-dir", str(tmp_path), "tel:+14155550101"]) == 1
    assert shown == [ErrorCode.PROFILE_BUSY]
    taken.release()


def test_one_that_is_just_ending_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rep who quits and starts again at once gets a window when the old one has let go."""
    taken = ProfileLock(Profile(tmp_path))
    assert taken.take()
    opened: list[str] = []

    def ask(path: Path, request: object, timeout: float) -> dict[str, object]:
        taken.release()
        raise AppError(ErrorCode.NO_RUNNING_APP)

    def run(make: object, folder: Path, *, link: str, **options: object) -> int:
        opened.append(link)
        return 0

    monkeypatch.setattr("app.window.ask", ask)
    monkeypatch.setattr("ui.qt_app.run", run)
    assert main(["--data-dir", str(tmp_path), "tel:+14155550101"]) == 0
    assert opened == ["tel:+14155550101"]
