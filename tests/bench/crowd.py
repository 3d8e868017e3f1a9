"""People as a large org has them, made up: names, companies, numbers stored in the forms people type."""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.domain.counterpart import CrmRecord, RecordRef

NUMBERS_EACH = 2.5
_FIRST = ("Ana", "Ben", "Chloe", "David", "Emma", "Finn", "Grace", "Hugo", "Isabel", "Jonas", "Keiko", "Liam", "美咲")
_LAST = ("Alvarez", "Brandt", "Castillo", "Dubois", "Eriksen", "Fischer", "Garcia", "Huang", "Ito", "Jansen", "山田")
_FIRMS = ("Metals", "Logistics", "Foods", "Systems", "Partners", "Insurance", "Textiles", "Optics")
_TITLES = ("VP Sales", "Buyer", "CFO", "Head of Operations", "Engineer", "Office Manager")
_FORMS = ("+1{a}{b}{c}", "({a}) {b}-{c}", "{a}-{b}-{c}", "{a}.{b}.{c}", "1 {a} {b} {c}")
_AREAS = (212, 312, 415, 503, 617, 702, 808, 917)


def number(index: int) -> tuple[int, int, int]:
    """The parts of the index-th number: each index has another one, and each is possible."""
    area, rest = divmod(index, 8_000_000 // len(_AREAS))
    exchange, last = divmod(rest, 10_000)
    return _AREAS[area % len(_AREAS)], 200 + exchange, last


def e164(index: int) -> str:
    """The same as the key of a look-up."""
    area, exchange, last = number(index)
    return f"+1{area}{exchange}{last:04}"


def crowd(people: int, seed: int = 1) -> Iterator[CrmRecord]:
    """So many Contacts and Leads; two and three numbers in turns, one in fifty shared with the neighbour."""
    chance = random.Random(seed)
    used = 0
    for index in range(people):
        count = 2 + index % 2
        own = [used + at for at in range(count)]
        if index % 50 == 1:
            own[-1] = used - 1
        used += count
        kind, prefix = ("Lead", "00Q") if index % 4 == 3 else ("Contact", "003")
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        firm = f"{chance.choice(_LAST)} {chance.choice(_FIRMS)} {index // 20}"
        yield CrmRecord(
            RecordRef(kind, f"{prefix}5g00000{index:07}AAA"),
            f"{first} {last} {index}",
            title=chance.choice(_TITLES),
            company=firm,
            account_id=f"0015g00000{index // 20:07}AAA",
            email=f"{first}.{last}{index}@example.com".lower() if first.isascii() else f"p{index}@example.jp",
            owner=f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
            active_on=f"2026-{1 + index % 11:02}-{1 + index % 28:02}",
            phones=tuple(
                (label, chance.choice(_FORMS).format(a=a, b=b, c=f"{c:04}"))
                for label, (a, b, c) in zip(("Phone", "Mobile", "Other"), map(number, own), strict=False)
            ),
        )
