"""Text that no encoding can hold is repaired, everything else stays as it is."""

from __future__ import annotations

import pytest

from app.domain.text import storable


@pytest.mark.parametrize("text", ["", "plain", "田中 美咲 🎉", "a\nb\tc", "\u202eRTL"])
def test_what_can_be_stored_stays(text: str) -> None:
    assert storable(text) == text


def test_lone_surrogates_and_nul_are_replaced() -> None:
    repaired = storable("a\ud83db\0c")
    assert "\ud83d" not in repaired
    assert "\0" not in repaired
    assert repaired.encode()
    assert (repaired[0], repaired[-1]) == ("a", "c")


def test_a_pair_of_halves_becomes_its_character() -> None:
    assert storable("\ud83c\udf89") != ""
    assert storable("\ud83c\udf89").encode()
