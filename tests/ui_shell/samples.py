"""Who calls in the window's tests, and what Salesforce knows of them."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.counterpart import (
    Card,
    CrmCase,
    CrmRecord,
    Deal,
    Line,
    RecordRef,
    TimelineEntry,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LINE = Line("main", "sip:riley@pbx.example", number="+14155550100", registrar="sip:pbx.example")
SECOND = Line("support", "sip:support@pbx.example", number="+16285550177")
ANA = "+14155550142"
BO = "+15035550199"
HOSTILE = "<b>Ana</b> \u202egnp.exe\x00\x07\n<img src=x onerror=alert(1)> " + "名前 & " * 700

ANA_RECORD = CrmRecord(
    RecordRef("Contact", "003000000000001AAA"),
    "Ana Flores",
    title="VP Operations",
    company="Acme",
    account_id="001000000000001AAA",
    email="ana@acme.example",
    owner="Riley Park",
    phones=(("Phone", ANA), ("Mobile", "+16285550143")),
)
BO_RECORD = CrmRecord(
    RecordRef("Lead", "00Q000000000001AAA"), "Bo Lindqvist", company="Nord Logistics", phones=(("Phone", BO),)
)
ANA_CARD = Card(
    ANA_RECORD,
    deals=(Deal("006000000000001AAA", "Renewal 2026", "Negotiation", 42_000.0, "2026-12-15"),),
    cases=(CrmCase("500000000000001AAA", "00001042", "Login fails after update", "Open", "High"),),
    timeline=(
        TimelineEntry("00T000000000001AAA", "call", "Call to Ana Flores", "2026-11-19T15:00:00Z", "Riley", "12 min"),
        TimelineEntry("00T000000000002AAA", "task", "Send the renewal quote", "2026-11-18", "Riley Park"),
    ),
)  # fmt: skip
