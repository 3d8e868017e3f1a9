"""The bytes of uploaded files, beside the rows that describe them."""

from __future__ import annotations

from .disk import Disk


class Blobs:
    """The bytes of uploads by ContentVersion id. Used under the store's lock."""

    def __init__(self, disk: Disk | None) -> None:
        self._disk = disk
        self._kept: dict[str, bytes] = {}

    def put(self, version_id: str, data: bytes) -> None:
        """Keeps the bytes of one upload."""
        if self._disk is not None:
            self._disk.save_blob(version_id, data)
        else:
            self._kept[version_id] = data

    def get(self, version_id: str) -> bytes:
        """The bytes, or none for an upload that was loaded without."""
        found = self._disk.blob(version_id) if self._disk is not None else self._kept.get(version_id)
        return found or b""

    def clear(self) -> None:
        """Forgets all."""
        self._kept.clear()
        if self._disk is not None:
            self._disk.clear_blobs()
