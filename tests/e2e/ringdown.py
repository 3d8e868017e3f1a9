"""The app as its own process, driven through the `ringdown` command line only.

`RINGDOWN_E2E_APP=window` runs the real window (without a screen) instead of the app without one.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import tomli_w

from tests.peers.child import ROOT, Child, children, command_line, is_running, until

WINDOW = os.environ.get("RINGDOWN_E2E_APP", "headless") == "window"
DONE, FAILED, USAGE, NO_APP = 0, 1, 2, 3
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What ``--json`` printed."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one sentence on standard error."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].strip(), self.err
        return lines[0]


class Ringdown:
    """One profile: started, ended and asked. ``env`` is the whole environment of app and commands."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder = folder.resolve()
        self.env = dict(env)
        if WINDOW:
            self.env["QT_QPA_PLATFORM"] = "offscreen"
        self._log = self.folder.parent / f"{self.folder.name}.out"
        self._child: Child | None = None
        self._asked: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Ringdown:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # the process

    def launch(self) -> Child:
        """Start the process and wait for nothing."""
        module = "app" if WINDOW else "tests.headless"
        self._log.unlink(missing_ok=True)
        self._child = Child([sys.executable, "-m", module, "--data-dir", str(self.folder)], log=self._log, env=self.env)
        return self._child

    def start(self, *, registered: bool = False) -> Ringdown:
        """Start it and wait until it takes commands, or until a line is registered."""
        child = self.launch()

        def serves() -> bool:
            assert child.is_alive, f"the app ended: {child.said()}"
            return self.run("status").code == DONE

        until(serves, 20, "the app takes commands")
        if registered:
            answer = self.run("wait", "registered", "--timeout", "20")
            assert answer.code == DONE, f"{answer.err} {self.status()} {self.logs()[-3000:]}"
        return self

    def refuses_to_start(self) -> str:
        """Start it where it must not; the one sentence it says. Exit code 1."""
        child = self.launch()
        if WINDOW:  # the window stays open and says it
            until(lambda: child.said().strip(), 20, "the app says why")
            code = child.end()
        else:
            code = child.wait(20)
        self._child = None
        assert code == FAILED, child.said()
        assert "Traceback" not in child.said()
        return Answer(code, "", child.said()).sentence

    @property
    def child(self) -> Child:
        """The running process."""
        assert self._child is not None
        return self._child

    @property
    def engine_pid(self) -> int:
        """The engine, found among the app's children."""
        return until(self._engine, 10, "the engine process")

    def _engine(self) -> int | None:
        found = [pid for pid in children(self.child.pid) if "--engine" in command_line(pid)]
        return found[0] if found else None

    def terminate(self, seconds: float = 12.0) -> int:
        """SIGTERM; the exit code."""
        self.child.process.terminate()
        return self.ended(seconds)

    def ended(self, seconds: float = 12.0) -> int:
        """Wait for its end; the exit code."""
        code = self.child.wait(seconds)
        self._child = None
        return code

    def kill(self) -> int:
        """SIGKILL; the pid of the engine it leaves behind."""
        engine = self.engine_pid
        self.child.kill()
        self._child = None
        return engine

    def close(self) -> None:
        """End whatever is left of it."""
        for process in self._asked:
            if process.poll() is None:
                process.kill()
            process.communicate()
        if self._child is not None:
            engine = self._engine()
            self._child.end(12)
            self._child = None
            if engine is not None:
                until(lambda: not is_running(engine), 8, "the engine has gone")

    # the command line

    def run(self, *arguments: str, timeout: float = 60.0) -> Answer:
        """One command with ``--json``."""
        done = subprocess.run(
            self._command(arguments), env=self.env, cwd=ROOT, capture_output=True, timeout=timeout, check=False
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def do(self, *arguments: str, timeout: float = 60.0) -> Any:
        """A command that must be done; its JSON."""
        answer = self.run(*arguments, timeout=timeout)
        assert answer.code == DONE, (arguments, answer)
        assert not answer.err, answer.err
        return answer.json

    def plain(self, *arguments: str) -> str:
        """What a command prints for people."""
        command = [word for word in self._command(arguments) if word != "--json"]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, timeout=60, check=True)
        return done.stdout.decode()

    def refuses(self, *arguments: str) -> str:
        """A command that must be refused; the one sentence it says."""
        answer = self.run(*arguments)
        assert answer.code == FAILED, (arguments, answer)
        return answer.sentence

    def ask(self, *arguments: str) -> subprocess.Popen[str]:
        """A command that runs beside the test; `answered` waits for it."""
        process = subprocess.Popen(
            self._command(arguments), env=self.env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._asked.append(process)
        return process

    def answered(self, process: subprocess.Popen[str], timeout: float = 30.0) -> Answer:
        """What a command of `ask` printed."""
        out, err = process.communicate(timeout=timeout)
        self._asked.remove(process)
        return Answer(process.returncode, out, err)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        command, *rest = arguments
        own = ["--data-dir", str(self.folder), "--json"]
        return [sys.executable, "-m", "app", command, *own, *rest]

    # what tests ask again and again

    def wait(self, event: str, timeout: float = 15.0) -> Json:
        """`ringdown wait`, which must come true."""
        found: Json = self.do("wait", event, "--timeout", str(timeout))
        return found

    def status(self) -> Json:
        """`ringdown status`."""
        found: Json = self.do("status")
        return found

    def line(self, line_id: str = "main") -> Json:
        """One line of the status."""
        return next(line for line in self.status()["lines"] if line["id"] == line_id)

    def until_line(self, seconds: float, **wanted: str) -> Json:
        """The line, as soon as it is as wanted: there is no event for a line that fails."""

        def look() -> Json | None:
            line = self.line()
            return line if all(line[name] == value for name, value in wanted.items()) else None

        return until(look, seconds, f"line {wanted}")

    def message_from(self, number: str) -> Json:
        """The next text of a number; texts of others are passed over."""
        while (came := self.wait("message-received"))["number"] != number:
            pass
        return came

    def contact(self, line_id: str = "main") -> str:
        """Where a line can be reached."""
        return str(self.line(line_id)["contact"])

    def recent(self, call_id: str) -> Json:
        """The log of one call."""
        return next(log for log in self.do("recent") if log["id"] == call_id)

    def call(self, number: str, *more: str) -> str:
        """Dial, wait for the answer; the call's id."""
        return str(self.do("call", number, "--wait", *more)["id"])

    def hangup(self, call_id: str) -> Json:
        """End a call; its log."""
        self.do("hangup", call_id)
        return self.call_ended(call_id)

    def hang_up_all(self) -> None:
        """End what a failed test has left."""
        for call in self.do("calls"):
            self.run("hangup", call["id"])

    def call_ended(self, call_id: str, timeout: float = 15.0) -> Json:
        """The log of a call, once it is stored as ended. Other calls' ends are passed over."""
        while True:
            log = self.recent(call_id)
            if log["state"] == "ended":
                return log
            self.wait("call-ended", timeout)

    def provision(self, file: Path) -> Any:
        """`ringdown provision`."""
        return self.do("provision", str(file))

    # its files

    @property
    def name(self) -> str:
        """What keyring entries of the profile begin with (see `app.paths`)."""
        return hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]

    @property
    def database(self) -> Path:
        """The encrypted cache."""
        return self.folder / "ringdown.db"

    def files_with(self, *texts: str) -> list[tuple[str, str]]:
        """Which files of the profile hold one of the texts, as they are or in UTF-16."""
        found: list[tuple[str, str]] = []
        for file in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            data = file.read_bytes()
            found += [(file.name, text) for text in texts if text.encode() in data or text.encode("utf-16-le") in data]
        return found

    def logs(self) -> str:
        """All logs, and what the process printed."""
        folder = self.folder / "log"
        texts = [file.read_text("utf-8", "replace") for file in sorted(folder.glob("*")) if file.is_file()]
        return "\n".join([*texts, self._log.read_text("utf-8", "replace") if self._log.exists() else ""])


NO_SOUND = {"input": "none", "output": "none", "ringer": "none"}


def provisioning(
    file: Path,
    *,
    line: Mapping[str, Any] | None = None,
    salesforce: tuple[str, str] | None = None,
    audio: Mapping[str, str] | None = None,
) -> Path:
    """Write a provisioning file. ``salesforce`` is (url, token); without ``audio`` no sound device is touched."""
    table: dict[str, Any] = {"audio": dict(NO_SOUND if audio is None else audio)}
    if line is not None:
        base = {"id": "main", "number": "+14155550100", "caller_ids": ["+14155550100"], "bind": "127.0.0.1"}
        table["line"] = [{**base, **line}]
    if salesforce is not None:
        table["salesforce"] = {"instance_url": salesforce[0], "access_token": salesforce[1]}
    file.write_text(tomli_w.dumps(table), "utf-8")
    return file


def stop_process(pid: int, number: int = signal.SIGKILL) -> None:
    """Signal one process."""
    os.kill(pid, number)
