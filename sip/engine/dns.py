"""The records that lead to a SIP server: SRV (RFC 2782) and NAPTR (RFC 3403), which the system's look-up leaves out.

dnspython does the asking. It costs the engine 12 MB, so this module is imported when a line names a host.
Blocking, on worker threads only; a broken answer is no answer.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import dns.exception
import dns.rdatatype
import dns.resolver
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV

from sip.engine.dns_records import Naptr, Question, Record, Srv

PORT = 53
PATIENCE = 1.5  # seconds for one server to answer
ATTEMPTS = 3
RESOLV_CONF = Path("/etc/resolv.conf")


def nameservers() -> tuple[str, ...]:
    """The system's own name servers, by address."""
    try:
        windows = sys.platform == "win32"
        found = (dns.resolver.Resolver() if windows else dns.resolver.Resolver(str(RESOLV_CONF))).nameservers
    except dns.exception.DNSException:  # no configuration: no name servers
        return ()
    return tuple(dict.fromkeys(str(server) for server in found))[:3]


def ask(questions: list[Question], servers: tuple[str, ...], port: int = PORT) -> dict[Question, list[Record]] | None:
    """The records of each question. None when no server answered; a name without such records has an empty list."""
    if not servers:
        return None
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = list(servers)
    resolver.port = port
    resolver.timeout = PATIENCE
    end = time.monotonic() + PATIENCE * ATTEMPTS
    found: dict[Question, list[Record]] = {}
    for name, kind in questions:
        resolver.lifetime = max(0.1, end - time.monotonic())
        try:
            answer = resolver.resolve(name, dns.rdatatype.RdataType(kind), search=False, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.EmptyLabel):
            found[name, kind] = []
        except (dns.exception.DNSException, OSError):  # nobody there, no network, too late, nonsense
            return None
        else:
            records = [_record(each) for each in answer] if answer.rrset is not None else []
            found[name, kind] = [record for record in records if record is not None]
    return found


def _record(found: object) -> Record | None:
    match found:
        case SRV():
            return Srv(found.priority, found.weight, found.port, _plain(found.target))
        case NAPTR():
            flags, service = (text.decode("ascii", "replace").lower() for text in (found.flags, found.service))
            return Naptr(found.order, found.preference, flags, service, _plain(found.replacement))
        case _:
            return None


def _plain(name: dns.name.Name) -> str:
    return str(name.to_text(omit_final_dot=True)) if name != dns.name.root else ""
