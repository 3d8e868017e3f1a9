"""Messages written with plain line ends, sent with SIP's."""

from __future__ import annotations

SDP = """v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.1
s=-
c=IN IP4 192.0.2.1
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"""


def wire(text: str) -> bytes:
    """The message as bytes, every line ended by CR LF."""
    return text.lstrip("\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def with_sdp(head: str, body: str = SDP) -> bytes:
    """A message with a session description and its right length."""
    content = wire(body)
    return wire(head) + f"Content-Type: application/sdp\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
