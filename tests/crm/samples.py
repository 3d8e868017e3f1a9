"""Calls and users for the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog
from app.ports.crm import CrmUser

ALICE = CrmUser(
    id="005000000000001AAA", name="Alice", username="alice@x.test", org_id="00D000000000001EAA", zone="America/New_York"
)
_ANSWERED = Call(
    id="c1",
    line="main",
    direction=Direction.OUT,
    number="+14155550123",
    name="",
    state=CallState.ENDED,
    started=datetime(2026, 11, 21, 2, 30, 0, tzinfo=UTC),
    sip_call_id="a/b%c@host",
    answered=datetime(2026, 11, 21, 2, 30, 5, tzinfo=UTC),
    ended=datetime(2026, 11, 21, 2, 31, 10, tzinfo=UTC),
    outcome=Outcome.ANSWERED,
)


def call_log(call: dict[str, Any] | None = None, **values: Any) -> CallLog:
    """An answered outgoing call of 65 seconds, late in Alice's evening; fields changed as named."""
    return replace(CallLog(call=replace(_ANSWERED, **(call or {}))), **values)
