"""Reading and writing the few pieces of SIP text the far end handles itself. Pure.

Control characters are refused here: the library below passes line breaks on to the wire, where they
would become headers of their own.
"""

import re
from ipaddress import ip_address

_HEADER_NAME = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
_USER = re.compile(r"[A-Za-z0-9+._*~!'()&=$,-]+")
_ADDRESS = re.compile(r"sip:(?:(?P<user>[^@<>\s]*)@)?(?P<host>[^:;>?\s]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
_OWN_HEADERS = frozenset(
    {
        "via",
        "from",
        "to",
        "call-id",
        "cseq",
        "contact",
        "route",
        "record-route",
        "max-forwards",
        "content-length",
        "content-type",
    }
)


class BadRequestError(ValueError):
    """Something asked for over the control port cannot be put on the wire; the text says what."""


def plain(value: str, what: str) -> str:
    """`value` when it has no control characters and can be written as UTF-8; else BadRequestError."""
    if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise BadRequestError(f"{what} must not contain control characters")
    return value


def repair(text: str) -> str:
    """Text from the wire with undecodable bytes replaced, so that it can be written as JSON."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def identity(number: str, name: str, host: str) -> str:
    """A From value: `"Name" <sip:number@host>`, or a full sip: address when `number` is one."""
    plain(number, "from")
    plain(name, "name")
    if number.lower().startswith("sip:"):
        uri = target(number)
    else:
        if not _USER.fullmatch(number):
            raise BadRequestError("from must be a number or a user name")
        uri = f"sip:{number}@{host}"
    if not name:
        return f"<{uri}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{uri}>'


def target(address: str) -> str:
    """A loopback sip: address to send a request to; BadRequestError for anything else."""
    plain(address, "to")
    uri = address if address.lower().startswith("sip:") else f"sip:{address}"
    found = _ADDRESS.match(uri)
    if found is None or any(c in uri for c in "<> "):
        raise BadRequestError("to must look like sip:user@127.0.0.1:port")
    host = found["host"]
    try:
        near = ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        raise BadRequestError("to must be an address on 127.0.0.1")
    return uri


def headers(extra: dict[str, str]) -> list[tuple[str, str]]:
    """Extra headers for a request, checked; BadRequestError for a bad name, value or a core header."""
    pairs: list[tuple[str, str]] = []
    for name, value in extra.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
            raise BadRequestError(f"header name not allowed: {name!r}")
        pairs.append((name, plain(value, f"header {name}")))
    return pairs


def user_of(address: str) -> str:
    """The user part of a sip: address or of a header that holds one; empty when there is none."""
    found = _ADDRESS.search(address)
    return (found["user"] or "") if found else ""


def name_of(header: str) -> str:
    """The display name of a From or To value; empty when there is none."""
    before = header.split("<", 1)[0].strip() if "<" in header else ""
    if len(before) >= 2 and before.startswith('"') and before.endswith('"'):
        return re.sub(r"\\(.)", r"\1", before[1:-1])
    return before


def request_user(message: str) -> str:
    """Who a whole request is for: the user part of its first line."""
    return user_of(message.split("\r\n", 1)[0])


def header(message: str, name: str) -> str:
    """The first value of a header of a whole message, long or `From`/`Contact` short form; or empty."""
    short = {"from": "f", "to": "t", "contact": "m", "call-id": "i", "content-length": "l"}.get(name.lower())
    for line in message.split("\r\n\r\n", 1)[0].split("\r\n")[1:]:
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() in {name.lower(), short}:
            return value.strip()
    return ""


def reply_address(message: str, source: str) -> str:
    """Where to answer the sender of a request: its Contact, else its user at the packet's source."""
    found = _ADDRESS.search(header(message, "contact"))
    if found is not None:
        return found[0]
    user = user_of(header(message, "from"))
    return f"sip:{user}@{source}" if user else f"sip:{source}"
