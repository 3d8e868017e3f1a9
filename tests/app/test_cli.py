"""The `ringdown` sub-commands: what they send, print and end with, against a control socket the test answers."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import VERSION, cli
from app.__main__ import main
from app.control import Answer, ControlServer, bad, good
from app.errors import AppError, ErrorCode
from app.lock import ProfileLock
from app.paths import profile
from tests.loop import TestLoop

ROOT = Path(__file__).parents[2]
EVIL = "Ana\x1b[31m\r\n\x07\x9b31m\u202eanimat\x7f"

CALL: dict[str, Any] = {
    "id": "c1",
    "line": "main",
    "direction": "in",
    "number": "+14155550142",
    "name": "Ana Flores",
    "record": None,
    "state": "active",
    "outcome": None,
    "started": "2026-11-20T18:00:00Z",
}
TEXT = {
    "id": "m1",
    "line": "main",
    "number": "+14155550142",
    "direction": "in",
    "body": "two\nlines",
    "time": "2026-11-20T18:00:00Z",
    "delivery": "delivered",
}
STATUS = {
    "version": VERSION,
    "lines": [{"id": "main", "uri": "sip:a@h", "number": "", "state": "failed", "reason": "timeout"}],
    "salesforce": {"state": "offline", "user": None, "instance": None},
    "outbox": {"waiting": 2, "failed": 1},
    "calls": [CALL],
    "voicemail": {"new": 0, "old": 0},
    "dnd": False,
}

# What is typed, and the request it becomes.
COMMANDS: tuple[tuple[list[str], dict[str, Any]], ...] = (
    (["status"], {}),
    (["call", "415 555 0142"], {"number": "415 555 0142", "anyway": False, "wait": False}),
    (["call", "1", "--anyway"], {"number": "1", "anyway": True, "wait": False}),
    (
        ["call", "911", "--line", "b", "--as", "+1", "--about", "006", "--wait"],
        {"number": "911", "line": "b", "as": "+1", "about": "006", "anyway": False, "wait": True},
    ),
    (["calls"], {}),
    *(
        ([name, *given], {"id": given[0]} if given else {})
        for name in ("answer", "reject", "hangup", "hold", "resume", "mute", "unmute")
        for given in ([], ["c1"])
    ),
    (["dtmf", "12#"], {"digits": "12#"}),
    (["dtmf", "*", "c1"], {"digits": "*", "id": "c1"}),
    (["text", "+1", "Hi", "there", "--line", "b"], {"number": "+1", "body": "Hi there", "line": "b"}),
    (["text", "--", "+1", "-x", "--y"], {"number": "+1", "body": "-x --y"}),
    (["messages"], {"limit": 50}),
    (["messages", "+1", "--limit", "3"], {"number": "+1", "limit": 3}),
    (["recent", "--limit", "100000"], {"limit": 100_000}),
    (["note", "c1", "called", "back"], {"id": "c1", "text": "called back"}),
    (["sync"], {"timeout": 30.0}),
    (["sync", "--timeout", "2.5"], {"timeout": 2.5}),
    *(
        (["wait", name, "--timeout", "1"], {"event": name, "timeout": 1.0})
        for name in ("registered", "call-incoming", "call-active", "call-ended", "message-received", "synced")
    ),
    (["devices"], {}),
    (["sign-out"], {}),
    (["dnd", "on"], {"on": True}),
    (["dnd", "off"], {"on": False}),
    (["open-link", "--", "tel:+1"], {"link": "tel:+1"}),
)


class Running:
    """A running app whose answers the test gives."""

    def __init__(self, folder: Path) -> None:
        self.profile = profile(str(folder))
        self.profile.prepare()
        self.requests: list[dict[str, Any]] = []
        self.reply: Callable[[dict[str, Any], Answer], None] = lambda _, answer: answer(good({}))
        self._loop = TestLoop()
        self._stop = threading.Event()
        self._server = ControlServer(self.profile.socket, self._loop, self._handle)
        self._server.start()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Be gone."""
        self._stop.set()
        self._loop.post(lambda: None)
        self._thread.join()
        self._server.close()

    def run(self, *arguments: str, result: object = None, refuse: AppError | None = None) -> int:
        """One sub-command on this profile; the exit code."""
        answer = bad(refuse, result) if refuse else good(result)
        self.reply = lambda _, reply: reply(answer)
        return main([*arguments[:1], "--data-dir", str(self.profile.folder), *arguments[1:]])

    def _handle(self, request: dict[str, Any], answer: Answer) -> None:
        self.requests.append(request)
        self.reply(request, answer)

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._loop.step(1.0)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A running app on a profile of its own."""
    found = Running(tmp_path / "profile")
    yield found
    found.close()


def test_there_is_a_command_for_everything() -> None:
    sent = {arguments[0] for arguments, _ in COMMANDS}
    assert cli.commands() == sent | {"provision", "quit", "sign-in"}


@pytest.mark.parametrize("as_json", [False, True])
def test_sign_in_prints_the_address_and_waits(
    running: Running, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    done = {"state": "signed-in", "user": "riley@acme.example", "instance": "https://acme.example"}
    replies = {"sign-in": good({"address": "https://login.example/x"}), "sign-in-wait": good(done)}
    running.reply = lambda request, answer: answer(replies[request["command"]])
    more = ["--json"] if as_json else ["--no-browser"]
    where = str(running.profile.folder)
    assert main(["sign-in", "--data-dir", where, "--at", "acme", *more]) == 0
    assert running.requests == [{"command": "sign-in", "at": "acme"}, {"command": "sign-in-wait"}]
    out, err = capsys.readouterr()
    address = '{"address": "https://login.example/x"}\n' if as_json else "https://login.example/x\n"
    assert out == address + ("" if as_json else "signed-in: riley@acme.example\n")
    assert err == ""
    replies["sign-in-wait"] = bad(AppError(ErrorCode.SIGN_IN_DENIED))
    assert main(["sign-in", "--data-dir", where, *more]) == 1
    assert capsys.readouterr().err == "Access was not allowed. Sign in again and choose Allow.\n"
    replies["sign-in"] = bad(AppError(ErrorCode.SIGN_IN_NOT_SET_UP))
    assert main(["sign-in", "--data-dir", where, *more]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Your admin has not set up the sign-in yet")


def _typed(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else ""


@pytest.mark.parametrize(("arguments", "request_"), COMMANDS, ids=_typed)
def test_each_command_becomes_one_request(
    running: Running, arguments: list[str], request_: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert running.run(*arguments) == 0
    assert running.requests == [{"command": arguments[0], **request_}]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "result", "lines"),
    [
        (
            ["status"],
            STATUS,
            ["main: failed timeout", "Salesforce: offline", "outbox: 2 waiting, 1 failed", "calls: 1"],
        ),
        (
            ["status"],
            {**STATUS, "lines": []},
            ["no line", "Salesforce: offline", "outbox: 2 waiting, 1 failed", "calls: 1"],
        ),
        (["calls"], [CALL], ["c1 in  active    2026-11-20T18:00:00Z Ana Flores"]),
        (["calls"], [], ["none"]),
        (
            ["recent"],
            [CALL | {"outcome": "missed", "name": ""}, CALL | {"outcome": "missed", "name": "", "number": ""}],
            [
                "c1 in  missed    2026-11-20T18:00:00Z +14155550142",
                "c1 in  missed    2026-11-20T18:00:00Z withheld",
            ],
        ),
        (["messages"], [TEXT], ["2026-11-20T18:00:00Z in  +14155550142 two lines"]),
        (["messages"], [], ["none"]),
        (["devices"], {"inputs": ["Mic"], "outputs": ["Box"]}, ["input   Mic", "output  Box"]),
        (["devices"], {"inputs": [], "outputs": []}, ["no sound devices"]),
        (["call", "911"], {"id": "c1"}, ["c1"]),
        (["text", "911", "x"], {"id": "m1", "delivery": "sent"}, ["sent"]),
        (["sync"], {"sent": 1, "waiting": 2, "failed": 3}, ["1 sent, 2 waiting, 3 failed"]),
        (["wait", "synced"], {"waiting": 0, "failed": 0}, ['{"waiting": 0, "failed": 0}']),
        (["note", "c1", "x"], {"id": "c1"}, []),
    ],
)
def test_answers_for_people_and_for_programs(
    running: Running, capsys: pytest.CaptureFixture[str], arguments: list[str], result: object, lines: list[str]
) -> None:
    assert running.run(*arguments, result=result) == 0
    assert capsys.readouterr().out.splitlines() == lines
    assert running.run(*arguments, "--json", result=result) == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert json.loads(out) == result
    assert err == ""


def test_options_may_stand_before_the_command(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    running.run("status", result=STATUS)
    capsys.readouterr()
    assert main(["--json", "--data-dir", str(running.profile.folder), "status"]) == 0
    assert json.loads(capsys.readouterr().out) == STATUS


@pytest.mark.parametrize("as_json", [False, True])
def test_refused_is_1_with_one_sentence(running: Running, capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    more = ["--json"] if as_json else []
    found = running.run("text", "911", "x", *more, refuse=AppError(ErrorCode.TEXT_EMERGENCY), result={"id": "m1"})
    out, err = capsys.readouterr()
    assert found == 1
    assert err == "Texting emergency services is not supported here. Call instead.\n"
    assert out == ('{"id": "m1"}\n' if as_json else "")


def test_usage_found_by_the_app_is_2(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert running.run("wait", "synced", refuse=AppError(ErrorCode.USAGE, detail="Not so.")) == 2
    assert capsys.readouterr().err == "Not so.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["call"],
        ["text", "911"],
        ["note", "c1"],
        ["dtmf"],
        ["wait", "rain"],
        ["wait", "synced", "--timeout", "-1"],
        ["wait", "synced", "--timeout", "nan"],
        ["wait", "synced", "--timeout", "1e9"],
        ["sync", "--timeout", "soon"],
        ["messages", "--limit", "0"],
        ["recent", "--limit", "many"],
        ["recent", "--limit", "100001"],
        ["status", "--frobnicate"],
        ["calls", "extra"],
        ["open-link"],
        ["provision"],
    ],
)
def test_usage_is_2(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*arguments, "--data-dir", str(tmp_path)])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: ringdown" in err


@pytest.mark.parametrize("arguments", [["status"], ["call", "911", "--wait"], ["quit"]])
@pytest.mark.parametrize("as_json", [False, True])
def test_no_running_app_is_3(
    arguments: list[str], as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--data-dir", str(tmp_path), *(["--json"] if as_json else [])]) == 3
    out, err = capsys.readouterr()
    assert (out, err) == ("", "Ringdown is not running on this profile.\n")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--version"], ["--help"], ["call", "--help"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 0
    assert f"ringdown {VERSION}" in capsys.readouterr().out


def test_quit_returns_when_the_profile_is_free(running: Running) -> None:
    lock = ProfileLock(running.profile)
    assert lock.take()
    timer = threading.Timer(0.3, lock.release)

    def leave(_: dict[str, Any], answer: Answer) -> None:
        answer(good({}))
        timer.start()

    running.reply = leave
    assert main(["quit", "--data-dir", str(running.profile.folder)]) == 0
    assert timer.finished.is_set()
    timer.join()


# names of strangers


def safe(text: str) -> bool:
    """Nothing in the text can move a terminal's cursor or turn its writing round."""
    return all(c.isprintable() for line in text.split("\n") for c in line)


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["calls"], [CALL | {"name": EVIL}]),
        (["calls"], [CALL | {"name": "", "number": EVIL}]),
        (["recent"], [CALL | {"name": EVIL, "outcome": "missed"}]),
        (["messages"], [TEXT | {"body": EVIL}]),
    ],
)
def test_no_strangers_control_character_reaches_the_terminal(
    running: Running, capsys: pytest.CaptureFixture[str], arguments: list[str], result: object
) -> None:
    assert running.run(*arguments, result=result) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert safe(out)


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["messages"], [TEXT | {"number": f"sip:{EVIL}@h"}]),
        (["devices"], {"inputs": [EVIL], "outputs": []}),
        (["status"], STATUS | {"lines": [{"id": EVIL, "state": "off", "reason": ""}]}),
        (["wait", "call-ended"], CALL | {"name": EVIL}),
        (["calls", "--json"], [CALL | {"name": EVIL}]),
    ],
)
def test_nor_in_these_places(
    running: Running, capsys: pytest.CaptureFixture[str], arguments: list[str], result: object
) -> None:
    running.run(*arguments, result=result)
    assert safe(capsys.readouterr().out)


