"""SIP statuses → the reasons the app knows. Pure."""

from __future__ import annotations

from app.domain.call import EndReason
from app.domain.counterpart import LineReason

# Library statuses seen in registration (PJSIP_ERRNO_START is 171000).
_AUTH_FAILED = {171100, 171111, 171112}
_CERTIFICATE = range(171170, 171175)
# What the TLS library found: issuer unknown, not trusted, not the one named; outside its dates; another name.
_UNTRUSTED, _DATES, _OTHER_NAME = 0b100011, 0b100, 1 << 30


def end_reason(status: int, *, rang: bool, local_timeout: bool = False, network: bool = False) -> EndReason:
    """Why a call that was never answered ended with this final SIP status."""
    if network:
        return EndReason.NETWORK
    if local_timeout:
        return EndReason.NO_ANSWER if rang else EndReason.TIMEOUT
    match status:
        case 0 | 487:
            return EndReason.NONE
        case 404 | 410 | 484 | 485 | 604:
            return EndReason.NOT_FOUND
        case 486 | 600:
            return EndReason.BUSY
        case 603 | 607 | 608:
            return EndReason.DECLINED
        case 480:
            return EndReason.NO_ANSWER if rang else EndReason.UNAVAILABLE
        case 408:
            return EndReason.NO_ANSWER if rang else EndReason.TIMEOUT
        case 401 | 403 | 407:
            return EndReason.FORBIDDEN
        case 415 | 488 | 606:
            return EndReason.NOT_ACCEPTABLE
        case 400 | 414 | 416:
            return EndReason.BAD_ADDRESS
        case _ if 500 <= status < 600:
            return EndReason.SERVER
        case _:
            return EndReason.REFUSED


def line_reason(code: int, status: int, *, has_password: bool, answered: bool) -> LineReason:
    """Why a REGISTER failed: SIP ``code``, library ``status``, and whether a server said it at all."""
    if code in {401, 407} or status in _AUTH_FAILED:
        return LineReason.WRONG_PASSWORD if has_password else LineReason.NO_PASSWORD
    if status in _CERTIFICATE:
        return LineReason.CERTIFICATE
    if not answered:
        return LineReason.TIMEOUT if code == 408 else LineReason.UNREACHABLE
    match code:
        case 403:
            return LineReason.FORBIDDEN
        case 404 | 410 | 604:
            return LineReason.UNKNOWN_USER
        case 408:
            return LineReason.TIMEOUT
        case _:
            return LineReason.SERVER


def certificate_reason(status: int) -> LineReason:
    """What is wrong with a server's certificate: the library's bits (pj_ssl_cert_verify_flag_t), the worst first."""
    if not status:
        return LineReason.NONE
    if status & _UNTRUSTED:
        return LineReason.CERTIFICATE_CA
    if status & _DATES:
        return LineReason.CERTIFICATE_EXPIRED
    if status & _OTHER_NAME:
        return LineReason.CERTIFICATE_NAME
    return LineReason.CERTIFICATE


def is_lasting(reason: LineReason) -> bool:
    """Trying again soon would only knock on a closed door."""
    return reason in {LineReason.FORBIDDEN, LineReason.UNKNOWN_USER, LineReason.BAD_ADDRESS}


def is_final(reason: LineReason) -> bool:
    """Only new settings help: trying again could lock the account."""
    return reason in {LineReason.WRONG_PASSWORD, LineReason.NO_PASSWORD}
