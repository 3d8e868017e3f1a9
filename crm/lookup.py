"""Finding people: by number and by name.

A search index answers in candidates, and numbers are stored as they were typed. So a number search (1) asks with
digits only, in each form a number may be stored in; (2) keeps a record only if one of its fields, read as a number,
really is the number; (3) counts one human once, as `app.domain.candidates` does; (4) of several asks which have an open
deal, so that the likeliest comes first.

The index lags minutes behind what was just made. `exact` asks the tables themselves, for the few forms a number is
mostly stored in; that is slow in a large org and only for when the rep says that somebody was just made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.candidates import candidates, ranked
from app.domain.counterpart import CrmRecord, RecordKind
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
from crm.ids import id18
from crm.lane import Lane
from crm.visible import Visible

_WHERE = {"Lead": " WHERE IsConverted = false"}
_LIVE = {"Lead": "IsConverted = false AND "}
_MIN_DIGITS = 7
_FOUND_LIMIT = 50

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_RESERVED = re.compile(r"""([?&|!{}\[\]()^~*:\\"'+\-])""")


def find(lane: Lane, visible: Visible, number: PhoneNumber, region: str) -> list[CrmRecord]:
    """People and companies that have ``number``, the likeliest first. Codes, extensions and SIP URIs find nobody."""
    digits = search_digits(number)
    if not digits:
        return []
    term = " OR ".join(digits)
    found = visible.ask(lambda: lane.search(f"FIND {{{term}}} IN PHONE FIELDS RETURNING {_returning(visible)}"))
    return _verified(lane, visible, found, number, region)


def exact(lane: Lane, visible: Visible, number: PhoneNumber, region: str) -> list[CrmRecord]:
    """The same from the tables, for numbers stored in one of the usual forms. One request, or two."""
    from simple_salesforce.format import format_soql

    forms = stored_forms(number)
    if not forms:
        return []

    def ask() -> list[rows.Row]:
        wanted = {}
        for kind in visible.people():
            fields = [name for name in visible.phones(kind) if name in visible.names(kind)]
            any_of = " OR ".join(format_soql(f"{name} IN {{}}", forms) for name in fields)
            if any_of:
                wanted[kind] = select(visible.fields(kind), kind, f"WHERE {_LIVE.get(kind, '')}({any_of})", "LIMIT 50")
        answer = lane.composite(queries(**wanted)) if wanted else {}
        return [row for kind in wanted for row in part(answer, kind, needed=True)]

    return _verified(lane, visible, visible.ask(ask), number, region)


def _verified(
    lane: Lane, visible: Visible, found: Sequence[rows.Row], number: PhoneNumber, region: str
) -> list[CrmRecord]:
    most = _FOUND_LIMIT * len(visible.people())
    records = {record.ref: record for record in map(visible.record, found[:most])}
    have = [r for r in records.values() if any(is_same(stored, number, region) for _, stored in r.phones)]
    people = list(candidates(have))
    return with_deals(lane, people) if len(people) > 1 else people


def with_deals(lane: Lane, people: Sequence[CrmRecord]) -> list[CrmRecord]:
    """The same people with ``has_deal`` known, ranked anew. One request; what the user may not see counts as none."""
    from simple_salesforce.format import format_soql

    accounts = sorted({r.account_id for r in people if r.account_id})
    contacts = sorted({r.ref.id for r in people if r.ref.kind == RecordKind.CONTACT})
    wanted = {}
    if accounts:
        wanted["deals"] = format_soql(
            "SELECT AccountId FROM Opportunity WHERE IsClosed = false AND AccountId IN {} LIMIT 200", accounts
        )
    if contacts:
        wanted["roles"] = format_soql(
            "SELECT ContactId FROM OpportunityContactRole WHERE Opportunity.IsClosed = false AND ContactId IN {} "
            "LIMIT 200",
            contacts,
        )
    answer = lane.composite(queries(**wanted)) if wanted else {}
    owners = {id18(rows.text(row, "AccountId")) for row in part(answer, "deals")}
    owners |= {id18(rows.text(row, "ContactId")) for row in part(answer, "roles")}
    return list(ranked(replace(r, has_deal=bool({r.ref.id, r.account_id} & owners)) for r in people))


def search_digits(number: PhoneNumber) -> list[str]:
    """The digit strings a number may be stored as: national, with country code, with trunk prefix."""
    if number.kind is not NumberKind.E164:
        return []
    home = formatted(PhoneNumber(number.value, number.kind), country(number))
    forms = (national_digits(number), number.value, home)
    digits = dict.fromkeys(re.sub(r"[^0-9]", "", form) for form in forms)
    return [d for d in digits if len(d) >= _MIN_DIGITS]


def stored_forms(number: PhoneNumber) -> list[str]:
    """The four to six ways in which this number is mostly typed into a field."""
    if number.kind is not NumberKind.E164:
        return []
    plain = PhoneNumber(number.value, number.kind)
    home, abroad = formatted(plain, country(number)), formatted(plain, "")
    forms = (
        number.value,
        home,
        abroad,
        national_digits(number),
        number.value[1:],
        re.sub(r"\D+", "-", home).strip("-"),
    )
    return list(dict.fromkeys(forms))


def is_same(stored: str, number: PhoneNumber, region: str) -> bool:
    """Is a stored number this one? One that means nothing in the rep's country is read in the caller's own."""
    if same_number(stored, number, region):
        return True
    try:
        parse(stored, region)
    except AppError:
        return same_number(stored, number, country(number))
    return False


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
    return persons_first(map(visible.record, found))[:limit]


def name_term(text: str) -> str:
    """A SOSL search term: each word escaped and open at its end, empty when there is too little to search for."""
    words = "".join(c if c.isprintable() else " " for c in text[:200]).split()
    # Punctuation parts words in the index: at the end of one it would leave the wildcard alone, which is an error.
    words = [_EDGE.sub("", word) for word in words]
    # Salesforce refuses a term of one character.
    words = [word for word in words if sum(c.isalnum() for c in word) >= 2]
    return " AND ".join(_RESERVED.sub(r"\\\1", word) + "*" for word in words)


def _returning(visible: Visible, limit: int = _FOUND_LIMIT) -> str:
    return ", ".join(f"{kind}({visible.fields(kind)}{_WHERE.get(kind, '')} LIMIT {limit})" for kind in visible.people())
