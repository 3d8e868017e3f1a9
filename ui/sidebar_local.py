"""What this computer remembers of a number, for the sidebar."""

from __future__ import annotations

from app.desk import Desk
from app.domain.local_time import rep_day
from app.errors import AppError
from ui.navigator import Navigator
from ui.present import is_number
from ui.sidebar_parts import Entry
from ui.sidebar_rows import history

__all__ = ["local_history"]

_MOST = 40  # calls and texts looked through


def local_history(desk: Desk, nav: Navigator, number: str) -> list[Entry]:
    """The last calls and days of texts with a number, newest first; none when the store cannot be read."""
    if not is_number(number):
        return []
    try:
        calls = desk.reads.recents(number=number, limit=_MOST).rows
        texts = desk.reads.messages(number, _MOST)
    except AppError as error:
        nav.trouble.emit(error)
        return []
    now = desk.clock.now()
    return history([call for call in calls if not call.live], texts, now, rep_day(now, desk.login.zone()))
