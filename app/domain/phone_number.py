"""PhoneNumber: an E.164 number, a service code or a SIP URI, parsed once where it enters and formatted last.

The only module of the domain that knows the phonenumbers library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from app.errors import AppError, ErrorCode

_SERVICE_CODE = re.compile(r"^[*#][0-9*#]{1,15}$")
_SHORT = re.compile(r"^[0-9]{3,6}$")
_SIP = re.compile(
    r"^sips?:(?P<user>[A-Za-z0-9_.!~*'()&=+$,;?/%-]+)@(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?$",
    re.IGNORECASE,
)
# An x after a letter belongs to a vanity number (1-800-MATRIX1).
_EXTENSION = re.compile(
    r"(?:;ext=|\s*(?:,|(?<![a-z])(?:x|ext(?:ension)?)\.?)\s*)(?P<ext>[0-9*#,]{1,20})$", re.IGNORECASE
)
_DIALABLE = re.compile(r"^[0-9+()./\s\-\u2010-\u2015\u2212\u30fc]+$")
_SPACED = re.compile(r"^([0-9])[\s.\-]([0-9])[\s.\-]([0-9])$")
# A Japanese keyboard writes full-width characters, and numbers copied elsewhere carry invisible direction marks.
_PLAIN: dict[int, str | int | None] = {0x3000: " "} | {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))


class NumberKind(StrEnum):
    """What sort of address a PhoneNumber holds."""

    E164 = "e164"
    SERVICE = "service"  # a carrier code such as *97: dialled as typed
    SHORT = "short"  # an internal extension or short code: dialled as typed
    SIP = "sip"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """One dialable address.

    ``value`` is the canonical form and the key everywhere: E.164 with its plus (ITU-T E.164), a code as typed,
    or a SIP URI with a lower-case host. ``extension`` is dialled as DTMF after the answer.
    """

    value: str
    kind: NumberKind
    extension: str = ""

    def __str__(self) -> str:
        return self.value


def parse(text: str, region: str) -> PhoneNumber:
    """Read a number typed or stored in any national or international form.

    ``region`` is the ISO 3166 country of the line. Raises AppError (NUMBER_EMPTY, NUMBER_UNREADABLE,
    NUMBER_TOO_SHORT, NUMBER_TOO_LONG, NUMBER_IMPOSSIBLE) with the reason; nothing is dialled then.
    """
    raw = text.translate(_PLAIN).strip()
    if not raw:
        raise AppError(ErrorCode.NUMBER_EMPTY)
    if any(ord(c) < 32 or ord(c) == 127 for c in raw) or len(raw) > 256:
        raise AppError(ErrorCode.NUMBER_UNREADABLE, typed=_shown(raw))
    if raw.lower().startswith(("sip:", "sips:")):
        return _parse_sip(raw)
    if raw.lower().startswith(("tel:", "callto:", "sms:")):
        raw = raw.split(":", 1)[1]
    extension = ""
    if found := _EXTENSION.search(raw):
        extension, raw = found["ext"], raw[: found.start()].strip()
    if _SERVICE_CODE.match(raw):
        return PhoneNumber(raw, NumberKind.SERVICE, extension)
    if spaced := _SPACED.match(raw):  # 9-1-1
        raw = "".join(spaced.groups())
    if _SHORT.match(raw):
        return PhoneNumber(raw, NumberKind.SHORT, extension)
    if not _DIALABLE.match(raw):
        raw = _letters_to_digits(raw)
    try:
        parsed = phonenumbers.parse(raw, region or None)
    except NumberParseException as error:
        raise AppError(_REASONS.get(error.error_type, ErrorCode.NUMBER_UNREADABLE), typed=_shown(text)) from error
    match phonenumbers.is_possible_number_with_reason(parsed):
        case phonenumbers.ValidationResult.IS_POSSIBLE:
            pass
        case phonenumbers.ValidationResult.TOO_SHORT | phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise AppError(ErrorCode.NUMBER_TOO_SHORT, typed=_shown(text))
        case phonenumbers.ValidationResult.TOO_LONG:
            raise AppError(ErrorCode.NUMBER_TOO_LONG, typed=_shown(text))
        case _:
            raise AppError(ErrorCode.NUMBER_IMPOSSIBLE, typed=_shown(text))
    return PhoneNumber(
        phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        NumberKind.E164,
        extension or parsed.extension or "",
    )


def from_caller(user: str, host: str, region: str) -> PhoneNumber | None:
    """The number of a caller from the user part of its From (RFC 3261 §20.20); None when it is withheld.

    A user part that is no number stays a SIP URI: a colleague or another system is still somebody.
    """
    if not user or user.lower() in {"anonymous", "unknown", "restricted", "unavailable"}:
        return None
    plain = user.split(";", 1)[0]
    if re.fullmatch(r"\+?[0-9().\-]{2,32}", plain):
        try:
            return parse(plain, region)
        except AppError:
            if plain.isdigit():
                return PhoneNumber(plain, NumberKind.SHORT)
    safe = re.sub(r"[^A-Za-z0-9_.!~*'()&=+$,;?/%-]", "_", user[:100])
    where = host.lower()[:100]
    if re.fullmatch(r"\[?[0-9a-f]*:[0-9a-f:]+\]?", where):
        where = f"[{where.strip('[]')}]"
    else:
        where = re.sub(r"[^a-z0-9.-]", "-", where)
    return PhoneNumber(f"sip:{safe}@{where or 'invalid'}", NumberKind.SIP)


def from_key(value: str) -> PhoneNumber:
    """Rebuild a PhoneNumber from its stored ``value``."""
    if value.startswith(("sip:", "sips:")):
        return PhoneNumber(value, NumberKind.SIP)
    if value.startswith("+"):
        return PhoneNumber(value, NumberKind.E164)
    return PhoneNumber(value, NumberKind.SERVICE if value[:1] in {"*", "#"} else NumberKind.SHORT)


def formatted(number: PhoneNumber, region: str) -> str:
    """For people: national inside ``region``'s country, international elsewhere, a SIP URI without its scheme."""
    match number.kind:
        case NumberKind.E164:
            parsed = phonenumbers.parse(number.value, None)
            home = phonenumbers.country_code_for_region(region) if region else 0
            style = PhoneNumberFormat.NATIONAL if parsed.country_code == home else PhoneNumberFormat.INTERNATIONAL
            shown = phonenumbers.format_number(parsed, style)
            if _SHORT.match(shown):  # a small country's number would read as an internal one
                shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
        case NumberKind.SIP:
            shown = number.value.split(":", 1)[1]
        case _:
            shown = number.value
    return f"{shown} ext. {number.extension}" if number.extension else shown


