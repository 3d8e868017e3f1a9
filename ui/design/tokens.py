"""The design tokens: colours, type, space, motion. Plain values, free of Qt.

Sizes are logical pixels, times are milliseconds, colours are "#rrggbb".
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "DARK",
    "LIGHT",
    "METRICS",
    "MOTION",
    "SPACE",
    "TYPE",
    "ColourRole",
    "Metrics",
    "Motion",
    "Palette",
    "Space",
    "TypeScale",
    "Weight",
    "contrast",
]


class ColourRole(StrEnum):
    """What a colour means. The value is the name of the field of `Palette`."""

    RAIL = "rail"
    SURFACE = "surface"
    SUNKEN = "sunken"
    RAISED = "raised"
    HOVER = "hover"
    PRESSED = "pressed"
    BORDER = "border"
    BORDER_STRONG = "border_strong"
    TEXT = "text"
    MUTED = "muted"
    DISABLED = "disabled"
    ACCENT = "accent"
    ACCENT_HOVER = "accent_hover"
    ACCENT_SOFT = "accent_soft"
    ACCENT_TEXT = "accent_text"
    ON_FILL = "on_fill"
    LIVE = "live"
    LIVE_HOVER = "live_hover"
    LIVE_SOFT = "live_soft"
    LIVE_TEXT = "live_text"
    DANGER = "danger"
    DANGER_HOVER = "danger_hover"
    DANGER_SOFT = "danger_soft"
    DANGER_TEXT = "danger_text"
    WAIT = "wait"
    WAIT_SOFT = "wait_soft"
    WAIT_TEXT = "wait_text"
    BUBBLE_IN = "bubble_in"
    BUBBLE_OUT = "bubble_out"
    TOOLTIP = "tooltip"
    TOOLTIP_TEXT = "tooltip_text"


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour scheme. `*_soft` is a background tint, `*_text` is legible on every surface."""

    rail: str  # the rail and the strip of a quiet window edge
    surface: str  # lists, threads, cards: where most text stands
    sunken: str  # inputs, wells
    raised: str  # menus, pop-ups: what floats
    hover: str
    pressed: str
    border: str  # hairlines between areas; decoration only
    border_strong: str  # edges that mark a control, 3:1 against a surface
    text: str
    muted: str
    disabled: str
    accent: str  # the one accent: selection, links, the primary button
    accent_hover: str
    accent_soft: str
    accent_text: str
    on_fill: str  # text and icons on accent, live and danger fills
    live: str  # green: answer, a live call; nothing else
    live_hover: str
    live_soft: str
    live_text: str
    danger: str  # red: end, reject, missed, failed; nothing else
    danger_hover: str
    danger_soft: str
    danger_text: str
    wait: str  # amber: hold, waiting; nothing else
    wait_soft: str
    wait_text: str
    bubble_in: str
    bubble_out: str
    tooltip: str
    tooltip_text: str

    def __getitem__(self, role: ColourRole) -> str:
        value: str = getattr(self, role.value)
        return value


LIGHT = Palette(
    rail="#f5f5f6",
    surface="#ffffff",
    sunken="#f7f7f8",
    raised="#ffffff",
    hover="#f2f2f4",
    pressed="#e8e8eb",
    border="#e6e6e9",
    border_strong="#8b8b94",
    text="#1a1a1e",
    muted="#62626b",
    disabled="#a6a6ae",
    accent="#4a57d6",
    accent_hover="#3f4bc2",
    accent_soft="#eceefc",
    accent_text="#3f4bc2",
    on_fill="#ffffff",
    live="#16804a",
    live_hover="#106e3e",
    live_soft="#e6f5ec",
    live_text="#0f6e3f",
    danger="#cf332b",
    danger_hover="#b62a23",
    danger_soft="#fdeceb",
    danger_text="#b92a23",
    wait="#b87700",
    wait_soft="#fdf2da",
    wait_text="#825100",
    bubble_in="#f0f0f2",
    bubble_out="#e3e6fb",
    tooltip="#26262b",
    tooltip_text="#f4f4f6",
)

DARK = Palette(
    rail="#141416",
    surface="#1a1a1d",
    sunken="#212125",
    raised="#242428",
    hover="#26262a",
    pressed="#303036",
    border="#37373e",
    border_strong="#74747e",
    text="#ededf0",
    muted="#a2a2ad",
    disabled="#5f5f69",
    accent="#5663e0",
    accent_hover="#4c58d2",
    accent_soft="#272a47",
    accent_text="#a5aeff",
    on_fill="#ffffff",
    live="#1b824d",
    live_hover="#178049",
    live_soft="#173326",
    live_text="#58cc92",
    danger="#d13a32",
    danger_hover="#bd332c",
    danger_soft="#41201f",
    danger_text="#ff8f87",
    wait="#e2a336",
    wait_soft="#3a2d14",
    wait_text="#f0b959",
    bubble_in="#2a2a2f",
    bubble_out="#2e3462",
    tooltip="#3a3a41",
    tooltip_text="#f4f4f6",
)


class Weight(StrEnum):
    """Stroke weight of type: regular for text, medium for names, strong for headings and unread."""

    REGULAR = "regular"
    MEDIUM = "medium"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Sizes of type. Nothing else is used."""

    muted: float = 12.0
    body: float = 13.5
    name: float = 15.0
    call: float = 20.0


@dataclass(frozen=True, slots=True)
class Space:
    """The 4 px grid. `inside` is the gap within a group, `between` the gap between groups."""

    half: int = 2
    unit: int = 4
    inside: int = 8
    gap: int = 12
    between: int = 16
    page: int = 24


@dataclass(frozen=True, slots=True)
class Metrics:
    """Fixed sizes of the window's parts."""

    radius: int = 8
    radius_small: int = 6
    row: int = 56
    rail: int = 64
    list: int = 320
    card: int = 340
    strip: int = 40
    control: int = 32
    control_small: int = 28
    popup: int = 380
    fold_below: int = 1050
    icon_small: int = 16
    icon: int = 20
    avatar: int = 32
    focus_width: int = 2


@dataclass(frozen=True, slots=True)
class Motion:
    """How long things take, in milliseconds."""

    skeleton_after: int = 150
    clock: int = 250  # how often talking times are looked at: by the second, two on one screen would differ


TYPE = TypeScale()
SPACE = Space()
METRICS = Metrics()
MOTION = Motion()


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two "#rrggbb" colours, from 1.0 to 21.0."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
