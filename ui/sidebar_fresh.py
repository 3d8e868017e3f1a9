"""Reads the card again when a call of the number that shows has come into Salesforce: it belongs on the timeline."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.desk import Desk
from app.domain.call_log import Synced
from app.domain.counterpart import RecordRef
from app.domain.events import CallLogChanged
from app.errors import AppError
from ui.models import Watch

__all__ = ["FreshTimeline"]


class FreshTimeline(QObject):
    """Main thread. Once for each Task."""

    def __init__(self, desk: Desk, shown: Callable[[], tuple[str, RecordRef | None]], parent: QObject) -> None:
        """``shown`` gives the number and record in front of the rep."""
        super().__init__(parent)
        self._desk = desk
        self._shown = shown
        self._seen: set[str] = set()
        Watch(desk.hub, self._read, self).on(CallLogChanged, when=self._is_news)

    def _is_news(self, event: CallLogChanged) -> bool:
        number, ref = self._shown()
        if ref is None or not number:
            return False
        try:
            log = self._desk.reads.call_log(event.call_id)
        except AppError:
            return False  # whoever shows the call tells it
        if log is None or log.call.number != number or log.synced is not Synced.DONE or not log.task_id:
            return False
        is_news = log.task_id not in self._seen
        self._seen.add(log.task_id)
        return is_news

    def _read(self) -> None:
        _, ref = self._shown()
        if ref is not None:
            self._desk.cards.load(ref, fresh=True)
