"""Who may be meant by a number: one human once, in the order in which people are likely meant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.counterpart import CrmRecord, RecordKind

_KINDS: dict[str, int] = {RecordKind.CONTACT: 0, RecordKind.LEAD: 1, RecordKind.ACCOUNT: 2}


def candidates(records: Sequence[CrmRecord]) -> tuple[CrmRecord, ...]:
    """Those of ``records``, all with one number, that are worth asking about, the likeliest first.

    A colleague's number is nobody else's, and a colleague who is a Salesforce user and in the directory counts once.
    A company steps behind its own people, and of two entries with one name in one company the older stands.
    `app.store.queries.naming` says the same in SQL.
    """
    colleagues = [record for record in records if record.is_colleague and record.is_active]
    if colleagues:
        users = [record for record in colleagues if record.ref.kind == RecordKind.USER]
        return tuple(sorted(users or colleagues, key=_rank))
    people = [record for record in records if not record.is_colleague]
    peopled = {record.account_id for record in people if record.ref.kind == RecordKind.CONTACT}
    oldest: dict[tuple[str, str], str] = {}
    for record in people:
        if _is_twin(record):
            name = (record.account_id, record.name.casefold())
            oldest[name] = min(oldest.get(name, record.ref.id), record.ref.id)
    return ranked(
        record
        for record in people
        if not (record.ref.kind == RecordKind.ACCOUNT and record.ref.id in peopled)
        and not (_is_twin(record) and oldest[record.account_id, record.name.casefold()] != record.ref.id)
    )


def ranked(records: Iterable[CrmRecord]) -> tuple[CrmRecord, ...]:
    """The rep's own first, then who was active in a later month, has an open deal, was active later; then by kind."""
    # Two stable sorts: of the dates, as texts, the latest must come first.
    by_name = sorted(records, key=_rank)
    return tuple(sorted(by_name, key=lambda r: (r.own, r.active_on[:7], r.has_deal is True, r.active_on), reverse=True))


def _rank(record: CrmRecord) -> tuple[int, str, str]:
    return _KINDS.get(record.ref.kind, len(_KINDS)), record.name.casefold(), record.ref.id


def _is_twin(record: CrmRecord) -> bool:
    return record.ref.kind == RecordKind.CONTACT and bool(record.account_id)
