"""Line, Counterpart and what Salesforce knows of a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class LineKind(StrEnum):
    """Whose line it is."""

    PERSONAL = "personal"
    SHARED = "shared"


class Transport(StrEnum):
    """How signalling travels (RFC 3261 §18)."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Srtp(StrEnum):
    """Media encryption (RFC 4568) of a line."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Recording(StrEnum):
    """When a line records."""

    MANUAL = "manual"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Line:
    """One SIP account. Its password is in the keyring, never here. Field names are the provisioning file's."""

    id: str
    uri: str
    registrar: str = ""
    proxy: str = ""
    username: str = ""
    number: str = ""
    caller_ids: tuple[str, ...] = ()
    kind: LineKind = LineKind.PERSONAL
    region: str = "US"
    transport: Transport = Transport.UDP
    srtp: Srtp = Srtp.OPTIONAL
    ca_file: str = ""
    voicemail: str = ""
    voicemail_deposit: str = ""
    echo: str = ""  # the provider's number that says back what it hears
    record: Recording = Recording.MANUAL
    international: bool = True
    bind: str = "auto"
    # How the line gets through NAT. ``stun`` and ``turn`` are ``host`` or ``host:port``.
    stun: str = ""
    turn: str = ""
    turn_username: str = ""
    ice: bool = False
    outbound: bool = True  # RFC 5626, over TCP and TLS
    keep_alive: int = 15  # seconds between keep-alives of a UDP line (RFC 5626 §3.5.1), 0 for none


class LineState(StrEnum):
    """Is a line usable? The words of ``ringdown status``."""

    REGISTERED = "registered"
    REGISTERING = "registering"
    FAILED = "failed"
    OFF = "off"


class RecordKind(StrEnum):
    """What a number can belong to: Salesforce objects by API name, and colleagues from elsewhere."""

    CONTACT = "Contact"
    LEAD = "Lead"
    ACCOUNT = "Account"
    USER = "User"  # a colleague: named, but never a customer
    COLLEAGUE = "Colleague"  # the same from the company's own directory: no object of Salesforce


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A Salesforce record: API name of its object and 18-character id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class CrmRecord:
    """A person or company as shown beside a call.

    ``phones`` are pairs of (field label, number as stored in Salesforce). ``own``: the signed-in rep is the owner.
    ``active_on`` is the ISO date of the last activity, empty when there was none. ``has_deal``: an open opportunity
    hangs on it, None when nobody has looked. ``extension``, ``department`` and ``is_active`` are a colleague's.
    """

    ref: RecordRef
    name: str
    title: str = ""
    company: str = ""
    account_id: str = ""
    email: str = ""
    owner: str = ""
    status: str = ""
    phones: tuple[tuple[str, str], ...] = ()
    do_not_call: bool = False
    own: bool = False
    active_on: str = ""
    has_deal: bool | None = None
    extension: str = ""
    department: str = ""
    is_active: bool = True

    @property
    def is_colleague(self) -> bool:
        """Is this somebody of the company, and not a customer?"""
        return self.ref.kind in {RecordKind.USER, RecordKind.COLLEAGUE}


@dataclass(frozen=True, slots=True)
class Match:
    """What a number found: none, one or several records; the remembered or only one is ``chosen``.

    ``remembered``: the rep has said so for this number before.
    """

    records: tuple[CrmRecord, ...] = ()
    chosen: CrmRecord | None = None
    remembered: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Several people share the number and nobody has said which."""
        return len(self.records) > 1 and self.chosen is None

    def not_to_be_called(self, about: str = "") -> CrmRecord | None:
        """Who of them asked not to be called: the one ``about`` names, the chosen one, else anybody; None for nobody.

        ``about`` is a record id.
        """
        named = next((record for record in self.records if about and record.ref.id[:15] == about[:15]), self.chosen)
        return next((record for record in ((named,) if named else self.records) if record.do_not_call), None)

    @property
    def is_internal(self) -> bool:
        """Is it a colleague's number?"""
        return self.chosen.is_colleague if self.chosen else any(r.is_colleague for r in self.records)


NO_MATCH = Match()


@dataclass(frozen=True, slots=True)
class Deal:
    """An open Opportunity on the card. ``amount`` is in the org's currency, None when unset."""

    id: str
    name: str
    stage: str
    amount: float | None
    close_date: str


@dataclass(frozen=True, slots=True)
class CrmCase:
    """An open Case on the card."""

    id: str
    number: str
    subject: str
    status: str
    priority: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One past Task or day of texts on the card; ``when`` is ISO 8601 (a date, or a UTC time).

    A day of texts has no ``subject``: ``texts`` tells how many there are, ``part`` which of the day's records it is.
    """

    id: str
    kind: str  # "call", "task", "texts"
    subject: str
    when: str
    owner: str
    detail: str = ""
    texts: int = 0
    part: int = 1


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the sidebar shows of one record."""

    record: CrmRecord
    deals: tuple[Deal, ...] = ()
    cases: tuple[CrmCase, ...] = ()
    timeline: tuple[TimelineEntry, ...] = field(default=())


class LineReason(StrEnum):
    """Why a line is in its state."""

    NONE = ""
    NO_REGISTRAR = "no-registrar"  # the line needs none and is ready
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - a code, not a secret
    NO_PASSWORD = "no-password"  # noqa: S105
    PASSWORD_STORE = "password-store"  # noqa: S105
    FORBIDDEN = "forbidden"
    UNKNOWN_USER = "unknown-user"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    CERTIFICATE_NAME = "certificate-name"
    CERTIFICATE_CA = "certificate-ca"
    CERTIFICATE_EXPIRED = "certificate-expired"
    BAD_ADDRESS = "bad-address"
    IPV6 = "ipv6"
    PORT_TAKEN = "port-taken"
    SERVER = "server"
    ENGINE_DOWN = "engine-down"
