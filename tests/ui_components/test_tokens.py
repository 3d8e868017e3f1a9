"""Every text is legible on every surface it may stand on, in both schemes."""

import pytest

from ui.design.tokens import DARK, LIGHT, ColourRole, Palette, contrast

TEXTS = ("text", "muted", "accent_text", "live_text", "danger_text", "wait_text")
GROUNDS = ("rail", "surface", "sunken", "raised", "hover", "pressed", "accent_soft")
SCHEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def _least(palette: Palette, over: tuple[str, ...], under: tuple[str, ...]) -> tuple[float, str]:
    return min(
        (contrast(getattr(palette, one), getattr(palette, other)), f"{one} on {other}")
        for one in over
        for other in under
    )


@SCHEMES
def test_text_on_every_surface(palette: Palette) -> None:
    ratio, where = _least(palette, TEXTS, GROUNDS)
    assert ratio >= 4.5, where


@SCHEMES
def test_text_in_bubbles(palette: Palette) -> None:
    ratio, where = _least(palette, ("text", "muted", "accent_text", "danger_text"), ("bubble_in", "bubble_out"))
    assert ratio >= 4.5, where


@SCHEMES
def test_text_on_fills_and_tints(palette: Palette) -> None:
    fills = ("accent", "accent_hover", "live", "live_hover", "danger", "danger_hover")
    ratio, where = _least(palette, ("on_fill",), fills)
    assert ratio >= 4.5, where
    for tint in ("live", "danger", "wait"):
        ratio, where = _least(palette, ("text", "muted", f"{tint}_text"), (f"{tint}_soft",))
        assert ratio >= 4.5, where
    assert contrast(palette.tooltip_text, palette.tooltip) >= 4.5


@SCHEMES
def test_marks_and_focus_stand_out(palette: Palette) -> None:
    marks = ("accent_text", "live", "danger", "wait", "border_strong")
    ratio, where = _least(palette, marks, ("surface", "rail", "hover"))
    assert ratio >= 3.0, where


@SCHEMES
def test_states_stand_out_on_strips_and_on_a_chosen_row(palette: Palette) -> None:
    for mark, tint in (("live_text", "live_soft"), ("wait", "wait_soft")):
        ratio, where = _least(palette, (mark,), (tint, "accent_soft"))
        assert ratio >= 3.0, where


@SCHEMES
def test_every_role_has_a_colour(palette: Palette) -> None:
    for role in ColourRole:
        assert palette[role].startswith("#")
        assert len(palette[role]) == 7


def test_contrast_is_the_wcag_ratio() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
