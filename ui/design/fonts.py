"""Fonts: the families in use, sizes in logical pixels, tabular figures."""

import sys
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from ui.design.tokens import TYPE, Weight

__all__ = ["families", "font"]

_PREFERRED = ("Inter",)
# Japanese before other CJK faces, or Han characters take their Chinese shapes; emoji last, since some
# emoji fonts also hold plain digits.
_FALLBACKS = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Yu Gothic UI",
    "Hiragino Sans",
    "Noto Color Emoji",
    "Segoe UI Emoji",
    "Apple Color Emoji",
)
_WEIGHTS = {
    Weight.REGULAR: QFont.Weight.Normal,
    Weight.MEDIUM: QFont.Weight.Medium,
    Weight.STRONG: QFont.Weight.DemiBold,
}
_TABULAR = QFont.Tag("tnum")


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """The font families, best first. Only what is installed: a missing name costs Qt a slow search."""
    installed = set(QFontDatabase.families())
    system = tuple(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).families())
    wanted = (*_PREFERRED, *(() if "Inter" in installed else system), *_FALLBACKS)
    found = tuple(name for name in wanted if name in installed or name in system)
    return found or system


@lru_cache(maxsize=64)
def _made(size: float, weight: Weight, tabular: bool, dpi: float) -> QFont:
    made = QFont()
    made.setFamilies(list(families()))
    # QFont takes whole pixels only; points may be broken, and 13.5 px is worth having.
    made.setPointSizeF(size * 72.0 / dpi)
    made.setWeight(_WEIGHTS[weight])
    if tabular:
        made.setFeature(_TABULAR, 1)
    return made


def font(size: float = TYPE.body, weight: Weight = Weight.REGULAR, *, tabular: bool = False) -> QFont:
    """A font of `size` logical pixels; `tabular` gives all digits one width, for times and counts.

    Needs a running QGuiApplication. The result is a copy the caller may change.
    """
    screen = QGuiApplication.primaryScreen()
    dpi = screen.logicalDotsPerInchY() if screen else (72.0 if sys.platform == "darwin" else 96.0)
    return QFont(_made(size, weight, tabular, dpi))
