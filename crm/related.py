"""Deals and cases a call can be related to: those of a person or company, searched as one types.

One composite request: the deals a contact has a role in, the deals of the company, the cases of both. Open ones come
first. Without a person the whole org is searched, and only for two letters or more.
"""

from __future__ import annotations

from app.domain.counterpart import RecordRef
from app.domain.new_record import Related
from app.domain.record_ids import can_be_related_to, kind_of_id
from crm import rows
from crm.composite import part, queries, select
from crm.ids import id18, is_id
from crm.lane import Lane

_DEAL = "Id, Name, StageName, CloseDate, IsClosed"
_CASE = "Id, CaseNumber, Subject, Status, IsClosed"
_LIMIT = 10
_LONGEST = 200  # characters searched for: a query takes 4,000 in one text


def search(lane: Lane, text: str, who: RecordRef | None, account_id: str, limit: int) -> list[Related]:
    """Deals and cases that fit ``text`` (all when it is empty), open ones first."""
    asked = _queries(text.strip()[:_LONGEST], who, account_id)
    if not asked:
        return []
    answer = lane.composite(queries(**asked))
    deals = [
        *(one["Opportunity"] for one in part(answer, "roles") if isinstance(one.get("Opportunity"), dict)),
        *part(answer, "deals"),
    ]
    cases = [*part(answer, "cases"), *part(answer, "account_cases")]
    found = {one.ref: one for one in (*map(deal, deals), *map(case, cases))}
    return sorted(found.values(), key=lambda one: one.is_closed)[:limit]


def _queries(text: str, who: RecordRef | None, account_id: str) -> dict[str, str]:
    from simple_salesforce.format import format_soql

    deal_like = format_soql("Name LIKE '%{:like}%'", text) if text else ""
    role_like = format_soql("Opportunity.Name LIKE '%{:like}%'", text) if text else ""
    case_like = format_soql("(Subject LIKE '%{:like}%' OR CaseNumber LIKE '%{:like}%')", text, text) if text else ""
    deal_order = f"ORDER BY IsClosed, CloseDate DESC LIMIT {_LIMIT}"
    case_order = f"ORDER BY IsClosed, CreatedDate DESC LIMIT {_LIMIT}"
    asked: dict[str, str] = {}
    if who is not None and who.kind == "Contact":
        own = id18(who.id)
        fields = ", ".join(f"Opportunity.{name}" for name in _DEAL.split(", "))
        where = _where(format_soql("ContactId = {}", own), role_like)
        asked["roles"] = select(fields, "OpportunityContactRole", where, f"LIMIT {_LIMIT}")
        where = _where(format_soql("ContactId = {}", own), case_like)
        asked["cases"] = select(_CASE, "Case", where, case_order)
    if who is not None and who.kind == "Account":
        account_id = account_id or who.id
    if is_id(account_id):
        own = id18(account_id)
        asked["deals"] = select(_DEAL, "Opportunity", _where(format_soql("AccountId = {}", own), deal_like), deal_order)
        where = _where(format_soql("AccountId = {}", own), case_like)
        asked["account_cases"] = select(_CASE, "Case", where, case_order)
    if not asked and len(text) >= 2:
        asked["deals"] = select(_DEAL, "Opportunity", _where(deal_like), deal_order)
        asked["cases"] = select(_CASE, "Case", _where(case_like), case_order)
    return asked


def _where(*conditions: str) -> str:
    return "WHERE " + " AND ".join(condition for condition in conditions if condition)


def read(lane: Lane, record_id: str) -> Related | None:
    """The record a call is said to be about; None for an object that has no name we know how to ask for."""
    from simple_salesforce.format import format_soql

    kind = kind_of_id(record_id)
    if not (kind and can_be_related_to(record_id) and is_id(record_id)):
        return None
    own = format_soql("WHERE Id = {}", id18(record_id))
    fields = {"Opportunity": _DEAL, "Case": _CASE}.get(kind, "Id, Name")
    found = lane.query(select(fields, kind, own))
    if not found:
        return None
    match kind:
        case "Opportunity":
            return deal(found[0])
        case "Case":
            return case(found[0])
        case _:
            return Related(RecordRef(kind, id18(record_id)), rows.text(found[0], "Name"))


def deal(row: rows.Row) -> Related:
    """An Opportunity."""
    ref = RecordRef("Opportunity", id18(rows.text(row, "Id")))
    return Related(ref, rows.text(row, "Name"), rows.text(row, "StageName"), row.get("IsClosed") is True)


def case(row: rows.Row) -> Related:
    """A Case: its number and subject are its name."""
    words = (rows.text(row, "CaseNumber"), rows.text(row, "Subject"))
    ref = RecordRef("Case", id18(rows.text(row, "Id")))
    return Related(ref, " ".join(word for word in words if word), rows.text(row, "Status"), row.get("IsClosed") is True)
