"""The sign-in page in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.browser import Browser, missing_programs
from tests.crm_standin.client import Client
from tests.crm_standin.signing_in import JORDAN, OAuth, query

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason="needs Chromium and its driver")
ENOUGH = 30
Told = Queue[dict[str, str]]


@pytest.fixture
def callback() -> Iterator[tuple[str, Told]]:
    """The app's side of the sign-in: an address and what it is told."""
    told: Told = Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/OauthRedirect"):
                told.put({name: one[0] for name, one in parse_qs(urlsplit(self.path).query).items()})
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{server.server_address[1]}/OauthRedirect", told
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_rep_signs_in_or_says_no(client: Client, callback: tuple[str, Told], tmp_path: Path) -> None:
    address, told = callback
    oauth = OAuth(client)
    oauth.policy(redirect_uris=[address])
    asked = query(standin_user=None, redirect_uri=address, login_hint=JORDAN)
    page = f"{client.url}/services/oauth2/authorize?{urlencode(asked)}"
    with Browser(tmp_path / "browser") as browser:
        browser.open(page)
        assert browser.script("return document.activeElement.dataset.username") == JORDAN
        browser.click(f'[data-username="{JORDAN}"]')
        back = told.get(timeout=ENOUGH)
        assert back["state"] == "s 1&2"
        tokens = oauth.exchange(back["code"], redirect_uri=address).body
        assert oauth.works(tokens["access_token"])
        browser.open(page)
        browser.click("button.deny")
        assert told.get(timeout=ENOUGH)["error"] == "access_denied"
