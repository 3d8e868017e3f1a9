"""Read what we need out of a raw SIP message. Pure, tolerant: network input never raises here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from sip.wire import repaired

_COMPACT = {"from": "f", "to": "t", "call-id": "i", "contact": "m", "content-length": "l", "content-type": "c"}
# The library takes any of the three for the end of a line, and so do we: what it reads must not escape us.
_LINE_END = re.compile(r"\r\n|\n|\r")
_HEAD_END = re.compile(r"(?>\r\n|\n|\r){2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_NAME_LIMIT = 128


@dataclass(frozen=True, slots=True)
class Address:
    """A name-addr (RFC 3261 §25.1), cleaned for display and storage."""

    name: str = ""
    user: str = ""
    host: str = ""
    port: int = 0


def headers(message: str, name: str) -> list[str]:
    """Every value of a header, long or compact form, unfolded, in order."""
    wanted = {name.lower(), _COMPACT.get(name.lower(), name.lower())}
    found: list[str] = []
    taking = False
    for line in _LINE_END.split(_HEAD_END.split(message, 1)[0])[1:]:
        if line[:1] in {" ", "\t"}:
            if taking:
                found[-1] += " " + line.strip()
            continue
        key, colon, value = line.partition(":")
        taking = bool(colon) and key.strip().lower() in wanted
        if taking:
            found.append(value.strip())
    return found


def header(message: str, name: str) -> str:
    """The first value of a header, empty when there is none."""
    return next(iter(headers(message, name)), "")


def body(message: str) -> str:
    """What follows the empty line."""
    return message[end.end() :] if (end := _HEAD_END.search(message)) else ""


def method(message: str) -> str:
    """What a request asks for."""
    return next(iter(message.split(None, 1)), "")


def request_uri(message: str) -> Address:
    """The address a request is for."""
    parts = _LINE_END.split(message, 1)[0].split()
    return address(parts[1]) if len(parts) == 3 else Address()


def address(value: str) -> Address:
    """Name, user and host of a From-like header value or of a bare URI."""
    name, uri = _split_name(value)
    scheme, colon, rest = uri.partition(":")
    if not colon:
        return Address(name=clean_name(name))
    if scheme.strip().lower() == "tel":
        return Address(clean_name(name), plain(unquote(rest.split(";", 1)[0]))[:_NAME_LIMIT])
    before, at, after = rest.rpartition("@")
    user = plain(unquote(before.split(":", 1)[0].split(";", 1)[0]))[:_NAME_LIMIT] if at else ""
    hostport = re.split(r"[;?>]", after, maxsplit=1)[0].strip()
    host, port = _split_port(hostport)
    return Address(clean_name(name), user, plain(host)[:255], port)


def plain(text: str) -> str:
    """Without control characters; smuggled bytes repaired."""
    return _CONTROL.sub("", repaired(text)).strip()


def clean_name(name: str) -> str:
    """A display name as one short line. Markup is left: who shows it must show it as text."""
    return " ".join(_CONTROL.sub(" ", repaired(name)).split())[:_NAME_LIMIT]


def has_control(text: str) -> bool:
    """Would this break out of a SIP line? (CR and LF are not filtered by the library.)"""
    return bool(re.search(r"[\x00-\x1f\x7f]", text)) or any(0xD800 <= ord(c) <= 0xDFFF for c in text)


def answered_elsewhere(cancel: str) -> bool:
    """Does a CANCEL say that another device took the call? (RFC 3326: SIP cause 200, Q.850 cause 26)"""
    for value in headers(cancel, "Reason"):
        for reason in value.split(","):
            protocol, _, params = reason.strip().partition(";")
            cause = re.search(r"(?:^|;)\s*cause\s*=\s*(\d+)", params, re.IGNORECASE)
            if cause and (protocol.strip().lower(), cause[1]) in {("sip", "200"), ("q.850", "26")}:
                return True
    return False


def caller(invite: str) -> Address:
    """Who calls: From, or the identity the network vouches for (RFC 3325) unless the caller withheld it."""
    claimed = address(header(invite, "From"))
    withheld = claimed.user.lower() in {"", "anonymous"} or "id" in header(invite, "Privacy").lower().split(";")
    if withheld:
        return claimed
    for value in headers(invite, "P-Asserted-Identity"):
        for each in split_list(value):
            vouched = address(each)
            if vouched.user:
                return Address(vouched.name or claimed.name, vouched.user, vouched.host or claimed.host)
    return claimed


def diverted_from(invite: str) -> str:
    """The number the call was first meant for (RFC 5806 Diversion, else RFC 7044 History-Info), empty if none."""
    if diversions := [each for value in headers(invite, "Diversion") for each in split_list(value)]:
        return address(diversions[-1]).user
    history = [each for value in headers(invite, "History-Info") for each in split_list(value)]
    return address(history[0]).user if len(history) > 1 else ""


def split_list(value: str) -> list[str]:
    """A comma-separated header value, commas inside quotes and angle brackets kept."""
    parts, start, quoted, angle, skip = [], 0, False, False, False
    for place, char in enumerate(value):
        if skip:
            skip = False
        elif quoted:
            skip, quoted = char == "\\", char != '"'
        elif char == '"':
            quoted = True
        elif char in "<>":
            angle = char == "<"
        elif char == "," and not angle:
            parts.append(value[start:place].strip())
            start = place + 1
    parts.append(value[start:].strip())
    return [part for part in parts if part]


def _split_name(value: str) -> tuple[str, str]:
    text = value.strip()
    if quoted := re.match(r'"((?:[^"\\]|\\.)*)"\s*', text, re.DOTALL):
        name = re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL)
        return name, text[quoted.end() :].lstrip().lstrip("<").split(">", 1)[0]
    if "<" in text:
        name, _, uri = text.partition("<")
        return name.strip().strip('"'), uri.split(">", 1)[0]
    return "", text.split(";", 1)[0] if not text.lower().startswith("tel:") else text


def _split_port(hostport: str) -> tuple[str, int]:
    if hostport.startswith("["):
        host, _, port = hostport[1:].partition("]")
        port = port.lstrip(":")
    else:
        host, _, port = hostport.partition(":")
    return host, int(port) if port.isdecimal() and len(port) < 6 else 0
