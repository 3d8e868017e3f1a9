"""A day of texts as Salesforce will hold it: nothing lost, nothing over the limit."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.call import Direction
from app.domain.message import Delivery, Message
from app.domain.rollup import BODY_LIMIT, DayPart, render

NINE = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # 09:00 in Los Angeles
ALPHABET = ("a", "é", "日", "\n", " ", "😀", "👩‍👩‍👧", "\u202e", "\r\n", "Z")


def message(body: str, minute: int = 0, **changes: object) -> Message:
    """A text that came in."""
    plain = Message(
        id=f"m{minute:04d}",
        line="main",
        number="+14155550142",
        direction=Direction.IN,
        body=body,
        time=NINE + timedelta(minutes=minute),
        day="2026-11-20",
        zone="America/Los_Angeles",
        delivery=Delivery.DELIVERED,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def day(*messages: Message, limit: int = BODY_LIMIT) -> tuple[DayPart, ...]:
    """The rendered day."""
    return render(messages, rep="Riley", person="Ana", limit=limit)


def size(text: str) -> int:
    """As Salesforce counts: UTF-16 units, and a line end as two characters."""
    return len(text.encode("utf-16-le")) // 2 + text.count("\n")


def test_no_texts_no_record() -> None:
    assert day() == ()


def test_texts_in_order_of_their_time_whatever_line_they_came_by() -> None:
    texts = [message("third", 12, line="b"), message("first", 0), message("second", 5, direction=Direction.OUT)]
    assert day(*texts) == (DayPart(1, 3, "09:00 Ana:\nfirst\n\n09:05 Riley:\nsecond\n\n09:12 Ana:\nthird"),)


def test_texts_of_one_instant_keep_a_stable_order() -> None:
    one, two = message("one", id="a"), message("two", id="b")
    assert day(two, one) == day(one, two)


def test_times_are_of_the_zone_the_text_was_sent_in_and_name_another_one() -> None:
    (part,) = day(message("here"), message("there", 1, zone="Asia/Tokyo"), message("back", 2))
    assert part.body == "09:00 Ana:\nhere\n\n02:01 (Asia/Tokyo) Ana:\nthere\n\n09:02 Ana:\nback"


@pytest.mark.parametrize("delivery", Delivery)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("cut", [False, True])
def test_what_did_not_arrive_is_marked(delivery: Delivery, direction: Direction, cut: bool) -> None:
    state = {
        Delivery.FAILED: " (not delivered)",
        Delivery.UNKNOWN: " (may not have been delivered)",
        Delivery.HELD: " (waiting)",
        Delivery.QUEUED: " (waiting)",
        Delivery.SENDING: " (waiting)",
    }.get(delivery, "")
    (part,) = day(message("hi", delivery=delivery, direction=direction, cut=cut))
    who = f"Riley{state}" if direction is Direction.OUT else "Ana"
    assert part.body == f"09:00 {who}{' (cut by the network)' if cut else ''}:\nhi"


def test_a_text_keeps_its_own_line_ends_and_spaces() -> None:
    body = "  two\n\nparagraphs\r\n\t\u202eend  "
    assert day(message(body))[0].body == f"09:00 Ana:\n{body}"


def test_the_next_part_begins_where_the_limit_would_be_passed() -> None:
    entry = "09:00 Ana:\n" + "x" * 20
    exact = size(entry) * 2 + 4
    texts = [message("x" * 20, id="a"), message("x" * 20, id="b")]
    assert [(part.part, part.messages) for part in day(*texts, limit=exact)] == [(1, 2)]
    assert [(part.part, part.messages) for part in day(*texts, limit=exact - 1)] == [(1, 1), (2, 1)]


def test_a_long_text_is_split_and_counted_where_it_begins() -> None:
    parts = day(message("before"), message("x" * 100, 1), message("after", 2), limit=50)
    assert "".join(part.body for part in parts).replace("\n\n", "") == (
        "09:00 Ana:\nbefore09:01 Ana:\n" + "x" * 100 + "09:02 Ana:\nafter"
    )
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))
    assert [part.messages for part in parts] == [1, 1, 0, 1]


def test_a_character_wider_than_the_limit_still_gets_through() -> None:
    parts = day(message("😀😀"), limit=1)
    assert "".join(part.body for part in parts) == "09:00 Ana:\n😀😀"


@pytest.mark.parametrize("seed", range(150))
def test_nothing_is_lost_and_no_part_passes_the_limit(seed: int) -> None:
    dice = random.Random(seed)
    limit = dice.choice([2, 3, 17, 40, 64, 200, 1_000])
    texts = [
        message("".join(dice.choices(ALPHABET, k=dice.choice([1, 5, 30, 300]))), minute)
        for minute in range(dice.randint(1, 12))
    ]
    parts = day(*dice.sample(texts, len(texts)), limit=limit)
    entries = [f"{(9 * 60 + n) // 60:02d}:{n:02d} Ana:\n{text.body}" for n, text in enumerate(texts)]
    _assert_joined(parts, entries)
    assert all(size(part.body) <= limit for part in parts)
    assert all(part.body for part in parts)
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))
    assert sum(part.messages for part in parts) == len(texts)


def _assert_joined(parts: tuple[DayPart, ...], entries: list[str]) -> None:
    """The parts, one after another, are the entries; the gap between two entries may fall on a part's edge."""
    edges, at = set[int](), 0
    for part in parts:
        at += len(part.body)
        edges.add(at)
    text, at = "".join(part.body for part in parts), 0
    for number, entry in enumerate(entries):
        if number and at not in edges:
            assert text[at : at + 2] == "\n\n"
            at += 2
        assert text[at : at + len(entry)] == entry
        at += len(entry)
    assert at == len(text)


def test_the_real_limit_leaves_room_under_salesforces_own() -> None:
    parts = day(message("\n" * 70_000), message("😀" * 70_000, 1))
    assert len(parts) > 2
    assert all(size(part.body) <= BODY_LIMIT < 131_072 for part in parts)
