"""The app as its own process, a real password store and a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from app.secret_names import GRANT_SECRET, TOKEN_SECRET
from tests.e2e.ringdown import DONE, FAILED, NO_SOUND, Ringdown
from tests.peers.child import ROOT, plain_env, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService
from tests.signin.browser import RILEY, sign_in_as
from tests.signin.chromium import Chromium

pytestmark = pytest.mark.peers

with_browser = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")), reason="not installed: chromium, chromium-driver"
)
CLIENT_ID = "3MVG9standin.ringdown.desktop"
NUMBER = "+14155550101"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    made = Path(tempfile.mkdtemp(prefix="rd-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def keys(folder: Path) -> Iterator[SecretService]:
    """A password store."""
    with SecretService(folder / "keys") as running:
        yield running


@pytest.fixture(scope="module")
def far_end(folder: Path) -> Iterator[FarEnd]:
    """A carrier."""
    with FarEnd(folder, "--no-replies") as running:
        yield running


@pytest.fixture(scope="module")
def salesforce_process(folder: Path) -> Iterator[Salesforce]:
    """An org for the run."""
    with Salesforce(folder) as running:
        yield running


@pytest.fixture
def salesforce(salesforce_process: Salesforce) -> Salesforce:
    """A fresh org nobody is signed in to."""
    salesforce_process.reset(empty=True)
    salesforce_process.control("POST", "oauth/end", {"what": "all"})
    return salesforce_process


@pytest.fixture
def app(
    tmp_path: Path, folder: Path, keys: SecretService, far_end: FarEnd, salesforce: Salesforce
) -> Iterator[Ringdown]:
    """The app on a profile that an admin has prepared for the sign-in."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    env = plain_env(home, **keys.env, PULSE_SERVER=f"unix:{folder}/nowhere")
    line = {"id": "main", "uri": f"sip:riley@{far_end.sip}", "number": "+14155550100", "bind": "127.0.0.1"}
    crm = {"login_url": salesforce.url, "client_id": CLIENT_ID}
    file = tmp_path / "p.toml"
    file.write_text(tomli_w.dumps({"line": [line], "salesforce": crm, "audio": NO_SOUND}))
    with Ringdown(tmp_path / "profile", env) as made:
        made.provision(file)
        made.start(registered=True)
        yield made


def _begin(app: Ringdown) -> tuple[subprocess.Popen[str], str]:
    """`ringdown sign-in`: the running command and the address it printed."""
    asked = app.ask("sign-in")
    assert asked.stdout is not None
    return asked, str(json.loads(asked.stdout.readline())["address"])


def _sign_in(app: Ringdown) -> None:
    asked, address = _begin(app)
    tab = sign_in_as(address)
    assert app.answered(asked).code == DONE
    assert "You are signed in" in tab.page().text


def _end_sessions(salesforce: Salesforce) -> None:
    salesforce.control("POST", "oauth/end", {"what": "sessions"})


def _token_requests(salesforce: Salesforce) -> int:
    return salesforce.requests().count("POST /services/oauth2/token")


