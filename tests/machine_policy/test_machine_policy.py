"""The admin's policy file: honoured only when nobody else could have written it, and never loosened."""

import itertools
import logging
import os
import stat
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from app.domain.counterpart import Line
from app.errors import AppError, ErrorCode
from app.machine_policy import MachinePolicy, MachinePolicyStore, Refusal, system_path, tighten
from app.settings import PolicySettings
from app.words import sentence

FULL = """
[policy]
e911 = true
consent = true
consent_text = "May we text you?"
redaction = ["card", "[A-Z]{2}[0-9]{6}"]
allowed_provisioning_hosts = ["Phone.Example.com", "phone.example.com:8443", "10.0.0.5:443"]
lines_read_only = true
index_all = true
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "ringdown"
    folder.mkdir(mode=0o755)
    file = folder / "policy.toml"
    file.write_text(FULL)
    file.chmod(0o644)
    return file


def _read(path: Path) -> MachinePolicy:
    return MachinePolicyStore(path, owner=os.geteuid()).read()


def _refusal(path: Path) -> str:
    with pytest.raises(AppError) as told:
        _read(path)
    assert told.value.code is ErrorCode.FILE_UNREADABLE
    assert sentence(told.value).startswith(str(path))
    assert "?" not in sentence(told.value)
    return str(told.value.values["reason"])


def test_everything_is_read(path: Path) -> None:
    assert _read(path) == MachinePolicy(
        PolicySettings(True, True, "May we text you?", ("card", "[A-Z]{2}[0-9]{6}")),
        ("phone.example.com", "phone.example.com:8443", "10.0.0.5"),
        True,
        True,
    )


def test_no_file_demands_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path / "none" / "policy.toml") == MachinePolicy()


def test_no_variable_moves_it(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    for name in ("XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "HOME", "RINGDOWN_POLICY", "RINGDOWN_DATA_DIR"):
        monkeypatch.setenv(name, str(path.parent))
    assert system_path() == Path("/etc/ringdown/policy.toml")


@as_root
def test_another_owner_is_refused(path: Path) -> None:
    os.chown(path, 12345, 0)
    assert _refusal(path) == Refusal.NOT_ADMIN_OWNED


def test_the_owner_is_root_by_default(path: Path) -> None:
    if os.geteuid() == 0:
        assert MachinePolicyStore(path).read().lines_read_only
    else:
        with pytest.raises(AppError):
            MachinePolicyStore(path).read()


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666, 0o622])
def test_others_may_not_write(mode: int, path: Path) -> None:
    path.chmod(mode)
    assert _refusal(path) == Refusal.OTHERS_MAY_WRITE


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o444, 0o755])
def test_modes_that_are_fine(mode: int, path: Path) -> None:
    path.chmod(mode)
    assert _read(path).lines_read_only


def test_an_open_folder_is_refused(path: Path) -> None:
    path.parent.chmod(0o777)
    assert _refusal(path) == Refusal.FOLDER_OPEN


@as_root
def test_a_folder_of_somebody_else_is_refused(path: Path) -> None:
    os.chown(path.parent, 12345, 12345)
    assert _refusal(path) == Refusal.FOLDER_OPEN


@as_root
def test_a_folder_of_a_foreign_group_is_refused(path: Path) -> None:
    os.chown(path.parent, 0, 12345)
    path.parent.chmod(0o775)
    assert _refusal(path) == Refusal.FOLDER_OPEN
    os.chown(path.parent, 0, 0)
    assert _read(path).lines_read_only


@as_root
def test_a_folder_further_up_counts_too(path: Path) -> None:
    os.chown(path.parents[1], 12345, 12345)
    assert _refusal(path) == Refusal.FOLDER_OPEN


def test_a_link_is_refused(path: Path) -> None:
    link = path.with_name("link.toml")
    link.symlink_to(path)
    assert _refusal(link) == Refusal.NOT_A_FILE


def test_a_pipe_or_folder_is_refused_without_waiting(path: Path) -> None:
    pipe = path.with_name("pipe.toml")
    os.mkfifo(pipe, 0o644)
    assert _refusal(pipe) == Refusal.NOT_A_FILE
    assert _refusal(path.parent) == Refusal.NOT_A_FILE
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_huge_file_is_refused(path: Path) -> None:
    path.write_text("#" * 70_000)
    assert _refusal(path) == Refusal.TOO_LARGE


@pytest.mark.parametrize(
    "text",
    [
        "[policy",
        "policy = 1",
        "[[policy]]",
        '[policy]\ne911 = "yes"',
        "[policy]\nconsent = 1",
        "[policy]\nconsent_text = 1",
        '[policy]\nredaction = "card"',
        "[policy]\nredaction = [1]",
        '[policy]\nredaction = ["("]',
        "[policy]\nlines_read_only = 0",
        '[policy]\nallowed_provisioning_hosts = ["https://x.example"]',
        '[policy]\nallowed_provisioning_hosts = ["*.example"]',
        '[policy]\nallowed_provisioning_hosts = [""]',
        '[policy]\nallowed_provisioning_hosts = ["a@b"]',
        "x = " + "[" * 5000,
        "x = " + "9" * 5000,
    ],
)
def test_content_that_cannot_be_meant_is_refused_as_a_whole(text: str, path: Path) -> None:
    path.write_text(text)
    assert _refusal(path) == Refusal.BAD_CONTENT


def test_bytes_that_are_no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    assert _refusal(path) == Refusal.BAD_CONTENT


def test_a_newer_file_stays_readable_and_is_noticed(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text("e911 = true\n[policy]\nconsnet = true\n")
    with caplog.at_level(logging.WARNING):
        assert _read(path) == MachinePolicy()
    assert "consnet" in caplog.text
    assert "outside" in caplog.text


def test_the_log_has_the_code_alone(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text('[policy]\nredaction = ["(secret"]')
    with caplog.at_level(logging.INFO):
        _refusal(path)
    assert Refusal.BAD_CONTENT.value in caplog.text
    assert "secret" not in caplog.text


def test_the_registry_says_the_same() -> None:
    values: Mapping[str, object] = {
        "E911": 1,
        "consent": 0,
        "Consent_Text": "Hello",
        "redaction": ["card"],
        "allowed_provisioning_hosts": ["phone.example.com"],
        "lines_read_only": 1,
    }
    read = MachinePolicyStore(values=lambda: values).read()
    assert read == MachinePolicy(PolicySettings(True, False, "Hello", ("card",)), ("phone.example.com",), True)
    assert MachinePolicyStore(values=lambda: None).read() == MachinePolicy()


@pytest.mark.parametrize("values", [{"e911": 2}, {"e911": "1"}, {"redaction": "card"}, {"consent_text": b"x"}])
def test_the_registry_is_checked_as_well(values: Mapping[str, object]) -> None:
    with pytest.raises(AppError) as told:
        MachinePolicyStore(values=lambda: values).read()
    assert told.value.values["reason"] == Refusal.BAD_CONTENT


def test_a_registry_that_refuses() -> None:
    def refuse() -> None:
        raise PermissionError(5, "Access is denied")

    with pytest.raises(AppError) as told:
        MachinePolicyStore(values=refuse).read()
    assert told.value.values["reason"] == Refusal.UNREADABLE


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://phone.example.com/x.toml", True),
        ("https://PHONE.example.com:443/x", True),
        ("https://phone.example.com:8443/x", True),
        ("https://phone.example.com:9/x", False),
        ("http://phone.example.com/x", False),
        ("https://evil.example/phone.example.com", False),
        ("https://phone.example.com.evil.example/", False),
        ("https://phone.example.com@evil.example/", False),
        ("https://user@phone.example.com/", False),
        ("https://evil.example\\@phone.example.com/", False),
        ("https://evil.example#@phone.example.com/", False),
        ("https://phone.example.com\n.evil.example/", False),
        ("https://phone.example.com\t/", False),
        ("https://phone.example.com:x/", False),
        ("https://[bad/", False),
        ("https://phonе.example.com/", False),  # a Cyrillic letter
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_where_settings_may_come_from(url: str, allowed: bool, path: Path) -> None:
    assert _read(path).allows_provisioning(url) is allowed
    assert not MachinePolicy().allows_provisioning(url)


def test_the_user_can_only_tighten() -> None:
    flags = [False, True]
    words = ["", "machine"]
    marks: list[tuple[str, ...]] = [(), ("card",), ("card", "ssn")]
    for e911, consent, text, redaction in itertools.product(flags, flags, words, marks):
        machine = PolicySettings(e911, consent, text, redaction)
        for user in (PolicySettings(), PolicySettings(True, False, "user", ("iban", "card"))):
            made = tighten(machine, user)
            assert made.e911 is (e911 or user.e911)
            assert made.consent is (consent or user.consent)
            assert made.consent_text == (text or user.consent_text)
            assert set(made.redaction) == set(redaction) | set(user.redaction)
            assert len(made.redaction) == len(set(made.redaction))
            assert tighten(machine, made) == made


def test_every_policy_has_its_rule() -> None:
    """A new field must be given a stricter side in `tighten` and a place in the machine's file."""
    assert {item.name for item in fields(PolicySettings)} == {"e911", "consent", "consent_text", "redaction"}


def test_lines_the_admin_keeps_are_set_once() -> None:
    first, other = (Line("a", "sip:a@h"),), (Line("a", "sip:a@elsewhere"),)
    keeps = MachinePolicy(lines_read_only=True)
    assert keeps.allows_lines((), first)
    assert keeps.allows_lines(first, first)
    assert not keeps.allows_lines(first, other)
    assert not keeps.allows_lines(first, ())
    assert MachinePolicy().allows_lines(first, other)
