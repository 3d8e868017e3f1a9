"""A small SIP user agent over raw UDP on 127.0.0.1, for tests: it says exactly what it is told to.

One client is one SIP socket and one RTP socket. Nothing is answered by itself; a test waits for what
it expects with a deadline. Messages that were not waited for stay in the inbox.
"""

import random
import socket
import struct
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

DEADLINE = 5.0
DIGITS = "0123456789*#ABCD"


@dataclass(frozen=True, slots=True)
class Message:
    """A request or response as received."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: str
    source: tuple[str, int]

    @classmethod
    def parse(cls, data: bytes, source: tuple[str, int]) -> "Message":
        """Takes a packet apart."""
        head, _, body = data.decode().partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        pairs = tuple((k.strip().lower(), v.strip()) for k, _, v in (line.partition(":") for line in lines))
        return cls(first, pairs, body, source)

    def get(self, name: str) -> str:
        """The first header of that name, or empty."""
        return next((v for k, v in self.headers if k == name.lower()), "")

    @property
    def status(self) -> int:
        """A response's status; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """A request's method, or the one a response answers."""
        return self.get("CSeq").split()[-1] if self.status else self.first.split()[0]

    @property
    def tag(self) -> str:
        """The tag of To."""
        return self.get("To").partition(";tag=")[2]

    @property
    def media_address(self) -> tuple[str, int]:
        """Where the body's SDP wants RTP."""
        port = next(line.split()[1] for line in self.body.splitlines() if line.startswith("m=audio"))
        return ("127.0.0.1", int(port))


@dataclass(slots=True)
class Dialog:
    """What the client must remember of one call it placed."""

    uri: str
    call_id: str
    sender: str
    cseq: int = 1
    remote: str = ""
    target: str = ""
    media: tuple[str, int] | None = None
    last_branch: str = ""
    statuses: list[int] = field(default_factory=list)


