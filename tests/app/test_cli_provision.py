"""`ringdown provision` with no app running: straight into the profile, secrets into the password store."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from app.__main__ import main
from app.lock import ProfileLock
from app.machine_policy import MachinePolicy, MachinePolicyStore
from app.paths import Profile
from app.settings_file import load


class _Keys(KeyringBackend):
    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password


@pytest.fixture
def keys() -> Iterator[_Keys]:
    """A password store in memory in place of the system's."""
    before = keyring.get_keyring()
    found = _Keys()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


FILE = '[[line]]\nid = "a"\nuri = "sip:a@h"\npassword = "s3cret"\n[salesforce]\naccess_token = "t0ken"\n'


def test_provisioning_works_with_no_app_running(
    tmp_path: Path, keys: _Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.toml").write_text(FILE, "utf-8")
    folder = tmp_path / "profile"
    assert main(["provision", str(tmp_path / "p.toml"), "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().out == "lines: a\n"
    assert [line.id for line in load(folder).line] == ["a"]
    name = Profile(folder.resolve()).name
    assert keys.kept == {f"{name}/line:a": "s3cret", f"{name}/salesforce:access-token": "t0ken"}
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"s3cret" not in written
    assert b"t0ken" not in written
    lock = ProfileLock(Profile(folder.resolve()))
    assert lock.take()
    lock.release()


def test_a_bad_file_changes_nothing(tmp_path: Path, keys: _Keys, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.toml").write_text(FILE + "client_id = 5\n", "utf-8")
    folder = tmp_path / "profile"
    assert main(["provision", str(tmp_path / "p.toml"), "--data-dir", str(folder)]) == 1
    assert "[salesforce]: client_id cannot be 5" in capsys.readouterr().err
    assert keys.kept == {}
    assert load(folder).line == ()
    assert main(["provision", str(tmp_path / "missing.toml"), "--data-dir", str(folder)]) == 1
    assert "missing.toml" in capsys.readouterr().err


def test_a_profile_that_is_just_starting_is_left_alone(
    tmp_path: Path, keys: _Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.toml").write_text(FILE, "utf-8")
    where = Profile(tmp_path.resolve())
    lock = ProfileLock(where)
    assert lock.take()
    assert main(["provision", str(tmp_path / "p.toml"), "--data-dir", str(tmp_path)]) == 1
    assert "just starting or ending" in capsys.readouterr().err
    assert keys.kept == {}
    lock.release()


def test_lines_the_admin_keeps_are_kept_with_no_app_running_too(
    tmp_path: Path, keys: _Keys, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MachinePolicyStore, "read", lambda self: MachinePolicy(lines_read_only=True))
    (tmp_path / "p.toml").write_text(FILE, "utf-8")
    command = ["provision", str(tmp_path / "p.toml"), "--data-dir", str(tmp_path / "profile")]
    assert main(command) == 0
    kept = dict(keys.kept)
    (tmp_path / "p.toml").write_text(FILE.replace("sip:a@h", "sip:a@elsewhere").replace("s3cret", "other"), "utf-8")
    assert main(command) == 1
    assert capsys.readouterr().err == "Your organisation manages the lines of this computer. Ask your admin.\n"
    assert [line.uri for line in load(tmp_path / "profile").line] == ["sip:a@h"]
    assert keys.kept == kept


def test_a_file_from_a_pipe(tmp_path: Path, keys: _Keys) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(FILE,))
    writer.start()
    assert main(["provision", str(pipe), "--data-dir", str(tmp_path / "profile")]) == 0
    writer.join()
    assert [line.id for line in load(tmp_path / "profile").line] == ["a"]
