"""Finding people: by number, by name, and the rep's latest ones.

A search index answers in candidates, and numbers are stored as they were typed. So a number search (1) asks with
digits only, in each form a number may be stored in; (2) keeps a record only if one of its fields, read as a number,
really is the number; (3) leaves out a company whose own people with that very number are there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.domain.counterpart import CrmRecord
from app.domain.phone_number import (
    NumberKind,
    PhoneNumber,
    country,
    formatted,
    national_digits,
    parse,
    same_number,
)
from app.errors import AppError
from crm import rows
from crm.composite import part, queries, select
from crm.lane import Lane
from crm.visible import Visible

_WHERE = {"Lead": " WHERE IsConverted = false"}
_PERSONS = {"Contact": "WHERE", "Lead": "WHERE IsConverted = false AND"}
_MIN_DIGITS = 7
_FOUND_LIMIT = 50

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_RESERVED = re.compile(r"""([?&|!{}\[\]()^~*:\\"'+\-])""")


def find(lane: Lane, visible: Visible, number: PhoneNumber, region: str) -> list[CrmRecord]:
    """People and companies that have ``number``, persons first. Codes, extensions and SIP URIs find nobody."""
    digits = search_digits(number)
    if not digits:
        return []
    term = " OR ".join(digits)
    found = visible.ask(lambda: lane.search(f"FIND {{{term}}} IN PHONE FIELDS RETURNING {_returning(visible)}"))
    have = [r for r in map(rows.record, found) if any(is_same(stored, number, region) for _, stored in r.phones)]
    return persons_first(without_switchboards(have))


def search_digits(number: PhoneNumber) -> list[str]:
    """The digit strings a number may be stored as: national, with country code, with trunk prefix."""
    if number.kind is not NumberKind.E164:
        return []
    home = formatted(PhoneNumber(number.value, number.kind), country(number))
    forms = (national_digits(number), number.value, home)
    digits = dict.fromkeys(re.sub(r"[^0-9]", "", form) for form in forms)
    return [d for d in digits if len(d) >= _MIN_DIGITS]


def is_same(stored: str, number: PhoneNumber, region: str) -> bool:
    """Is a stored number this one? One that means nothing in the rep's country is read in the caller's own."""
    if same_number(stored, number, region):
        return True
    try:
        parse(stored, region)
    except AppError:
        return same_number(stored, number, country(number))
    return False


def without_switchboards(records: Sequence[CrmRecord]) -> list[CrmRecord]:
    """Without Accounts of which a person with the same number is there: one number, one person to show."""
    peopled = {r.account_id for r in records if r.ref.kind == "Contact" and r.account_id}
    return [r for r in records if not (r.ref.kind == "Account" and r.ref.id in peopled)]


def persons_first(records: Iterable[CrmRecord]) -> list[CrmRecord]:
    """Contacts, then Leads, then Accounts; each kind as Salesforce ranked it."""
    rank = {"Contact": 0, "Lead": 1}
    return sorted(records, key=lambda r: rank.get(r.ref.kind, 2))


def by_name(lane: Lane, visible: Visible, text: str, limit: int) -> list[CrmRecord]:
    """People and companies whose name has words that begin so; nobody for less than two letters."""
    term = name_term(text)
    if not term or limit < 1:
        return []
    found = visible.ask(lambda: lane.search(f"FIND {{{term}}} IN NAME FIELDS RETURNING {_returning(visible, limit)}"))
    return persons_first(map(rows.record, found))[:limit]


def name_term(text: str) -> str:
    """A SOSL search term: each word escaped and open at its end, empty when there is too little to search for."""
    words = "".join(c if c.isprintable() else " " for c in text[:200]).split()
    # Punctuation parts words in the index: at the end of one it would leave the wildcard alone, which is an error.
    words = [_EDGE.sub("", word) for word in words]
    # Salesforce refuses a term of one character.
    words = [word for word in words if sum(c.isalnum() for c in word) >= 2]
    return " AND ".join(_RESERVED.sub(r"\\\1", word) + "*" for word in words)


def recent(lane: Lane, visible: Visible, user_id: str, limit: int) -> list[CrmRecord]:
    """Contacts and Leads the user owns or changed last, latest first. One request."""
    from simple_salesforce.format import format_soql

    size = max(1, min(limit, 2000))
    mine = format_soql("(OwnerId = {} OR LastModifiedById = {})", user_id, user_id)
    order = f"ORDER BY LastModifiedDate DESC LIMIT {size}"

    def ask() -> list[rows.Row]:
        kinds = [kind for kind in visible.people() if kind in _PERSONS]
        wanted = {k: select(f"{visible.fields(k)}, LastModifiedDate", k, _PERSONS[k], mine, order) for k in kinds}
        answer = lane.composite(queries(**wanted)) if wanted else {}
        return [row for kind in wanted for row in part(answer, kind, needed=True)]

    found = visible.ask(ask)
    latest = sorted(found, key=lambda row: rows.text(row, "LastModifiedDate"), reverse=True)
    return [rows.record(row) for row in latest[:limit]]


def _returning(visible: Visible, limit: int = _FOUND_LIMIT) -> str:
    return ", ".join(f"{kind}({visible.fields(kind)}{_WHERE.get(kind, '')} LIMIT {limit})" for kind in visible.people())
