"""Settings: there and back through TOML, refusals that name the place, atomic writes, secrets kept apart."""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from app import settings_file
from app.domain.counterpart import Line, LineKind, Recording, Srtp, Transport
from app.errors import AppError, ErrorCode
from app.secret_names import TOKEN_SECRET, line_secret
from app.settings import AudioSettings, PolicySettings, SalesforceSettings, Settings, Theme
from app.settings_file import Provisioned, load, parse_provisioning, provisioning_text, save
from app.words import sentence


def read_provisioning(path: Path, onto: Settings) -> Provisioned:
    """A file as the command line and the window read it."""
    return parse_provisioning(provisioning_text(path), str(path), onto)


FULL = Settings(
    line=(
        Line(
            id="main",
            uri="sip:alice@127.0.0.1",
            registrar="sip:127.0.0.1:5060",
            proxy="sip:127.0.0.1:5060;lr",
            username="alice",
            number="+14155550100",
            caller_ids=("+14155550100", "+14155550111"),
            kind=LineKind.SHARED,
            region="JP",
            transport=Transport.TLS,
            srtp=Srtp.REQUIRED,
            ca_file="/etc/ca.pem",
            voicemail="*97",
            voicemail_deposit="sip:vm@127.0.0.1",
            record=Recording.ALWAYS,
            international=False,
            bind="127.0.0.1",
        ),
        Line(id="日本 \"quoted\" \\ 'line'", uri="sips:b@h"),
    ),
    salesforce=SalesforceSettings("https://test.salesforce.com", "client", "https://acme.my.salesforce.com"),
    policy=PolicySettings(True, True, "May we text you?\nReply “yes”.", ("card", "[0-9]{4}\\d")),
    audio=AudioSettings("Jabra Evolve²", "none", "default"),
    theme=Theme.DARK,
    default_line="main",
)
LINE = '[[line]]\nid = "a"\nuri = "sip:a@h"\n'


def read(tmp_path: Path, text: str, onto: Settings | None = None) -> settings_file.Provisioned:
    """Read a provisioning file of this text."""
    path = tmp_path / "provision.toml"
    path.write_text(text, "utf-8")
    return read_provisioning(path, onto or Settings())


def refused(tmp_path: Path, text: str) -> str:
    """The sentence a bad file is refused with, by `provision` and at the start alike."""
    with pytest.raises(AppError) as caught:
        read(tmp_path, text)
    assert caught.value.code is ErrorCode.FILE_UNREADABLE
    (tmp_path / settings_file.FILE).write_text(text, "utf-8")
    with pytest.raises(AppError) as at_start:
        load(tmp_path)
    assert at_start.value.code is ErrorCode.SETTINGS_UNREADABLE
    assert caught.value.values["detail"] == at_start.value.values["detail"]
    said = sentence(caught.value)
    assert "provision.toml" in said
    return said


@pytest.mark.parametrize("given", [FULL, Settings()])
def test_there_and_back(tmp_path: Path, given: Settings) -> None:
    save(tmp_path, given)
    assert load(tmp_path) == given


def test_without_a_file_there_are_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()


