"""CallLog and DayRollup as Salesforce fields."""

from __future__ import annotations

import pytest

from app.domain.call import Direction, Outcome
from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.counterpart import RecordRef
from app.ports.crm import DayRecord
from crm.ids import id18, is_id
from crm.mapping import (
    CUT,
    DESCRIPTION_LIMIT,
    MARKER,
    day_values,
    sent_changes,
    split_description,
    task_values,
)
from tests.crm.samples import ALICE, call_log

CONTACT = RecordRef("Contact", "003000000000001AAA")
LEAD = RecordRef("Lead", "00Q000000000001EAA")
DEAL = RecordRef("Opportunity", "006000000000001AAA")


def values(log: CallLog) -> dict[str, object]:
    return task_values(log, zone=ALICE.zone, line_number="+14155550100")


def test_an_answered_call_becomes_a_completed_call_task() -> None:
    made = values(call_log(notes="Wants a quote.", who=CONTACT, what=DEAL, person="Bob Stone"))
    description = made.pop("Description")
    assert made == {
        "Subject": "Call to Bob Stone",
        "Status": "Completed",
        "TaskSubtype": "Call",
        "CallType": "Outbound",
        "CallDurationInSeconds": 65,
        "CallDisposition": "answered",
        "ActivityDate": "2026-11-20",  # still the evening before in New York
        "WhoId": CONTACT.id,
        "WhatId": DEAL.id,
        "Ringdown_Line__c": "+14155550100",
        "Ringdown_Started__c": "2026-11-21T02:30:00Z",
        "Ringdown_Ended__c": "2026-11-21T02:31:10Z",
        "Ringdown_Outcome__c": "answered",
    }
    assert description == (
        f"Wants a quote.\n\n{MARKER}\nDirection: Outbound\nNumber: +14155550123\nLine: +14155550100\n"
        "Started: 2026-11-20 21:30:00 (America/New_York)\nEnded: 2026-11-20 21:31:10 (America/New_York)\n"
        "Outcome: answered"
    )


def test_a_missed_call_is_inbound_and_says_so() -> None:
    made = values(call_log({"direction": Direction.IN, "outcome": Outcome.MISSED, "answered": None, "number": ""}))
    assert made["CallType"] == "Inbound"
    assert made["CallDisposition"] == "missed"
    assert made["CallDurationInSeconds"] == 0
    assert made["Subject"] == "Missed call from Unknown"
    assert "Number: withheld" in str(made["Description"])


def test_the_reps_words_come_first() -> None:
    made = values(call_log(subject="  Renewal\ncall ", disposition="Interested"))
    assert made["Subject"] == "Renewal call"
    assert made["CallDisposition"] == "Interested"


def test_long_subjects_are_cut() -> None:
    assert len(str(values(call_log(subject="x" * 400))["Subject"])) == 255


@pytest.mark.parametrize(
    ("log", "who", "what"),
    [
        (call_log(), None, None),
        (call_log(who=LEAD, what=DEAL), LEAD.id, None),
        (call_log(who=RecordRef("Account", "001000000000001AAA")), None, "001000000000001AAA"),
        (call_log(about="006000000000001AAA"), None, DEAL.id),
        (call_log(about="003000000000001AAA", what=DEAL), CONTACT.id, DEAL.id),
        (call_log(about="006000000000002AAA", who=CONTACT, what=DEAL), CONTACT.id, DEAL.id),
        (call_log(about="006000000000001AAA", who=LEAD), LEAD.id, None),
        (call_log(about="a0B000000000001AAA"), None, "a0B000000000001AAA"),
        # A number on the page of a colleague, a task or an event: no Task can be about those, so Salesforce refuses it.
        (call_log(about="005000000000001AAA"), None, None),
        (call_log(about="00T000000000001AAA", who=CONTACT), CONTACT.id, None),
        (call_log(about="00U000000000001AAA", who=CONTACT, what=DEAL), CONTACT.id, DEAL.id),
    ],
)
def test_relation(log: CallLog, who: str | None, what: str | None) -> None:
    made = values(log)
    assert (made["WhoId"], made["WhatId"]) == (who, what)


@pytest.mark.parametrize(
    "notes", ["", "one", "one\n\ntwo", "  padded  \n", f"copied:\n{MARKER}\nand on", "漢字 🙂", "a\r\nb"]
)
def test_notes_survive_the_way_there_and_back(notes: str) -> None:
    description = str(values(call_log(notes=notes))["Description"])
    there = description.replace("\n", "\r\n")
    assert split_description(there) == notes.replace("\r\n", "\n").strip()


def test_a_description_without_marker_is_all_notes() -> None:
    assert split_description("typed by hand\r\n") == "typed by hand"


@pytest.mark.parametrize("letter", ["x", "🙂", "x\n"])
def test_notes_too_long_for_the_field_are_cut_and_say_so(letter: str) -> None:
    description = str(values(call_log(notes=letter * 40_000))["Description"])
    assert len(description.replace("\n", "\r\n").encode("utf-16-le")) // 2 <= DESCRIPTION_LIMIT
    assert f"{CUT}\n\n{MARKER}\nDirection: Outbound" in description
    assert description.endswith("Outcome: answered")


def test_only_what_changed_is_sent_again() -> None:
    first = values(call_log(notes="a"))
    second = values(call_log(notes="b", who=CONTACT))
    changes = sent_changes(second, first)
    assert set(changes) == {"Description", "WhoId"}
    assert sent_changes(second, second) == {}
    assert "TaskSubtype" not in sent_changes(second, {})


def day(who: RecordRef | None = None, account_id: str = "") -> dict[str, object]:
    return day_values(DayRecord("k", "2026-11-20", "sip:Bob@X.test", "UTC", 1, 2, "text", who, account_id))


def test_a_day_record() -> None:
    assert day() == {
        "Day__c": "2026-11-20",
        "Counterpart__c": "sip:bob@x.test",
        "Zone__c": "UTC",
        "Part__c": 1,
        "Messages__c": 2,
        "Body__c": "text",
    }


@pytest.mark.parametrize(
    ("who", "account", "links"),
    [
        (CONTACT, "001000000000001AAA", (CONTACT.id, None, "001000000000001AAA")),
        (LEAD, "", (None, LEAD.id, None)),
        (RecordRef("Account", "001000000000001AAA"), "", (None, None, "001000000000001AAA")),
    ],
)
def test_a_day_is_linked_to_one_person(who: RecordRef, account: str, links: tuple[str | None, ...]) -> None:
    made = day(who, account)
    assert (made["Contact__c"], made["Lead__c"], made["Account__c"]) == links


def test_ids_in_both_forms() -> None:
    assert id18("001D000000INjVe") == "001D000000INjVeIAL"
    assert id18("001D000000INjVeIAL") == "001D000000INjVeIAL"
    assert id18("") == ""
    assert not is_id("001D000000INjV'")


def test_how_a_call_sounded_stands_in_its_field_and_below_the_marker() -> None:
    sound = CallSound(4.32, 3.9, 0.012, 3.4, 41.7, "G722", True)
    made = task_values(call_log(), zone=ALICE.zone, line_number="1", sound=sound)
    said = "MOS 4.3 (lowest 3.9), 1.2 % lost, jitter 3 ms, round trip 42 ms, G722, encrypted"
    assert made["Ringdown_Quality__c"] == said
    assert str(made["Description"]).endswith(f"\nSound: {said}")
    assert "Ringdown_Quality__c" not in task_values(call_log(), zone=ALICE.zone, line_number="1")
