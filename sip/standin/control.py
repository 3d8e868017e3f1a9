"""The control port: small JSON over HTTP on 127.0.0.1, for scripts, tests and the demo.

    GET  /health                      {"sip","calls","texts","last_contact","replies"}
    GET  /calls                       live and ended calls, oldest first
    GET  /texts[?direction=out]       texts that came in (or went out), oldest first
    POST /call     {"to"?,"from","name"?,"say"?,"ring_seconds"?,"hangup_after"?,"headers"?}  -> {"id","sip_call_id"}
    POST /text     {"to"?,"from","name"?,"body"}      -> {"id"}
    POST /hangup   {"id"}        POST /dtmf {"id","digits"}       POST /record {"id","path"}
    POST /mwi      {"to"?,"new","old"}                POST /replies {"on"}

`say` is a phrase (hello, greeting, menu, one, two, goodbye, wait), `echo`, `silence`, `tone` or the
path of a WAV file. `to` left out means where the application was last heard from. Errors are
{"error": sentence} with status 400, 404 (no such id), 409 (four calls are live) or 503 (closing).
"""

from __future__ import annotations

import json
import logging
import re
import wave
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sip.standin import sip_text, speech
from sip.standin.engine import Engine, TooManyCallsError, UnknownError
from sip.standin.records import Direction, State
from sip.standin.sip_text import BadRequestError

log = logging.getLogger("standin.control")

MOST_BYTES = 65536
_NEAR = frozenset({"127.0.0.1", "localhost"})
_DIGITS = re.compile(r"[0-9*#A-D]{1,32}")
_PLAIN_SAYS = frozenset({"echo", "silence", "tone", *speech.Sound})

Body = dict[str, Any]
Reply = dict[str, Any] | list[dict[str, Any]]


def field(body: Body, name: str, kind: type, default: Any = None) -> Any:
    """A field of the request, checked for its type; BadRequestError when missing or of another."""
    value = body.get(name, default)
    if value is None:
        raise BadRequestError(f"{name} is missing")
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadRequestError(f"{name} must be {kind.__name__}")
    return value


def seconds(body: Body, name: str, default: float) -> float:
    """A duration of the request, in seconds, between 0 and an hour."""
    value = float(field(body, name, float, default))
    if not 0 <= value <= 3600:
        raise BadRequestError(f"{name} must be between 0 and 3600 seconds")
    return value


def say_of(body: Body) -> tuple[str, Path | None]:
    """What to play: a known word, or a readable WAV file."""
    say = field(body, "say", str, "hello")
    if say in _PLAIN_SAYS:
        return say, None
    file = Path(say)
    if not file.is_absolute() or sip_text.plain(say, "say") != say:
        raise BadRequestError("say must be a phrase, echo, silence, tone or the path of a WAV file")
    try:
        speech.seconds(file)
    except (OSError, EOFError, wave.Error) as error:
        raise BadRequestError("say names no readable WAV file") from error
    return "", file


