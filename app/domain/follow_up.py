"""Follow-ups written into notes: a line `!fri 3pm send quote` is a task due on Friday at three. Pure.

1. Only a line that begins with `!` is looked at. A day and a time may stand at its beginning, in either order; what
   is left says what to do. English and Japanese; a line without a day or time is an ordinary note.
2. A line keeps the follow-up it once made, and the day it then meant: "tomorrow" does not move on with the calendar.
3. An edited line changes its follow-up, a deleted one takes it back, a new one makes another. The same line twice is
   one wish: notes put together from two sides say things twice.
4. What the rep took back stays taken back as long as its line stays as it is.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

MONTH_FIRST = frozenset({"US", "PR", "VI", "CA", "PH", "JP", "CN", "KR", "TW"})
"""Regions that write 11/27 for the 27th of November."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A line read: when, in the rep's zone, and what to do (may be empty). ``at`` None means some time that day."""

    day: date
    at: time | None
    text: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A task for later that belongs to a call. ``id`` is for ever; ``zone`` is the rep's when it was written.

    ``line`` is the line of the notes it stands in, empty once that line is gone. ``removed``: it shall not be, or no
    longer, in Salesforce.
    """

    id: str
    call_id: str
    line: str
    text: str
    day: date
    at: time | None
    zone: str
    removed: bool = False
    task_id: str = ""


def follow_ups(
    notes: str,
    kept: Sequence[FollowUp],
    *,
    call_id: str,
    now: datetime,
    zone: str,
    new_id: Callable[[], str],
    month_first: bool = True,
) -> tuple[FollowUp, ...]:
    """The follow-ups of a call as its notes have them now, the removed ones among them.

    ``kept`` is what was known before; ``now`` is the rep's local time. Those of the result that do not equal one of
    ``kept`` are to be stored.
    """
    left = list(kept)
    found: list[FollowUp | None] = []
    lines = wished_lines(notes)
    for line in lines:
        same = next((one for one in left if one.line == line), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    edited = [one for one in left if one.line]
    for at, line in enumerate(lines):
        if found[at] is not None:
            continue
        wish = read_line(line, now, month_first=month_first)
        if edited:
            before = edited.pop(0)
            left.remove(before)
            # Half of an edited line may say nothing yet: the task waits for the rest of it.
            found[at] = (
                replace(before, line=line, removed=True)
                if wish is None
                else replace(before, line=line, text=wish.text, day=wish.day, at=wish.at, zone=zone, removed=False)
            )
        elif wish is not None:
            found[at] = FollowUp(new_id(), call_id, line, wish.text, wish.day, wish.at, zone)
    gone = [replace(one, line="", removed=True) for one in left]
    return (*(one for one in found if one is not None), *gone)


def wished_lines(notes: str) -> list[str]:
    """The lines of the notes that begin with an exclamation mark, each once, without the spaces around them."""
    stripped = (line.strip() for line in notes.splitlines())
    return list(dict.fromkeys(line for line in stripped if line[:1] in {"!", "！"} and len(line) > 1))


def read_line(line: str, now: datetime, *, month_first: bool = True) -> Wish | None:
    """What one line wishes for; None when it names no day and no time to come. ``now`` is the rep's local time."""
    # One character stays one character: what is left over is cut from the line as it was typed.
    plain = "".join(low if len(low := char.lower()) == 1 else char for char in line.translate(_NARROW))
    at = 1
    day: date | None = None
    moment: time | None = None
    while at < len(plain):
        if skipped := _FILLER.match(plain, at):
            at = skipped.end()
            continue
        if day is None and (read := _day(plain, at, now.date(), month_first)) is not None:
            day, at = read
        elif moment is None and (told := _time(plain, at)) is not None:
            moment, at = told
        else:
            break
    if day is None and moment is not None:
        day = now.date() if moment > now.time() else now.date() + timedelta(days=1)
    if day is None or day < now.date():
        return None
    return Wish(day, moment, _PARTICLE.sub("", line[at:].lstrip(_BETWEEN), count=1).lstrip(_BETWEEN).rstrip())


_NARROW = str.maketrans(
    "０１２３４５６７８９：／！　．，ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－",
    "0123456789:/! .,abcdefghijklmnopqrstuvwxyz-",
)
_BETWEEN = " \t　:：,、-–"
_FILLER = re.compile(r"[ \t,、:]+|(?:on|at|by|the|due)(?= )|(?:の|に|まで)(?=\s|$|[^ぁ-ん])")
_PARTICLE = re.compile(r"^(?:までに|まで|に|の|は)(?=.)")
_END = r"(?![a-z0-9])"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = tuple(name.lower() for name in (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
))  # fmt: skip
_KANJI = "月火水木金土日"
_WEEKDAY = "|".join(
    ("mon(?:day)?", "tue(?:s|sday)?", "wed(?:s|nesday)?", "thu(?:r|rs|rsday)?", "fri(?:day)?", "sat(?:urday)?",
     "sun(?:day)?")
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS) + "|sept"
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}

_EN_NEAR = re.compile(rf"(today|tonight|tomorrow|tmrw|tmr){_END}")
_EN_WEEK = re.compile(rf"next week{_END}(?! on)")
_EN_WEEKDAY = re.compile(rf"(next |this )?({_WEEKDAY}){_END}\.?")
_EN_IN = re.compile(rf"in (\d{{1,3}}|a|an|one|two|three) (day|week|month)s?{_END}")
_EN_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\.? ?(?:of )?({_MONTH}){_END}\.?(?:,? (\d{{4}}){_END}(?!:))?")
_EN_MONTH_DAY = re.compile(rf"({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?{_END}(?!:)(?:,? (\d{{4}}){_END}(?!:))?")
_ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){_END}")
_SLASH = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})(?:/(\d{{4}}|\d{{2}}))?{_END}")
_DOTS = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})?{_END}")
_JA_NEAR = re.compile(r"(今日|本日|明々後日|明日|あした|あす|明後日|あさって)")
_JA_WEEKDAY = re.compile(rf"(今週|来週|再来週)?の?([{_KANJI}])(?:曜日?|(?=[ \t\d午正朝夕]|$))")
_JA_WEEK = re.compile(r"(再来週|来週)")
_JA_IN = re.compile(r"(\d{1,3})(日|週間|[ヶかカケヵ箇]月)後")
_JA_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")

