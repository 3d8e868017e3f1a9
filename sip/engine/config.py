"""Line and our defaults → pjsua2 configuration. The reasons for each value are in the comments beside it."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from socket import AddressFamily

import pjsua2 as pj

from app import VERSION
from app.domain.counterpart import Line, Srtp, Transport
from sip.engine.sip_message import address
from sip.engine.targets import Place
from sip.ip import IPV4, IPV6, Families, bracketed, common, is_ipv6
from sip.wire import LineSetup

CA_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
# What the wheel carries, compiled in: one more aborts the process (accounts) or fails.
MAX_CALLS = 4
MAX_LINES = 7  # eight accounts, one of them the hidden one; eight transports, one of them for waking up
CLOCK_RATE = 16_000
FRAME_MS = 20
SIP_PORT = 5060
SIPS_PORT = 5061
# Everything else is switched off: the INVITE must stay under 1,300 bytes (RFC 3261 §18.1.1), or it leaves by TCP.
_CODECS = (("G722/16000", 255), ("PCMU/8000", 254), ("PCMA/8000", 253))
_RTP_FIRST, _RTP_COUNT = 16_384, 16_000
_SRTP_USE = {Srtp.OFF: 0, Srtp.OPTIONAL: 1, Srtp.REQUIRED: 2}
# The one suite everybody must have (RFC 4568 §6.2); the library's four make the INVITE too long for UDP.
CRYPTO = "AES_CM_128_HMAC_SHA1_80"
_KINDS = {
    Transport.UDP: pj.PJSIP_TRANSPORT_UDP,
    Transport.TCP: pj.PJSIP_TRANSPORT_TCP,
    Transport.TLS: pj.PJSIP_TRANSPORT_TLS,
}
_KINDS_IPV6 = {
    Transport.UDP: pj.PJSIP_TRANSPORT_UDP6,
    Transport.TCP: pj.PJSIP_TRANSPORT_TCP6,
    Transport.TLS: pj.PJSIP_TRANSPORT_TLS6,
}
_IPV6_OFF, _IPV6_ONLY = 0, 4  # pjsua_ipv6_use
STUN_OFF, _STUN_OR_WITHOUT = 1, 2  # pjsua_stun_use
_TURN_UDP = 17  # PJ_TURN_TP_UDP
_PLAIN_PASSWORD = 0  # PJ_STUN_PASSWD_PLAIN
_STUN_PORT = 3478
_OS_ERRORS = 120_000  # PJ_ERRNO_START_SYS


@dataclass(frozen=True, slots=True)
class Bind:
    """Where a line listens. Empty host: every address. Port 0: not named."""

    host: str = ""
    port: int = 0


def parse_bind(text: str) -> Bind:
    """``auto``, an address, or an address with a fixed port. Raises ValueError."""
    if text in {"", "auto"}:
        return Bind()
    if is_ipv6(text):
        return Bind(text.strip("[]"))
    found = re.fullmatch(r"\[?([0-9A-Za-z.:-]+?)\]?(?::(\d{1,5}))?", text)
    if not found or (found[2] and not 0 < int(found[2]) < 65_536):
        raise ValueError("not an address")
    if found[1] == "auto":
        return Bind("", int(found[2] or 0))
    return Bind(found[1], int(found[2] or 0))


def endpoint_config(log_writer: pj.LogWriter) -> pj.EpConfig:
    """One thread for everything, no sound device of the library's own, no message logging."""
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = MAX_CALLS
    config.uaConfig.userAgent = f"Ringdown/{VERSION}"
    config.logConfig.level = config.logConfig.consoleLevel = 2  # the writer is called up to the console's level only
    config.logConfig.msgLogging = 0
    config.logConfig.decor = 0
    config.logConfig.writer = log_writer
    media = config.medConfig
    media.clockRate = media.sndClockRate = CLOCK_RATE
    media.channelCount = 1
    media.audioFramePtime = FRAME_MS
    media.ecTailLen = 0  # the echo is cancelled where the devices are, not here
    media.noVad = True
    media.jbInit = media.jbMinPre = 2 * FRAME_MS  # with one frame each late thread is heard; grows with the jitter
    media.jbMaxPre = 80  # after one long stall it would start again with all of this
    media.jbMax = 200  # the default of 500 ms is half a second of talking over each other
    media.sndAutoCloseTime = -1
    return config


