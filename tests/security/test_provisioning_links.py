"""What a link may bring: everything is shown, no file of this computer is named, no secret follows to another host."""

from __future__ import annotations

import os
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import get_type_hints

import pytest

from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.links import parse_link
from app.machine_policy import MachinePolicy, tighten
from app.secret_names import DIRECTORY_SECRET, TOKEN_SECRET
from app.settings import DirectorySettings, PolicySettings, SalesforceSettings, Settings
from app.settings_file import Provisioned, parse_provisioning
from app.usecases.provisioning import Offer, Provisioning, changes
from crm.directory.csv_list import CsvDirectory
from tests.journeys.conftest import World

URL = "https://phone.example.com/riley.toml"


def _offer(world: World, text: str) -> Offer | AppError:
    world.desk.lines.machine = MachinePolicy(allowed_provisioning_hosts=("phone.example.com",))
    found: list[Offer | AppError] = []
    provisioning = Provisioning(lines=world.desk.lines, background=world.background, download=lambda _: text.encode())
    provisioning.fetch(URL, found.append, found.append)
    world.until(lambda: found)
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        '[directory]\ncsv = "/etc/passwd"\n',
        '[directory]\ncsv = "\\\\\\\\evil.example\\\\share\\\\list.csv"\n',
        '[directory]\ncsv = "//evil.example/share/list.csv"\n',
        '[directory]\ncsv = "file:///etc/passwd"\n',
        '[directory]\ncsv = "http://evil.example/list.csv"\n',
        '[directory]\ncsv = "httpS:/etc/passwd"\n',
        '[[line]]\nid = "main"\nuri = "sip:a@b.example"\nca_file = "//evil.example/share/ca.pem"\n',
    ],
)
def test_a_link_names_no_file(world: World, text: str) -> None:
    found = _offer(world, text)
    assert isinstance(found, AppError)
    assert found.code is ErrorCode.FILE_UNREADABLE


def test_the_list_of_colleagues_a_link_brings_is_shown(world: World) -> None:
    found = _offer(
        world,
        '[directory]\ncsv = "https://intra.example/list.csv"\nusername = "u"\npassword = "hush"\npresence = true\n',
    )
    assert isinstance(found, Offer)
    shown = {(change.where, change.name): change.after for change in found.changes}
    assert shown["directory", "csv"] == "https://intra.example/list.csv"
    assert shown["directory", "presence"] == "yes"
    assert shown["directory password", "secret"]
    assert "hush" not in str(found.changes)


def test_no_table_of_the_settings_is_changed_unseen() -> None:
    """A table added later must show here too."""
    before = Settings()
    hints = get_type_hints(Settings)
    for item in fields(Settings):
        if not is_dataclass(kind := hints[item.name]):
            continue
        for inner in fields(kind):
            value = getattr(getattr(before, item.name), inner.name)
            other = (
                not value if isinstance(value, bool) else ("x",) if isinstance(value, tuple) else "https://x.example"
            )
            after = replace(before, **{item.name: replace(getattr(before, item.name), **{inner.name: other})})
            assert changes(before, Provisioned(after, {})), f"{item.name}.{inner.name}"


@pytest.mark.parametrize(
    ("text", "secret", "kept"),
    [
        ('[directory]\ncarddav = "https://evil.example/book/"\n', DIRECTORY_SECRET, False),
        ('[directory]\ncarddav = "https://dav.example/another/"\n', DIRECTORY_SECRET, True),
        ('[salesforce]\ninstance_url = "https://evil.example"\n', TOKEN_SECRET, False),
        ("dnd = true\n", DIRECTORY_SECRET, True),
    ],
)
def test_a_secret_does_not_follow_to_another_host(world: World, text: str, secret: str, kept: bool) -> None:
    lines = world.desk.lines
    lines.settings = replace(
        lines.settings,
        directory=DirectorySettings(carddav="https://dav.example/book/", username="riley"),
        salesforce=SalesforceSettings(instance_url="https://acme.my.salesforce.com"),
    )
    world.secrets.set(secret, "hush")
    done: list[bool] = []
    found = parse_provisioning(text, "file", lines.settings)
    lines.provision(found, lambda: done.append(True), world.troubles.append)
    world.until(lambda: done)
    assert (world.secrets.get(secret) == "hush") is kept


def test_no_file_of_the_user_loosens_the_machines_rules() -> None:
    machine = PolicySettings(e911=True, consent=True, consent_text="Agree?", redaction=("card",))
    text = '[policy]\ne911 = false\nconsent = false\nconsent_text = ""\nredaction = []\n'
    user = parse_provisioning(text + "lines_read_only = false\n", "file", Settings(policy=machine)).settings
    assert tighten(machine, user.policy) == machine


@pytest.mark.parametrize(
    "link",
    [
        "ringdown:provision?url=https://h.example/x%0d%0aHost:y",
        "ringdown:provision?url=https://h.example/%00",
        "ringdown:provision?url=file:///etc/passwd",
        "ringdown:call?to=%2B14155550123&about=003000000000001%00",
        "ringdown:call?to=%2B14155550123&about=..%2F..%2Fservices",
        "ringdown:call?to=%2B14155550123&about=%2530%2530%2533000000000001",
    ],
)
def test_control_characters_and_odd_ids_in_links(link: str) -> None:
    with pytest.raises(AppError, match=ErrorCode.LINK_UNREADABLE):
        parse_link(link)


@pytest.mark.parametrize(
    "to",
    [
        "sip:x@h%3FReplaces=1",
        "sip:x@h>;a=<sip:y@h",
        '"a" <sip:x@h>',
        "sip:x@h,sip:y@h",
        "+14155550123?Replaces=1",
        "+1415555012;phone-context=evil.example",
    ],
)
def test_no_address_carries_headers_or_another_way(to: str) -> None:
    """Headers and parameters of a SIP URI would become those of the request (RFC 3261 §19.1.5)."""
    with pytest.raises(AppError):
        parse(to, "US")


@pytest.mark.parametrize("more", ["?Replaces=1%3Bto-tag=2", ";method=REFER", ";maddr=192.0.2.1", ";x?y;z"])
def test_what_stands_behind_an_address_is_left_out(more: str) -> None:
    assert parse(f"sip:x@h{more}", "US").value == "sip:x@h"


def test_a_list_that_is_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (str(tmp_path / "pipe"), "/dev/zero", str(tmp_path), "\0", str(tmp_path / ("x" * 300))):
        with pytest.raises(AppError, match=ErrorCode.DIRECTORY_UNREADABLE):
            CsvDirectory(place, lambda *_: b"").read()