class Control:
    """The requests of the control port, each answered by the engine. Any thread but the engine's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.posts: dict[str, Callable[[Body], Reply]] = {
            "/call": self.call,
            "/text": self.text,
            "/hangup": self.hangup,
            "/dtmf": self.dtmf,
            "/record": self.record,
            "/mwi": self.mwi,
            "/replies": self.replies,
        }

    def get(self, path: str, query: dict[str, list[str]]) -> Reply:
        """Answers a GET; UnknownError when there is nothing at that path."""
        match path:
            case "/health":
                return self._engine.ask(self._health)
            case "/calls":
                return self._engine.ask(self._calls)
            case "/texts":
                wanted = query.get("direction", [Direction.IN])[-1]
                return self._engine.ask(
                    lambda: [t.as_json() for t in self._engine.messenger.texts if t.direction == wanted]
                )
        raise UnknownError("nothing here")

    def _health(self) -> dict[str, Any]:
        engine = self._engine
        return {
            "sip": engine.address,
            "calls": len(engine.calls),
            "texts": len(engine.messenger.texts),
            "last_contact": engine.last_contact,
            "replies": engine.messenger.replies,
        }

    def _calls(self) -> list[dict[str, Any]]:
        for call in self._engine.calls.values():
            call.measure()
        return [record.as_json() for record in self._engine.history]

    def _to(self, body: Body) -> str:
        to = body.get("to") or self._engine.last_contact
        if not to:
            raise BadRequestError("to is missing, and the application has not been heard from yet")
        if not isinstance(to, str):
            raise BadRequestError("to must be str")
        return to

    def call(self, body: Body) -> Reply:
        """Calls the application."""
        say, file = say_of(body)
        after = seconds(body, "hangup_after", 0.0) if body.get("hangup_after") is not None else None
        script = self._engine.scripts.for_request(say, file, after)
        extra = field(body, "headers", dict, {})
        if not all(isinstance(key, str) and isinstance(value, str) for key, value in extra.items()):
            raise BadRequestError("headers must be texts")
        wanted: dict[str, Any] = {
            "sender": field(body, "from", str),
            "name": field(body, "name", str, ""),
            "ring_seconds": seconds(body, "ring_seconds", 25.0),
            "headers": sip_text.headers(extra),
            "script": script,
        }

        def work() -> dict[str, Any]:
            record = self._engine.place_call(to=self._to(body), **wanted)
            return {"id": record.id, "sip_call_id": record.sip_call_id}

        return self._engine.ask(work)

    def text(self, body: Body) -> Reply:
        """Texts the application."""
        sender, name = field(body, "from", str), field(body, "name", str, "")
        words = field(body, "body", str)
        return self._engine.ask(
            lambda: {"id": self._engine.messenger.send_text(self._to(body), sender, name, words).id}
        )

    def hangup(self, body: Body) -> Reply:
        """Ends a call: BYE, CANCEL, or a refusal when it still rings here."""
        call_id = field(body, "id", str)

        def work() -> dict[str, Any]:
            self._engine.live(call_id).end()
            return {}

        return self._engine.ask(work)

    def dtmf(self, body: Body) -> Reply:
        """Sends digits as RFC 4733 events."""
        call_id, digits = field(body, "id", str), field(body, "digits", str)
        if not _DIGITS.fullmatch(digits):
            raise BadRequestError("digits must be 1 to 32 of 0-9 * # A-D")

        def work() -> dict[str, Any]:
            call = self._engine.live(call_id)
            if call.record.state is not State.ACTIVE:
                raise BadRequestError("the call is not active")
            call.dialDtmf(digits)
            return {}

        return self._engine.ask(work)

    def record(self, body: Body) -> Reply:
        """Starts recording what the other side of a call says into a new WAV file."""
        call_id = field(body, "id", str)
        file = Path(sip_text.plain(field(body, "path", str), "path"))
        if not file.is_absolute() or file.suffix != ".wav" or not file.parent.is_dir():
            raise BadRequestError("path must be a .wav file in an existing folder")

        def work() -> dict[str, Any]:
            self._engine.live(call_id).record_to(file)
            return {}

        return self._engine.ask(work)

    def mwi(self, body: Body) -> Reply:
        """Sends a message-waiting notice."""
        new, old = field(body, "new", int), field(body, "old", int, 0)
        if new < 0 or old < 0:
            raise BadRequestError("new and old must not be negative")

        def work() -> dict[str, Any]:
            self._engine.messenger.send_waiting(self._to(body), new, old)
            return {}

        return self._engine.ask(work)

    def replies(self, body: Body) -> Reply:
        """Switches the automatic replies to texts on or off."""
        on = field(body, "on", bool)

        def work() -> dict[str, Any]:
            self._engine.messenger.replies = on
            return {"on": on}

        return self._engine.ask(work)


class Server(ThreadingHTTPServer):
    """The HTTP server on 127.0.0.1; call `serve_forever` on a thread of its own."""

    daemon_threads = True

    def __init__(self, port: int, engine: Engine) -> None:
        self.control = Control(engine)
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    """One request. Refuses web pages: a foreign Host, or any Origin."""

    server: Server
    timeout = 10.0

    def do_GET(self) -> None:
        """Reads."""
        parts = urlsplit(self.path)
        self._answer(lambda: self.server.control.get(parts.path, parse_qs(parts.query)))

    def do_POST(self) -> None:
        """Acts."""
        self._answer(self._post)

    def _post(self) -> Reply:
        act = self.server.control.posts.get(urlsplit(self.path).path)
        if act is None:
            raise UnknownError("nothing here")
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise BadRequestError("body is too long or has no length")
        try:
            body = json.loads(self.rfile.read(int(length)) or b"{}")
        except ValueError as error:
            raise BadRequestError("body is not JSON") from error
        if not isinstance(body, dict):
            raise BadRequestError("body must be an object")
        return act(body)

    def _answer(self, work: Callable[[], Reply]) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        if host not in _NEAR or "Origin" in self.headers:
            self._send(403, {"error": "only for programs on this machine"})
            return
        try:
            self._send(200, work())
        except BadRequestError as error:
            self._send(400, {"error": str(error)})
        except UnknownError as error:
            self._send(404, {"error": str(error)})
        except TooManyCallsError as error:
            self._send(409, {"error": str(error)})
        except TimeoutError:
            self._send(503, {"error": "the far end is closing"})
        except Exception:  # the caller gets an answer, the log the reason
            log.exception("a request failed")
            self._send(500, {"error": "the far end failed at this; see its log"})

    def _send(self, status: int, reply: Reply) -> None:
        data = json.dumps(reply, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: paths and times are of no use here."""
