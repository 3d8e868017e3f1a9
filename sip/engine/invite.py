"""What a call says about itself in its INVITE, and what it reads out of session descriptions."""

from __future__ import annotations

import re

import pjsua2 as pj

from sip.engine import sip_message
from sip.engine.config import CRYPTO
from sip.engine.line import EngineLine
from sip.ip import bracketed

# "We cannot agree on this session": a far side that insists on SRTP says it to an offer of RTP/AVP, crypto line or not.
NOT_ACCEPTABLE = {488, 606}
_DTLS = "UDP/TLS/RTP/"
_LONG_HOST = re.compile(r"(?:^|[\r\n])(?:c=|a=rtcp:)[^\r\n]*?[^\s]{200}")


def identify(prm: pj.CallOpParam, caller_id: str, line: EngineLine) -> None:
    """Show ``caller_id`` to the callee: as From and as the identity we prefer (RFC 3325); or withhold ours."""
    own = sip_message.address(line.line.uri)
    host = bracketed(own.host)
    if caller_id.lower() == "anonymous":
        prm.txOption.localUri = '"Anonymous" <sip:anonymous@anonymous.invalid>'
        _add_header(prm, "Privacy", "id")
        caller_id = own.user
    else:
        prm.txOption.localUri = f"<sip:{caller_id}@{host}>"
    _add_header(prm, "P-Preferred-Identity", f"<sip:{caller_id}@{host}>")


def is_hold_offer(sdp: str) -> bool:
    """Does this offer put us on hold (RFC 3264 §8.4, or the old way of RFC 2543)?"""
    return bool(re.search(r"^a=(sendonly|inactive)\s*$|^c=IN IP(4 0\.0\.0\.0|6 ::)\s*$", sdp, re.MULTILINE))


def is_deadly(invite: str) -> bool:
    """Would the library not outlive this offer? DTLS-SRTP to an account with SRTP of its own ends it (SIGSEGV)."""
    return _DTLS in invite or has_long_host(invite)


def has_long_host(sdp: str) -> bool:
    """Is the sound to go to a host with a name of hundreds of characters? From 254 on the library aborts over it."""
    return bool(_LONG_HOST.search(sdp))


def brings_keys(sdp: str) -> bool:
    """Does this offer the clear with keys of our suite beside it: "encrypt if you can"?

    No RFC knows it (RFC 4568 has keys with RTP/SAVP only), but it is what Asterisk, baresip and PJSIP send where
    encryption is optional.
    """
    audio = [media for media in re.split(r"^m=", sdp, flags=re.MULTILINE)[1:] if media.startswith("audio ")]
    keys = re.compile(rf"^a=crypto:\d+\s+{CRYPTO}\s+inline:\S", re.MULTILINE | re.IGNORECASE)
    return len(audio) == 1 and bool(re.match(r"audio \S+ RTP/AVPF? ", audio[0])) and bool(keys.search(audio[0]))


def is_encrypted(dump: str) -> bool:
    """Is the sound of a call encrypted? Nothing but the library's dump tells: with optional SRTP the stream's profile
    stays RTP/AVP either way."""
    return "SRTP status: Active" in dump


def _add_header(prm: pj.CallOpParam, name: str, value: str) -> None:
    header = pj.SipHeader()
    header.hName, header.hValue = name, value
    prm.txOption.headers.append(header)
