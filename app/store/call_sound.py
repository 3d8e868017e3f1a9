"""How a call sounded, beside its log: JSON in `call_log.quality`, empty for a call without figures."""

from __future__ import annotations

import json

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.domain.call_quality import CallSound, bars_of
from app.store.results import affected
from app.store.schema import call_log as table

_GET = select(table.c.quality).where(table.c.id == bindparam("id"))


def set_call_sound(s: Session, call_id: str, sound: CallSound) -> bool:
    """Keep the figures with the call. False when it has no log."""
    values = {
        "mos": sound.mos,
        "lowest_mos": sound.lowest_mos,
        "loss": sound.loss,
        "jitter_ms": sound.jitter_ms,
        "rtt_ms": sound.rtt_ms,
        "codec": sound.codec,
        "encrypted": sound.encrypted,
        "readings": sound.readings,
    }
    changed = s.execute(update(table).where(table.c.id == call_id).values(quality=json.dumps(values)))
    return affected(changed) > 0


def get_call_sound(s: Session, call_id: str) -> CallSound | None:
    """The figures kept with the call; None when there are none."""
    found = s.execute(_GET, {"id": call_id}).scalar()
    if not found:
        return None
    values = json.loads(found)
    return CallSound(**values, bars=bars_of(values["mos"]))
