"""A real Chromium for tests, driven through chromedriver's own HTTP interface (W3C WebDriver): navigate, click, read.

Debian packages: chromium, chromium-driver. Nothing from PyPI. Every browser has a profile of its own and a port the
system picks; it ends with its driver.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers.child import Child, until

NEEDED = ("chromium", "chromedriver")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name WebDriver gives references to elements
_PATIENCE = 30.0
_STARTED = re.compile(r"started successfully on port (\d+)")


def missing_programs() -> list[str]:
    """The programs a browser needs and this machine has not."""
    return [name for name in NEEDED if shutil.which(name) is None]


class BrowserError(Exception):
    """The driver refused a command; ``code`` is WebDriver's, `no such element` for one."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(f"{code}: {message.splitlines()[0] if message else ''}")


class Browser:
    """One browser window. Use it as a context manager; one thread."""

    def __init__(
        self,
        folder: Path,
        *,
        env: Mapping[str, str] | None = None,
        headless: bool = True,
        arguments: Sequence[str] = (),
        preferences: Mapping[str, Any] | None = None,
        language: str = "en-US",
    ) -> None:
        """``folder`` gets profile and logs. ``env`` is its whole environment; without ``headless`` it needs DISPLAY.

        ``preferences`` are those of the profile's Preferences file, by their path.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._env = {**(os.environ if env is None else env), "LANGUAGE": language}
        self._options = {
            "binary": shutil.which("chromium"),
            "args": [
                "--no-sandbox",  # tests run as root
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                f"--lang={language}",
                f"--user-data-dir={folder / 'profile'}",
                *(["--headless=new"] if headless else []),
                *arguments,
            ],
            "prefs": {"intl.accept_languages": language, **(preferences or {})},
        }
        self._driver: Child | None = None
        self._port = 0
        self._session = ""

    def __enter__(self) -> Browser:
        log = self._folder / "chromedriver.log"
        self._driver = Child(["chromedriver", "--port=0"], log=log, env=self._env, talks=True)
        try:
            self._port = self._announced(self._driver)
            capabilities = {
                "browserName": "chrome",
                "goog:chromeOptions": self._options,
                "goog:loggingPrefs": {"browser": "ALL"},
            }
            made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
            self._session = f"/session/{made['sessionId']}"
        except BaseException:
            self._driver.end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._driver is not None
        try:
            self._ask("DELETE", self._session)
        finally:
            self._driver.end()

    def open(self, url: str) -> None:
        """Go there and wait until the page has loaded."""
        self._ask("POST", f"{self._session}/url", {"url": url})

    @property
    def url(self) -> str:
        """Where the window is."""
        return str(self._ask("GET", f"{self._session}/url"))

    @property
    def title(self) -> str:
        """The page's title."""
        return str(self._ask("GET", f"{self._session}/title"))

    def has(self, selector: str) -> bool:
        """Is there such an element, right now?"""
        return bool(self._ask("POST", f"{self._session}/elements", _css(selector)))

    def click(self, selector: str, seconds: float = 5.0) -> None:
        """Wait for an element and click it as a person does, with the mouse."""
        self._ask("POST", f"{self._find(selector, seconds)}/click", {})

    def type(self, selector: str, text: str, seconds: float = 5.0) -> None:
        """Wait for a field and type into it."""
        self._ask("POST", f"{self._find(selector, seconds)}/value", {"text": text})

    def text(self, selector: str, seconds: float = 5.0) -> str:
        """Wait for an element; the text people see in it."""
        return str(self._ask("GET", f"{self._find(selector, seconds)}/text"))

    def attribute(self, selector: str, name: str, seconds: float = 5.0) -> str:
        """Wait for an element; one of its attributes as the page wrote it, empty without."""
        return str(self._ask("GET", f"{self._find(selector, seconds)}/attribute/{name}") or "")

    def script(self, source: str, *arguments: Any) -> Any:
        """Run the body of a function in the page; what it returns, as JSON."""
        return self._ask("POST", f"{self._session}/execute/sync", {"script": source, "args": list(arguments)})

    def enter(self, selector: str, seconds: float = 5.0) -> None:
        """From now on everything is about the page inside that frame; `leave` goes back."""
        found = self._find(selector, seconds).rsplit("/", 1)[1]
        self._ask("POST", f"{self._session}/frame", {"id": {_ELEMENT: found}})

    def leave(self) -> None:
        """Back to the whole page."""
        self._ask("POST", f"{self._session}/frame", {"id": None})

    def console(self) -> list[str]:
        """What the pages have written to the console since this was last asked."""
        entries = self._ask("POST", f"{self._session}/se/log", {"type": "browser"})
        return [str(one["message"]) for one in entries]

    def screenshot(self, path: Path) -> None:
        """The page as a PNG."""
        path.write_bytes(base64.b64decode(self._ask("GET", f"{self._session}/screenshot")))

    def _find(self, selector: str, seconds: float) -> str:
        def look() -> str | None:
            found = self._ask("POST", f"{self._session}/elements", _css(selector))
            return str(found[0][_ELEMENT]) if found else None

        return f"{self._session}/element/{until(look, seconds, selector)}"

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        try:
            link.request(method, path, json.dumps(body).encode() if body is not None else None)
            value = json.loads(link.getresponse().read())["value"]
        finally:
            link.close()
        if isinstance(value, dict) and "error" in value:
            raise BrowserError(str(value["error"]), str(value.get("message", "")))
        return value

    def _announced(self, driver: Child) -> int:
        said = ""
        while True:
            said += driver.first_line(_PATIENCE)
            if found := _STARTED.search(said):
                return int(found[1])


def _css(selector: str) -> dict[str, str]:
    return {"using": "css selector", "value": selector}
