"""What sign-in leaves behind: codes, approvals with their refresh tokens, sessions. Kept on disk with the rest."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from .disk import Disk

_META = "oauth"


@dataclass(frozen=True, slots=True)
class Code:
    """One authorization code, waiting to be exchanged. `issued`: seconds since the epoch."""

    code: str
    user_id: str
    redirect_uri: str
    challenge: str
    scope: str
    issued: float


@dataclass(frozen=True, slots=True)
class Approval:
    """One user's consent for the app, with the refresh token that is good now ("" when none was asked for)."""

    number: int
    user_id: str
    scope: str
    refresh_token: str
    issued: float
    used: float


@dataclass(frozen=True, slots=True)
class Session:
    """One access token. `approval` is the consent it came from, 0 for one made by the control interface."""

    token: str
    user_id: str
    scope: str
    issued: float
    approval: int = 0


class Grants:
    """Every code, approval and session of the org. Any thread.

    Time is the machine's own, without the org's clock skew: a moved clock ends nobody's session.
    """

    def __init__(
        self, disk: Disk | None, lock: threading.RLock, org_id: str, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._disk = disk
        self._lock = lock
        self._org_id = org_id
        self._clock = wall_clock
        self._count = 0
        self._codes: dict[str, Code] = {}
        self._approvals: dict[int, Approval] = {}
        self._sessions: dict[str, Session] = {}
        kept = disk.meta(_META) if disk else None
        if kept:
            self._load(json.loads(kept))

    def _load(self, kept: dict[str, Any]) -> None:
        self._count = int(kept["count"])
        self._codes = {one["code"]: Code(**one) for one in kept["codes"]}
        self._approvals = {one["number"]: Approval(**one) for one in kept["approvals"]}
        self._sessions = {one["token"]: Session(**one) for one in kept["sessions"]}

    def _save(self) -> None:
        if self._disk is None:
            return
        kept = {
            "count": self._count,
            "codes": [asdict(one) for one in self._codes.values()],
            "approvals": [asdict(one) for one in self._approvals.values()],
            "sessions": [asdict(one) for one in self._sessions.values()],
        }
        self._disk.set_meta(_META, json.dumps(kept))

    def age(self, issued: float) -> float:
        """Seconds since then."""
        return self._clock() - issued

    def new_code(self, user_id: str, redirect_uri: str, challenge: str, scope: str) -> str:
        """A code for one exchange."""
        made = Code(f"aPrx{secrets.token_urlsafe(40)}==", user_id, redirect_uri, challenge, scope, issued=self._clock())
        with self._lock:
            self._codes[made.code] = made
            self._save()
        return made.code

    def take_code(self, code: str) -> Code | None:
        """The code, which is used up by this; None when it is unknown or used already."""
        with self._lock:
            found = self._codes.pop(code, None)
            if found is not None:
                self._save()
            return found

    def approve(self, user_id: str, scope: str, *, most: int) -> Approval:
        """Notes the user's consent; of more than `most` the oldest loses its tokens."""
        with self._lock:
            self._count += 1
            now = self._clock()
            made = Approval(self._count, user_id, scope, _refresh_token(), now, now)
            self._approvals[made.number] = made
            mine = sorted(one.number for one in self._approvals.values() if one.user_id == user_id)
            for number in mine[: max(len(mine) - most, 0)]:
                self._forget(number)
            self._save()
            return made

    def refreshing(self, refresh_token: str) -> Approval | None:
        """The approval this refresh token belongs to, if it is the good one."""
        with self._lock:
            return next(
                (one for one in self._approvals.values() if refresh_token and one.refresh_token == refresh_token), None
            )

    def touch(self, approval: Approval, *, rotate: bool) -> Approval:
        """Notes the use; with `rotate` the approval gets another refresh token and the old one is dead."""
        with self._lock:
            token = _refresh_token() if rotate else approval.refresh_token
            used = replace(approval, used=self._clock(), refresh_token=token)
            self._approvals[used.number] = used
            self._save()
            return used

    def open(self, user_id: str, scope: str, approval: int = 0) -> Session:
        """A new session."""
        token = f"{self._org_id[:15]}!AQ{secrets.token_urlsafe(48)}"
        made = Session(token, user_id, scope, self._clock(), approval)
        with self._lock:
            self._sessions[token] = made
            self._save()
        return made

    def session(self, token: str) -> Session | None:
        """The session with this access token."""
        with self._lock:
            return self._sessions.get(token)

    def revoke(self, token: str) -> bool:
        """Ends a session, or an approval with all its sessions; False when the token is neither."""
        with self._lock:
            if self._sessions.pop(token, None) is not None:
                self._save()
                return True
            found = self.refreshing(token)
            if found is None:
                return False
            self._forget(found.number)
            self._save()
            return True

    def end(self, *, user_id: str | None = None, sessions: bool = True, approvals: bool = True) -> dict[str, int]:
        """Ends what is named, for one user or all, and counts it."""
        with self._lock:
            tokens = [one.token for one in self._sessions.values() if sessions and user_id in (None, one.user_id)]
            numbers = [one.number for one in self._approvals.values() if approvals and user_id in (None, one.user_id)]
            for token in tokens:
                del self._sessions[token]
            for number in numbers:
                del self._approvals[number]
            self._save()
        return {"sessions": len(tokens), "approvals": len(numbers)}

    def clear(self) -> None:
        """Forgets everything, codes too."""
        with self._lock:
            self._codes.clear()
            self.end()

    def listed(self) -> dict[str, list[dict[str, Any]]]:
        """Approvals and sessions without their tokens."""
        with self._lock:
            approvals = [{k: v for k, v in asdict(one).items() if k != "refresh_token"} for one in self._by_number()]
            sessions = [{k: v for k, v in asdict(one).items() if k != "token"} for one in self._sessions.values()]
        return {"approvals": approvals, "sessions": sessions}

    def _by_number(self) -> list[Approval]:
        return [self._approvals[number] for number in sorted(self._approvals)]

    def _forget(self, number: int) -> None:
        del self._approvals[number]
        self._sessions = {token: one for token, one in self._sessions.items() if one.approval != number}


def _refresh_token() -> str:
    return f"5Aep861{secrets.token_urlsafe(60)}"
