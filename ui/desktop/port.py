"""The Desktop port: what Ringdown asks of the desktop it runs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

SCHEMES = ("tel", "callto", "sip", "sms", "ringdown")
"""The links Ringdown can take."""


class Lack(StrEnum):
    """What this desktop cannot give; the settings page has a sentence for each."""

    NO_TRAY = "no-tray"
    NO_SELF_RAISE = "no-self-raise"  # a window may ask for attention, not come to the front
    NO_GLOBAL_SHORTCUTS = "no-global-shortcuts"
    NOT_INSTALLED = "not-installed"  # runs from source or in a sandbox: cannot take links or start at login
    LINKS_CHOSEN_BY_USER = "links-chosen-by-user"  # the system's own page decides, see `Desktop.links_page`
    LINKS_NOT_RETURNED = "links-not-returned"  # the system has no way to give links back to nobody


class Desktop(Protocol):
    """Links, start at login, and what is missing.

    Methods read and write a few small files or registry values and may start one short system program (five seconds
    at most): call them on a worker, `capabilities` alone on the main thread. Each raises AppError FILE_UNREADABLE
    with ``path`` and ``detail`` when the system refuses; what was there before stays then.
    """

    def registered(self) -> Mapping[str, bool]:
        """For each of `SCHEMES`: does a click on such a link reach this Ringdown?"""
        ...

    def register(self, schemes: Sequence[str] = SCHEMES) -> None:
        """Become the program for these links. Other programs' entries stay. Raises ValueError for another scheme."""
        ...

    def unregister(self) -> None:
        """Give all links back to the programs that had them."""
        ...

    def links_page(self) -> str:
        """A link to the system's page where the rep chooses; empty where `register` alone is enough."""
        ...

    def autostart(self) -> bool:
        """Does this Ringdown start when the rep logs in?"""
        ...

    def set_autostart(self, on: bool) -> None:
        """Start at login, or no longer."""
        ...

    def capabilities(self) -> frozenset[Lack]:
        """What is missing on this desktop. Main thread, after the QApplication is made; waits for nothing."""
        ...

    def session_lacks(self) -> frozenset[Lack]:
        """What else is missing, as the session's other programs say."""
        ...


def checked(schemes: Sequence[str]) -> tuple[str, ...]:
    """The schemes, once each and in their usual order. Raises ValueError for one Ringdown does not take."""
    if strange := set(schemes) - set(SCHEMES):
        raise ValueError(f"not ours: {sorted(strange)}")
    return tuple(scheme for scheme in SCHEMES if scheme in schemes)
