"""Messages → bubbles: groups, day lines, ticks, failures in words. A pure function and the model that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from app.domain.call import Direction
from app.domain.message import Delivery
from app.reads.rows import MessageRow
from ui.components import BubbleData, BubbleRole, Tick, clean_line
from ui.models import DiffModel
from ui.present import clock_text, day_text, delivery_text

__all__ = ["ThreadModel", "bubbles_of"]

_GROUP = timedelta(minutes=5)  # texts of one side within this time stand together, with one time
_TICKS = {
    Delivery.HELD: Tick.WAITING,
    Delivery.QUEUED: Tick.WAITING,
    Delivery.SENDING: Tick.WAITING,
    Delivery.SENT: Tick.SENT,
    Delivery.DELIVERED: Tick.DELIVERED,
    Delivery.FAILED: Tick.FAILED,
    Delivery.UNKNOWN: Tick.UNKNOWN,
}
_QUIET = {Delivery.SENT, Delivery.DELIVERED}  # told once a group, on its last text


class ThreadModel(DiffModel[BubbleData]):
    """One thread's bubbles, oldest first."""

    def __init__(self) -> None:
        super().__init__(lambda bubble: bubble.key)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        bubble = self._rows[index.row()]
        match role:
            case BubbleRole.DATA:
                return bubble
            case BubbleRole.KEY:
                return bubble.key
            case Qt.ItemDataRole.DisplayRole:
                return clean_line(bubble.text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return bubble.accessible()
            case _:
                return None


def bubbles_of(
    rows: Sequence[MessageRow], today: str, *, first_unread: str = "", zone: tzinfo | None = None
) -> list[BubbleData]:
    """The bubbles of messages, oldest first; "New" stands above the message ``first_unread``.

    ``today`` is the rep's date (ISO 8601), in the zone that the messages' days are counted in.
    """
    made = []
    for at, row in enumerate(rows):
        before = rows[at - 1] if at else None
        after = rows[at + 1] if at + 1 < len(rows) else None
        first = before is None or row.id == first_unread or not _together(before, row)
        last = after is None or after.id == first_unread or not _together(row, after)
        made.append(_bubble(row, before, today, first=first, last=last, new=row.id == first_unread, zone=zone))
    return made


def _together(one: MessageRow, other: MessageRow) -> bool:
    return (
        one.direction is other.direction
        and one.day == other.day
        and timedelta(0) <= other.time - one.time <= _GROUP
        and one.delivery not in {Delivery.FAILED, Delivery.UNKNOWN}
    )


def _bubble(
    row: MessageRow, before: MessageRow | None, today: str, *, first: bool, last: bool, new: bool, zone: tzinfo | None
) -> BubbleData:
    out = row.direction is Direction.OUT
    failure = retry = ""
    if out and row.delivery in {Delivery.FAILED, Delivery.UNKNOWN}:
        failure = delivery_text(row.delivery, row.reason)
        retry = (
            QCoreApplication.translate("Thread", "Retry")
            if row.delivery is Delivery.FAILED
            else QCoreApplication.translate("Thread", "Send again")
        )
    elif row.cut:
        failure = QCoreApplication.translate("Thread", "The end of this text did not arrive")
    ticked = out and (last or row.delivery not in _QUIET)
    return BubbleData(
        key=row.id,
        text=row.body,
        outgoing=out,
        time=clock_text(row.time, zone) if last else "",
        day=day_text(row.day, today) if before is None or before.day != row.day else "",
        unread_line=QCoreApplication.translate("Thread", "New") if new else "",
        first=first,
        last=last,
        tick=_TICKS[row.delivery] if ticked else Tick.NONE,
        tick_word=delivery_text(row.delivery, row.reason) if out and not failure else "",
        failure=failure,
        retry=retry,
    )