_CLOCK12 = re.compile(rf"(\d{{1,2}})(?:[:.](\d{{2}}))? ?([ap])\.?m\.?{_END}")
_CLOCK24 = re.compile(rf"(\d{{1,2}}):(\d{{2}}){_END}")
_NOON = re.compile(rf"(?:noon|midday){_END}|正午")
_JA_TIME = re.compile(r"(午前|朝|午後|夕方)?の?(\d{1,2})(?:時(?:(半)|(\d{1,2})分)?|:(\d{2}))")


def _day(plain: str, at: int, today: date, month_first: bool) -> tuple[date, int] | None:
    """A day that stands at ``at``, and where it ends."""
    for pattern, read in _DAYS:
        if (match := pattern.match(plain, at)) is not None:
            try:
                day = read(match, today, month_first)
            except (ValueError, OverflowError):  # the 31st of November
                continue
            if day is not None:
                return day, match.end()
    return None


def _near(match: re.Match[str], today: date, month_first: bool) -> date:
    days = {"today": 0, "tonight": 0, "今日": 0, "本日": 0, "明後日": 2, "あさって": 2, "明々後日": 3}
    return today + timedelta(days=days.get(match[1], 1))


def _next_week(match: re.Match[str], today: date, month_first: bool) -> date:
    return today + timedelta(weeks=2 if match[0].startswith("再") else 1)


def _weekday(match: re.Match[str], today: date, month_first: bool) -> date:
    name = match[2]
    wanted = _KANJI.index(name) if name in _KANJI else [day[:3] for day in _WEEKDAYS].index(name[:3])
    monday = today - timedelta(days=today.weekday())
    match (match[1] or "").strip():
        case "next" | "来週":
            return monday + timedelta(days=7 + wanted)
        case "再来週":
            return monday + timedelta(days=14 + wanted)
        case _:
            # Never today itself: whoever means today says so.
            return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _after(match: re.Match[str], today: date, month_first: bool) -> date:
    count = _COUNT.get(match[1]) or int(match[1])
    match match[2]:
        case "day" | "日":
            return today + timedelta(days=count)
        case "week" | "週間":
            return today + timedelta(weeks=count)
        case _:
            months = today.year * 12 + today.month - 1 + count
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _iso(match: re.Match[str], today: date, month_first: bool) -> date:
    return date(int(match[1]), int(match[2]), int(match[3]))


def _slash(match: re.Match[str], today: date, month_first: bool) -> date:
    first, second = int(match[1]), int(match[2])
    month, day = (first, second) if (month_first and first <= 12) or second > 12 else (second, first)
    return _coming(match[3], month, day, today)


def _dots(match: re.Match[str], today: date, month_first: bool) -> date:
    return _coming(match[3], int(match[2]), int(match[1]), today)


def _day_month(match: re.Match[str], today: date, month_first: bool) -> date:
    return _coming(match[3], _month(match[2]), int(match[1]), today)


def _month_day(match: re.Match[str], today: date, month_first: bool) -> date:
    return _coming(match[3], _month(match[1]), int(match[2]), today)


def _ja_date(match: re.Match[str], today: date, month_first: bool) -> date:
    return _coming(match[1], int(match[2]), int(match[3]), today)


def _month(name: str) -> int:
    return [one[:3] for one in _MONTHS].index(name[:3]) + 1


def _coming(year: str | None, month: int, day: int, today: date) -> date:
    """The next such day when no year is named."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    # The next 29th of February may be eight years away.
    leap = (month, day) == (2, 29)
    years_with = [year for year in range(today.year, today.year + 9) if not leap or calendar.isleap(year)]
    return next(found for year in years_with if (found := date(year, month, day)) >= today)


_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, bool], date]], ...] = (
    (_EN_NEAR, _near),
    (_EN_WEEKDAY, _weekday),
    (_EN_WEEK, _next_week),
    (_EN_IN, _after),
    (_ISO, _iso),
    (_SLASH, _slash),
    (_DOTS, _dots),
    (_EN_DAY_MONTH, _day_month),
    (_EN_MONTH_DAY, _month_day),
    (_JA_NEAR, _near),
    (_JA_DATE, _ja_date),
    (_JA_IN, _after),
    (_JA_WEEKDAY, _weekday),
    (_JA_WEEK, _next_week),
)


def _time(plain: str, at: int) -> tuple[time, int] | None:
    """A time of day that stands at ``at``, and where it ends."""
    if match := _NOON.match(plain, at):
        return time(12), match.end()
    try:
        if match := _CLOCK12.match(plain, at):
            hour = int(match[1])
            if not 1 <= hour <= 12:
                return None
            return time(hour % 12 + (12 if match[3] == "p" else 0), int(match[2] or 0)), match.end()
        if match := _CLOCK24.match(plain, at):
            return time(int(match[1]), int(match[2])), match.end()
        if match := _JA_TIME.match(plain, at):
            hour = int(match[2])
            late = match[1] in {"午後", "夕方"} and hour < 12
            minute = 30 if match[3] else int(match[4] or match[5] or 0)
            return time(hour + (12 if late else 0), minute), match.end()
    except ValueError:  # 25:00
        return None
    return None
