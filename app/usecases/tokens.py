"""Tokens: the one place that holds what a sign-in gave, and renews it. Any thread but the main one.

Salesforce may give a new refresh token with each renewal and kill the old one, so:

1. One renewal at a time: a lock for the threads of this process, a locked file for other processes.
2. Who comes second finds fresh tokens, in memory or in the password store, and asks for none.
3. Before a refresh token is sent, its fingerprint is written into the locked file. What comes back goes to the
   password store first; only then the mark is taken away and the access token used.
4. A mark that is still there belongs to a renewal whose answer nobody saw (a crash, a lost reply). Where refresh
   tokens change, or may, that one is never sent again: the rep signs in once more, and everything waits.
5. Only Salesforce's word that the sign-in is over takes the tokens away. Nothing else does.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import NoReturn

from app.errors import AppError, ErrorCode
from app.lock import FileLock, LockedFile
from app.log import logger
from app.ports.sign_in import Grant, SignInService
from app.ports.system import SecretStore
from app.secret_names import GRANT_SECRET

log = logger("tokens")

LOCK_FILE = "sign-in.lock"
# Another process renews within this, its time-outs and a slow password store included.
_TURN = 100.0
# The Windows password store takes 2,560 bytes of UTF-16. A longer access token is left out: the next start asks anew.
_MOST = 1200
_SAID = {ErrorCode.CRM_SIGNED_OUT, ErrorCode.CRM_OFFLINE, ErrorCode.CRM_BUSY}


class Tokens:
    """What the profile is signed in with."""

    def __init__(self, secrets: SecretStore, service: SignInService, folder: Path) -> None:
        self._secrets = secrets
        self._service = service
        self._file = FileLock(folder / LOCK_FILE)
        self._lock = threading.RLock()
        self._grant: Grant | None = None
        self._unsaved = False
        self._over: ErrorCode | None = None  # why there is nothing any more
        self._moved: list[Callable[[Grant], None]] = []

    def when_moved(self, listener: Callable[[Grant], None]) -> None:
        """Call ``listener`` on the renewing thread when a renewal names another instance."""
        self._moved.append(listener)

    def load(self) -> Grant | None:
        """The sign-in of this profile; None when there is none. Raises KEYRING_*."""
        with self._lock:
            if not self._unsaved:
                self._grant = _read(self._secrets.get(GRANT_SECRET))
            if self._grant is not None:
                self._over = None
            return self._grant

    def keep(self, grant: Grant) -> Grant | None:
        """A new sign-in takes the place of any other, which is returned. Raises KEYRING_*: nothing has changed then."""
        with self._turn() as file:
            before = self._grant or _read(self._secrets.get(GRANT_SECRET))
            self._secrets.set(GRANT_SECRET, _text(grant))
            file.write("")
            self._grant, self._unsaved, self._over = grant, False, None
            return before

    def forget(self) -> Grant | None:
        """Forget the sign-in, and tell which it was. Waits for a renewal: it must not bring the tokens back."""
        with self._turn() as file:
            gone = self._grant or _read(self._secrets.get(GRANT_SECRET))
            self._secrets.delete(GRANT_SECRET)
            file.write("")
            self._grant, self._unsaved, self._over = None, False, None
            return gone

    def access(self, user_id: str) -> Access:
        """The tokens as the gateway of one user takes them."""
        return Access(self, user_id)

    def token(self, user_id: str) -> str | None:
        """The access token of now, None when this user is no longer signed in. May block and raise as `refresh`."""
        with self._lock:
            if self._over is not None:
                _signed_out(self._over)
            grant = self._grant
            if grant is None or grant.user_id != user_id:
                return None
            return grant.access_token or self.refresh(user_id, "")

    def refresh(self, user_id: str, stale: str) -> str:
        """A fresh access token in place of ``stale``, which Salesforce no longer takes.

        Raises AppError CRM_SIGNED_OUT when only the rep can help (its ``reason`` is the code that says why) and
        CRM_OFFLINE, CRM_BUSY when it may work later.
        """
        try:
            return self._refresh(user_id, stale)
        except AppError as error:
            if error.code in _SAID:
                raise
            if error.code in {ErrorCode.KEYRING_LOCKED, ErrorCode.KEYRING_MISSING}:
                _signed_out(error.code)
            raise AppError(ErrorCode.CRM_OFFLINE, message="", reason=error.code.value) from None

    def _refresh(self, user_id: str, stale: str) -> str:
        with self._lock:
            fresh = self._known(user_id, stale)
            if fresh:
                return fresh
            was = self._own(user_id).instance_url
            with self._turn() as file:
                kept = self._own(user_id) if self._unsaved else _read(self._secrets.get(GRANT_SECRET))
                if kept is None:
                    self._grant = None  # signed out in another process
                    _signed_out(ErrorCode.CRM_SIGNED_OUT)
                if kept.user_id != user_id:
                    _signed_out(ErrorCode.CRM_SIGNED_OUT)  # somebody else signed in, in another process
                if self._unsaved:
                    self._save(kept)
                    file.write("")
                elif kept.access_token and kept.access_token != stale:
                    self._grant = kept
                else:
                    self._renew(kept, file)
            now = self._own(user_id)
            if now.instance_url != was:
                for listener in self._moved:
                    listener(now)
            return now.access_token

    def _known(self, user_id: str, stale: str) -> str:
        """What another thread has renewed meanwhile; empty when nothing."""
        token = self._own(user_id).access_token
        return token if token and token != stale and not self._unsaved else ""

    def _own(self, user_id: str) -> Grant:
        if self._grant is None or self._grant.user_id != user_id:
            _signed_out(ErrorCode.CRM_SIGNED_OUT)
        return self._grant

    def _renew(self, kept: Grant, file: LockedFile) -> None:
        mark = hashlib.sha256(kept.refresh_token.encode()).hexdigest()
        if file.read() == mark and kept.rotates is not False:
            _signed_out(ErrorCode.SIGN_IN_LOST)
        file.write(mark)
        try:
            fresh = self._service.refresh(kept)
        except AppError as error:
            self._not_renewed(kept, error, file)
        if fresh.user_id != kept.user_id:
            _signed_out(ErrorCode.SIGN_IN_ENDED)
        self._save(fresh)
        file.write("")
        log.info("access renewed")

    def _save(self, grant: Grant) -> None:
        """Into the password store. One that is locked keeps nobody from trying again: the tokens stay in memory."""
        try:
            self._secrets.set(GRANT_SECRET, _text(grant))
        finally:
            self._grant, self._unsaved = grant, True
        self._unsaved = False

    def _not_renewed(self, kept: Grant, error: AppError, file: LockedFile) -> NoReturn:
        log.info("access not renewed: %s", error.code.value)
        if error.values.get("lost") and kept.rotates is not False:
            _signed_out(ErrorCode.SIGN_IN_LOST)  # the mark stays
        file.write("")
        if error.code is ErrorCode.SIGN_IN_ENDED:
            self._secrets.delete(GRANT_SECRET)
            self._grant, self._over = None, error.code
        if error.code in {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_BUSY}:
            raise error
        _signed_out(error.code, **error.values)

    @contextmanager
    def _turn(self) -> Iterator[LockedFile]:
        with self._lock:
            try:
                with self._file.hold(_TURN) as file:
                    yield file
            except TimeoutError:
                raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="lock") from None
            except OSError as error:
                code = ErrorCode.STORE_READ_ONLY if error.errno in {13, 30} else ErrorCode.STORE_FULL
                raise AppError(code, path=LOCK_FILE) from error


class Access:
    """One user's tokens. Once somebody else has signed in it gives nothing more: no write goes out in another name."""

    def __init__(self, tokens: Tokens, user_id: str) -> None:
        self._tokens = tokens
        self.user_id = user_id

    def token(self) -> str | None:
        """As the gateway asks before each request."""
        return self._tokens.token(self.user_id)

    def when_moved(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` on the renewing thread when the org has moved to another instance address."""

        def moved(grant: Grant) -> None:
            if grant.user_id == self.user_id:
                listener(grant.instance_url)

        self._tokens.when_moved(moved)

    def refresh(self, stale: str) -> str | None:
        """As the gateway asks once when a token is refused."""
        return self._tokens.refresh(self.user_id, stale)


def _signed_out(reason: ErrorCode, /, **values: object) -> NoReturn:
    """Only the rep can help. What waits goes on waiting: to everybody else this is one code."""
    raise AppError(ErrorCode.CRM_SIGNED_OUT, **{"message": "", **values, "reason": reason.value})


def _text(grant: Grant) -> str:
    text = json.dumps(asdict(grant), separators=(",", ":"))
    return text if len(text) <= _MOST else json.dumps(asdict(replace(grant, access_token="")), separators=(",", ":"))


def _read(text: str | None) -> Grant | None:
    if not text:
        return None
    try:
        return Grant(**json.loads(text))
    except (ValueError, TypeError):
        log.warning("the stored sign-in cannot be read")
        return None
