"""From a PhoneNumber and a Line to the SIP URI a call or text goes to."""

from __future__ import annotations

from app.domain.counterpart import Line
from app.domain.phone_number import NumberKind, PhoneNumber
from sip.ip import bracketed


def target_uri(number: PhoneNumber, line: Line) -> str:
    """The SIP URI of ``number`` as ``line`` reaches it; an extension is not part of it.

    A SIP counterpart keeps its own URI. Everything else becomes the user part at the line's domain: E.164 with its
    plus, codes with ``#`` escaped (RFC 3261 §25.1 has no hash sign in a user part).
    """
    if number.kind is NumberKind.SIP:
        return number.value
    return f"sip:{number.value.replace('#', '%23')}@{domain(line)}"


def domain(line: Line) -> str:
    """Host, with its port if it has one, of the registrar; without registrar that of the line's own URI."""
    return _host_port(line.registrar or line.uri)


def _host_port(uri: str) -> str:
    rest = uri.strip().strip("<>")
    scheme, colon, after = rest.partition(":")
    if colon and scheme.lower() in {"sip", "sips"}:
        rest = after
    return bracketed(rest.split(";", 1)[0].split("?", 1)[0].rsplit("@", 1)[-1])
