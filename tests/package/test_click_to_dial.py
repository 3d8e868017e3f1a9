"""From a number clicked in the browser to the Task in Salesforce: browser, link handler, window, call, sync."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser import Browser, missing_programs
from tests.desktop_e2e.conftest import Window, active, far_end, find, screen, short_folder
from tests.e2e.ringdown import provisioning
from tests.package.lightning_server import Lightning
from tests.peers import far_end as numbers
from tests.peers.child import ROOT, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from ui.desktop.launch import Launch
from ui.desktop.linux import LinuxDesktop

__all__ = ["far_end", "screen", "short_folder"]  # fixtures

pytestmark = pytest.mark.peers


@pytest.fixture
def salesforce(tmp_path: Path) -> Iterator[Salesforce]:
    """An org of our own that holds nobody but its users."""
    with Salesforce(tmp_path) as org:
        org.reset(empty=True)
        yield org


@pytest.fixture
def app(tmp_path: Path, screen: Mapping[str, str], far_end: FarEnd, salesforce: Salesforce) -> Iterator[Window]:
    """The window, registered and signed in."""
    window = Window(tmp_path / "profile", screen)
    with window:
        line = {"uri": f"sip:riley@{far_end.sip}"}
        file = provisioning(tmp_path / "p.toml", line=line, salesforce=(salesforce.url, salesforce.token))
        window.provision(file)
        window.start(registered=True)
        until(lambda: window.status()["salesforce"]["state"] == "signed-in", 15, "signed in")
        yield window


@pytest.fixture
def handled(app: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Register this profile's app for links; the file every handled link leaves its exit code in."""
    codes = tmp_path / "codes"
    script = tmp_path / "ringdown"
    command = f'"{sys.executable}" -m app --data-dir "{app.folder}" "$@"'
    script.write_text(f'#!/bin/sh\ncd "{ROOT}" && {command}\necho $? >>"{codes}"\n')
    script.chmod(0o755)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP"):
        if name in app.env:
            monkeypatch.setenv(name, app.env[name])
        else:
            monkeypatch.delenv(name, raising=False)
    LinuxDesktop(lambda: Launch((str(script),))).register(["ringdown"])
    return codes


def test_a_number_clicked_on_a_deal_is_called_and_logged_on_that_deal(
    app: Window, handled: Path, screen: Mapping[str, str], far_end: FarEnd, salesforce: Salesforce, tmp_path: Path
) -> None:
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    account = salesforce.load("Account", {"Name": "Flores Foods"})[0]
    ana = salesforce.load(
        "Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": "(415) 555-0105", "AccountId": account}
    )[0]
    deal = salesforce.load(
        "Opportunity",
        {"Name": "Renewal", "StageName": "Prospecting", "CloseDate": "2030-01-31", "AccountId": account},
    )[0]

    with Lightning() as lightning:
        allowed = {"protocol_handler.allowed_origin_protocol_pairs": {lightning.adapter_origin: {"ringdown": True}}}
        with Browser(tmp_path / "chromium", env=app.env, preferences=allowed) as browser:
            query = {"number": "(415) 555-0105", "record": ana, "view": f"Opportunity:{deal}"}
            browser.open(f"{lightning.url}?{urlencode(query)}")
            until(lambda: browser.text("#state") == "on", 10, "the adapter")
            browser.click("#contact")
            until(lambda: handled.exists() and handled.read_text(), 20, "the link was handled")
            assert handled.read_text() == "0\n"

    assert app.do("calls") == [], "a link never dials"
    (window,) = find(screen, "^Ringdown$")
    until(lambda: active(screen) == window, 10, "Ringdown came to the front")
    subprocess.run(["xdotool", "key", "Return"], env=dict(screen), check=True)
    call = app.wait("call-active")
    assert (call["number"], call["direction"]) == (numbers.ECHO, "out")
    app.hangup(call["id"])
    assert app.do("sync")["failed"] == 0
    (task,) = salesforce.rows("Task")
    assert (task["WhoId"], task["WhatId"], task["TaskSubtype"]) == (ana, deal, "Call")
