"""The pages a browser sees."""

from __future__ import annotations

import urllib.parse
import urllib.request

from tests.crm_standin.client import Client


def _read(url: str, form: dict[str, str] | None = None) -> str:
    body = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(url, body, timeout=5) as answer:
        return str(answer.read().decode())


def test_a_record_opens_in_the_browser_and_the_form_makes_a_contact(client: Client) -> None:
    form = f"{client.url}/lightning/o/Contact/new"
    shown = _read(f"{form}?defaultFieldValues=Phone=%2B14155550188")
    assert 'name="Phone" value="+14155550188"' in shown
    made = _read(form, {"LastName": "<b>Ng</b>", "Phone": "+14155550188"})
    assert "&lt;b&gt;Ng&lt;/b&gt;" in made
    assert "<b>" not in made
    assert "Not saved" in _read(form, {"Phone": "+14155550188"})
