"""Small widgets and delegates of the window, drawn from the design tokens.

Panes import from here. Text that came from outside may be given to any of them as it is: it is cleaned
and drawn as plain text. Words of the app are given by the caller, already translated.
"""

from ui.components.bubble_list import BubbleList
from ui.components.bubbles import BubbleData, BubbleDelegate, BubbleKind, BubbleRole, Tick
from ui.components.buttons import Button, ButtonKind, IconButton, Tone
from ui.components.feedback import Banner, BannerKind, EmptyState, Skeleton
from ui.components.inputs import AutoGrowTextEdit, SearchField
from ui.components.labels import PlainLabel, SectionTitle
from ui.components.layout import FlowLayout
from ui.components.marks import Avatar, Chip, DotState, Glyph, Separator, StateDot
from ui.components.paragraph import Paragraph
from ui.components.plain import clean_line, clean_text, initials
from ui.components.row_delegate import RowDelegate
from ui.components.row_list import RowList
from ui.components.rows import RowAction, RowData, RowMark, RowModel, RowRole, row_value
from ui.components.surfaces import Card, StripBar, StripState
from ui.components.switch import Switch

__all__ = [
    "AutoGrowTextEdit",
    "Avatar",
    "Banner",
    "BannerKind",
    "BubbleData",
    "BubbleDelegate",
    "BubbleKind",
    "BubbleList",
    "BubbleRole",
    "Button",
    "ButtonKind",
    "Card",
    "Chip",
    "DotState",
    "EmptyState",
    "FlowLayout",
    "Glyph",
    "IconButton",
    "Paragraph",
    "PlainLabel",
    "RowAction",
    "RowData",
    "RowDelegate",
    "RowList",
    "RowMark",
    "RowModel",
    "RowRole",
    "SearchField",
    "SectionTitle",
    "Separator",
    "Skeleton",
    "StateDot",
    "StripBar",
    "StripState",
    "Switch",
    "Tick",
    "Tone",
    "clean_line",
    "clean_text",
    "initials",
    "row_value",
]
