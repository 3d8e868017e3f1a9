"""What was typed into forms that were not sent: kept while it is typed, there again after a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.store import records
from app.usecases.tools import Tools

_KEY = "typed-forms"
_MOST = 30  # forms: of those nobody comes back to the oldest go first


class TypedForms:
    """Texts by field name, for each ``place``: the form and what it is about. Main thread."""

    def __init__(self, tools: Tools) -> None:
        self._reads = tools.reads
        self._writer = tools.writer
        self._all: dict[str, dict[str, str]] | None = None

    def get(self, place: str) -> Mapping[str, str]:
        """What was typed there; empty when nothing was."""
        return self._known().get(place, {})

    def keep(self, place: str, values: Mapping[str, str]) -> None:
        """Keep this; nothing but empty values forgets it."""
        known = self._known()
        found = known.pop(place, None)
        if any(values.values()):
            known[place] = dict(values)
        elif found is None:
            return
        for old in list(known)[:-_MOST]:
            del known[old]
        text = json.dumps(known)
        self._writer.write(lambda s: records.set_meta(s, _KEY, text))

    def _known(self) -> dict[str, dict[str, str]]:
        if self._all is None:
            self._all = json.loads(self._reads.meta(_KEY) or "{}")
        return self._all
