"""Settings by link: only from a listed host, shown first, never looser than before."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from app.background import Lane
from app.domain.counterpart import LineReason
from app.errors import AppError, ErrorCode
from app.machine_policy import MachinePolicy
from app.secret_names import line_secret
from app.settings import PolicySettings, Theme
from app.settings_file import load, parse_provisioning
from app.usecases import lines as lines_module
from app.usecases import login as login_module
from app.usecases.login import CrmState
from app.usecases.provisioning import Offer, Provisioning
from tests.journeys.conftest import World

FILE = b"""
[[line]]
id = "second"
uri = "sip:bo@carrier.example"
password = "hush"
[policy]
e911 = false
redaction = ["iban"]
"""


def _provisioning(world: World, content: bytes = FILE) -> Provisioning:
    world.desk.lines.machine = MachinePolicy(allowed_provisioning_hosts=("phone.example.com",))
    return Provisioning(lines=world.desk.lines, background=world.background, download=lambda url: content)


@pytest.mark.parametrize(
    "url", ["https://other.example/a", "http://phone.example.com/a", "https://phone.example.com.evil/"]
)
def test_a_host_nobody_listed_is_refused_before_anything_is_fetched(world: World, url: str) -> None:
    with pytest.raises(AppError, match=ErrorCode.LINK_NOT_ALLOWED):
        _provisioning(world).fetch(url, lambda offer: None, lambda error: None)


def test_an_offer_shows_its_changes_and_changes_nothing_until_accepted(world: World) -> None:
    offers: list[Offer] = []
    before = world.desk.lines.settings
    provisioning = _provisioning(world)
    provisioning.fetch("https://phone.example.com/riley.toml", offers.append, world.troubles.append)
    world.until(lambda: offers)
    shown = {(change.where, change.name): change.after for change in offers[0].changes}
    assert shown["line second", "uri"] == "sip:bo@carrier.example"
    assert "hush" not in str(offers[0].changes)
    assert world.desk.lines.settings == before
    done: list[bool] = []
    provisioning.accept(offers[0], lambda: done.append(True), world.troubles.append)
    world.until(lambda: done)
    assert [line.id for line in world.desk.lines.settings.line] == ["main", "second"]
    assert world.secrets.get(line_secret("second")) == "hush"
    assert b"hush" not in b"".join(f.read_bytes() for f in world.profile.folder.rglob("*") if f.is_file())


def test_a_link_can_only_tighten_the_policy(world: World) -> None:
    world.desk.lines.settings = replace(
        world.desk.lines.settings, policy=PolicySettings(e911=True, redaction=("card",))
    )
    offers: list[Offer] = []
    _provisioning(world).fetch("https://phone.example.com/x", offers.append, world.troubles.append)
    world.until(lambda: offers)
    policy = offers[0].provisioned.settings.policy
    assert policy.e911
    assert set(policy.redaction) == {"card", "iban"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"= nonsense", b"[[line]]\n"])
def test_what_is_no_settings_file_is_a_sentence(world: World, content: bytes) -> None:
    errors: list[AppError] = []
    _provisioning(world, content).fetch("https://phone.example.com/x", lambda offer: None, errors.append)
    world.until(lambda: errors)
    assert errors[0].code is ErrorCode.FILE_UNREADABLE


def test_a_link_shows_the_plain_settings_it_brings_too(world: World) -> None:
    offers: list[Offer] = []
    provisioning = _provisioning(world, b'dnd = true\nlanguage = "ja"\n')
    provisioning.fetch("https://phone.example.com/riley.toml", offers.append, world.troubles.append)
    world.until(lambda: offers)
    shown = {(change.where, change.name): (change.before, change.after) for change in offers[0].changes}
    assert shown == {("settings", "dnd"): ("no", "yes"), ("settings", "language"): ("system", "ja")}


def test_numbers_are_read_in_the_country_of_the_default_line(world: World) -> None:
    lines = world.desk.lines
    first = lines.settings.line[0]
    second = replace(first, id="tokyo", region="JP")
    lines.settings = replace(lines.settings, line=(first, second), default_line="tokyo")
    assert lines.region() == "JP"
    assert lines.region("main") == first.region
    assert lines.region("gone") == "JP"


def test_what_the_rep_changes_while_an_offer_is_open_stays(world: World) -> None:
    offers: list[Offer] = []
    provisioning = _provisioning(world)
    provisioning.fetch("https://phone.example.com/riley.toml", offers.append, world.troubles.append)
    world.until(lambda: offers)
    world.desk.lines.set_dnd(True)
    done: list[bool] = []
    provisioning.accept(offers[0], lambda: done.append(True), world.troubles.append)
    world.desk.lines.set_theme(Theme.DARK)
    world.until(lambda: done)
    world.background.close()
    for settings in (world.desk.lines.settings, load(world.profile.folder)):
        assert (settings.dnd, settings.theme) == (True, Theme.DARK)
        assert [line.id for line in settings.line] == ["main", "second"]


def test_lines_the_admin_keeps_are_refused_in_words(world: World) -> None:
    """Whoever asks, a link, a file or a command, hears of it the same way."""
    world.desk.lines.machine = MachinePolicy(lines_read_only=True)
    errors: list[AppError] = []
    found = parse_provisioning(FILE.decode(), "file", world.desk.lines.settings)
    world.desk.lines.provision(found, lambda: None, errors.append)
    assert [error.code for error in errors] == [ErrorCode.POLICY_REFUSED]
    assert [line.id for line in world.desk.lines.settings.line] == ["main"]


def test_a_slow_answer_of_the_password_store_brings_no_old_lines_back(world: World) -> None:
    """Each reading has a thread of its own: the one asked first may be the last to answer."""
    asked, answer = threading.Event(), threading.Event()
    get = world.secrets.get

    def slow(name: str) -> str | None:
        world.secrets.get = get  # type: ignore[method-assign]  # only this once
        asked.set()
        assert answer.wait(10)
        return get(name)

    world.secrets.get = slow  # type: ignore[method-assign]
    world.desk.lines.start()
    assert asked.wait(10)
    (reading,) = (thread for thread in threading.enumerate() if thread.name == Lane.WORKER)
    found = parse_provisioning(FILE.decode(), "file", world.desk.lines.settings)
    world.desk.lines.provision(found, lambda: None, world.troubles.append)
    world.until(lambda: world.phone.commands[-1][:2] == ("apply", ("main", "second")))
    answer.set()
    reading.join(10)
    world.loop.drain()
    assert world.phone.commands[-1][:2] == ("apply", ("main", "second"))


@pytest.mark.parametrize(
    ("code", "wait"), [(ErrorCode.KEYRING_LOCKED, "LOCKED_AGAIN"), (ErrorCode.KEYRING_MISSING, "READ_AGAIN")]
)
def test_a_password_store_that_fails_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch, code: ErrorCode, wait: str
) -> None:
    """It restarts, or is locked for a while: the lines come up by themselves."""
    monkeypatch.setattr(lines_module, wait, 0.01)
    get, tries = world.secrets.get, 0

    def refuse(name: str) -> str | None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise AppError(code)
        return get(name)

    monkeypatch.setattr(world.secrets, "get", refuse)
    world.desk.lines._states.clear()
    world.phone.commands.clear()
    world.desk.lines.start()
    world.until(lambda: world.desk.lines.all()[0].reason is LineReason.PASSWORD_STORE)
    world.until(lambda: world.phone.commands)
    assert world.phone.commands[-1][:2] == ("apply", ("main",))
    assert [error.code for error in world.troubles] == [code]  # said once


def test_a_sign_in_the_password_store_did_not_give_is_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new access token is provisioned in the moment the store ends; it comes back by itself."""
    world.signed_in()
    monkeypatch.setattr(login_module, "_RETRY", 0.01)
    get, tries = world.secrets.get, 0

    def refuse(name: str) -> str | None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise AppError(ErrorCode.KEYRING_MISSING, backend="InitError")
        return get(name)

    monkeypatch.setattr(world.secrets, "get", refuse)
    world.desk.login.start()
    world.until(lambda: world.desk.login.status.problem is not None)
    assert world.desk.login.status.state is CrmState.SIGNED_OUT
    world.until(lambda: world.desk.login.status.state is CrmState.SIGNED_IN)


def test_many_changes_reach_the_disk_in_their_order(world: World) -> None:
    """And the last one before the app closes is not lost."""
    for _ in range(30):
        for theme in (Theme.DARK, Theme.LIGHT):
            world.desk.lines.set_theme(theme)
        world.desk.lines.set_dnd(True)
    world.background.close()
    world.loop.drain()
    assert not world.troubles
    assert not world.bugs
    assert load(world.profile.folder) == world.desk.lines.settings
