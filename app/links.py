"""Links from other programs: `tel:`, `callto:`, `sip:`, `sms:`, `ringdown:`. They fill the keypad or a thread only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from app.errors import AppError, ErrorCode

_LONGEST = 2_000
_RECORD = re.compile(r"^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$")


@dataclass(frozen=True, slots=True)
class Link:
    """What a link asks for: a number, a text, the record it is about, and which page; or settings from an address."""

    to: str
    body: str = ""
    about: str = ""
    messages: bool = False
    provision: str = ""


def parse_link(link: str) -> Link:
    """Read a link (RFC 3966, RFC 5724). Raises AppError LINK_UNREADABLE; control characters are never let in."""
    if len(link) > _LONGEST or _has_control(link):
        raise AppError(ErrorCode.LINK_UNREADABLE, link=_shown(link))
    try:
        found = _read(link)
    except ValueError:  # a host part that is none
        found = None
    if (
        found is None
        or not (found.to.strip() or found.provision)
        or _has_control(unquote(found.to))
        or _has_control(found.body.replace("\n", " "))
        or _has_control(found.provision)
    ):
        raise AppError(ErrorCode.LINK_UNREADABLE, link=_shown(link))
    return found


def _read(link: str) -> Link | None:
    parts = urlsplit(link)
    # A plus is a plus in all of these (RFC 3986), a number's first character most of all.
    query = parse_qs(parts.query.replace("+", "%2B"))
    target = unquote(parts.netloc + parts.path)
    body = query.get("body", [""])[0].replace("\r\n", "\n")
    match parts.scheme.lower():
        case "tel" | "callto":
            return Link(target + (f"?{parts.query}" if parts.query else ""))
        case "sip" | "sips":
            return Link(link)
        case "sms":
            return Link(target, body, messages=True)
        case "ringdown":
            action = (parts.path or parts.netloc).strip("/")
            about = query.get("about", [""])[0]
            to = query.get("to", [""])[0]
            if to.upper().startswith("%2B"):  # a page's button and the browser have both encoded the plus
                to = unquote(to)
            if action in {"call", "text"} and to and (not about or _RECORD.fullmatch(about)):
                return Link(to, body, about, action == "text")
            url = query.get("url", [""])[0]
            if action == "provision" and urlsplit(url).scheme.lower() == "https":
                return Link("", provision=url)
        case _:
            pass
    return None


def _has_control(text: str) -> bool:
    return any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)


def _shown(link: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in link)[:60]
