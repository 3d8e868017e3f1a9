"""The library's side of a line: what its account calls back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pjsua2 as pj

from sip.engine.log import guarded

if TYPE_CHECKING:
    from sip.engine.line import EngineLine

# What the library itself adds to the Contact of an account that has ICE when it is made (RFC 5768).
_ICE_TAG = ";+sip.ice"


class LineAccount(pj.Account):  # type: ignore[misc]
    """The library's account: every callback copies what it needs and hands it on."""

    def __init__(self, line: EngineLine) -> None:
        super().__init__()
        self._line = line

    def modify(self, settings: pj.AccountConfig) -> None:
        """Other settings from now on. Changes ``settings``.

        Without the word it has added itself the library sees another Contact. Since 2.16 it then forgets the
        registration at once: it would never tell the answer to a REGISTER under way, and could not take back the last.
        """
        if settings.natConfig.iceEnabled:
            settings.sipConfig.contactParams = _ICE_TAG
        super().modify(settings)

    @guarded
    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """A REGISTER was answered, or nobody answered."""
        if self._line.account is self:
            self._line.registered(
                int(prm.code), int(prm.status), expires=int(prm.expiration), by_server=bool(prm.rdata.wholeMsg)
            )

    @guarded
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """An INVITE."""
        self._line.on_call(self._line, int(prm.callId), prm.rdata.wholeMsg)

    @guarded
    def onInstantMessage(self, prm: pj.OnInstantMessageParam) -> None:
        """A MESSAGE; the library has answered it already."""
        self._line.on_text(self._line, prm)

    @guarded
    def onInstantMessageStatus(self, prm: pj.OnInstantMessageStatusParam) -> None:
        """How one of our MESSAGEs ended."""
        self._line.on_text_status(prm)
