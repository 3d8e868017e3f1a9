"""The Desktop on macOS.

Only a bundle can take links: its Info.plist names the schemes (`CFBundleURLTypes`), Launch Services learns them when
the bundle is first opened, and delivers links as events (`open_events`). Here the bundle is made the chosen one.
"""

from __future__ import annotations

import plistlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from app.errors import AppError, Detail, ErrorCode
from app.log import logger
from ui.desktop.files import read_text, remove, replace_text
from ui.desktop.launch import HIDDEN, Launch, this_launch
from ui.desktop.launch_services import LaunchServices
from ui.desktop.port import SCHEMES, Lack, checked

_AGENT = "org.ringdown.ringdown.login"
_BROKEN_PLIST = (plistlib.InvalidFileException, ExpatError, ValueError, OverflowError)

log = logger("desktop")


class MacDesktop:
    """The Desktop port. ``program`` is the running executable, ``home`` the user's folder."""

    def __init__(
        self,
        services: LaunchServices,
        launch: Callable[[], Launch] = this_launch,
        *,
        program: Path | None = None,
        home: Path | None = None,
    ) -> None:
        self._services = services
        self._launch = launch
        self._bundle = _bundle_of(program or Path(sys.executable))
        self._agent = (home or Path.home()) / "Library" / "LaunchAgents" / f"{_AGENT}.plist"

    def registered(self) -> Mapping[str, bool]:
        """Is our bundle the chosen one? Identifiers are compared without case, as the system does."""
        ours = self._identity()
        return {scheme: bool(ours) and self._services.handler(scheme).lower() == ours.lower() for scheme in SCHEMES}

    def register(self, schemes: Sequence[str] = SCHEMES) -> None:
        """Make our bundle the chosen one. Newer systems may ask the user first."""
        wanted = checked(schemes)
        ours = self._identity()
        if self._bundle is None or not ours:
            raise AppError(ErrorCode.FILE_UNREADABLE, path=self._launch().argv[0], detail=Detail.ONLY_INSTALLED)
        if undeclared := [scheme for scheme in wanted if scheme not in self._declared()]:
            raise AppError(
                ErrorCode.FILE_UNREADABLE, path=str(self._bundle), detail=Detail.UNDECLARED, scheme=undeclared[0]
            )
        for scheme in wanted:
            if status := self._services.set_handler(scheme, ours):
                where = str(self._bundle)
                raise AppError(ErrorCode.FILE_UNREADABLE, path=where, detail=Detail.MACOS_STATUS, status=status)
        log.info("registered for %d kinds of link", len(wanted))

    def unregister(self) -> None:
        """Hand each link of ours to another program that takes it. Where there is none it stays ours."""
        ours = self._identity().lower()
        for scheme in SCHEMES:
            if ours and self._services.handler(scheme).lower() == ours:
                others = [item for item in self._services.handlers(scheme) if item.lower() != ours]
                if others:
                    self._services.set_handler(scheme, others[0])

    def links_page(self) -> str:
        """`register` is enough here."""
        return ""

    def autostart(self) -> bool:
        """Is there a launch agent that starts this Ringdown?"""
        text = read_text(self._agent)
        if not text or (self._bundle is None and self._launch().folder):
            return False
        try:
            found = plistlib.loads(text.encode("utf-8", "surrogateescape"))
        except _BROKEN_PLIST:
            return False
        return (
            isinstance(found, dict)
            and found.get("RunAtLoad") is True
            and found.get("Disabled") is not True
            and found.get("ProgramArguments") == self._start()
        )

    def set_autostart(self, on: bool) -> None:
        """Write or remove the launch agent; it counts from the next login."""
        if not on:
            remove(self._agent)
            return
        agent = {
            "Label": _AGENT,
            "ProgramArguments": self._start(),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        replace_text(self._agent, plistlib.dumps(agent).decode())

    def capabilities(self) -> frozenset[Lack]:
        """What Qt says, and what only a bundle can do."""
        from ui.desktop.probe import missing

        lacks = missing() | {Lack.LINKS_NOT_RETURNED}
        return lacks if self._bundle else lacks | {Lack.NOT_INSTALLED}

    def session_lacks(self) -> frozenset[Lack]:
        """Nobody else is asked here."""
        return frozenset()

    def _start(self) -> list[str]:
        # Through `open` the system knows the bundle is running and sends it its links.
        if self._bundle is None:
            return [*self._launch().installed(), *HIDDEN]
        return ["/usr/bin/open", "-g", str(self._bundle), "--args", *HIDDEN]

    def _identity(self) -> str:
        return str(self._info().get("CFBundleIdentifier", ""))

    def _declared(self) -> set[str]:
        types = self._info().get("CFBundleURLTypes", [])
        return {str(scheme).lower() for kind in types for scheme in kind.get("CFBundleURLSchemes", [])}

    def _info(self) -> dict[str, Any]:
        if self._bundle is None:
            return {}
        try:
            with open(self._bundle / "Contents" / "Info.plist", "rb") as file:
                return dict(plistlib.load(file))
        except (OSError, *_BROKEN_PLIST) as error:
            raise AppError(ErrorCode.FILE_UNREADABLE, path=str(self._bundle), detail=Detail.NO_INFO) from error


def _bundle_of(program: Path) -> Path | None:
    """The bundle a program lies in (``X.app/Contents/MacOS/…``), None outside of one."""
    if program.parent.name == "MacOS" and program.parents[1].name == "Contents" and len(program.parents) > 2:
        bundle = program.parents[2]
        return bundle if bundle.suffix == ".app" else None
    return None