def set_codecs(endpoint: pj.Endpoint) -> None:
    """Ours first, the others off."""
    wanted = dict(_CODECS)
    for codec in endpoint.codecEnum2():
        name = next((name for name in wanted if codec.codecId.startswith(name)), None)
        endpoint.codecSetPriority(codec.codecId, wanted[name] if name else 0)


def transport_kind(line: Line, family: AddressFamily) -> int:
    """The library's number for a line's transport."""
    return int((_KINDS_IPV6 if family is IPV6 else _KINDS)[line.transport])


def transport_config(line: Line, bind: Bind, port: int, *, known_as: str = "") -> pj.TransportConfig:
    """Signalling of a line; TLS verifies the server against ``ca_file`` or the system's bundle.

    ``known_as``: the address it says it is at; the library would else ask a STUN server, or itself.
    """
    config = pj.TransportConfig()
    config.port = port
    config.publicAddress = known_as
    config.boundAddress = bind.host
    if line.transport is Transport.TLS:
        config.tlsConfig.verifyServer = True
        config.tlsConfig.CaListFile = ca_bundle(line)
    return config


def ca_bundle(line: Line) -> str:
    """The file of trusted certificates: the line's own, the system's, certifi's."""
    if line.ca_file:
        return line.ca_file
    for path in CA_BUNDLES:
        if os.path.exists(path):
            return path
    import certifi  # where there is no such file (Windows)

    return certifi.where()


def account_config(
    setup: LineSetup, bind: Bind, transport_id: int, *, route: str = "", family: AddressFamily = IPV4
) -> pj.AccountConfig:
    """A line as the library sees it. Registration is ours to time: the library never retries by itself.

    ``route`` leads everything the line sends to the server that was chosen; it does not show in the messages.
    """
    line = setup.line
    config = pj.AccountConfig()
    config.idUri = line.uri
    config.regConfig.registrarUri = with_transport(registrar_uri(line), line) if line.registrar else ""
    config.regConfig.registerOnAdd = False
    config.regConfig.timeoutSec = 300
    config.regConfig.retryIntervalSec = 0
    config.regConfig.firstRetryIntervalSec = 0
    config.regConfig.unregWaitMsec = 1000
    config.regConfig.disableRegOnModify = True
    config.sipConfig.transportId = transport_id
    if route:
        config.sipConfig.proxies.append(route)
    if line.proxy:
        config.sipConfig.proxies.append(_loose(with_transport(_sip(line.proxy), line)))
    username = line.username or address(line.uri).user
    config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", username, 0, setup.password))
    _set_nat(config, setup)
    _set_media(config, bind)
    # The sound goes by the signalling's family: whoever takes that can take the sound too.
    config.mediaConfig.ipv6Use = _IPV6_ONLY if family is IPV6 else _IPV6_OFF
    if family is IPV6:
        config.natConfig.mediaStunUse = STUN_OFF  # nothing translates its addresses
    config.mediaConfig.srtpUse = _SRTP_USE[line.srtp]
    crypto = pj.SrtpCrypto()
    crypto.name = CRYPTO
    config.mediaConfig.srtpOpt.cryptos.append(crypto)
    config.mediaConfig.srtpSecureSignaling = 0  # SRTP over UDP signalling is what most PBXs offer
    return config


