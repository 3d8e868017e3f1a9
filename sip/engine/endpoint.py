"""The library's endpoint: its log, the choice of account for what comes in, and the wake-up."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

import pjsua2 as pj

from app.domain.counterpart import LineReason
from sip.engine import config, sip_message
from sip.engine.invite import is_deadly
from sip.engine.log import guarded, logger, masked
from sip.engine.pace import Pace
from sip.engine.reasons import certificate_reason


class LogWriter(pj.LogWriter):  # type: ignore[misc]
    """The library's complaints, masked."""

    def write(self, entry: pj.LogEntry) -> None:
        """One line of the library's log. What follows in further lines is the packet it did not understand."""
        said = str(entry.msg).strip().partition("\n")[0]
        logger.log(40 if entry.level <= 1 else 30, "pjsip: %s", masked(said)[:400])


class Endpoint(pj.Endpoint):  # type: ignore[misc]
    """One per process; a second one aborts."""

    def __init__(self) -> None:
        super().__init__()
        self.choose_account: Callable[[str, int], int] = lambda message, chosen: chosen
        self.refused: Callable[[pj.OnRejectedIncomingCallParam], None] = lambda prm: None
        self.transport_lost: Callable[[str, str, int, LineReason], None] = lambda kind, remote, error, certificate: None
        self.connected: Callable[[int], None] = lambda connection: None
        self.destroyed: Callable[[int], None] = lambda connection: None
        self.pace = Pace()
        self.hidden: pj.Account | None = None
        self._writer = LogWriter()
        self._wake_socket: socket.socket | None = None

    def start(self) -> None:
        """Create the library with our settings. Engine thread; raises pj.Error."""
        self.libCreate()
        self.libInit(config.endpoint_config(self._writer))
        self.libStart()
        config.set_codecs(self)
        wake = pj.TransportConfig()
        wake.boundAddress = "127.0.0.1"
        transport_id = self.transportCreate(pj.PJSIP_TRANSPORT_UDP, wake)
        port = int(str(self.transportGetInfo(transport_id).localName).rpartition(":")[2])
        self._wake_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wake_socket.setblocking(False)
        self._wake_socket.connect(("127.0.0.1", port))
        self.hidden = HiddenAccount()
        self.hidden.create(config.hidden_config(transport_id))

    def say(self, message: bytes) -> None:
        """Let the library read a message, as if it came from outside."""
        if self._wake_socket is not None:
            with contextlib.suppress(OSError):
                self._wake_socket.send(message)

    @property
    def way_in(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """Where `say` sends from, and to."""
        assert self._wake_socket is not None
        return self._wake_socket.getsockname(), self._wake_socket.getpeername()

    def wake(self) -> None:
        """End the library's poll at once: a keep-alive datagram (RFC 5626 §3.5.1) to our own port. Any thread."""
        self.say(b"\r\n\r\n")  # lost: the poll ends by itself a few milliseconds later

    @guarded
    def onSelectAccount(self, prm: pj.OnSelectAccountParam) -> None:
        """Which account takes a request. The hidden one, which never answers, takes offers that kill the process."""
        message = prm.rdata.wholeMsg
        if sip_message.method(message) == "INVITE":
            # Only under attack is there anything to wait for; the sound has a thread of its own.
            time.sleep(self.pace.begin(time.monotonic()))
            if self.hidden is not None and is_deadly(message):
                prm.accountIndex = self.hidden.getId()
                return
        prm.accountIndex = self.choose_account(message, int(prm.accountIndex))

    @guarded
    def onRejectedIncomingCall(self, prm: pj.OnRejectedIncomingCallParam) -> None:
        """The library turned a caller away by itself."""
        self.refused(prm)

    @guarded
    def onTransportState(self, prm: pj.OnTransportStateParam) -> None:
        """A connection was made, broke, or is forgotten."""
        if prm.state == pj.PJSIP_TP_STATE_CONNECTED:
            self.connected(int(prm.hnd))
        elif prm.state == pj.PJSIP_TP_STATE_DESTROY:
            self.destroyed(int(prm.hnd))
        elif prm.state == pj.PJSIP_TP_STATE_DISCONNECTED:
            logger.info("connection lost: %s %s", prm.type, prm.lastError)
            certificate = certificate_reason(int(prm.tlsInfo.verifyStatus))
            self.transport_lost(str(prm.type), str(prm.tlsInfo.remoteAddr), int(prm.lastError), certificate)


class HiddenAccount(pj.Account):  # type: ignore[misc]
    """Nobody's account: a call that really gets here is refused."""

    @guarded
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Not found: dropping the Call would answer 603."""
        call = pj.Call(self, prm.callId)
        answer = pj.CallOpParam()
        answer.statusCode = 404
        call.hangup(answer)
