"""Texts that came in but are not in the app's store yet: one encrypted file each.

The library has answered 200 before it tells us, so the file is on the disk before anything else happens.
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
from sip.engine.log import logger
from sip.wire import WireError, decode, encode

_NONCE = 12
_ID = re.compile(r"[0-9a-f]{32}")
_SUFFIX = ".text"
_FRESH = ".new"


class Spool:
    """The folder of unread texts. Engine thread only."""

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
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, encode(kept)[4:], spool_id.encode())
        path = self._path(spool_id)
        fresh = path.with_suffix(_FRESH)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, path)
        self._sync_folder()
        return kept

    def waiting(self) -> Iterator[TextArrived]:
        """Every text the app has not acknowledged, oldest first."""
        texts = [text for path in self._folder.glob(f"*{_SUFFIX}") if (text := self._read(path)) is not None]
        yield from sorted(texts, key=lambda text: text.at)

    def forget(self, spool_id: str) -> None:
        """The app has it. An unknown id is fine."""
        if _ID.fullmatch(spool_id):
            self._path(spool_id).unlink(missing_ok=True)

    def _read(self, path: Path) -> TextArrived | None:
        try:
            sealed = path.read_bytes()
            text = decode(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], path.stem.encode()))
        except (OSError, InvalidTag, WireError, ValueError) as error:
            # Kept where it is: another key or another release may read it.
            logger.error("spool: a text cannot be read (%s)", type(error).__name__)
            return None
        return text if isinstance(text, TextArrived) else None

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