def test_what_a_newer_version_wrote_is_read_over(tmp_path: Path) -> None:
    text = 'shiny = 1\ntheme = "dark"\n' + LINE + 'video = true\n[salesforce]\nnew = "x"\n[holograms]\nsize = 3\n'
    assert read(tmp_path, text).settings == Settings(line=(Line(id="a", uri="sip:a@h"),), theme=Theme.DARK)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('line = "x"', "[[line]]"),
        ('[line]\nid = "a"', "[[line]]"),
        ("line = [1]", "[[line]] needs an id"),
        ('[[line]]\nuri = "sip:a@h"', "[[line]] needs an id"),
        ('[[line]]\nid = ""\nuri = "sip:a@h"', "[[line]] needs an id"),
        ("[[line]]\nid = 5", "[[line]] needs an id"),
        ('[[line]]\nid = "a"', "line 'a' needs a uri"),
        ('[[line]]\nid = "a"\nuri = "alice"', "line 'a' needs a uri"),
        ('[[line]]\nid = "a"\nuri = "http://h"', "line 'a' needs a uri"),
        (LINE + 'transport = "carrier pigeon"', "line 'a': transport cannot be 'carrier pigeon'"),
        (LINE + "transport = 5", "line 'a': transport cannot be 5"),
        (LINE + 'srtp = "maybe"', "line 'a': srtp"),
        (LINE + 'kind = "public"', "line 'a': kind"),
        (LINE + "record = true", "line 'a': record"),
        (LINE + 'international = "yes"', "line 'a': international cannot be 'yes'"),
        (LINE + "number = 14155550100", "line 'a': number cannot be 14155550100"),
        (LINE + 'caller_ids = "+14155550100"', "line 'a': caller_ids cannot be '+14155550100'"),
        (LINE + "caller_ids = 5", "line 'a': caller_ids cannot be 5"),
        (LINE + "caller_ids = [5]", "line 'a': caller_ids"),
        (LINE + "username = {a = 1}", "line 'a': username"),
        (LINE + "username = 2026-11-20", "line 'a': username"),
        ("salesforce = 5", "[salesforce] must be a table"),
        ("[salesforce]\nclient_id = 5", "[salesforce]: client_id cannot be 5"),
        ("[[policy]]\na = 1", "[policy] must be a table"),
        ("[policy]\ne911 = 1", "[policy]: e911 cannot be 1"),
        ('[policy]\nredaction = "card"', "[policy]: redaction cannot be 'card'"),
        ("[audio]\ninput = false", "[audio]: input cannot be False"),
        ('theme = "pink"', "settings: theme cannot be 'pink'"),
        ("default_line = 3", "settings: default_line cannot be 3"),
        ("[[line]\n", "line 1"),
        ("a = 1\nb = = 2", "line 2"),
    ],
)
def test_a_wrong_value_is_refused_and_its_place_named(tmp_path: Path, text: str, place: str) -> None:
    assert place in refused(tmp_path, text)


@pytest.mark.parametrize("text", [LINE + "password = 12345678", "[salesforce]\naccess_token = 12345678"])
def test_a_secret_of_a_wrong_type_is_never_repeated(tmp_path: Path, text: str) -> None:
    said = refused(tmp_path, text)
    assert "must be written in quotes" in said
    assert "12345678" not in said


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.my.salesforce.com",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://localhost.evil.example:80",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "acme.my.salesforce.com",
        "https:",
        "https:///path",
        "https://[",
        "https://[::1",
    ],
)
def test_an_unsafe_instance_url_is_refused(tmp_path: Path, url: str) -> None:
    assert "instance_url must begin with https://" in refused(tmp_path, f'[salesforce]\ninstance_url = "{url}"')


@pytest.mark.parametrize(
    "url", ["https://acme.my.salesforce.com", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:5", ""]
)
def test_a_safe_instance_url_is_taken(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, f'[salesforce]\ninstance_url = "{url}"').settings.salesforce.instance_url == url


def test_provisioning_merges_lines_by_id_and_tables_by_key(tmp_path: Path) -> None:
    text = """
    [[line]]
    id = "main"
    uri = "sip:new@h"
    [[line]]
    id = "third"
    uri = "sip:c@h"
    [audio]
    output = "Speaker"
    """
    made = read(tmp_path, text, FULL).settings
    assert [line.id for line in made.line] == ["main", FULL.line[1].id, "third"]
    assert made.line[0] == Line(id="main", uri="sip:new@h"), "a line in the file replaces the whole line"
    assert made.line[1] == FULL.line[1]
    assert made.audio == replace(FULL.audio, output="Speaker")
    assert (made.salesforce, made.policy, made.theme) == (FULL.salesforce, FULL.policy, FULL.theme)
    assert read(tmp_path, "", FULL).settings == FULL


def test_secrets_go_to_the_keyring_and_never_into_the_file(tmp_path: Path) -> None:
    text = LINE + 'password = "s3cret-word"\n[salesforce]\naccess_token = "00D!t0ken"\n'
    provisioned = read(tmp_path, text)
    assert provisioned.secrets == {line_secret("a"): "s3cret-word", TOKEN_SECRET: "00D!t0ken"}
    assert "s3cret" not in repr(provisioned.settings)
    save(tmp_path, provisioned.settings)
    written = (tmp_path / settings_file.FILE).read_text("utf-8")
    assert "s3cret-word" not in written
    assert "t0ken" not in written
    assert not {"password", "access_token"} & set(tomllib.loads(written)["line"][0])


def test_a_password_somebody_typed_into_the_settings_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / settings_file.FILE).write_text(LINE + 'password = "s3cret-word"\n', "utf-8")
    save(tmp_path, load(tmp_path))
    assert "s3cret" not in (tmp_path / settings_file.FILE).read_text("utf-8")