def hidden_config(transport_id: int) -> pj.AccountConfig:
    """The account that takes what would kill the others: an offer of DTLS-SRTP meets srtpUse 0 and gets 488."""
    config = pj.AccountConfig()
    # A domain nobody has: the library looks for an account of the same domain to send a SUBSCRIBE from.
    config.idUri = "sip:hidden@hidden.invalid"
    config.sipConfig.transportId = transport_id
    config.mediaConfig.srtpUse = 0
    _set_media(config, Bind("127.0.0.1"))
    return config


def _set_nat(config: pj.AccountConfig, setup: LineSetup) -> None:
    """rport, and the Contact rewritten to what the registrar saw, are the library's defaults; this is the rest."""
    line, nat = setup.line, config.natConfig
    nat.udpKaIntervalSec = line.keep_alive
    nat.udpKaData = "\r\n\r\n"  # RFC 5626 §3.5.1
    nat.sipOutboundUse = int(line.outbound)
    nat.iceEnabled = line.ice
    nat.sipStunUse = STUN_OFF  # the registrar tells where signalling comes from
    nat.mediaStunUse = _STUN_OR_WITHOUT if line.stun else STUN_OFF
    if line.turn:
        nat.turnEnabled = True
        nat.turnServer = with_port(line.turn)
        nat.turnConnType = _TURN_UDP
        nat.turnUserName = line.turn_username
        nat.turnPasswordType = _PLAIN_PASSWORD
        nat.turnPassword = setup.turn_password


def with_port(server: str) -> str:
    """A STUN or TURN server as the library wants it."""
    bare = bracketed(server.strip().removeprefix("stun:").removeprefix("turn:"))
    return bare if re.search(r"[^:\]]:\d+$|\]:\d+$", bare) else f"{bare}:{_STUN_PORT}"


def _set_media(config: pj.AccountConfig, bind: Bind) -> None:
    media = config.mediaConfig
    media.transportConfig.port = _RTP_FIRST
    media.transportConfig.portRange = _RTP_COUNT
    media.transportConfig.randomizePort = True
    # Without it the session description carries the machine's address whatever signalling is bound to.
    media.transportConfig.boundAddress = bind.host


def registrar_uri(line: Line) -> str:
    """The registrar as a URI."""
    return _sip(line.registrar)


def server(line: Line) -> Place:
    """Whom the line talks to: its proxy, else its registrar, else its own domain."""
    uri = _sip(line.proxy or line.registrar or line.uri)
    found = address(uri)
    return Place(found.host, found.port, line.transport)


def has_ipv6() -> bool:
    """Is IPv6 compiled into the library? PyPI's wheel has it not, and an account set to it aborts.

    The library's default for an account's sound tells: off only where it can't be anything else.
    """
    return int(pj.AccountConfig().mediaConfig.ipv6Use) != _IPV6_OFF


def families(line: Line, bind: Bind) -> Families:
    """The families a line may use, the better one first: few servers that have both speak IPv6 in sound.

    Raises ValueError when it listens in another one than its server has.
    """
    return common((bind.host, server(line).host), (IPV4, IPV6) if has_ipv6() else (IPV4,))


def hosts(line: Line) -> tuple[str, ...]:
    """Every host its addresses name."""
    return tuple(address(_sip(each)).host for each in (line.uri, line.registrar, line.proxy) if each)


def with_transport(uri: str, line: Line) -> str:
    """The URI with the line's transport named, which is what makes the library use it."""
    if line.transport is Transport.UDP or ";transport=" in uri.lower():
        return uri
    return f"{uri};transport={line.transport.value}"


def is_port_taken(error: pj.Error) -> bool:
    """Did opening a transport fail because somebody else listens there?"""
    return error.status - _OS_ERRORS in {errno.EADDRINUSE, 48, 98, 10048}


def _sip(uri: str) -> str:
    return uri if uri.lower().startswith(("sip:", "sips:")) else f"sip:{bracketed(uri)}"


def _loose(uri: str) -> str:
    return uri if ";lr" in uri.lower() else f"{uri};lr"
