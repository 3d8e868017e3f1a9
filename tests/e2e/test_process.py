"""The process: one on a profile, exit codes, missing things, damaged things."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeApp
from tests.e2e.ringdown import DONE, NO_APP, USAGE, Ringdown, provisioning
from tests.peers import far_end as numbers
from tests.peers.child import ROOT, is_running, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService

pytestmark = pytest.mark.peers


def test_a_second_start_hands_over(ready: Ringdown) -> None:
    pid = ready.child.pid
    for link in ([], ["tel:+14155550101"], ["sms:+14155550101?body=hello"]):
        second = subprocess.run(
            [sys.executable, "-m", "app", "--data-dir", str(ready.folder), *link],
            env=ready.env,
            cwd=ROOT,
            capture_output=True,
            timeout=15,
            check=False,
        )
        assert (second.returncode, second.stdout, second.stderr) == (DONE, b"", b"")
    assert ready.do("open-link", "--", "tel:+14155550101") == {}
    assert ready.refuses("open-link", "--", "javascript:alert(1)").endswith("is not a link Ringdown understands.")
    assert ready.do("calls") == []  # a link never dials
    assert ready.do("messages") == []
    assert is_running(pid)


def test_quit_in_a_call_ends_with_everything_stored(ready: Ringdown, far_end: FarEnd) -> None:
    call_id = ready.call(numbers.TALKS)
    there = far_end.newest(numbers.TALKS)["id"]
    ready.do("note", call_id, "written", "in the call")
    engine = ready.engine_pid
    ready.do("quit")
    assert ready.ended(5) == 0
    assert not is_running(engine)
    far_end.until_call(there, lambda c: c["state"] == "ended", 2)
    assert ready.run("status").code == NO_APP
    ready.start()
    log = ready.recent(call_id)
    assert (log["state"], log["outcome"], log["notes"]) == ("ended", "answered", "written in the call")


def test_a_terminal_that_is_closed_ends_a_call_in_order(ready: Ringdown, far_end: FarEnd) -> None:
    """The system tells all processes of the terminal at once, the engine too."""
    call_id = ready.call(numbers.TALKS)
    there = far_end.newest(numbers.TALKS)["id"]
    ready.do("note", call_id, "written", "in the call")
    os.killpg(ready.child.pid, signal.SIGHUP)
    assert ready.ended(12) == 0
    far_end.until_call(there, lambda c: c["state"] == "ended", 2)
    ready.start()
    log = ready.recent(call_id)
    assert (log["state"], log["outcome"], log["notes"]) == ("ended", "answered", "written in the call")


def test_quit_while_a_text_and_a_call_are_under_way(ready: Ringdown) -> None:
    """Nobody answers either of them; the engine must leave in order all the same."""
    assert ready.do("text", "sip:nobody@127.0.0.1:9", "is there anybody?")["delivery"] == "sending"
    ready.do("call", "sip:nobody@127.0.0.1:9")
    ready.do("quit")
    assert ready.ended(6) == 0
    assert "Assertion" not in ready.logs()
    ready.start(registered=True)
    assert [message["delivery"] for message in ready.do("messages")] == ["unknown"]
    (call,) = ready.do("recent")
    assert (call["state"], call["outcome"]) == ("ended", "failed")


def test_without_a_running_app(app: Ringdown) -> None:
    for command in (["status"], ["call", "+14155550101"], ["quit"], ["recent"], ["wait", "synced"], ["devices"]):
        answer = app.run(*command)
        assert (answer.code, answer.sentence) == (NO_APP, "Ringdown is not running on this profile.")
    assert not app.folder.exists()  # asking makes nothing


def test_usage(app: Ringdown) -> None:
    for command in (["call"], ["nosuch"], ["wait", "nosuch"], ["record", "maybe"], ["text", "+14155550101"]):
        answer = app.run(*command)
        assert answer.code == USAGE
        assert "Traceback" not in answer.err
    assert app.run("messages", "--limit", "0").code == USAGE


def test_the_socket_is_the_users_own(ready: Ringdown) -> None:
    path = Path(ready.env["XDG_RUNTIME_DIR"]) / "ringdown" / f"{ready.name}.sock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(ready.folder.stat().st_mode) == 0o700
    for wrong in (b"not json\n", b"[]\n", b'{"command": 7}\n', b"{}", b'{"command":"call","number":{"a":1}}\n'):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(path))
            client.sendall(wrong)
            client.shutdown(socket.SHUT_WR)
            assert b"Traceback" not in client.recv(65_536)
    assert ready.run("status").code == DONE
    assert ready.do("calls") == []


def test_without_sound_a_call_connects(make_app: MakeApp, far_end: FarEnd, tmp_path: Path) -> None:
    """The default devices, and a sound server that is not there."""
    app = make_app()
    app.provision(provisioning(tmp_path / "p.toml", line={"uri": f"sip:riley@{far_end.sip}"}, audio={}))
    app.start(registered=True)
    assert app.do("devices") == {"inputs": [], "outputs": []}
    call_id = app.call(numbers.ECHO)
    assert app.hangup(call_id)["outcome"] == "answered"
    far_end.call(app.contact(), "+15035550199")
    rings = app.wait("call-incoming")
    assert app.do("answer")["state"] == "active"
    app.hangup(rings["id"])


def test_a_taken_port_is_said_and_taken_when_free(app: Ringdown, far_end: FarEnd, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
        squatter.bind(("127.0.0.1", 0))
        port = squatter.getsockname()[1]
        line = {"uri": f"sip:riley@{far_end.sip}", "bind": f"127.0.0.1:{port}"}
        app.provision(provisioning(tmp_path / "p.toml", line=line))
        app.start()
        app.until_line(8, state="failed", reason="port-taken")
        assert app.refuses("call", numbers.ECHO) == (
            "Line main is not registered: Another program uses this line's port. Trying again."
        )
    app.wait("registered", 10)
    assert app.contact() == f"sip:riley@127.0.0.1:{port}"
    app.hangup(app.call(numbers.ECHO))


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_lost_key_leaves_the_data_untouched(ready: Ringdown, secret_service: SecretService) -> None:
    call_id = ready.call(numbers.ECHO)
    ready.hangup(call_id)
    assert ready.terminate() == 0
    before = _hash(ready.database)
    key = secret_service.secret(ready.name, "database:key")
    assert key is not None
    secret_service.forget(ready.name, "database:key")
    said = ready.refuses_to_start()
    assert said.startswith("The key of the local data is not in this computer's password store.")
    assert str(ready.database) in said
    assert _hash(ready.database) == before
    assert secret_service.secret(ready.name, "database:key") is None
    secret_service.store(ready.name, "database:key", "00" * 32)
    assert ready.refuses_to_start().startswith(f"The local data ({ready.database}) cannot be opened")
    assert _hash(ready.database) == before
    # With its key it is all there again.
    secret_service.store(ready.name, "database:key", key)
    ready.start()
    assert ready.recent(call_id)["outcome"] == "answered"


def test_a_key_that_is_none_is_said_or_made_anew(ready: Ringdown, secret_service: SecretService) -> None:
    assert ready.terminate() == 0
    before = _hash(ready.database)
    key = secret_service.secret(ready.name, "database:key")
    assert key is not None
    secret_service.store(ready.name, "database:key", "hello")
    assert ready.refuses_to_start().startswith(f"The local data ({ready.database}) cannot be opened")
    assert _hash(ready.database) == before
    secret_service.store(ready.name, "database:key", key)
    secret_service.store(ready.name, "spool:key", "00")  # the engine could not start with it
    ready.start(registered=True)
    assert len(secret_service.secret(ready.name, "spool:key") or "") == 64


def test_where_it_cannot_listen_it_does_not_start(ready: Ringdown) -> None:
    assert ready.terminate() == 0
    socket_path = Path(ready.env["XDG_RUNTIME_DIR"]) / "ringdown" / f"{ready.name}.sock"
    socket_path.mkdir()
    assert ready.refuses_to_start().startswith(f"The folder {socket_path} cannot be used: Is a directory. ")
    socket_path.rmdir()
    ready.start(registered=True)


def test_a_waiter_that_was_killed_takes_no_event_with_it(ready: Ringdown, far_end: FarEnd) -> None:
    path = Path(ready.env["XDG_RUNTIME_DIR"]) / "ringdown" / f"{ready.name}.sock"
    with socket.socket(socket.AF_UNIX) as waiter:
        waiter.connect(str(path))
        waiter.sendall(b'{"command": "wait", "event": "message-received", "timeout": 60}\n')
        ready.status()  # handled after it
    far_end.text(ready.contact(), "+15035550142", "did you wait for me?")
    until(lambda: ready.do("messages"), 5, "it is stored")
    assert ready.wait("message-received")["body"] == "did you wait for me?"


def test_a_damaged_file_is_left_untouched(ready: Ringdown) -> None:
    assert ready.terminate() == 0
    data = bytearray(ready.database.read_bytes())
    data[: len(data) // 2] = os.urandom(len(data) // 2)
    ready.database.write_bytes(data)
    before = _hash(ready.database)
    assert ready.refuses_to_start().startswith(f"The local data ({ready.database}) cannot be opened")
    assert _hash(ready.database) == before


def test_damaged_settings_are_said(ready: Ringdown) -> None:
    assert ready.terminate() == 0
    (ready.folder / "settings.toml").write_text("[[line]\n")
    assert ready.refuses_to_start().startswith(f"The settings ({ready.folder}/settings.toml) cannot be read")
    assert (ready.folder / "settings.toml").read_text() == "[[line]\n"


def test_a_second_app_on_the_profile_does_not_start(ready: Ringdown, salesforce: Salesforce) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "tests.headless", "--data-dir", str(ready.folder)],
        env=ready.env,
        cwd=ROOT,
        capture_output=True,
        timeout=15,
        check=False,
    )
    assert (second.returncode, second.stderr) == (1, b"Ringdown is already running on this profile.\n")
    assert ready.status()["phone"] == "up"
