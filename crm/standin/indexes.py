"""Which records have a certain value in a field."""

from __future__ import annotations

from .schema import Value


class Index:
    """Ids by value; texts are the same in any case unless `sensitive`. Not thread-safe by itself."""

    __slots__ = ("_ids", "_sensitive")

    def __init__(self, *, sensitive: bool = False) -> None:
        self._sensitive = sensitive
        # Most values belong to one record: that one needs no set around it.
        self._ids: dict[str, str | set[str]] = {}

    def _folded(self, value: Value) -> str:
        return str(value) if self._sensitive else str(value).lower()

    def add(self, value: Value, record_id: str) -> None:
        """Notes that the record has the value; null is not noted."""
        if value is None:
            return
        folded = self._folded(value)
        there = self._ids.get(folded)
        if there is None:
            self._ids[folded] = record_id
        elif isinstance(there, set):
            there.add(record_id)
        elif there != record_id:
            self._ids[folded] = {there, record_id}

    def remove(self, value: Value, record_id: str) -> None:
        """Notes that the record has the value no longer."""
        if value is None:
            return
        folded = self._folded(value)
        there = self._ids.get(folded)
        if isinstance(there, set):
            there.discard(record_id)
            if not there:
                del self._ids[folded]
        elif there == record_id:
            del self._ids[folded]

    def ids(self, value: str) -> list[str]:
        """The records that have the value, oldest first."""
        there = self._ids.get(self._folded(value), ())
        return [there] if isinstance(there, str) else sorted(there)

    def values(self) -> list[str]:
        """Every value there is."""
        return list(self._ids)
