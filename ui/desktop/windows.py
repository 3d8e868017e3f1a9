"""The Desktop on Windows: all of it in the current user's registry.

Windows keeps the choice of a program for `tel:` and its like to the user: we can only be on the list, and open the
page where it is chosen. `ringdown:` is ours alone and needs no choice.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence

from app.log import logger
from ui.desktop.launch import HIDDEN, Launch, this_launch
from ui.desktop.port import SCHEMES, Lack, checked
from ui.desktop.registry import Registry

_CLASS = "Ringdown.Link"
_OWN = "ringdown"
_CLASSES = r"Software\Classes"
_PROGRAM = r"Software\Ringdown"
_CAPABILITIES = rf"{_PROGRAM}\Capabilities"
_REGISTERED = r"Software\RegisteredApplications"
_CHOICES = r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_RUN_SWITCH = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_NAME = "Ringdown"

log = logger("desktop")


class WindowsDesktop:
    """The Desktop port."""

    def __init__(self, registry: Registry, launch: Callable[[], Launch] = this_launch) -> None:
        self._registry = registry
        self._launch = launch

    def registered(self) -> Mapping[str, bool]:
        """Did the user choose us, and does our command still start this Ringdown?"""
        if self._launch().folder:
            return dict.fromkeys(SCHEMES, False)
        ours = self._registry.get(_command_key(_CLASS), "") == self._link_command()
        return {scheme: ours and self._chosen(scheme) == _CLASS for scheme in SCHEMES}

    def register(self, schemes: Sequence[str] = SCHEMES) -> None:
        """Be on Windows' list for these links, and take `ringdown:`."""
        wanted = checked(schemes)
        command = self._link_command()
        program = self._launch().installed()[0]
        put = self._registry.set
        for name in (_CLASS, _OWN) if _OWN in wanted else (_CLASS,):
            put(rf"{_CLASSES}\{name}", "", "URL:Ringdown")
            put(rf"{_CLASSES}\{name}", "URL Protocol", "")
            put(rf"{_CLASSES}\{name}\DefaultIcon", "", f'"{program}",0')
            put(_command_key(name), "", command)
        put(_CAPABILITIES, "ApplicationName", _NAME)
        put(_CAPABILITIES, "ApplicationDescription", "Softphone")
        for scheme in SCHEMES:
            if scheme in wanted:
                put(rf"{_CAPABILITIES}\UrlAssociations", scheme, _CLASS)
            else:
                self._registry.delete_value(rf"{_CAPABILITIES}\UrlAssociations", scheme)
        if _OWN not in wanted:
            self._forget_own()
        put(_REGISTERED, _NAME, _CAPABILITIES)
        self._registry.announce()
        log.info("offered for %d kinds of link", len(wanted))

    def unregister(self) -> None:
        """Off the list. Windows asks the user anew at the next click on a link that was ours."""
        self._registry.delete_value(_REGISTERED, _NAME)
        self._registry.delete_tree(_PROGRAM)
        self._registry.delete_tree(rf"{_CLASSES}\{_CLASS}")
        self._forget_own()
        self._registry.announce()
        log.info("no longer offered for links")

    def links_page(self) -> str:
        """Windows' page of default apps, at Ringdown."""
        return f"ms-settings:defaultapps?registeredAppUser={_NAME}"

    def autostart(self) -> bool:
        """On our side, and not switched off in the Task Manager."""
        if self._launch().folder or self._registry.get(_RUN, _NAME) != self._start_command():
            return False
        switch = self._registry.get(_RUN_SWITCH, _NAME)
        return not (isinstance(switch, bytes) and switch[:1] and switch[0] & 1)

    def set_autostart(self, on: bool) -> None:
        """A value in Run; switching on also takes back the Task Manager's off."""
        if on:
            self._registry.set(_RUN, _NAME, self._start_command())
        else:
            self._registry.delete_value(_RUN, _NAME)
        self._registry.delete_value(_RUN_SWITCH, _NAME)

    def capabilities(self) -> frozenset[Lack]:
        """What Qt says, and whether we are installed."""
        from ui.desktop.probe import missing

        lacks = missing() | {Lack.LINKS_CHOSEN_BY_USER}
        return lacks | {Lack.NOT_INSTALLED} if self._launch().folder else lacks

    def session_lacks(self) -> frozenset[Lack]:
        """Nobody else is asked here."""
        return frozenset()

    def _chosen(self, scheme: str) -> str:
        """The class of a scheme: the user's choice (newer Windows writes it elsewhere), for our own ours without."""
        for key in (rf"{_CHOICES}\{scheme}\UserChoiceLatest\ProgId", rf"{_CHOICES}\{scheme}\UserChoice"):
            found = self._registry.get(key, "ProgId")
            if isinstance(found, str) and found:
                return found
        own = scheme == _OWN and self._registry.get(_command_key(_OWN), "") == self._link_command()
        return _CLASS if own else ""

    def _forget_own(self) -> None:
        # Another program could have taken the name since: only what starts a Ringdown is ours to delete.
        command = self._registry.get(_command_key(_OWN), "")
        if isinstance(command, str) and command.endswith('open-link -- "%1"'):
            self._registry.delete_tree(rf"{_CLASSES}\{_OWN}")

    def _command(self) -> str:
        return _quoted(self._launch().installed())

    def _start_command(self) -> str:
        return _quoted((*self._launch().installed(), *HIDDEN))

    def _link_command(self) -> str:
        # Windows fills %1 in as text: a quote inside a link can end the argument early. What follows then is one
        # more word after "--", never an option, and the command line refuses two links.
        return f'{self._command()} open-link -- "%1"'


def _command_key(name: str) -> str:
    return rf"{_CLASSES}\{name}\shell\open\command"


def _quoted(argv: Sequence[str]) -> str:
    # The program is always quoted: an unquoted path with a space would let C:\Program.exe run instead.
    return " ".join([f'"{argv[0]}"', *(subprocess.list2cmdline([word]) for word in argv[1:])])
