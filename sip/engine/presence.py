"""Who is on the phone: the library's buddies, one for each address watched (RFC 3856).

The library subscribes, refreshes and, after a refusal, asks again every five minutes by itself. It knows the
``presence`` package only, not ``dialog`` (RFC 4235); exchanges say "on the phone" in either.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import pjsua2 as pj

from app.domain.phone_events import PresenceChanged
from app.domain.presence import Presence
from sip.engine import sip_message
from sip.engine.log import guarded, logger
from sip.wire import Report

MOST = 50
"""Addresses watched at once: each is a dialog at the exchange, and what no list shows nobody needs."""


class Watched(Protocol):
    """What a line must be to be asked over."""

    @property
    def account(self) -> pj.Account | None:
        """The library's account, None while there is none."""
        ...

    def reaches(self, host: str) -> bool:
        """May the library be given this host over it?"""
        ...

    def when_known(self, host: str, found: Callable[[], None], missing: Callable[[], None]) -> None:
        """Call back once the library need not look this host up."""
        ...


class _Buddy(pj.Buddy):  # type: ignore[misc]
    """One address."""

    def __init__(self, uri: str, told: Callable[[str, Presence], None]) -> None:
        super().__init__()
        self._uri, self._told = uri, told

    @guarded
    def onBuddyState(self) -> None:
        """A NOTIFY came, or the subscription ended."""
        info = self.getInfo()
        active = int(info.subState) in {pj.PJSIP_EVSUB_STATE_ACTIVE, pj.PJSIP_EVSUB_STATE_ACCEPTED}
        status = info.presStatus
        state = presence_of(int(status.status), int(status.activity), str(status.note)) if active else Presence.UNKNOWN
        self._told(self._uri, state)


class Watching:
    """The addresses watched over one line. Engine thread only."""

    def __init__(
        self,
        emit: Callable[[Report], None],
        lines: Mapping[str, Watched],
        fall_back: Callable[[], pj.Account | None],
    ) -> None:
        """``lines`` is the engine's own table; ``fall_back`` gives the account that is the library's default one
        otherwise."""
        self._emit, self._lines = emit, lines
        self._fall_back = fall_back
        self._asked: set[str] = set()  # for the host; once since the last `want` or move
        self._line = ""
        self._wanted: tuple[str, ...] = ()
        self._buddies: dict[str, _Buddy] = {}
        self._account: pj.Account | None = None

    def want(self, line_id: str, uris: Sequence[str]) -> None:
        """Watch these addresses, and no others, over this line."""
        if line_id != self._line:
            self.drop()
        self._line = line_id
        good = (uri for uri in uris if not sip_message.has_control(uri) and sip_message.address(uri).host)
        self._wanted = tuple(dict.fromkeys(good))[:MOST]
        self._asked.clear()
        self.settle()

    def renew(self) -> None:
        """Ask anew, for the exchange may know us by an address that is no longer ours. Nothing is told meanwhile."""
        self._buddies.clear()
        gc.collect(0)
        self._asked.clear()
        self.settle()

    def settle(self) -> None:
        """Begin and end subscriptions as wanted, over the account the line has now."""
        line = self._lines.get(self._line)
        account = line.account if line is not None else None
        if account is not self._account:
            self.drop()
            self._account = account
        for uri in [uri for uri in self._buddies if uri not in self._wanted]:
            self._forget(uri)
        if line is None or account is None:
            return
        for uri in self._wanted:
            host = sip_message.address(uri).host
            if uri in self._buddies or uri in self._asked or not line.reaches(host):
                continue
            self._asked.add(uri)
            line.when_known(host, functools.partial(self._begin, uri), lambda: None)

    def drop(self, account: pj.Account | None = None) -> None:
        """End all subscriptions; with ``account`` only if they are of this one, which is about to go."""
        if account is not None and account is not self._account:
            return
        for uri in list(self._buddies):
            self._forget(uri)
        self._asked.clear()
        self._account = None

    def _begin(self, uri: str) -> None:
        # Not the account of before: a reference to one that is gone would end whichever has its number next.
        account = self._account
        if account is None or uri not in self._asked or uri in self._buddies:
            return
        config = pj.BuddyConfig()
        config.uri = uri
        config.subscribe = True
        buddy = _Buddy(uri, self._tell)
        # The library sends from the account whose domain is the address's, else from the default one, never by itself
        # from the one the buddy was made with.
        account.setDefault()
        try:
            buddy.create(account, config)
        except pj.Error as error:
            logger.info("not watched: %s", error.status)
            return
        finally:
            if (usual := self._fall_back()) is not None:
                usual.setDefault()
        self._buddies[uri] = buddy

    def _forget(self, uri: str) -> None:
        """The last reference goes, and with it, here on this thread, the subscription."""
        del self._buddies[uri]
        gc.collect(0)
        self._tell(uri, Presence.UNKNOWN)

    def _tell(self, uri: str, presence: Presence) -> None:
        self._emit(PresenceChanged(uri, presence, datetime.now(UTC)))


def presence_of(status: int, activity: int, note: str) -> Presence:
    """The library's figures and the note beside them as one word. Exchanges say "On the phone" in the note alone."""
    if status == pj.PJSUA_BUDDY_STATUS_OFFLINE:
        return Presence.OFFLINE
    if status != pj.PJSUA_BUDDY_STATUS_ONLINE:
        return Presence.UNKNOWN
    if activity == pj.PJRPID_ACTIVITY_BUSY or "phone" in note.casefold():
        return Presence.ON_THE_PHONE
    return Presence.AWAY if activity == pj.PJRPID_ACTIVITY_AWAY else Presence.AVAILABLE
