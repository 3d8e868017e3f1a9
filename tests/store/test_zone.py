"""Texts from before the first sign-in move into the rep's own days."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.domain.call import Direction
from app.domain.message import Delivery, Message
from app.store import outbox, records
from app.store.database import Database

LATE = datetime(2026, 11, 21, 2, 16, tzinfo=UTC)


def _text(number: int, at: datetime) -> Message:
    day = at.date().isoformat()
    return Message(f"m{number}", "main", "+14155550101", Direction.IN, "hi", at, day, "UTC", Delivery.DELIVERED)


def test_every_text_gets_the_reps_day_and_every_day_one_row(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "ringdown.db", "ab" * 32)
    with database.unit_of_work() as s:
        for number, at in enumerate([LATE, LATE.replace(hour=23), LATE.replace(day=20)]):
            records.save_message(s, _text(number, at))
        outbox.put(s, "day", "+14155550101|2026-11-21", LATE)
        assert outbox.forget(s, "day") == 1
        days = records.move_to_zone(s, "America/Los_Angeles")
        assert days == [("+14155550101", "2026-11-19"), ("+14155550101", "2026-11-20"), ("+14155550101", "2026-11-21")]
        moved = records.messages_of_day(s, "+14155550101", "2026-11-20")
        assert [(message.id, message.zone) for message in moved] == [("m0", "America/Los_Angeles")]
    database.close()
