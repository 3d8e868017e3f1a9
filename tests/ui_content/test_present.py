"""Words, times and figures, without an application."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from app.domain.call import Call, CallState, Direction, EndReason, Outcome
from app.domain.counterpart import NO_MATCH, CrmRecord, Match, RecordRef
from app.domain.message import Delivery
from ui import present

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
CALL = Call("c", "main", Direction.OUT, "+14155550100", "", CallState.DIALING, NOW)


@pytest.mark.parametrize(
    ("value", "region", "shown"),
    [
        ("+14155550100", "US", "(415) 555-0100"),
        ("+14155550100", "GB", "+1 415-555-0100"),
        ("+14155550100", "", "+1 415-555-0100"),
        ("+81312345678", "JP", "03-1234-5678"),
        ("*97", "US", "*97"),
        ("120", "US", "120"),
        ("sip:bo@pbx.example", "US", "bo@pbx.example"),
        ("", "US", "No caller ID"),
        ("sip:anonymous@anonymous.invalid", "US", "No caller ID"),
        ("+999123", "US", "+999123"),
        ("+", "US", "+"),
        ("+1\x00\u202e2", "US", "+12"),
    ],
)
def test_numbers(value: str, region: str, shown: str) -> None:
    assert present.number_text(value, region) == shown


def test_countries() -> None:
    assert present.country_name("+442071838750") == "United Kingdom"
    assert present.country_name("+14155550100") == "United States"
    assert present.country_name("*97") == ""
    assert present.country_name("+999123") == ""


def test_durations() -> None:
    assert [present.duration_text(s) for s in (0, 134, 3734, -5)] == ["00:00", "02:14", "1:02:14", "00:00"]


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(hours=1), "11:00\u00a0AM"),
        (timedelta(hours=13), "Thu 11:00\u00a0PM"),
        (timedelta(days=7), "Fri 12:00\u00a0PM"),
        (timedelta(days=8), "11/12/2026 12:00\u00a0PM"),
        (timedelta(days=-1), "11/21/2026 12:00\u00a0PM"),  # a clock that was set back
    ],
)
def test_times(ago: timedelta, shown: str) -> None:
    assert present.time_text(NOW - ago, NOW) == shown


def test_time_is_shown_in_the_zone_asked_for() -> None:
    tokyo = timezone(timedelta(hours=9))
    late = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # already the 21st in Tokyo
    assert present.time_text(late, datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tokyo) == "12:30\u00a0AM"
    assert present.time_text(NOW, late, tokyo) == "Fri 9:00\u00a0PM"


def test_times_in_japanese() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.Japanese, QLocale.Country.Japan))
    assert present.time_text(NOW - timedelta(days=1), NOW) == "木 12:00"
    assert present.time_text(NOW - timedelta(days=30), NOW) == "2026/10/21 12:00"
    assert present.day_text("2026-10-21", "2026-11-20") == "2026年10月21日水曜日"


@pytest.mark.parametrize("plain", [QLocale.c(), QLocale(QLocale.Language.C)])
def test_a_computer_that_names_no_language(plain: QLocale) -> None:
    QLocale.setDefault(plain)
    assert present.date_text(date(2026, 12, 8)) == "2026-12-08"
    assert present.time_text(NOW - timedelta(days=30), NOW) == "2026-10-21 12:00"
    assert present.time_text(NOW - timedelta(days=1), NOW) == "Thu 12:00"
    assert present.day_text("2026-10-21", "2026-11-20") == "Wednesday, 21 October 2026"


@pytest.mark.skipif(sys.platform != "linux", reason="languages come from the environment on Linux only")
def test_a_language_without_a_way_to_write_dates() -> None:
    code = "from datetime import date; from ui.present import date_text; print(date_text(date(2026, 12, 8)))"
    env = {**os.environ, "LANG": "en_US.UTF-8", "LC_TIME": "C"} | {"LC_ALL": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "2026-12-08"


def test_days() -> None:
    today = "2026-11-20"
    said = [present.day_text(day, today) for day in ("2026-11-20", "2026-11-19", "2026-11-16", "2026-11-13")]
    assert said == ["Today", "Yesterday", "Monday", "Friday, November 13, 2026"]
    assert present.day_text("soon", today) == "soon"


def test_stamps() -> None:
    today = "2026-11-20"
    assert present.stamp_text("2026-11-20T11:00:00Z", NOW, today) == "11:00\u00a0AM"
    assert present.stamp_text("2026-11-19", NOW, today) == "Yesterday"
    assert present.stamp_text("2026-01-02", NOW, today) == "Jan 2"
    assert present.stamp_text("2025-12-31", NOW, today) == "Dec 31, 2025"
    assert present.stamp_text("2026-11-02T11:00:00Z", NOW, today) == "Nov 2"
    assert present.stamp_text("2026-01-02T25", NOW, today) == "2026-01-02T25"
    # The rep's day has begun, the computer's has not.
    assert present.stamp_text("2026-11-21", NOW, "2026-11-21") == "Today"


@pytest.mark.parametrize(
    ("locale", "this_year", "another"),
    [
        ("en_US", "Dec 11", "Dec 11, 2025"),
        ("en_GB", "11 Dec", "11 Dec 2025"),
        ("ja_JP", "12月11日", "2025年12月11日"),
        ("de_DE", "11. Dez.", "11. Dez. 2025"),
        ("es_ES", "11 de dic", "11 de dic de 2025"),
        ("ko_KR", "12월 11일", "2025년 12월 11일"),
        ("lv_LV", "11. dec.", "2025. gada 11. dec."),
        ("C", "11 Dec", "11 Dec 2025"),
    ],
)
def test_short_dates(locale: str, this_year: str, another: str) -> None:
    QLocale.setDefault(QLocale(locale))
    today = date(2026, 11, 20)
    assert present.short_date(date(2026, 12, 11), today) == this_year
    assert present.short_date(date(2025, 12, 11), today) == another


def _person(name: str, id: str = "1") -> CrmRecord:
    return CrmRecord(RecordRef("Contact", id), name)


def test_who_a_call_is_with() -> None:
    ana, bo, cy = _person("Ana"), _person("Bo", "2"), _person("Cy", "3")
    assert present.person_title(NO_MATCH, CALL, "US") == "(415) 555-0100"
    assert present.person_title(NO_MATCH, replace(CALL, name="Lobby\n"), "US") == "Lobby"
    assert present.person_title(Match((ana, bo), bo), CALL) == "Bo"
    assert present.person_title(Match((ana, bo)), CALL) == "Ana or Bo"
    assert present.person_title(Match((ana, bo, cy)), CALL) == "Ana or 2 others"
    assert present.person_title(Match((_person("{x}"), bo)), CALL) == "{x} or Bo"


def test_states_and_outcomes() -> None:
    assert present.call_state_text(CALL) == "Calling…"
    assert present.call_state_text(replace(CALL, state=CallState.RINGING)) == "Ringing…"
    assert present.call_state_text(replace(CALL, state=CallState.RINGING, direction=Direction.IN)) == "Incoming call"
    assert present.call_state_text(replace(CALL, state=CallState.ACTIVE, remote_held=True)) == "Put on hold"
    ended = replace(CALL, state=CallState.ENDED, outcome=Outcome.FAILED, reason=EndReason.NOT_FOUND.value)
    assert present.call_state_text(ended) == "Failed: this number does not exist."
    assert present.outcome_text(replace(ended, reason="from-a-newer-version")) == "Failed"
    rang_out = replace(ended, reason=EndReason.NO_ANSWER)
    assert present.outcome_text(rang_out) == "No answer", "nobody at home: nothing failed"
    assert not present.went_wrong(rang_out.outcome, rang_out.reason)
    assert all(present.outcome_word(outcome) for outcome in Outcome)


def test_deliveries() -> None:
    assert present.delivery_text(Delivery.FAILED, "busy") == "Not sent: busy."
    assert present.delivery_text(Delivery.FAILED, "too-long") == "Not sent: it is too long."
    assert present.delivery_text(Delivery.FAILED, "?") == "Not sent"
    assert present.delivery_text(Delivery.UNKNOWN) == "Unknown: may not have left"
    assert all(present.delivery_text(delivery) for delivery in Delivery)


def test_money() -> None:
    amounts = (None, 0, 950, 999.6, 42_000, 42_500, 999_960, 1_200_000, 3e9, -5000, float("nan"))
    said = ["", "$0", "$950", "$1k", "$42k", "$42.5k", "$1m", "$1.2m", "$3b", "-$5k", ""]
    assert [present.money_text(amount) for amount in amounts] == said


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", (0, 160, False)),
        ("a" * 160, (1, 0, False)),
        ("a" * 161, (2, 145, False)),
        ("€" * 80, (1, 0, False)),
        ("a" * 152 + "€" * 5, (2, 143, False)),  # an escape pair is never parted
        ("é\n@Δ", (1, 156, False)),
        ("ç", (1, 69, True)),
        ("日" * 70, (1, 0, True)),
        ("日" * 71, (2, 63, True)),
        ("a" * 66 + "😀" * 3, (2, 61, True)),  # nor is a surrogate pair
    ],
)
def test_segments(text: str, counted: tuple[int, int, bool]) -> None:
    assert present.segments(text) == counted
