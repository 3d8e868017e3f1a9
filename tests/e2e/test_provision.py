"""Provisioning: what is secret goes to the password store and nowhere else, and a bad file changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.e2e.ringdown import FAILED, Ringdown, provisioning
from tests.peers.child import until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService

pytestmark = pytest.mark.peers

PASSWORD = "correct-horse-ünïcode-9f3b71"


def _file(tmp_path: Path, far_end: FarEnd, salesforce: Salesforce) -> Path:
    return provisioning(
        tmp_path / "provisioning.toml",
        line={"uri": f"sip:riley@{far_end.sip}", "password": PASSWORD},
        salesforce=(salesforce.url, salesforce.token),
    )


def _settings(app: Ringdown) -> str:
    return hashlib.sha256((app.folder / "settings.toml").read_bytes()).hexdigest()


def _is_kept(app: Ringdown, secret_service: SecretService, salesforce: Salesforce) -> None:
    assert secret_service.secret(app.name, "line:main") == PASSWORD
    assert secret_service.secret(app.name, "salesforce:access-token") == salesforce.token
    assert app.files_with(PASSWORD, salesforce.token) == []


def test_without_a_running_app_and_after_a_restart(
    app: Ringdown, far_end: FarEnd, salesforce: Salesforce, secret_service: SecretService, tmp_path: Path
) -> None:
    assert app.provision(_file(tmp_path, far_end, salesforce)) == {"lines": ["main"]}
    _is_kept(app, secret_service, salesforce)
    before = _settings(app)
    for _ in range(2):
        app.start(registered=True)
        status = app.status()
        assert [(line["id"], line["number"]) for line in status["lines"]] == [("main", "+14155550100")]
        assert status["salesforce"]["state"] in {"signed-in", "signed-out"}  # it signs in after the lines are up
        _is_kept(app, secret_service, salesforce)
        app.do("quit")
        assert app.ended() == 0
    assert _settings(app) == before
    # The keys of the cache and the spool are in the store too, and in no file.
    for name in ("database:key", "spool:key"):
        key = secret_service.secret(app.name, name)
        assert key is not None
        assert len(key) == 64
        assert app.files_with(key) == []
    assert not app.database.read_bytes().startswith(b"SQLite format 3")


def test_with_the_app_running(
    app: Ringdown, far_end: FarEnd, salesforce: Salesforce, secret_service: SecretService, tmp_path: Path
) -> None:
    app.start()
    assert app.status()["lines"] == []
    assert app.refuses("call", "+14155550101") == "No line is set up yet. Import your provisioning file first."
    assert app.provision(_file(tmp_path, far_end, salesforce)) == {"lines": ["main"]}
    app.wait("registered")
    _is_kept(app, secret_service, salesforce)
    app.do("sync")
    assert app.status()["salesforce"]["state"] == "signed-in"
    # A second file with another line leaves the first as it is.
    other = {"id": "second", "uri": f"sip:second@{far_end.sip}", "number": "+14155550111"}
    assert app.provision(provisioning(tmp_path / "second.toml", line=other)) == {"lines": ["main", "second"]}
    assert {line["id"] for line in app.status()["lines"]} == {"main", "second"}
    assert secret_service.secret(app.name, "line:main") == PASSWORD


BAD = {
    "broken": b"[[line]\nid = ",
    "no-uri": b'[[line]]\nid = "main"\n',
    "no-id": b'[[line]]\nuri = "sip:a@127.0.0.1"\n',
    "one-bracket": b'[line]\nid = "main"\nuri = "sip:a@127.0.0.1"\n',
    "not-sip": b'[[line]]\nid = "main"\nuri = "http://127.0.0.1"\n',
    "transport": b'[[line]]\nid = "main"\nuri = "sip:a@127.0.0.1"\ntransport = "pigeon"\n',
    "number-type": b'[[line]]\nid = "main"\nuri = "sip:a@127.0.0.1"\nnumber = 14155550100\n',
    "plain-http": b'[salesforce]\ninstance_url = "http://example.com"\naccess_token = "secret-token"\n',
    "not-utf8": b'[[line]]\nid = "\xff\xfe"\nuri = "sip:a@127.0.0.1"\n',
    "password-and-bad-line": b'[[line]]\nid = "main"\nuri = "sip:a@127.0.0.1"\npassword = "new"\n[[line]]\nid = "x"\n',
}


@pytest.mark.parametrize("running", [False, True], ids=["not-running", "running"])
def test_a_bad_file_changes_nothing(
    app: Ringdown,
    far_end: FarEnd,
    salesforce: Salesforce,
    secret_service: SecretService,
    tmp_path: Path,
    running: bool,
) -> None:
    app.provision(_file(tmp_path, far_end, salesforce))
    if running:
        app.start(registered=True)
    before = _settings(app)
    for name, content in BAD.items():
        file = tmp_path / f"{name}.toml"
        file.write_bytes(content)
        answer = app.run("provision", str(file))
        assert (answer.code, answer.out) == (FAILED, ""), name
        assert answer.sentence.startswith(f"{file} cannot be used: "), name
        assert "secret-token" not in answer.sentence
    missing = app.run("provision", str(tmp_path / "missing.toml"))
    assert (missing.code, missing.sentence) == (
        FAILED,
        f"{tmp_path}/missing.toml cannot be used: No such file or directory",
    )
    assert _settings(app) == before
    _is_kept(app, secret_service, salesforce)
    if running:
        assert app.line()["state"] == "registered"


def test_without_a_password_store(app: Ringdown, far_end: FarEnd, salesforce: Salesforce, tmp_path: Path) -> None:
    app.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    sentence = app.refuses("provision", str(_file(tmp_path, far_end, salesforce)))
    assert sentence.startswith("This computer has no usable password store.")
    assert app.files_with(PASSWORD, salesforce.token) == []
    assert not (app.folder / "settings.toml").exists()
    assert app.refuses_to_start() == sentence
    assert not app.database.exists()


def test_a_line_whose_password_is_gone(app: Ringdown, secret_service: SecretService, tmp_path: Path) -> None:
    line = {"uri": "sip:alice@127.0.0.1", "registrar": "sip:127.0.0.1:9", "password": PASSWORD}
    app.provision(provisioning(tmp_path / "p.toml", line=line))
    secret_service.forget(app.name, "line:main")
    app.start()
    app.until_line(5, state="failed", reason="no-password")
    until(lambda: app.status()["phone"] == "up", 5, "the engine has started")
    assert app.refuses("call", "+14155550101") == (
        "Line main is not registered: The password of this line is missing. Import your provisioning file again."
    )
