"""mimeapps.list: ours comes first, nobody else's line is touched."""

import random

from ui.desktop import mimeapps

OURS = "ringdown-links.desktop"
TEL = "x-scheme-handler/tel"
OTHERS = """# written by hand
[Added Associations]
text/plain=vim.desktop;nano.desktop;

[Default Applications]
text/plain = vim.desktop
x-scheme-handler/tel=kdeconnect.desktop
x-scheme-handler/https=firefox.desktop;

[Strange Group]
tel=x
not a pair
"""


def test_an_empty_list() -> None:
    made = mimeapps.with_default("", [TEL], OURS)
    assert made == f"[Default Applications]\n{TEL}={OURS};\n\n[Added Associations]\n{TEL}={OURS};\n"
    assert mimeapps.defaults(made, TEL) == [OURS]


def test_the_former_default_comes_second_and_is_first_again_afterwards() -> None:
    made = mimeapps.with_default(OTHERS, [TEL], OURS)
    assert mimeapps.defaults(made, TEL) == [OURS, "kdeconnect.desktop"]
    assert mimeapps.with_default(made, [TEL], OURS) == made
    back = mimeapps.without(made, OURS)
    assert mimeapps.defaults(back, TEL) == ["kdeconnect.desktop"]
    assert OURS not in back


def test_lines_of_others_stay_to_the_byte() -> None:
    made = mimeapps.with_default(OTHERS, [TEL], OURS)
    kept = [line for line in made.split("\n") if OURS not in line]
    assert kept == [line for line in OTHERS.split("\n") if "scheme-handler/tel" not in line]


def test_what_the_user_removed_is_allowed_again_when_the_user_asks() -> None:
    text = f"[Removed Associations]\n{TEL}={OURS};other.desktop;\n"
    assert "[Removed Associations]\nx-scheme-handler/tel=other.desktop;\n" in mimeapps.with_default(text, [TEL], OURS)


def test_a_key_written_twice_is_ours_in_both_places() -> None:
    text = f"[Default Applications]\n{TEL}=a.desktop\n[Default Applications]\n{TEL}=b.desktop\n"
    made = mimeapps.with_default(text, [TEL], OURS)
    assert f"{TEL}={OURS};a.desktop;" in made
    assert f"{TEL}={OURS};b.desktop;" in made


def test_one_type_only() -> None:
    made = mimeapps.with_default("", [TEL, "x-scheme-handler/sip"], OURS)
    left = mimeapps.without(made, OURS, TEL)
    assert mimeapps.defaults(left, TEL) == []
    assert mimeapps.defaults(left, "x-scheme-handler/sip") == [OURS]


def test_any_text_survives_a_round_trip() -> None:
    dice = random.Random(7)
    pieces = [
        "[Default Applications]",
        "[Added Associations]",
        "[",
        "]",
        "a=b;c",
        f"{TEL}=x.desktop",
        "",
        "#c",
        "=",
        "\r",
        "é\udcff",
    ]
    for _ in range(300):
        text = "\n".join(dice.choice(pieces) for _ in range(dice.randrange(12)))
        made = mimeapps.with_default(text, [TEL], OURS)
        assert mimeapps.defaults(made, TEL)[0] == OURS
        assert all(piece in made.split("\n") for piece in text.split("\n") if TEL not in piece)
        assert OURS not in mimeapps.without(made, OURS)
