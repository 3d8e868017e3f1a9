"""The control socket, for real: one request, one answer, and peers that misbehave."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.control import Answer, ControlServer, ask, bad, good
from app.errors import AppError, ErrorCode
from tests.loop import TestLoop


class Served:
    """A server whose handler the test plays; requests are handled while the test waits."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "c.sock"
        self.loop = TestLoop()
        self.requests: list[dict[str, Any]] = []
        self.handler: Callable[[dict[str, Any], Answer], None] = lambda request, answer: answer(good(request))
        self.server = ControlServer(self.path, self.loop, self._handle)
        self.server.start()

    def _handle(self, request: dict[str, Any], answer: Answer) -> None:
        self.requests.append(request)
        self.handler(request, answer)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask from a thread, as another process would."""
        (answer,) = self.ask_all([request])
        return answer

    def ask_all(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Have all asked before the first is answered; answers in the order of the requests."""
        answers: dict[int, dict[str, Any]] = {}

        def one(number: int, request: dict[str, Any]) -> None:
            answers[number] = ask(self.path, request, 20.0)
            self.loop.post(lambda: None)  # so that who waits looks again

        threads = [threading.Thread(target=one, args=item) for item in enumerate(requests)]
        for number, thread in enumerate(threads, len(self.requests) + 1):
            thread.start()
            self.loop.until(lambda wanted=number: len(self.requests) >= wanted)  # type: ignore[misc]
        self.loop.until(lambda: len(answers) == len(requests))
        for thread in threads:
            thread.join()
        return [answers[number] for number in range(len(requests))]

    def connect(self) -> socket.socket:
        """A bare connection."""
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.settimeout(20.0)
        client.connect(str(self.path))
        return client

    def raw(self, data: bytes) -> bytes:
        """What comes back for these bytes, until the server hangs up."""
        got = b""
        # A server that hangs up with our bytes unread resets the connection.
        with self.connect() as client, contextlib.suppress(ConnectionError):
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            while chunk := client.recv(65_536):
                got += chunk
        return got


@pytest.fixture
def served() -> Iterator[Served]:
    """A server in a folder of its own with a short name."""
    folder = Path(tempfile.mkdtemp(prefix="rd-", dir="/tmp"))
    found = Served(folder)
    yield found
    found.server.close()
    shutil.rmtree(folder)


def test_a_request_and_its_answer(served: Served) -> None:
    request = {"command": "note", "text": "日本 😀 \u202e \x00 \n 'quoted'", "n": 1.5, "none": None}
    assert served.ask(request) == {"ok": True, "result": request}
    assert served.requests == [request]


def test_the_socket_is_the_users_own(served: Served) -> None:
    found = served.path.stat()
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert found.st_uid == os.getuid()


def test_the_umask_is_as_before(served: Served) -> None:
    before = os.umask(0o022)
    os.umask(before)
    assert before != 0o177


def test_a_peer_of_another_user_gets_no_answer(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    assert served.raw(b'{"command": "status"}\n') == b""
    monkeypatch.undo()
    served.loop.drain()
    assert served.requests == []


@pytest.mark.parametrize(
    "data", [b"\n", b"hello\n", b"[1]\n", b'"x"\n', b"null\n", b"{\n", b"\xff\xfe\n", b'{"a":1}{"b":2}\n']
)
def test_what_is_no_request_is_answered_with_usage(served: Served, data: bytes) -> None:
    answer = json.loads(served.raw(data))
    assert (answer["ok"], answer["code"]) == (False, "usage")
    assert served.requests == []


@pytest.mark.parametrize("data", [b"", b'{"command": "status"}', b"x" * 100_000])
def test_a_peer_that_stops_in_the_middle_is_forgotten(served: Served, data: bytes) -> None:
    assert served.raw(data) == b""
    assert served.ask({"still": "here"})["ok"]


def test_a_request_over_a_megabyte_is_cut_off(served: Served) -> None:
    with served.connect() as client, pytest.raises((BrokenPipeError, ConnectionResetError)):
        client.sendall(b"x" * 60_000_000)
    assert served.requests == []
    assert served.ask({"still": "here"})["ok"]


def test_a_long_request_and_a_long_answer_fit(served: Served) -> None:
    long = "ü" * 150_000  # six bytes each on the wire
    assert served.ask({"text": long})["result"]["text"] == long


def test_a_peer_that_goes_away_before_its_answer_harms_nobody(served: Served) -> None:
    kept: list[Answer] = []
    served.handler = lambda request, answer: kept.append(answer)
    with served.connect() as client:
        client.sendall(b'{"command": "call"}\n')
        served.loop.until(lambda: kept)
    kept[0](good("too late"))
    served.handler = lambda request, answer: answer(good(1))
    assert served.ask({})["result"] == 1


def test_a_request_is_dropped_when_who_asked_has_given_up(served: Served) -> None:
    """The app hung; the caller was told that nothing happened. A call that leaves afterwards would be a lie."""
    with pytest.raises(AppError, match=ErrorCode.TIMED_OUT):
        ask(served.path, {"command": "call"}, 0.2)
    assert served.ask({"command": "status"})["ok"]
    assert served.requests == [{"command": "status"}]


def test_an_answer_knows_whether_anybody_waits_for_it(served: Served) -> None:
    kept: list[Answer] = []
    served.handler = lambda request, answer: kept.append(answer)
    with served.connect() as client:
        client.sendall(b'{"command": "wait"}\n')
        served.loop.until(lambda: kept)
        client.shutdown(socket.SHUT_WR)  # it still listens
        assert kept[0].is_awaited()
        kept[0](good(1))
        assert not kept[0].is_awaited()
    with served.connect() as client:
        client.sendall(b'{"command": "wait"}\n')
        served.loop.until(lambda: len(kept) == 2)
    assert not kept[1].is_awaited()
    kept[1](good(2))


def test_an_answer_of_any_length_is_read(served: Served) -> None:
    long = "x" * 5_000_000
    served.handler = lambda request, answer: answer(good(long))
    assert served.ask({})["result"] == long


def test_only_the_first_answer_counts(served: Served) -> None:
    def twice(request: dict[str, Any], answer: Answer) -> None:
        answer(good(1))
        answer(good(2))

    served.handler = twice
    assert served.ask({})["result"] == 1


def test_twenty_at_once_each_get_their_own(served: Served) -> None:
    waiting: list[tuple[dict[str, Any], Answer]] = []

    def all_together(request: dict[str, Any], answer: Answer) -> None:
        waiting.append((request, answer))
        if len(waiting) == 20:
            for asked, reply in reversed(waiting):
                reply(good(asked["n"]))

    served.handler = all_together
    answers = served.ask_all([{"n": n} for n in range(20)])
    assert [answer["result"] for answer in answers] == list(range(20))


def test_a_refusal_is_one_sentence(served: Served) -> None:
    def refuse(request: dict[str, Any], answer: Answer) -> None:
        raise AppError(ErrorCode.CALL_UNKNOWN, call="c9")

    served.handler = refuse
    assert served.ask({}) == {
        "ok": False,
        "code": "call-unknown",
        "message": "There is no live call “c9”.",
        "result": None,
    }


def test_a_bug_is_answered_without_a_traceback_and_raised_at_home(served: Served) -> None:
    def fail(request: dict[str, Any], answer: Answer) -> None:
        raise ZeroDivisionError("secret detail")

    served.handler = fail
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(served.raw(b'{"command": "x"}\n')))
    thread.start()
    with pytest.raises(ZeroDivisionError):
        served.loop.until(lambda: False)
    thread.join()
    answer = json.loads(answers[0])
    assert (answer["ok"], answer["code"]) == (False, "bug")
    assert "secret" not in answers[0].decode()


