"""The `ringdown` sub-commands: one request to the running app, one printed answer.

Exit codes: 0 done, 1 refused or failed (one sentence on stderr), 2 usage, 3 no running app.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app import VERSION
from app.control import ask
from app.errors import AppError, ErrorCode
from app.lock import ProfileLock
from app.paths import Profile, profile
from app.words import complain, one_line

DONE, FAILED, USAGE, NO_APP = 0, 1, 2, 3
_SLACK = 15.0
_SIGN_IN = 240.0  # longer than the app itself waits for the browser and for Salesforce


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments, as `ringdown --help` shows them."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON on stdout")
    common.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS, help="the profile's folder")
    common.add_argument("--demo", action="store_true", default=argparse.SUPPRESS, help="the demo's profile")
    top = argparse.ArgumentParser(
        prog="ringdown", description="A desktop softphone with your Salesforce beside the call.", parents=[common]
    )
    top.add_argument("--version", action="version", version=f"ringdown {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    add("status", "how the lines, Salesforce and calls are doing")
    call = add("call", "dial a number")
    call.add_argument("number")
    call.add_argument("--line", metavar="ID")
    call.add_argument("--as", metavar="CALLER_ID")
    call.add_argument("--about", metavar="RECORD_ID")
    call.add_argument("--anyway", action="store_true", help="also somebody who asked in Salesforce not to be called")
    call.add_argument("--wait", action="store_true", help="return when the call is active, or fail with the reason")
    add("calls", "list live calls")
    for name, about in (
        ("answer", "take a ringing call"),
        ("reject", "turn a ringing caller away"),
        ("hangup", "end a call"),
        ("hold", "put a call on hold"),
        ("resume", "take a call back from hold"),
        ("mute", "mute the microphone in a call"),
        ("unmute", "unmute the microphone in a call"),
    ):
        add(name, about).add_argument("id", nargs="?", help="the call; the only live one when left out")
    dtmf = add("dtmf", "send tones in a call")
    dtmf.add_argument("digits")
    dtmf.add_argument("id", nargs="?")
    text = add("text", "send a text")
    text.add_argument("number")
    text.add_argument("body", nargs="+")
    text.add_argument("--line", metavar="ID")
    messages = add("messages", "list texts, newest last")
    messages.add_argument("number", nargs="?")
    messages.add_argument("--limit", type=_count, default=50)
    add("recent", "list calls, newest first").add_argument("--limit", type=_count, default=50)
    note = add("note", "set the notes of a call")
    note.add_argument("id")
    note.add_argument("text", nargs="+")
    add("sync", "send everything that waits to Salesforce").add_argument("--timeout", type=_seconds, default=30.0)
    wait = add("wait", "wait for something to happen; an event of the last five seconds not yet waited for counts")
    wait.add_argument(
        "event",
        choices=["registered", "call-incoming", "call-active", "call-ended", "message-received", "synced"],
    )
    wait.add_argument("--timeout", type=_seconds, default=30.0)
    add("provision", "import lines and settings from a file").add_argument("file")
    sign_in = add("sign-in", "sign in to Salesforce in the browser, and wait for the end")
    sign_in.add_argument("--at", metavar="DOMAIN", help="production, sandbox or your own domain")
    sign_in.add_argument("--no-browser", action="store_true", help="only print the address to open")
    add("sign-out", "sign out of Salesforce; calls, texts and what waits stay")
    add("devices", "list sound devices")
    add("dnd", "switch do not disturb").add_argument("on", type=_switch, metavar="on|off")
    add("open-link", "fill the keypad or a thread from a link").add_argument("link")
    add("quit", "end calls, store everything and exit")
    return top


def run(arguments: Sequence[str]) -> int:
    """Carry out one sub-command; the exit code."""
    reader = parser()
    options = vars(reader.parse_args(arguments))
    as_json, demo = options.pop("json", False), options.pop("demo", False)
    command = options["command"]
    if command is None:
        reader.print_usage(sys.stderr)
        return USAGE
    try:
        where = profile(options.pop("data_dir", None), demo=demo)
        if command == "provision":
            return _show(_provision(where, options["file"]), command, as_json)
        if command == "sign-in":
            return _sign_in(where, options, as_json)
        try:
            answer = ask(where.socket, _request(options), _patience(options))
        except AppError:
            if command == "open-link":  # a click on a link, here while nobody answers
                return _open_with_link(where, options["link"], demo=demo)
            raise
        if command == "quit" and answer["ok"]:
            _await_end(where)
        return _show(answer, command, as_json)
    except AppError as error:
        if command == "open-link":  # who clicks on a link reads no terminal
            from app.window import refuse

            return refuse(error)
        complain(error)
        return NO_APP if error.code is ErrorCode.NO_RUNNING_APP else FAILED
    except KeyboardInterrupt:
        return FAILED


def _open_with_link(where: Profile, link: str, *, demo: bool) -> int:
    """Opens the window with it, tries to hand it over once more, or says in a window what keeps it from that."""
    from app.window import run as window

    return window([*(["--demo"] if demo else []), "--data-dir", str(where.folder), "--", link])


def _request(options: dict[str, Any]) -> dict[str, Any]:
    request = {key: value for key, value in options.items() if value is not None}
    for words in ("body", "text"):
        if isinstance(request.get(words), list):
            request[words] = " ".join(request[words])
    return request


def _patience(options: dict[str, Any]) -> float | None:
    if options["command"] == "call" and options.get("wait"):
        return None
    return float(options.get("timeout") or 0.0) + _SLACK


def _sign_in(where: Profile, options: dict[str, Any], as_json: bool) -> int:
    """Two requests: the address at once, and the end when the browser has come back."""
    started = ask(where.socket, {"command": "sign-in", "at": options["at"]}, _SIGN_IN)
    if not started["ok"]:
        return _show(started, "sign-in", as_json)
    address = str(started["result"]["address"])
    print(_json({"address": address}) if as_json else address, flush=True)
    if not (as_json or options["no_browser"]):
        import webbrowser

        webbrowser.open(address)
    try:
        ended = ask(where.socket, {"command": "sign-in-wait"}, _SIGN_IN)
    except KeyboardInterrupt:
        ask(where.socket, {"command": "sign-in-cancel"}, _SLACK)
        return FAILED
    # With --json the address was the one object; what came of it is the exit code.
    return _show({**ended, "result": None} if as_json else ended, "sign-in", as_json)


def _provision(where: Profile, file: str) -> dict[str, Any]:
    """Through the running app when there is one, else straight into the profile."""
    from app import settings_file

    text = settings_file.provisioning_text(Path(file))
    try:
        return ask(where.socket, {"command": "provision", "text": text, "source": file}, 90.0)
    except AppError as error:
        if error.code is not ErrorCode.NO_RUNNING_APP:
            raise
    from app.machine_policy import MachinePolicyStore
    from app.secret_store import KeyringSecrets
    from app.stale_secrets import stale_secrets

    where.prepare()
    lock = ProfileLock(where)
    if not lock.take():
        raise AppError(ErrorCode.PROFILE_BUSY)
    try:
        before = settings_file.load(where.folder)
        provisioned = settings_file.parse_provisioning(text, file, before)
        if not MachinePolicyStore().read().allows_lines(before.line, provisioned.settings.line):
            raise AppError(ErrorCode.POLICY_REFUSED)
        secrets = KeyringSecrets(where.name)
        for name in stale_secrets(before, provisioned):
            secrets.delete(name)
        for name, value in provisioned.secrets.items():
            secrets.set(name, value)
        settings_file.save(where.folder, provisioned.settings)
    finally:
        lock.release()
    return {"ok": True, "result": {"lines": [line.id for line in provisioned.settings.line]}}


def _await_end(where: Profile) -> None:
    """Wait until the app has let go of its profile, so that a script can start the next one."""
    lock = ProfileLock(where)
    end = time.monotonic() + 12.0
    while time.monotonic() < end:
        if lock.take():
            lock.release()
            return
        time.sleep(0.05)  # another process's lock has no event to wait for
    raise AppError(ErrorCode.TIMED_OUT, seconds="12")


def _show(answer: dict[str, Any], command: str, as_json: bool) -> int:
    result = answer.get("result")
    if as_json and result is not None:
        print(_json(result))
    if not answer["ok"]:
        print(one_line(answer["message"]), file=sys.stderr)
        return USAGE if answer.get("code") == ErrorCode.USAGE.value else FAILED
    if not as_json:
        for line in _human(command, result):
            print(one_line(line))
    return DONE


def _human(command: str, result: Any) -> list[str]:
    match command, result:
        case "status", dict():
            lines = [f"{item['id']}: {item['state']} {item['reason']}".rstrip() for item in result["lines"]]
            outbox = result["outbox"]
            return [
                *(lines or ["no line"]),
                f"Salesforce: {result['salesforce']['state']}",
                f"outbox: {outbox['waiting']} waiting, {outbox['failed']} failed",
                f"calls: {len(result['calls'])}",
            ]
        case (("calls" | "recent"), list()):
            return [_call_line(item) for item in result] or ["none"]
        case "messages", list():
            return [f"{m['time']} {m['direction']:3} {m['number']} {one_line(m['body'])}" for m in result] or ["none"]
        case "devices", dict():
            return [
                *(f"input   {name}" for name in result["inputs"]),
                *(f"output  {name}" for name in result["outputs"]),
            ] or ["no sound devices"]
        case "call", {"id": str(found)}:
            return [found]
        case "text", {"delivery": str(delivery)}:
            return [delivery]
        case "sync", dict():
            return [f"{result['sent']} sent, {result['waiting']} waiting, {result['failed']} failed"]
        case "provision", {"lines": list(lines)}:
            return [f"lines: {', '.join(lines) or 'none'}"]
        case "sign-in", {"state": str(state)}:
            return [f"{state}: {result['user'] or ''}".rstrip(": ")]
        case "wait", dict():
            return [_json(result)]
        case _:
            return []


def _call_line(item: dict[str, Any]) -> str:
    who = one_line(item["name"] or item["number"] or "withheld")
    return f"{item['id']} {item['direction']:3} {item['outcome'] or item['state']:9} {item['started']} {who}"


def _json(result: Any) -> str:
    """Readable JSON; what could steer a terminal is escaped, and what its encoding does not have."""
    text = json.dumps(result, ensure_ascii=not (sys.stdout.encoding or "utf-8").lower().startswith("utf"))
    return "".join(c if c.isprintable() else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in text)


def _utf16(char: str) -> list[int]:
    raw = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100_000:
        raise argparse.ArgumentTypeError("must be between 1 and 100000")
    return value


def _switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise argparse.ArgumentTypeError("must be on or off")
    return text == "on"


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError("must be between 0 and 86400")
    return value


def commands() -> frozenset[str]:
    """The names of all sub-commands."""
    action = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return frozenset(action.choices)


def print_anything() -> None:
    """A terminal or pipe of another encoding must not break on a name."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
