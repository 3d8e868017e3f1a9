"""Notes of both sides: nothing lost, nothing twice, nothing growing."""

from __future__ import annotations

import random

import pytest

from app.domain.notes_merge import merge_notes, typed_over

DAY = "2026-11-20"
LINE = f"--- Salesforce, {DAY} ---"
WORDS = ["price", "見積もり", "call back", "", "a,b", "👍", "- one", "renewal  "]


def merged(here: str, there: str, base: str = "") -> str:
    return merge_notes(here, there, base=base, day=DAY)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_a_side_that_did_not_change_gives_way() -> None:
    assert merged("old", "new", "old") == "new"
    assert merged("new", "old", "old") == "new"
    assert merged("same", "same", "old") == "same"


def test_an_emptied_side_has_nothing_to_lose() -> None:
    assert merged("", "theirs", "old") == "theirs"
    assert merged("mine", "", "old") == "mine"
    assert merged("", "", "old") == ""


def test_both_are_kept_under_a_dated_line() -> None:
    assert merged("mine", "theirs", "old") == f"mine\n\n{LINE}\ntheirs"


def test_what_both_begin_with_is_not_repeated() -> None:
    assert merged("old\nmine", "old\ntheirs", "old") == f"old\nmine\n\n{LINE}\ntheirs"


def test_the_longer_of_two_that_agree_is_the_result() -> None:
    assert merged("old\nmore", "old", "older") == "old\nmore"
    assert merged("old", "before\nold\nafter", "older") == "before\nold\nafter"


def test_line_ends_and_blanks_are_no_change() -> None:
    assert merged("a\r\nb  \n\n", "\na\nb", "x") == "a\nb"


@pytest.mark.parametrize("seed", range(300))
def test_nothing_is_lost_and_nothing_grows(seed: int) -> None:
    chance = random.Random(seed)

    def edited(text: list[str]) -> str:
        kept = [line for line in text if chance.random() < 0.8]
        for _ in range(chance.randrange(3)):
            kept.insert(chance.randint(0, len(kept)), chance.choice(WORDS))
        return "\n".join(kept)

    base = [chance.choice(WORDS) for _ in range(chance.randrange(5))]
    agreed = "\n".join(base)
    here, there = edited(base), edited(base)
    result = merged(here, there, agreed)
    both_changed = lines(here) != lines(agreed) and lines(there) != lines(agreed)
    if both_changed and lines(here) and lines(there):
        assert set(lines(here)) <= set(lines(result))
        assert set(lines(there)) <= set(lines(result))
        # A crash may leave the base old: the text stays as it is all the same.
        for other in (here, there, result):
            assert merged(result, other, agreed) == result
            assert merged(result, other, other) == result
    assert merged(result, result, agreed) == result


def over(text: str, stored: str, base: str) -> str:
    return typed_over(text, stored, base=base, day=DAY)


def test_what_is_typed_is_kept_as_it_is_while_nothing_else_came() -> None:
    assert over("mine  \n", "old", "old") == "mine  \n"
    assert over("", "old", "old") == ""


def test_what_came_while_it_was_typed_is_kept() -> None:
    assert over("old\nmine", "theirs", "old") == f"old\nmine\n\n{LINE}\ntheirs"
    assert over("old", "theirs", "old") == "theirs"
    assert over("mine", "theirs", "") == f"mine\n\n{LINE}\ntheirs"


def test_typing_on_over_what_was_just_merged_repeats_nothing() -> None:
    both = merged("mine ", "theirs", "old")
    assert over("mine too", both, "mine ") == f"mine too\n\n{LINE}\ntheirs"
    assert over("mine", both + "\nand more", "mine ") == both + "\nand more"