def readable(value: str, region: str = "") -> str:
    """A stored ``value`` for people, as `formatted`; as it is where it is no number after all. Never raises."""
    if not value.startswith("+"):
        return formatted(from_key(value), region)
    try:
        return formatted(parse(value, region), region)
    except AppError:
        return value


def country(number: PhoneNumber) -> str:
    """ISO 3166 code of an E.164 number's country, 001 for satellite and other numbers of no country, else empty."""
    if number.kind is not NumberKind.E164:
        return ""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number.value, None)) or ""


def is_abroad(number: PhoneNumber, region: str) -> bool:
    """Does an E.164 number lie outside ``region``? An unassigned number counts by its calling code."""
    if number.kind is not NumberKind.E164:
        return False
    code = phonenumbers.parse(number.value, None).country_code
    return code != phonenumbers.country_code_for_region(region) or country(number) not in {region, ""}


def national_digits(number: PhoneNumber) -> str:
    """The national significant number, digits only: what a search index of mixed formats can be asked for."""
    if number.kind is not NumberKind.E164:
        return re.sub(r"[^0-9]", "", number.value)
    return phonenumbers.national_significant_number(phonenumbers.parse(number.value, None))


def same_number(stored: str, number: PhoneNumber, region: str) -> bool:
    """Does a number stored in Salesforce in any form mean ``number``? Extensions are ignored."""
    try:
        return parse(stored, region).value == number.value
    except AppError:
        return False


def _parse_sip(raw: str) -> PhoneNumber:
    # Parameters and headers behind the host (RFC 3261 §19.1.1) are the sender's wishes: the line decides those.
    user, at, host = raw.rpartition("@")
    raw = user + at + re.split("[;?]", host, maxsplit=1)[0]
    found = _SIP.match(raw)
    if not found:
        raise AppError(ErrorCode.NUMBER_UNREADABLE, typed=_shown(raw))
    scheme, rest = raw.split(":", 1)
    user, host = rest.rsplit("@", 1)
    return PhoneNumber(f"{scheme.lower()}:{user}@{host.lower()}", NumberKind.SIP)


def _letters_to_digits(raw: str) -> str:
    """Vanity numbers (1-800-FLOWERS) are dialled by their keypad digits; a bare word is no number."""
    if sum(c.isdigit() for c in raw) < 3 or not re.fullmatch(r"[0-9A-Za-z+()./\s\-]+", raw):
        raise AppError(ErrorCode.NUMBER_UNREADABLE, typed=_shown(raw))
    return phonenumbers.convert_alpha_characters_in_number(raw)


def _shown(raw: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in raw)[:40]


_REASONS = {
    NumberParseException.INVALID_COUNTRY_CODE: ErrorCode.NUMBER_IMPOSSIBLE,
    NumberParseException.NOT_A_NUMBER: ErrorCode.NUMBER_UNREADABLE,
    NumberParseException.TOO_SHORT_AFTER_IDD: ErrorCode.NUMBER_TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: ErrorCode.NUMBER_TOO_SHORT,
    NumberParseException.TOO_LONG: ErrorCode.NUMBER_TOO_LONG,
}