@with_browser
def test_signing_in_and_out_with_a_real_browser(
    app: Ringdown, salesforce: Salesforce, keys: SecretService, tmp_path: Path
) -> None:
    assert app.status()["salesforce"]["state"] == "signed-out"
    with Chromium(tmp_path / "browser") as browser:
        asked, address = _begin(app)
        assert app.status()["salesforce"]["signing_in"] is True
        browser.open(address)
        assert "Log in and allow access" in browser.title
        browser.click(f'button[data-username="{RILEY}"]')
        until(lambda: "You are signed in" in browser.title, 20, "the last page")
        assert browser.address.startswith("http://localhost:")
        assert "go back to Ringdown" in browser.text
        answer = app.answered(asked)
        assert (answer.code, answer.err) == (DONE, "")
    crm = app.status()["salesforce"]
    assert (crm["state"], crm["user"], crm["instance"]) == ("signed-in", RILEY, salesforce.url)
    grant = json.loads(keys.secret(app.name, GRANT_SECRET) or "")
    assert keys.secret(app.name, TOKEN_SECRET) is None
    app.do("text", NUMBER, "after the sign-in")
    app.do("sync")
    assert len(salesforce.days(NUMBER)) == 1
    # A session that ends is renewed without a word.
    _end_sessions(salesforce)
    app.do("text", NUMBER, "after the renewal")
    app.do("sync")
    assert "after the renewal" in salesforce.days(NUMBER)[0]["Body__c"]
    renewed = json.loads(keys.secret(app.name, GRANT_SECRET) or "")
    assert renewed["refresh_token"] != grant["refresh_token"]
    app.do("text", NUMBER, "waits")
    assert app.do("sign-out") == {"state": "signed-out"}
    crm = app.status()["salesforce"]
    assert (crm["state"], crm["user"], crm["problem"]) == ("signed-out", None, None)
    assert keys.secret(app.name, GRANT_SECRET) is None
    assert salesforce.control("GET", "oauth")["approvals"] == []
    assert app.status()["outbox"]["waiting"] == 1
    assert app.files_with(*(one[name] for one in (grant, renewed) for name in ("access_token", "refresh_token"))) == []
    _sign_in(app)
    app.do("sync")
    assert "waits" in salesforce.days(NUMBER)[0]["Body__c"]


@with_browser
def test_no_is_an_answer_too(app: Ringdown, tmp_path: Path) -> None:
    with Chromium(tmp_path / "browser") as browser:
        asked, address = _begin(app)
        browser.open(address)
        browser.click("button.deny")
        until(lambda: "did not work" in browser.title, 20, "the last page")
        answer = app.answered(asked)
    assert answer.code == FAILED
    assert answer.sentence == "Access was not allowed. Sign in again and choose Allow."


def test_killed_between_the_answer_and_the_store(app: Ringdown, salesforce: Salesforce, keys: SecretService) -> None:
    _sign_in(app)
    app.do("text", NUMBER, "not lost")
    _end_sessions(salesforce)
    before = salesforce.control("GET", "oauth")["approvals"][0]
    salesforce.control("DELETE", "log")
    salesforce.fault("slow", "POST .*/oauth2/token", seconds=5.0, after=True)
    syncing = app.ask("sync")
    # Salesforce has already made the old refresh token worthless when the app dies.
    until(lambda: salesforce.control("GET", "oauth")["approvals"][0]["used"] != before["used"], 10, "it is done there")
    app.kill()
    app.answered(syncing)
    app.start(registered=True)
    until(lambda: app.status()["salesforce"]["problem"] == "sign-in-lost", 10, "it is said")
    assert app.status()["outbox"]["waiting"] == 1
    assert _token_requests(salesforce) == 1  # the lost one: the dead token was not sent again
    _sign_in(app)
    app.do("sync")
    assert "not lost" in salesforce.days(NUMBER)[0]["Body__c"]
    assert len(salesforce.rows("Ringdown_Day__c")) == 1


def test_two_processes_renew_at_once_with_one_request(
    app: Ringdown, salesforce: Salesforce, keys: SecretService
) -> None:
    _sign_in(app)
    _end_sessions(salesforce)
    salesforce.control("DELETE", "log")
    # Slow enough for the other one to want it too.
    salesforce.fault("slow", "POST .*/oauth2/token", seconds=1.0)
    command = [sys.executable, "-m", "tests.signin.renew_once", str(app.folder)]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=app.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1] != ""
    assert _token_requests(salesforce) == 1
    # The running app is the third: it finds what they have stored.
    app.do("text", NUMBER, "with the others' token")
    app.do("sync")
    assert _token_requests(salesforce) == 1
    assert len(salesforce.days(NUMBER)) == 1


def test_the_command_says_what_is_missing(app: Ringdown, tmp_path: Path) -> None:
    assert "is not the address" in app.refuses("sign-in", "--at", "not an address")
    assert "cannot be reached" in app.refuses("sign-in", "--at", "https://127.0.0.1:1")
    assert app.status()["salesforce"]["signing_in"] is False
    file = tmp_path / "none.toml"
    file.write_text('[salesforce]\nclient_id = ""\n')
    app.provision(file)
    assert app.refuses("sign-in").startswith("Your admin has not set up the sign-in yet")
