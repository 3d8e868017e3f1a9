"""Text from outside becomes plain text that cannot reach beyond its place."""

import pytest

from ui.components.plain import LINE_LIMIT, clean_line, clean_text, initials


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  a\n\tb  ", "a b"),
        ("inv\u202eoice\u202c.exe", "invoice.exe"),
        ("\u2067x\u2069\u200f", "x"),
        ("bell\x07 esc\x1b[31m nul\x00", "bell esc[31m nul"),
        ("<b>bold</b> &amp;", "<b>bold</b> &amp;"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("👩‍💻 ok", "👩‍💻 ok"),
        ("がぎ 田中", "がぎ 田中"),
        ("\ufeff\u2060", ""),
    ],
)
def test_one_line(given: str, shown: str) -> None:
    assert clean_line(given) == shown


def test_lines_stay_and_all_breaks_are_one() -> None:
    assert clean_text("a\r\nb\rc\u2028d\u2029e\x0bf") == "a\nb\nc\nd\ne\nf"


def test_long_names_and_piles_of_marks_are_bounded() -> None:
    assert len(clean_line("x" * 4096)) == LINE_LIMIT
    assert clean_line("e" + "\u0301" * 50) == "e" + "\u0301" * 4


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Flores", "AF"),
        ("ana maria flores", "AF"),
        ("Bo", "B"),
        ("田中 美咲", "田"),
        ("김민준", "김"),
        ("+1 503 555 0188", ""),
        ("", ""),
        ("\u202eÉmile", "É"),
        ("🙏", ""),
        ("ßen", "SS"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
