"""A real Chromium without a screen, driven over the WebDriver protocol by its own driver."""

from __future__ import annotations

import base64
import json
import socket
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers.child import Child, free_port, plain_env, until

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Chromium:
    """One browser with one tab, and a profile of its own in ``folder``."""

    def __init__(self, folder: Path, *, language: str = "en-US") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port(socket.SOCK_STREAM)
        self._driver = Child(
            ["chromedriver", f"--port={port}"], log=folder / "chromedriver.log", env=plain_env(folder, LANG="C.UTF-8")
        )
        self._base = f"http://127.0.0.1:{port}"
        self._session = ""
        try:
            until(self._is_up, 20, "chromedriver")
            options = {
                "binary": "/usr/bin/chromium",
                "args": [
                    "--headless=new",
                    "--no-sandbox",  # the tests may run as root
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--no-proxy-server",
                    f"--lang={language}",
                    f"--user-data-dir={folder / 'profile'}",
                ],
            }
            wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
            self._session = str(self._ask("POST", "/session", wanted)["sessionId"])
        except BaseException:
            self._driver.end()
            raise

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End browser and driver."""
        if self._session:
            self._ask("DELETE", f"/session/{self._session}")
            self._session = ""
        self._driver.end()

    def open(self, address: str) -> None:
        """Go there and wait for the page."""
        self._do("POST", "/url", {"url": address})

    def click(self, css: str) -> None:
        """Press what the selector finds; waits for the page that follows."""
        found = self._do("POST", "/element", {"using": "css selector", "value": css})
        self._do("POST", f"/element/{found[_ELEMENT]}/click", {})

    @property
    def title(self) -> str:
        """The title of the page."""
        return str(self._do("GET", "/title"))

    @property
    def address(self) -> str:
        """Where the tab is."""
        return str(self._do("GET", "/url"))

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        found = self._do("POST", "/element", {"using": "css selector", "value": "body"})
        return str(self._do("GET", f"/element/{found[_ELEMENT]}/text"))

    def picture(self, file: Path) -> None:
        """What it looks like."""
        file.write_bytes(base64.b64decode(str(self._do("GET", "/screenshot"))))

    def _is_up(self) -> bool:
        try:
            return bool(self._ask("GET", "/status")["ready"])
        except OSError:
            return False

    def _do(self, method: str, path: str, body: Any = None) -> Any:
        return self._ask(method, f"/session/{self._session}{path}", body)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(json.loads(error.read())["value"]["message"].splitlines()[0]) from None