def test_a_socket_left_by_a_crash_is_replaced(served: Served) -> None:
    served.server.close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(served.path))
    with pytest.raises(AppError, match=ErrorCode.NO_RUNNING_APP):
        ask(served.path, {}, 1.0)
    again = Served(served.path.parent)
    assert again.ask({})["ok"]
    again.server.close()


def test_after_closing_nobody_is_there(served: Served) -> None:
    served.server.close()
    served.server.close()
    assert not served.path.exists()
    with pytest.raises(AppError, match=ErrorCode.NO_RUNNING_APP):
        ask(served.path, {}, 1.0)


def test_an_app_that_dies_before_it_answers_is_no_running_app(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rd-", dir="/tmp"))
    path = folder / "c.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def die() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(10)

        thread = threading.Thread(target=die)
        thread.start()
        with pytest.raises(AppError, match=ErrorCode.NO_RUNNING_APP):
            ask(path, {"command": "status"}, 10.0)
        thread.join()
    shutil.rmtree(folder)


def test_answers_have_one_shape() -> None:
    assert good([1]) == {"ok": True, "result": [1]}
    assert bad(AppError(ErrorCode.CALL_NONE), {"x": 1}) == {
        "ok": False,
        "code": "call-none",
        "message": "There is no live call.",
        "result": {"x": 1},
    }


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_request_nested_too_deeply_is_answered_with_usage(served: Served) -> None:
    assert json.loads(served.raw(b'{"a":' + b"[" * 200_000 + b"\n"))["code"] == "usage"


def test_an_app_that_is_busy_is_not_called_absent() -> None:
    with tempfile.TemporaryDirectory(prefix="rd-", dir="/tmp") as folder, contextlib.ExitStack() as open_sockets:
        path = Path(folder) / "c.sock"
        listener = open_sockets.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listener.bind(str(path))
        listener.listen(1)
        with contextlib.suppress(BlockingIOError):
            for _ in range(10):
                client = open_sockets.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                client.setblocking(False)
                client.connect(str(path))
        with pytest.raises(AppError, match=ErrorCode.TIMED_OUT):
            ask(path, {"command": "status"}, 0.05)


def test_an_app_that_is_slow_is_not_called_absent(served: Served) -> None:
    with pytest.raises(AppError, match=ErrorCode.TIMED_OUT):
        ask(served.path, {"command": "status"}, 0.05)


def test_no_room_for_one_connection_ends_no_later_one(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the process's file handles in use: it goes on listening."""
    resource = pytest.importorskip("resource")
    refused = threading.Event()
    monkeypatch.setattr("app.control.log.warning", lambda *_: refused.set())
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(10.0)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    with client:
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
        try:
            client.connect(str(served.path))
            client.sendall(b'{"command": "status"}\n')
            assert refused.wait(10)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        served.loop.until(lambda: served.requests)
        assert json.loads(client.recv(65_536))["ok"]


def test_where_nobody_can_listen_the_start_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "c.sock"):
        with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE):
            ControlServer(path, TestLoop(), lambda request, answer: None).start()