class SipClient:
    """The user agent. Use as a context manager."""

    def __init__(self, far_end: str, user: str = "alice") -> None:
        host, _, port = far_end.partition(":")
        self.far_end = (host, int(port))
        self.user = user
        self.sip = self._socket()
        self.rtp = self._socket()
        self.port: int = self.sip.getsockname()[1]
        self.uri = f"sip:{user}@127.0.0.1:{self.port}"
        self.inbox: list[Message] = []
        self._rtp_sequence = random.randrange(1000)
        self._rtp_time = 0
        self._ssrc = random.randrange(1 << 32)

    @staticmethod
    def _socket() -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", 0))
        made.settimeout(DEADLINE)
        return made

    def __enter__(self) -> "SipClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.sip.close()
        self.rtp.close()

    # packets

    def sdp(self, direction: str = "sendrecv") -> str:
        """An offer or answer: µ-law and telephone events at our RTP socket."""
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self.rtp.getsockname()[1]} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
            f"a={direction}\r\n"
        )

    def send(self, lines: list[str], body: str = "", to: tuple[str, int] | None = None) -> None:
        """Sends a message of these header lines; Content-Length is added."""
        data = body.encode()
        head = "\r\n".join([*lines, f"Content-Length: {len(data)}", "", ""])
        self.sip.sendto(head.encode() + data, to or self.far_end)

    def wait(self, wanted: Callable[[Message], bool], seconds: float = DEADLINE) -> Message:
        """The first message that fits, from the inbox or the wire; AssertionError when time is up."""
        limit = time.monotonic() + seconds
        while True:
            for message in self.inbox:
                if wanted(message):
                    self.inbox.remove(message)
                    return message
            left = limit - time.monotonic()
            seen = [m.first for m in self.inbox]
            assert left > 0, f"did not come; the inbox has {seen}"
            self.sip.settimeout(left)
            try:
                data, source = self.sip.recvfrom(65535)
            except TimeoutError:
                continue
            self.inbox.append(Message.parse(data, source))

    def wait_request(self, method: str, seconds: float = DEADLINE) -> Message:
        """The next request of that method."""
        return self.wait(lambda m: not m.status and m.method == method, seconds)

    def wait_final(self, method: str, seconds: float = DEADLINE) -> Message:
        """The next final response to that method."""
        return self.wait(lambda m: m.status >= 200 and m.method == method, seconds)

    def respond(self, request: Message, status: int, reason: str = "X", body: str = "") -> None:
        """Answers a request; with a body it is taken for SDP."""
        lines = [f"SIP/2.0 {status} {reason}"]
        lines += [f"{k}: {v}" for k, v in request.headers if k in {"via", "from", "call-id", "cseq"}]
        to = request.get("To")
        lines.append(f"To: {to}" if ";tag=" in to or status == 100 else f"To: {to};tag=client")
        lines.append(f"Contact: <{self.uri}>")
        if body:
            lines.append("Content-Type: application/sdp")
        self.send(lines, body, request.source)

    # requests outside calls

    def text(self, number: str, body: str, name: str = "") -> Message:
        """Sends a MESSAGE and returns the final response."""
        display = f'"{name}" ' if name else ""
        lines = self._head("MESSAGE", f"sip:{number}@127.0.0.1", uuid.uuid4().hex, 1)
        lines += [
            f"From: {display}<{self.uri}>;tag={uuid.uuid4().hex[:8]}",
            f"To: <sip:{number}@127.0.0.1>",
            "Content-Type: text/plain;charset=utf-8",
        ]
        self.send(lines, body)
        return self.wait_final("MESSAGE")

    def _head(self, method: str, uri: str, call_id: str, cseq: int, branch: str = "") -> list[str]:
        branch = branch or f"z9hG4bK{uuid.uuid4().hex}"
        return [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};rport;branch={branch}",
            "Max-Forwards: 70",
            f"Call-ID: {call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <{self.uri}>",
        ]

    # calls we place

    def invite(self, number: str) -> Dialog:
        """Starts a call to a number of the far end."""
        dialog = Dialog(
            uri=f"sip:{number}@127.0.0.1",
            call_id=uuid.uuid4().hex,
            sender=f'"Alice" <{self.uri}>;tag={uuid.uuid4().hex[:8]}',
        )
        dialog.target = dialog.uri
        dialog.remote = f"<{dialog.uri}>"
        self._invite(dialog, self.sdp())
        return dialog

    def _invite(self, dialog: Dialog, sdp: str) -> None:
        dialog.last_branch = f"z9hG4bK{uuid.uuid4().hex}"
        self._in_dialog("INVITE", dialog, sdp, branch=dialog.last_branch, kind="application/sdp")

    def _in_dialog(self, method: str, dialog: Dialog, body: str = "", *, branch: str = "", kind: str = "") -> None:
        lines = self._head(method, dialog.target, dialog.call_id, dialog.cseq, branch)
        lines += [f"From: {dialog.sender}", f"To: {dialog.remote}"]
        if body:
            lines.append(f"Content-Type: {kind}")
        self.send(lines, body)

    def finish(self, dialog: Dialog, seconds: float = DEADLINE) -> Message:
        """Waits for the final answer to the INVITE and sends its ACK; provisional ones are noted."""
        while True:
            answer = self.wait(lambda m: m.method == "INVITE" and m.get("Call-ID") == dialog.call_id, seconds)
            if not dialog.statuses or dialog.statuses[-1] != answer.status:
                dialog.statuses.append(answer.status)
            if "m=audio" in answer.body:
                dialog.media = answer.media_address
            if answer.status >= 200:
                break
        dialog.remote = answer.get("To")
        branch = dialog.last_branch
        if answer.status < 300:
            dialog.target = answer.get("Contact").strip("<>").split(">")[0]
            branch = ""
        self._in_dialog("ACK", dialog, branch=branch)
        return answer

    def reinvite(self, dialog: Dialog, direction: str) -> Message:
        """Holds (`sendonly`) or resumes (`sendrecv`) and returns the answer."""
        dialog.cseq += 1
        self._invite(dialog, self.sdp(direction))
        return self.finish(dialog)

    def bye(self, dialog: Dialog) -> None:
        """Hangs up and waits for the 200."""
        dialog.cseq += 1
        self._in_dialog("BYE", dialog)
        assert self.wait_final("BYE").status == 200

    def info_digit(self, dialog: Dialog, digit: str) -> None:
        """Sends a digit as SIP INFO."""
        dialog.cseq += 1
        self._in_dialog("INFO", dialog, f"Signal={digit}\r\nDuration=160\r\n", kind="application/dtmf-relay")
        assert self.wait_final("INFO").status == 200

    # sound

    def send_digit(self, media: tuple[str, int], digit: str) -> None:
        """Sends a digit as an RFC 4733 event of 100 ms, its end three times."""
        event = DIGITS.index(digit)
        started = self._rtp_time = self._rtp_time + 1600
        for step in range(5):
            self._event(media, started, event, 160 * (step + 1), first=step == 0, end=False)
            time.sleep(0.02)
        for _ in range(3):
            self._event(media, started, event, 800, first=False, end=True)

    def _event(self, media: tuple[str, int], stamp: int, event: int, length: int, *, first: bool, end: bool) -> None:
        self._rtp_sequence = (self._rtp_sequence + 1) & 0xFFFF
        head = struct.pack(">BBHII", 0x80, 101 | (0x80 if first else 0), self._rtp_sequence, stamp, self._ssrc)
        self.rtp.sendto(head + struct.pack(">BBH", event, 0x8A if end else 0x0A, length), media)

    def send_sound(self, media: tuple[str, int], packets: int = 1) -> None:
        """Sends 20 ms packets of a loud square wave at the pace of a call."""
        for _ in range(packets):
            self._rtp_sequence = (self._rtp_sequence + 1) & 0xFFFF
            self._rtp_time += 160
            head = struct.pack(">BBHII", 0x80, 0, self._rtp_sequence, self._rtp_time, self._ssrc)
            self.rtp.sendto(head + (b"\x90" * 10 + b"\x10" * 10) * 8, media)
            time.sleep(0.02)

    def loudness(self, packets: int = 25) -> float:
        """The mean level of the next µ-law packets, 0 to 8000; telephone events do not count."""
        total, seen = 0.0, 0
        while seen < packets:
            data, _ = self.rtp.recvfrom(2048)
            if data[1] & 0x7F != 0:
                continue
            total += sum(ulaw_level(byte) for byte in data[12:]) / max(1, len(data) - 12)
            seen += 1
        return total / packets

    def wait_sound(self, level: float = 50, seconds: float = DEADLINE) -> None:
        """Waits until the far end is heard."""
        self._wait_level(lambda heard: heard > level, seconds)

    def wait_silence(self, level: float = 20, seconds: float = DEADLINE) -> None:
        """Waits until the far end is quiet for half a second."""
        self._wait_level(lambda heard: heard < level, seconds)

    def _wait_level(self, wanted: Callable[[float], bool], seconds: float) -> None:
        self.drain_sound()
        limit = time.monotonic() + seconds
        heard = -1.0
        while time.monotonic() < limit:
            heard = self.loudness()
            if wanted(heard):
                return
        raise AssertionError(f"level stayed at {heard:.0f}")

    def drain_sound(self) -> None:
        """Drops the packets that have piled up."""
        self.rtp.setblocking(False)
        try:
            while True:
                self.rtp.recvfrom(2048)
        except BlockingIOError:
            self.rtp.settimeout(DEADLINE)


def ulaw_level(byte: int) -> float:
    """How loud one µ-law sample is, 0 to 8031."""
    value = ~byte & 0xFF
    return float((((value & 0x0F) << 1) + 33 << (value >> 4 & 7)) - 33)
