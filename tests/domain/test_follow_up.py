"""Lines of the notes that wish for a task later: read, kept, changed and taken back."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from app.domain.follow_up import FollowUp, Wish, follow_ups, read_line, wished_lines

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "day", "at", "text"),
    [
        ("!fri 3pm send quote", (2026, 11, 27), (15, 0), "send quote"),
        ("! Friday 3:30 PM  send quote", (2026, 11, 27), (15, 30), "send quote"),
        ("!sat call", (2026, 11, 21), None, "call"),
        ("!next fri at 10:30 demo", (2026, 11, 27), (10, 30), "demo"),
        ("!next mon demo", (2026, 11, 23), None, "demo"),
        ("!today 5 p.m. last try", (2026, 11, 20), (17, 0), "last try"),
        ("!tomorrow: call Bo", (2026, 11, 21), None, "call Bo"),
        ("!3pm call", (2026, 11, 20), (15, 0), "call"),
        ("!1pm call", (2026, 11, 21), (13, 0), "call"),
        ("!9am tomorrow call", (2026, 11, 21), (9, 0), "call"),
        ("!12am x", (2026, 11, 21), (0, 0), "x"),
        ("!noon lunch", (2026, 11, 21), (12, 0), "lunch"),
        ("!next week ping", (2026, 11, 27), None, "ping"),
        ("!in 3 days ask", (2026, 11, 23), None, "ask"),
        ("!in two weeks ask", (2026, 12, 4), None, "ask"),
        ("!in 3 months renew", (2027, 2, 20), None, "renew"),
        ("!27 nov 15:00 contract", (2026, 11, 27), (15, 0), "contract"),
        ("!Nov 27, 2026 9am sign", (2026, 11, 27), (9, 0), "sign"),
        ("!3rd of may x", (2027, 5, 3), None, "x"),
        ("!2026-12-01 check", (2026, 12, 1), None, "check"),
        ("!11/27 x", (2026, 11, 27), None, "x"),
        ("!27/11 x", (2026, 11, 27), None, "x"),
        ("!27.11. Vertrag", (2026, 11, 27), None, "Vertrag"),
        ("!29 feb x", (2028, 2, 29), None, "x"),
        ("!fri", (2026, 11, 27), None, ""),
        ("！明日15時 見積もりを送る", (2026, 11, 21), (15, 0), "見積もりを送る"),
        ("!明後日 電話", (2026, 11, 22), None, "電話"),
        ("！来週金曜日 午後３時半 電話", (2026, 11, 27), (15, 30), "電話"),
        ("!再来週の月曜 デモ", (2026, 11, 30), None, "デモ"),
        ("!月曜に電話", (2026, 11, 23), None, "電話"),
        ("!金 10時 デモ", (2026, 11, 27), (10, 0), "デモ"),
        ("!11月27日15:00 契約", (2026, 11, 27), (15, 0), "契約"),
        ("!2027年1月5日までに提出", (2027, 1, 5), None, "提出"),
        ("!３日後 連絡", (2026, 11, 23), None, "連絡"),
        ("!2週間後 連絡", (2026, 12, 4), None, "連絡"),
        ("!1ヶ月後 連絡", (2026, 12, 20), None, "連絡"),
        ("!正午 電話", (2026, 11, 21), (12, 0), "電話"),
    ],
)
def test_a_line_that_names_a_day(line: str, day: tuple[int, int, int], at: tuple[int, int] | None, text: str) -> None:
    assert read_line(line, FRIDAY) == Wish(date(*day), time(*at) if at else None, text)


@pytest.mark.parametrize(
    "line",
    [
        "!important",
        "!send the quote on friday",
        "!wednesdays standup",
        "!31 nov x",
        "!2026-11-19 too late",
        "!2026-13-40 x",
        "!25:00 x",
        "!13pm x",
        "!日本語",
        "!月次レポート",
        "!",
        "!!!",
    ],
)
def test_a_line_that_is_only_a_note(line: str) -> None:
    assert read_line(line, FRIDAY) is None


def test_the_order_of_day_and_month_is_the_regions() -> None:
    assert read_line("!3/12 x", FRIDAY, month_first=False) == Wish(date(2026, 12, 3), None, "x")
    assert read_line("!3/12 x", FRIDAY) == Wish(date(2027, 3, 12), None, "x")


def test_only_lines_that_begin_so_count() -> None:
    assert wished_lines("Great!\n  !fri call\nSay !mon\n！明日\n!") == ["!fri call", "！明日"]


def test_a_month_ends_where_it_ends() -> None:
    wish = read_line("!in 1 month x", datetime(2027, 1, 31, 9, tzinfo=UTC))
    assert wish is not None
    assert wish.day == date(2027, 2, 28)


class Notes:
    """Notes that are edited and stored."""

    def __init__(self) -> None:
        self._ids = (f"f{n}" for n in itertools.count(1))
        self.kept: tuple[FollowUp, ...] = ()

    def say(self, notes: str, now: datetime = FRIDAY) -> list[tuple[str, date, bool]]:
        made = follow_ups(notes, self.kept, call_id="c", now=now, zone="UTC", new_id=lambda: next(self._ids))
        self.kept = made
        return [(one.id, one.day, one.removed) for one in made]


def test_a_line_keeps_the_day_it_meant() -> None:
    notes = Notes()
    assert notes.say("!tomorrow call") == [("f1", date(2026, 11, 21), False)]
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert notes.say("hello\n!tomorrow call", monday) == [("f1", date(2026, 11, 21), False)]
    assert notes.say("!tomorrow call Bo", monday) == [("f1", date(2026, 11, 24), False)]


def test_an_edited_line_is_the_same_follow_up() -> None:
    notes = Notes()
    notes.say("!fri call\n!mon write")
    assert notes.say("!fri call\n!m write")[1] == ("f2", date(2026, 11, 23), True)
    assert notes.say("!fri call\n!tue write") == [("f1", date(2026, 11, 27), False), ("f2", date(2026, 11, 24), False)]


def test_a_deleted_line_takes_it_back_and_a_new_one_makes_another() -> None:
    notes = Notes()
    notes.say("!fri call")
    assert notes.say("") == [("f1", date(2026, 11, 27), True)]
    assert notes.say("!fri call") == [("f2", date(2026, 11, 27), False), ("f1", date(2026, 11, 27), True)]


def test_the_same_line_twice_is_one() -> None:
    notes = Notes()
    assert [id for id, _, _ in notes.say("!fri call\n!fri call ")] == ["f1"]
    assert notes.say("!fri call") == [("f1", date(2026, 11, 27), False)]


def test_what_the_rep_took_back_stays_so_until_its_line_changes() -> None:
    notes = Notes()
    notes.say("!fri call")
    notes.kept = (replace(notes.kept[0], removed=True),)
    assert notes.say("!fri call\nmore")[0] == ("f1", date(2026, 11, 27), True)
    assert notes.say("!fri 9am call")[0] == ("f1", date(2026, 11, 27), False)
