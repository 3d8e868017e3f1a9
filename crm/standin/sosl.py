"""SOSL: FIND {…} IN … FIELDS RETURNING Object(fields WHERE … ORDER BY … LIMIT n), …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import refuse
from .org import Org
from .schema import TEXT_KINDS, Field, Kind, Row, SObject
from .soql import bind
from .soql_parser import Parser
from .sosl_terms import Search, Searchable, compile_terms

_LONGEST_WITH_OPERATORS = 4_000
_LONGEST = 10_000
_PER_OBJECT = 250
_IN = re.compile(r"\s+IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\b", re.IGNORECASE)
_RETURNING = re.compile(r"\s*RETURNING\s+", re.IGNORECASE)
_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*")
_LIMIT = re.compile(r"\s*LIMIT\s+(\d+)\s*", re.IGNORECASE)
_LIMIT_INSIDE = re.compile(r"\b(WHERE|ORDER)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"\s(?=WHERE\b|ORDER\b|LIMIT\b|OFFSET\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One object of RETURNING and what stands in its brackets."""

    sobject: str
    inside: str = ""


def search(org: Org, statement: str, base: str) -> list[dict[str, Any]]:
    """The found records of every object, in the order asked for. Raises ApiError."""
    words, at = _find(statement)
    scope = "ALL"
    match = _IN.match(statement, at)
    if match:
        scope, at = match.group(1).upper(), match.end()
    wanted, at = _returning(statement, at)
    overall = _LIMIT.match(statement, at)
    if overall:
        at = overall.end()
    if statement[at:].strip():
        raise refuse("MALFORMED_SEARCH", f"unexpected token: {statement[at:].strip()}")
    return find(org, words, scope, wanted, base, overall=int(overall.group(1)) if overall else None)


def find(
    org: Org, words: str, scope: str, wanted: Sequence[Wanted], base: str, *, overall: int | None = None
) -> list[dict[str, Any]]:
    """Searches for the words in one kind of fields (ALL, NAME, PHONE, EMAIL, SIDEBAR). Raises ApiError."""
    if len(words) > _LONGEST:
        return []
    if len(words) > _LONGEST_WITH_OPERATORS:
        words = re.sub(r"\b(AND|OR|NOT)\b", " ", words)
    terms = compile_terms(words)
    if not wanted:
        wanted = [Wanted(one.name) for one in org.schema.objects if one.searchable]
    found: list[dict[str, Any]] = []
    for one in wanted:
        found += _in_object(org, terms, scope, one, base, objects=len(wanted))
    return found if overall is None else found[:overall]


def _in_object(org: Org, terms: Search, scope: str, wanted: Wanted, base: str, *, objects: int) -> list[dict[str, Any]]:
    sobject = org.schema.find(wanted.sobject)
    if sobject is None or not sobject.searchable:
        raise refuse("INVALID_TYPE", f"sObject type '{wanted.sobject}' is not supported.")
    parts = _CLAUSE.split(" " + wanted.inside.strip(), maxsplit=1)
    fields = parts[0].strip() or "Id"
    clauses = parts[1] if len(parts) > 1 else ""
    query = Parser(" ".join(("SELECT", fields, "FROM", sobject.name, clauses)))
    parsed = query.query(nested=True)
    query.finish()
    plan = bind(org, parsed, base, deleted=False)
    texts, phones = _fields(sobject, scope)
    matching = _matching(org, terms, sobject, texts, phones)
    most = min(_PER_OBJECT, 2000 // objects)
    if objects == 1 and _LIMIT_INSIDE.search(clauses):
        most = 2000
    return list(plan.records(base, among=matching)[:most])


def _matching(org: Org, terms: Search, sobject: SObject, texts: list[Field], phones: list[Field]) -> list[Row]:
    """The live rows the search finds, as many as it looks at before it asks who may see them."""
    view = org.store.searched(org.full_schema.find(sobject.name) or sobject)
    narrowed = terms.narrow(view, bool(texts), bool(phones))
    found: list[Row] = []
    for record_id in view.ids() if narrowed is None else sorted(narrowed):
        known, row = view.row(record_id), org.store.get(sobject, record_id)
        if known is None or row is None or row.get("IsDeleted") or row.get("IsArchived"):
            continue
        record = Searchable(
            tuple(str(known[one.name]) for one in texts if known.get(one.name)),
            tuple(str(known[one.name]) for one in phones if known.get(one.name)),
        )
        if terms.test(record):
            found.append(row)
            if len(found) == org.settings.search_limit:
                break
    return found


def _fields(sobject: SObject, scope: str) -> tuple[list[Field], list[Field]]:
    phones = [one for one in sobject.declared if one.kind is Kind.PHONE and not one.via]
    names = [one for one in sobject.declared if one.name_field]
    match scope:
        case "PHONE":
            return [], phones
        case "NAME":
            return names, []
        case "EMAIL":
            return [one for one in sobject.declared if one.kind is Kind.EMAIL], []
        case "SIDEBAR":
            return names, phones
        case _:
            texts = [one for one in sobject.declared if one.kind in TEXT_KINDS and one.kind is not Kind.PHONE]
            return texts, phones


def _find(statement: str) -> tuple[str, int]:
    start = re.match(r"\s*FIND\s*\{", statement, re.IGNORECASE)
    if not start:
        raise refuse(
            "MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces: FIND {term}"
        )
    at = start.end()
    out = ""
    while at < len(statement) and statement[at] != "}":
        step = 2 if statement[at] == "\\" else 1
        out += statement[at : at + step]
        at += step
    if at >= len(statement):
        raise refuse("MALFORMED_SEARCH", "unexpected end of the search string: a closing brace is missing")
    return out, at + 1


def _returning(statement: str, at: int) -> tuple[list[Wanted], int]:
    start = _RETURNING.match(statement, at)
    if not start:
        return [], at
    at = start.end()
    wanted: list[Wanted] = []
    while True:
        name = _NAME.match(statement, at)
        if not name:
            raise refuse("MALFORMED_SEARCH", "an object name is missing after RETURNING")
        at = name.end()
        inside = ""
        if statement[at : at + 1] == "(":
            inside, at = _bracketed(statement, at)
        wanted.append(Wanted(name.group(1), inside))
        comma = re.compile(r"\s*,").match(statement, at)
        if not comma:
            return wanted, at
        at = comma.end()


def _bracketed(statement: str, at: int) -> tuple[str, int]:
    """The text between a bracket and its partner; brackets inside quotes do not count."""
    depth, start, quoted = 0, at + 1, False
    while at < len(statement):
        letter = statement[at]
        if quoted:
            at += 1 if letter == "\\" else 0
            quoted = letter != "'"
        elif letter == "'":
            quoted = True
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return statement[start:at], at + 1
        at += 1
    raise refuse("MALFORMED_SEARCH", "a closing bracket is missing")
