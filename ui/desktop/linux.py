"""The freedesktop Desktop: a hidden desktop entry takes the links, another starts Ringdown at login.

The entries have names of their own, so that the one a package installs is never hidden by the user's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.errors import AppError, Detail, ErrorCode
from app.log import logger
from ui.desktop import desktop_entry, mimeapps
from ui.desktop.files import read_text, remove, replace_text
from ui.desktop.launch import HIDDEN, Launch, this_launch
from ui.desktop.port import SCHEMES, Lack, checked

LINKS_ID = "ringdown-links.desktop"
AUTOSTART_ID = "ringdown.desktop"
_PATIENCE = 5.0

log = logger("desktop")


class LinuxDesktop:
    """The Desktop port. Folders are read from XDG_* when a method needs them."""

    def __init__(self, launch: Callable[[], Launch] = this_launch) -> None:
        self._launch = launch

    def registered(self) -> Mapping[str, bool]:
        """Are we the first installed choice, with a command that starts this Ringdown?"""
        ours = read_text(_links_file())
        current = bool(ours) and desktop_entry.value(ours, "Exec") == self._link_command()
        return {scheme: current and _default(_mime(scheme)) == LINKS_ID for scheme in SCHEMES}

    def register(self, schemes: Sequence[str] = SCHEMES) -> None:
        """Write the entry, put it first in the user's ``mimeapps.list``; whoever was first comes second."""
        mimes = [_mime(scheme) for scheme in checked(schemes)]
        self._refuse_sandbox()
        launch = self._launch()
        keys = {
            "Type": "Application",
            "Name": "Ringdown",
            "GenericName": "Softphone",
            "Exec": self._link_command(),
            "Icon": "ringdown",
            "Terminal": "false",
            "NoDisplay": "true",
            "StartupNotify": "true",  # brings the token a window needs to come to the front on Wayland
            "Categories": "Network;Telephony;",
            "MimeType": "".join(f"{mime};" for mime in mimes),
        }
        if launch.folder:
            keys["Path"] = launch.folder
        replace_text(_links_file(), desktop_entry.entry(keys))
        for path in _user_lists(mimes):
            text = read_text(path)
            for mime in set(map(_mime, SCHEMES)) - set(mimes):
                text = mimeapps.without(text, LINKS_ID, mime)
            replace_text(path, mimeapps.with_default(text, mimes, LINKS_ID))
        _refresh()
        log.info("registered for %d kinds of link", len(mimes))

    def unregister(self) -> None:
        """Take our entry and our name out of the user's lists."""
        for path in _user_lists([_mime(scheme) for scheme in SCHEMES]):
            text = read_text(path)
            cleaned = mimeapps.without(text, LINKS_ID)
            if cleaned != text:
                replace_text(path, cleaned)
        remove(_links_file())
        _refresh()
        log.info("no longer registered for links")

    def links_page(self) -> str:
        """`register` is enough here."""
        return ""

    def autostart(self) -> bool:
        """The user's entry counts, else one the machine's admin made."""
        for folder in (_config_home(), *_config_dirs()):
            text = read_text(folder / "autostart" / AUTOSTART_ID)
            if text:
                off = desktop_entry.value(text, "Hidden").lower() == "true"
                # Some desktops' own lists switch an entry off with this key.
                off = off or desktop_entry.value(text, "X-GNOME-Autostart-enabled").lower() == "false"
                ours = folder != _config_home() or desktop_entry.value(text, "Exec") == self._start_command()
                return ours and not off
        return False

    def set_autostart(self, on: bool) -> None:
        """Write or remove the user's entry; an admin's one is switched off by hiding it."""
        path = _config_home() / "autostart" / AUTOSTART_ID
        by_admin = any((folder / "autostart" / AUTOSTART_ID).exists() for folder in _config_dirs())
        if not on and not by_admin:
            remove(path)
            return
        if on:
            self._refuse_sandbox()
        launch = self._launch()
        keys = {
            "Type": "Application",
            "Name": "Ringdown",
            "Exec": self._start_command(),
            "Icon": "ringdown",
            "Terminal": "false",
        }
        if launch.folder:
            keys["Path"] = launch.folder
        if not on:
            keys["Hidden"] = "true"
        replace_text(path, desktop_entry.entry(keys))

    def capabilities(self) -> frozenset[Lack]:
        """What Qt says, and whether we are installed."""
        from ui.desktop.probe import missing

        lacks = missing()
        return lacks | {Lack.NOT_INSTALLED} if _sandboxed() else lacks

    def session_lacks(self) -> frozenset[Lack]:
        """What the session's D-Bus says."""
        from ui.desktop.probe import missing_in_session

        return missing_in_session()

    def _link_command(self) -> str:
        return self._command(("open-link", "--"), "%u")

    def _start_command(self) -> str:
        return self._command(HIDDEN, "")

    def _command(self, arguments: Sequence[str], field: str) -> str:
        argv = self._launch().argv
        try:
            return desktop_entry.command([*argv, *arguments], field)
        except ValueError as error:
            raise AppError(ErrorCode.FILE_UNREADABLE, path=repr(argv[0]), detail=Detail.PATH_CONTROL) from error

    def _refuse_sandbox(self) -> None:
        if _sandboxed():
            raise AppError(ErrorCode.FILE_UNREADABLE, path=self._launch().argv[0], detail=Detail.SANDBOX)


