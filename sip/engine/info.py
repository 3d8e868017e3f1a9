"""Digits by SIP INFO (``application/dtmf-relay``) that end in mid-line.

WORKAROUND: the library takes the first line and the line break after it for granted. Without one it counts below zero
and aborts (``pj_strstr``), so that anybody who makes us ring could end all calls. It tells us of the request before it
reads the body, so the word it looks for is blotted out in the packet, where the body still lies: it answers 400 then.
"""

from __future__ import annotations

import ctypes
import re

import pjsua2 as pj

from sip.engine import sip_message

_NEAR = 1_024  # the packet is a part of the library's own record of it, about 300 bytes from its start
_WORD = b"Signal"
_DIGIT = re.compile(r"Signal\s*=\s*([0-9*#A-D])")


def is_cut(body: str) -> bool:
    """Would it end the library?"""
    text = body.partition("\0")[0]
    first = next((line for line in re.split("[\r\n]", text) if line), "")
    return "Signal" in text and len(text) < len(first) + 2


def digit(body: str) -> str:
    """The key it is about, empty when that cannot be told."""
    found = _DIGIT.search(body)
    return found[1] if found else ""


def blot_out(data: pj.SipRxData) -> bool:
    """Make the library pass over the body of this request. False when its packet was not found."""
    packet = data.wholeMsg.encode("utf-8", "surrogateescape")
    record = int(data.pjRxData)
    before = ctypes.string_at(record, _NEAR).find(packet[:200])
    if before < 0:
        return False
    body = sip_message.body(data.wholeMsg).encode("utf-8", "surrogateescape")
    place = packet.find(_WORD, len(packet) - len(body))
    while place >= 0:
        ctypes.memmove(record + before + place, b"-" * len(_WORD), len(_WORD))
        place = packet.find(_WORD, place + 1)
    return True