class _Crash(BaseException):
    """The process is gone here."""


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    save(tmp_path, FULL)
    with monkeypatch.context() as patched:
        patched.setattr(os, moment, _crash)
        with pytest.raises(_Crash):
            save(tmp_path, Settings())
    assert load(tmp_path) == FULL
    save(tmp_path, Settings())
    assert load(tmp_path) == Settings()


def _crash(*_: object) -> None:
    raise _Crash


def _errno(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (28, ErrorCode.STORE_FULL),
        (13, ErrorCode.STORE_READ_ONLY),
        (30, ErrorCode.STORE_READ_ONLY),
        (5, ErrorCode.STORE_READ_ONLY),
    ],
)
def test_a_disk_that_refuses_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: ErrorCode
) -> None:
    save(tmp_path, FULL)

    def fail(*_: object) -> None:
        raise _errno(number)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(AppError) as caught:
            save(tmp_path, Settings())
    assert caught.value.code is code
    assert load(tmp_path) == FULL


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(AppError) as caught:
            read_provisioning(path, Settings())
        assert caught.value.code is ErrorCode.FILE_UNREADABLE
        assert str(path) in sentence(caught.value)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00\x00")
    with pytest.raises(AppError):
        read_provisioning(binary, Settings())
    (tmp_path / settings_file.FILE).mkdir()
    with pytest.raises(AppError, match=ErrorCode.SETTINGS_UNREADABLE):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("x = " + "[" * 5000, "it is nested too deeply"),
        ("x = " + "9" * 5000, "Exceeds the limit"),
        ("#" * 64 * 1024 + "\n", "it is too large to be settings"),
    ],
)
def test_a_file_made_to_hurt_is_one_sentence(tmp_path: Path, text: str, detail: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    with pytest.raises(AppError, match=ErrorCode.FILE_UNREADABLE) as caught:
        read_provisioning(path, Settings())
    assert detail in sentence(caught.value)


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(AppError, match=ErrorCode.FILE_UNREADABLE):
        read_provisioning(Path("/dev/zero"), Settings())


def test_what_changed_since_a_file_was_read_stays(tmp_path: Path) -> None:
    before = Settings(dnd=False, audio=AudioSettings(input="desk", output="desk"))
    path = tmp_path / "p.toml"
    path.write_text('theme = "dark"\n[audio]\ninput = "file"\n')
    provisioned = read_provisioning(path, before)
    now = replace(before, dnd=True, audio=AudioSettings(input="desk", output="headset"))
    assert provisioned.over(now) == replace(
        before, theme=Theme.DARK, dnd=True, audio=AudioSettings(input="file", output="headset")
    )
    assert provisioned.over(before) == provisioned.settings


def test_a_line_is_found_by_its_id() -> None:
    assert FULL.line_by_id("main") is FULL.line[0]
    assert FULL.line_by_id("none") is None


def test_a_line_by_ipv6(tmp_path: Path) -> None:
    text = """
    [[line]]
    id = "six"
    uri = "sip:a@[2001:db8::1]:5070"
    registrar = "[2001:db8::1]:5070"
    proxy = "sip:[2001:db8::2];lr"
    stun = "[2001:db8::3]"
    bind = "::1"
    """
    (line,) = read(tmp_path, text).settings.line
    assert (line.uri, line.registrar, line.bind) == ("sip:a@[2001:db8::1]:5070", "[2001:db8::1]:5070", "::1")
    assert (line.proxy, line.stun) == ("sip:[2001:db8::2];lr", "[2001:db8::3]")