def _sandboxed() -> bool:
    """In Flatpak and Snap the package itself declares links, and files we write reach nobody."""
    # A terminal from a Snap hands its variables down: ours only when our program lies inside.
    snap = os.environ.get("SNAP", "")
    return os.path.exists("/.flatpak-info") or (bool(snap) and Path(sys.executable).is_relative_to(snap))


def _mime(scheme: str) -> str:
    return f"x-scheme-handler/{scheme}"


def _home(name: str, usual: str) -> Path:
    chosen = os.environ.get(name, "")
    # The base directory specification says to ignore a relative path.
    return Path(chosen) if os.path.isabs(chosen) else Path.home() / usual


def _dirs(name: str, usual: str) -> list[Path]:
    return [Path(item) for item in (os.environ.get(name) or usual).split(":") if os.path.isabs(item)]


def _config_home() -> Path:
    return _home("XDG_CONFIG_HOME", ".config")


def _config_dirs() -> list[Path]:
    return _dirs("XDG_CONFIG_DIRS", "/etc/xdg")


def _application_folders() -> list[Path]:
    homes = [_home("XDG_DATA_HOME", ".local/share"), *_dirs("XDG_DATA_DIRS", "/usr/local/share:/usr/share")]
    return [home / "applications" for home in homes]


def _links_file() -> Path:
    return _application_folders()[0] / LINKS_ID


def _list_names() -> list[str]:
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    return [*(f"{name}-mimeapps.list" for name in desktops if name and "/" not in name), "mimeapps.list"]


def _user_lists(mimes: Sequence[str]) -> list[Path]:
    """``mimeapps.list``, and a list for this desktop alone where it already decides one of our links."""
    *special, general = [_config_home() / name for name in _list_names()]
    return [*(path for path in special if any(mimeapps.names(read_text(path), mime) for mime in mimes)), general]


def _default(mime: str) -> str:
    """The desktop id that opens a type (MIME applications specification); empty when no list says."""
    folders = [_config_home(), *_config_dirs(), *_application_folders()]
    for path in (folder / name for folder in folders for name in _list_names()):
        for desktop_id in mimeapps.defaults(read_text(path), mime):
            if _is_installed(desktop_id):
                return desktop_id
    return ""


def _is_installed(desktop_id: str) -> bool:
    if "/" in desktop_id:
        return False
    # A dash in an id may stand for a folder.
    tries = [desktop_id, *(f"{desktop_id[:at]}/{desktop_id[at + 1 :]}" for at, c in enumerate(desktop_id) if c == "-")]
    return any((folder / name).is_file() for folder in _application_folders() for name in tries)


def _refresh() -> None:
    """Tell the desktop's cache of programs; without the tool the lists alone decide, which is enough."""
    tool = shutil.which("update-desktop-database")
    folder = _application_folders()[0]
    if tool is None or not folder.is_dir():
        return
    try:
        done = subprocess.run([tool, str(folder)], capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("the cache of programs was not refreshed: %s", type(error).__name__)
        return
    if done.returncode:
        log.warning("the cache of programs was not refreshed: exit %d", done.returncode)
