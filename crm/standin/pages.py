"""What a browser sees: a record's page and the form for a new Contact. Plain HTML, everything escaped."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs, unquote

from . import ids, records
from .errors import ApiError, not_found
from .org import Org
from .web import Request, Response

_STYLE = (
    "body{font:15px system-ui,sans-serif;margin:2rem auto;max-width:44rem;color:#1c1e21;background:#f6f7f8}"
    "main{background:#fff;border:1px solid #dfe2e6;border-radius:8px;padding:1.5rem 2rem}"
    "th{text-align:left;color:#667;font-weight:400;padding:.3rem 1rem .3rem 0;vertical-align:top}"
    "td{white-space:pre-wrap;padding:.3rem 0}label{display:block;margin:.6rem 0}input{font:inherit;width:100%}"
)
_FIELDS = ("FirstName", "LastName", "Title", "Email", "Phone", "MobilePhone")


def record_page(org: Org, record_id: str) -> Response:
    """`/{id}`: every field that has a value. Raises ApiError."""
    row = org.store.find(ids.normalise(record_id) or "")
    if row is None:
        raise not_found()
    name = str(row.get("Name") or row.get("Subject") or row.get("CaseNumber") or record_id)
    lines = "".join(
        f"<tr><th>{escape(field)}</th><td>{escape(str(value))}</td></tr>"
        for field, value in row.items()
        if value not in (None, "", False)
    )
    return _page(name, f"<table>{lines}</table>")


def new_contact(org: Org, request: Request) -> Response:
    """`/lightning/o/Contact/new`: the form, and what it sends. Raises ApiError."""
    contact = org.schema.find("Contact")
    if contact is None:
        raise not_found()
    if request.method == "POST":
        given = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        body = {name: given[name] for name in _FIELDS if given.get(name)}
        try:
            with org.store.lock:
                return record_page(org, records.create(org, contact, body))
        except ApiError as error:
            return _page("Not saved", "".join(f"<p>{escape(each.message)}</p>" for each in error.problems))
    given_values = request.query.get("defaultFieldValues", "").split(",")
    defaults = dict(pair.split("=", 1) for pair in given_values if "=" in pair)
    inputs = "".join(
        f'<label>{name}<input name="{name}" value="{escape(unquote(defaults.get(name, "")))}"></label>'
        for name in _FIELDS
    )
    return _page("New Contact", f'<form method="post">{inputs}<button>Save</button></form>')


def _page(title: str, inside: str) -> Response:
    html = (
        f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<main><h1>{escape(title)}</h1>{inside}</main>"
    )
    return Response(text=html, content_type="text/html;charset=UTF-8")
