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

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.message import TextArrived
from app.domain.phone_events import CallArrived
from sip.engine.log import logger
from sip.wire import Frame, WireError, decode, encode

_NONCE = 12
_ID = re.compile(r"[0-9a-f]{32}")
_SUFFIX, _CALL = ".text", ".call"
_FRESH = ".new"


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
        spool_id = uuid.uuid4().hex
        kept = replace(text, spool_id=spool_id)
        sealed = self._seal(kept, spool_id)
        path = self._path(spool_id)
        fresh = path.with_suffix(_FRESH)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, path)
        self._sync_folder()
        return kept

    def keep_call(self, call: CallArrived) -> None:
        """Write down who rings. Where that cannot be done the call goes on: the app is told of it as well."""
        path = self._folder / f"{call.call_id}{_CALL}"
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(self._seal(call, path.stem))
        except OSError as error:
            logger.warning("spool: a caller cannot be kept (%s)", type(error).__name__)

    def waiting(self) -> Iterator[TextArrived]:
        """Every text the app has not acknowledged, oldest first."""
        found = [self._read(path) for path in self._folder.glob(f"*{_SUFFIX}")]
        yield from sorted((text for text in found if isinstance(text, TextArrived)), key=lambda text: text.at)

    def calls(self) -> Iterator[CallArrived]:
        """Every caller the app has not acknowledged, oldest first."""
        found = [self._read(path) for path in self._folder.glob(f"*{_CALL}")]
        yield from sorted((call for call in found if isinstance(call, CallArrived)), key=lambda call: call.at)

    def forget(self, spool_id: str) -> None:
        """The app has it. An unknown id is fine."""
        if _ID.fullmatch(spool_id):
            self._path(spool_id).unlink(missing_ok=True)

    def forget_call(self, call_id: str) -> None:
        """The app has it. An unknown id is fine."""
        if _ID.fullmatch(call_id):
            (self._folder / f"{call_id}{_CALL}").unlink(missing_ok=True)

    def _seal(self, what: TextArrived | CallArrived, name: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, encode(what)[4:], name.encode())

    def _read(self, path: Path) -> Frame | None:
        try:
            sealed = path.read_bytes()
            return decode(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], path.stem.encode()))
        except (OSError, InvalidTag, WireError, ValueError) as error:
            # Kept where it is: another key or another release may read it.
            logger.error("spool: %s cannot be read (%s)", path.suffix[1:], type(error).__name__)
            return None

    def _path(self, spool_id: str) -> Path:
        return self._folder / f"{spool_id}{_SUFFIX}"

    def _sync_folder(self) -> None:
        if os.name == "nt":
            return  # folders cannot be flushed there
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
