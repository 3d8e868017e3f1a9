"""The port to the company's own list of colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.counterpart import CrmRecord


class DirectorySource(Protocol):
    """The company's own directory of colleagues."""

    def read(self) -> Sequence[CrmRecord]:
        """Everybody in it, as records of kind Colleague. Blocks; raises AppError DIRECTORY_UNREADABLE."""
        ...