def test_nor_in_a_sentence(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    running.run("text", "+1", "x", refuse=AppError(ErrorCode.TEXT_FAILED, reason=EVIL))
    assert safe(capsys.readouterr().err)


def test_provisioning_goes_through_the_running_app(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text("# settings\n")
    assert running.run("provision", str(path), result={"lines": ["a"]}) == 0
    assert running.requests == [{"command": "provision", "text": "# settings\n", "source": str(path)}]


def test_a_runtime_folder_of_somebody_else_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RINGDOWN_DATA_DIR", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    (tmp_path / "ringdown-4000000").mkdir(mode=0o700)
    assert main(["status", "--demo"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1", "euc-jp", "utf-8"])
def test_json_is_json_in_every_encoding(
    running: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    body = "é ü 日本 😀"
    assert running.run("messages", "--json", result=[{"body": body}]) == 0
    out.flush()
    assert json.loads(raw.getvalue().decode(encoding)) == [{"body": body}]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of another kind")
@pytest.mark.parametrize("command", [["--help"], ["recent", "--json"], ["recent"]])
def test_a_reader_that_has_seen_enough_is_no_failure(running: Running, command: list[str]) -> None:
    """As in `ringdown recent | head -1`."""
    running.reply = lambda _, answer: answer(good([CALL] * 2_000))
    reading, writing = os.pipe()
    os.close(reading)
    where = ["--data-dir", str(running.profile.folder)]
    done = subprocess.run(
        [sys.executable, "-m", "app", *command, *where],
        stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
