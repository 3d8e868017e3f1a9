"""The far end's table of numbers."""

import pytest

from sip.standin.number_table import TABLE, Behaviour, as_text, lookup, normalise

WRITTEN = """
+14155550102 14155550102 4155550102 415-555-0102 (415)555.0102 %2B14155550102
+1-415-555-0102 01114155550102 +14155550102;ext=7
"""


@pytest.mark.parametrize("dialled", WRITTEN.split())
def test_every_way_of_writing_a_number_finds_its_row(dialled: str) -> None:
    assert lookup(dialled).status == 486


def test_other_numbers_speak() -> None:
    entry = lookup("+81312345678")
    assert (entry.number, entry.behaviour, entry.answers_texts) == ("+81312345678", Behaviour.SPEAK, True)
    assert lookup("bob").number == "bob"
    assert lookup("").behaviour is Behaviour.SPEAK


@pytest.mark.parametrize(("dialled", "number"), [("*97", "*97"), ("911", "911"), ("011442079460000", "+442079460000")])
def test_normalise(dialled: str, number: str) -> None:
    assert normalise(dialled) == number


def test_each_number_is_listed_once_in_the_help() -> None:
    text = as_text()
    assert all(text.count(f"  {entry.number}  ") == 1 for entry in TABLE)
    assert len({entry.number for entry in TABLE}) == len(TABLE) == 11
