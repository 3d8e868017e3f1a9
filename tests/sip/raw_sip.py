"""A SIP far end made of one socket: sends exactly the bytes a test wants, and can be as rude as one likes."""

from __future__ import annotations

import socket
import time
import uuid
from types import TracebackType
from typing import Self

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 {profile} 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n{extra}"
)
PLAIN = SDP.format(profile="RTP/AVP", extra="")
DTLS = "a=setup:actpass\r\na=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\r\n"

# The library aborts over a host of 254 characters.
LONG_HOSTS = [
    PLAIN.replace("c=IN IP4 127.0.0.1", f"c=IN IP4 {'x' * 300}"),
    f"{PLAIN}c=IN IP4 {'x' * 300}\r\n",
    f"{PLAIN}a=rtcp:40001 IN IP4 {'x' * 300}\r\n",
]


class RawPeer:
    """One UDP socket on loopback."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host, self.shown = host, f"[{host}]" if ":" in host else host
        self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port = int(self.socket.getsockname()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.socket.close()

    def request(
        self,
        method: str,
        to_port: int,
        *,
        user: str = "alice",
        sender: str | None = None,
        headers: str = "",
        body: bytes = b"",
        content_type: str = "",
        call_id: str = "",
        cseq: int = 1,
        branch: str = "",
        length: int | None = None,
    ) -> str:
        """Send one request outside a dialog; its Call-ID."""
        call_id = call_id or uuid.uuid4().hex
        sender = sender if sender is not None else f"<sip:peer@{self.shown}:{self.port}>"
        kind = f"Content-Type: {content_type}\r\n" if content_type else ""
        head = (
            f"{method} sip:{user}@{self.shown}:{to_port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.shown}:{self.port};branch=z9hG4bK{branch or uuid.uuid4().hex};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: {sender};tag=peer\r\nTo: <sip:{user}@{self.shown}>\r\nCall-ID: {call_id}\r\n"
            f"CSeq: {cseq} {method}\r\nContact: <sip:peer@{self.shown}:{self.port}>\r\n{headers}{kind}"
            f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
        )
        self.socket.sendto(head.encode("utf-8", "surrogateescape") + body, (self.host, to_port))
        return call_id

    def invite(self, to_port: int, *, profile: str = "RTP/AVP", extra: str = "", **more: str) -> str:
        """Send an INVITE with an offer."""
        body = SDP.format(profile=profile, extra=extra).encode()
        return self.request("INVITE", to_port, body=body, content_type="application/sdp", **more)  # type: ignore[arg-type]

    def expect(self, start: str, timeout: float = 5.0) -> str:
        """The next message whose first line begins so; others are passed over."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65_536)
            except TimeoutError:
                break
            text = data.decode("utf-8", "replace")
            if text.startswith(start):
                return text
        raise AssertionError(f"nothing that begins with {start!r} in {timeout} s")

    def answer(
        self, request: str, status: str, to_port: int, headers: str = "", body: str = "", tag: str = "raw"
    ) -> None:
        """Answer a request we have received."""
        kept = [
            line
            for line in request.split("\r\n\r\n")[0].split("\r\n")[1:]
            if line.split(":")[0].lower() in {"via", "from", "call-id", "cseq", "record-route"}
        ]
        to = next(line for line in request.split("\r\n") if line.lower().startswith("to:"))
        to += "" if ";tag=" in to else f";tag={tag}"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        text = "\r\n".join([f"SIP/2.0 {status}", *kept, to]) + "\r\n"
        text += (
            f"Contact: <sip:peer@{self.shown}:{self.port}>\r\n{headers}{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self.socket.sendto(text.encode(), (self.host, to_port))

    def acknowledge(self, answer: str, to_port: int) -> None:
        """ACK a 200 we have received."""
        self.again(answer, "ACK", to_port)

    def again(
        self,
        answer: str,
        method: str,
        to_port: int,
        body: str = "",
        cseq: int = 2,
        headers: str = "",
        end: str = "\r\n",
    ) -> None:
        """One more request in the dialog of a 200 we have received; ``end`` ends its head's lines, or only the head."""
        kept = [line for line in answer.split("\r\n") if line.split(":")[0].lower() in {"from", "to", "call-id"}]
        number = cseq if method != "ACK" else int(answer.lower().split("cseq:")[1].split()[0])
        text = "\r\n".join(
            [
                f"{method} sip:alice@{self.shown}:{to_port} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.shown}:{self.port};branch=z9hG4bK{uuid.uuid4().hex};rport",
                "Max-Forwards: 70",
                *kept,
                f"CSeq: {number} {method}",
                f"Contact: <sip:peer@{self.shown}:{self.port}>",
                *headers.split("\r\n")[:-1],
                *(["Content-Type: application/sdp"] if body and "Content-Type" not in headers else []),
                f"Content-Length: {len(body)}",
            ]
        )
        head = text.replace("\r\n", end) + 2 * end if len(end) < 3 else text + end
        self.socket.sendto(f"{head}{body}".encode(), (self.host, to_port))


def replaces(message: str, *, ours: str) -> str:
    """The header (RFC 3891) that names this dialog; ``ours`` is the header of it that holds our engine's tag."""
    rows = {row.partition(":")[0]: row.partition(":")[2].strip() for row in message.split("\r\n")}
    theirs = "To" if ours == "From" else "From"
    tags = {name: rows[name].partition(";tag=")[2] for name in ("From", "To")}
    return f"Replaces: {rows['Call-ID']};to-tag={tags[ours]};from-tag={tags[theirs]}\r\n"
