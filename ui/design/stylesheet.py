"""The one style sheet: edges and padding of Qt's own widgets, which no palette can give.

Our own components paint themselves; this is for fields, menus, tooltips, scroll bars and lists.
"""

from string import Template

from ui.design.tokens import METRICS, TYPE, Palette

__all__ = ["stylesheet"]

_SHEET = Template(
    """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
    background: $sunken; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    placeholder-text-color: $muted; padding: 5px 9px; selection-background-color: $accent; selection-color: $on_fill;
}
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover { border-color: $border_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {
    background: $surface; border: 2px solid $accent; padding: 4px 8px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled { color: $disabled; }
QAbstractItemView { background: $surface; border: none; outline: none; }
QAbstractItemView[raised="true"] { background: $raised; }
QMenu { background: $raised; border: 1px solid $border; border-radius: ${radius}px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: ${radius_small}px; color: $text; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QToolTip {
    background: $tooltip; color: $tooltip_text; border: 1px solid $tooltip; padding: 4px 6px;
    font-size: ${muted_size}px;
}
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $pressed; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $border_strong; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QSplitter::handle { background: $border; }
QScrollArea { border: none; }
"""
)


def stylesheet(tokens: Palette) -> str:
    """The sheet in the colours of one scheme."""
    values = {name: getattr(tokens, name) for name in tokens.__dataclass_fields__}
    return _SHEET.substitute(
        values, radius=METRICS.radius, radius_small=METRICS.radius_small, muted_size=round(TYPE.muted)
    )
