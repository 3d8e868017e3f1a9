"""A whole day with everything going wrong: no name, number, text, token or address of it in any log or file."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from app.secret_names import GRANT_SECRET
from tests.e2e.ringdown import NO_SOUND, Ringdown
from tests.peers import far_end as numbers
from tests.peers.child import until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService
from tests.signin.browser import RILEY, Visit, sign_in_as

pytestmark = pytest.mark.peers

CLIENT_ID = "3MVG9standin.ringdown.desktop"
NUMBER, STRANGER = "+15035550177", "+15035550178"
NAME, COLLEAGUE = "Zaphod Beeblebrox", "Marvin Paranoid"
BODY, NOTES = "the quick brown text of Zaphod", "a note about Trillian\n!fri 3pm towels for Slartibartfast"
LURE = "Call Eccentrica Gallumbits"


def _provision(app: Ringdown, far_end: FarEnd, salesforce: Salesforce, folder: Path) -> None:
    people = folder / "people.csv"
    people.write_text(f"name,phone,extension,email\n{COLLEAGUE},+15035550166,4711,marvin@sirius.example\n", "utf-8")
    table = {
        "audio": NO_SOUND,
        "line": [{"id": "main", "uri": f"sip:riley@{far_end.sip}", "number": "+14155550100", "bind": "127.0.0.1"}],
        "salesforce": {"login_url": salesforce.url, "client_id": CLIENT_ID},
        "directory": {"csv": str(people)},
    }
    file = folder / "provisioning.toml"
    file.write_text(tomli_w.dumps(table), "utf-8")
    app.provision(file)


def _sign_in(app: Ringdown) -> str:
    """Sign in, while strangers call the callback too; the state of this sign-in."""
    asked = app.ask("sign-in", "--no-browser")
    assert asked.stdout is not None
    address = str(json.loads(asked.stdout.readline())["address"])
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
    back = query["redirect_uri"][0]
    stranger = urllib.parse.urlencode({"code": "stolen-code-42", "state": "another", "error_description": LURE})
    assert Visit(f"{back}?{stranger}").page().status == 400
    assert "You are signed in" in sign_in_as(address, RILEY).page().text
    assert app.answered(asked).code == 0
    return query["state"][0]


@pytest.fixture
def salesforce(tmp_path: Path) -> Iterator[Salesforce]:
    """An org of its own: its sessions are ended here, and no other test's."""
    with Salesforce(tmp_path) as made:
        made.reset(empty=True)
        yield made


def _day(app: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> list[str]:
    """Calls, texts and failures of every kind; the Call-IDs there were."""
    there = far_end.call(app.contact(), NUMBER, name=NAME)
    app.wait("call-incoming")
    call_id = app.do("answer")["id"]
    app.do("note", call_id, NOTES)
    far_end.hangup(there)
    ended = [app.call_ended(call_id)]
    ended.append(app.hangup(app.call(numbers.ECHO)))
    app.run("call", "sip:trillian@127.0.0.1:9")
    app.run("call", STRANGER, "--wait")
    far_end.text(app.contact(), NUMBER, BODY, name=NAME)
    app.wait("message-received")
    app.do("text", STRANGER, BODY)
    refusal = f"{NAME} <{NUMBER}> must not be called: {NOTES}"
    salesforce.fault("status", ".*", status=400, code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message=refusal)
    app.run("sync")
    for kind in ("drop-after-commit", "html-503", "row-lock", "limit-exceeded", "expire-session"):
        salesforce.fault(kind, ".*")
        app.do("note", call_id, f"{NOTES}\n{kind}")
        app.run("sync", "--timeout", "3")  # a used-up allowance would keep it waiting
        until(lambda: not salesforce.armed(), what="it met the fault")
    salesforce.clear_faults()
    app.run("open-link", f"ringdown:call?to={urllib.parse.quote(NUMBER)}&about=003000000000001AAA")
    app.run("open-link", f"ringdown:provision?url=https://evil.example/{urllib.parse.quote(NAME)}")
    salesforce.control("POST", "oauth/end", {"what": "sessions"})
    app.run("sync")
    return [str(one["sip_call_id"]) for one in ended if one.get("sip_call_id")]


def test_nothing_private_is_left_outside(
    app: Ringdown, far_end: FarEnd, salesforce: Salesforce, secret_service: SecretService, tmp_path: Path
) -> None:
    salesforce.control("POST", "oauth/end", {"what": "all"})
    person = {"FirstName": "Zaphod", "LastName": "Beeblebrox", "Phone": NUMBER, "Email": "zaphod@gold.example"}
    salesforce.load("Contact", person)
    _provision(app, far_end, salesforce, tmp_path)
    app.start(registered=True)
    state = _sign_in(app)
    grant = json.loads(secret_service.secret(app.name, GRANT_SECRET) or "")
    call_ids = _day(app, far_end, salesforce)
    renewed = json.loads(secret_service.secret(app.name, GRANT_SECRET) or "")
    tokens = [str(one[name]) for one in (grant, renewed) for name in ("access_token", "refresh_token")]
    modes = {
        str(path.relative_to(app.folder)): path.stat().st_mode & 0o777 for path in (app.folder, *app.folder.rglob("*"))
    }
    app.do("sign-out")
    assert app.terminate() == 0
    logs = app.logs()
    assert "signed in by the browser" in logs, "it is the right file"
    private = [
        *("Zaphod", "Beeblebrox", "Trillian", "trillian", "Slartibartfast", "quick brown", "Marvin", "Gallumbits"),
        *(
            "5035550177",
            "5035550178",
            "5035550166",
            "gold.example",
            "sirius.example",
            RILEY,
            "stolen-code",
            "evil.example",
        ),
        *(state, *tokens, *call_ids),
    ]
    assert [word for word in private if word in logs] == [], logs
    assert not [word for word in ("Traceback", "Assertion", "Fatal Python error") if word in logs], logs
    assert app.files_with(*private) == []
    assert not any((app.folder / "spool").iterdir())
    folders = {path for path in modes if (app.folder / path).is_dir()}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}, folders


def test_the_files_of_a_run_are_the_users_alone_under_any_umask(app: Ringdown) -> None:
    app.start()
    found = until(lambda: list(app.folder.rglob("*.db")), 10, "the cache")
    assert found
    modes = {str(p.relative_to(app.folder)): p.stat().st_mode & 0o777 for p in (app.folder, *app.folder.rglob("*"))}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}
