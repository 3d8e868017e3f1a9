"""Texts and callers that came in but are not in the app's store yet: one encrypted file each.

The library has answered a text with 200 before it tells us, so its file is on the disk before anything else happens. A
caller's file outlives only the app, which may be killed between the ring and its own commit: no wait for the disk.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.message import TextArrived
from app.domain.phone_events import CallArrived
from sip.engine.log import logger
from sip.wire import Frame, WireError, decode, encode

_NONCE = 12
_ID = re.compile(r"[0-9a-f]{32}")
_TEXT, _CALL = ".text", ".call"
_FRESH = ".new"
Kept = TypeVar("Kept", TextArrived, CallArrived)


class Spool:
    """The folder of what the app has not stored. Engine thread only."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for half_written in folder.glob(f"*{_FRESH}"):  # the engine was killed, or the disk full
            half_written.unlink(missing_ok=True)

    def keep(self, text: TextArrived) -> TextArrived:
        """Write it, wait for the disk, and give it back with its ``spool_id``. Raises OSError."""
        kept = replace(text, spool_id=uuid.uuid4().hex)
        self._write(self._path(kept.spool_id, _TEXT), kept, wait=True)
        return kept

    def keep_call(self, call: CallArrived) -> None:
        """Write down who rings. Where that cannot be done the call goes on: the app is told of it as well."""
        try:
            self._write(self._path(call.call_id, _CALL), call, wait=False)
        except OSError as error:
            logger.warning("spool: a caller cannot be kept (%s)", type(error).__name__)

    def waiting(self) -> list[TextArrived]:
        """Every text the app has not acknowledged, oldest first."""
        return sorted(self._kept(_TEXT, TextArrived), key=lambda text: text.at)

    def calls(self) -> list[CallArrived]:
        """Every caller the app has not acknowledged, oldest first."""
        return sorted(self._kept(_CALL, CallArrived), key=lambda call: call.at)

    def forget(self, spool_id: str) -> None:
        """The app has this text. An unknown id is fine."""
        self._remove(spool_id, _TEXT)

    def forget_call(self, call_id: str) -> None:
        """The app has this caller. An unknown id is fine."""
        self._remove(call_id, _CALL)

    def _write(self, path: Path, what: TextArrived | CallArrived, *, wait: bool) -> None:
        nonce = os.urandom(_NONCE)
        fresh = path.with_suffix(_FRESH)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(nonce + self._cipher.encrypt(nonce, encode(what)[4:], path.stem.encode()))
            if wait:
                out.flush()
                os.fsync(out.fileno())
        os.replace(fresh, path)
        if wait:
            self._sync_folder()

    def _kept(self, suffix: str, kind: type[Kept]) -> Iterator[Kept]:
        for path in self._folder.glob(f"*{suffix}"):
            if isinstance(found := self._read(path), kind):
                yield found

    def _read(self, path: Path) -> Frame | None:
        try:
            sealed = path.read_bytes()
            return decode(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], path.stem.encode()))
        except (OSError, InvalidTag, WireError, ValueError) as error:
            # Kept where it is: another key or another release may read it.
            logger.error("spool: %s cannot be read (%s)", path.suffix[1:], type(error).__name__)
            return None

    def _remove(self, name: str, suffix: str) -> None:
        if _ID.fullmatch(name):
            self._path(name, suffix).unlink(missing_ok=True)

    def _path(self, name: str, suffix: str) -> Path:
        return self._folder / f"{name}{suffix}"

    def _sync_folder(self) -> None:
        if os.name == "nt":
            return  # folders cannot be flushed there
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
