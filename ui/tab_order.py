"""The Tab key walks as the eye does: in the order of the layouts, not in the one widgets were made in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QScrollArea, QWidget


def order_tabs(root: QWidget) -> None:
    """Everything below ``root`` that can have the keyboard, first to last. Again after widgets were added."""
    # The others of a group of chips come by the arrow keys, but which one has the Tab key changes: all of them.
    found = [each for each in _below(root) if each.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    for before, after in pairwise(found):
        QWidget.setTabOrder(before, after)


def first_stop(root: QWidget) -> QWidget | None:
    """Where Tab would come to first inside ``root``; None when nothing there takes the keyboard now."""
    for each in _below(root):
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled():
            return each
    return None


def _below(widget: QWidget) -> Iterator[QWidget]:
    yield widget
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            yield from _below(inside)
    elif not isinstance(widget, QAbstractScrollArea):  # a list or a text is one stop
        layout = widget.layout()
        placed = list(_of_layout(layout)) if layout is not None else []
        for each in placed:
            yield from _below(each)
        # What floats over the rest, as a card or a keypad, comes after it.
        for child in widget.children():
            if isinstance(child, QWidget) and not child.isWindow() and child not in placed:
                yield from _below(child)


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield widget
        elif (inner := item.layout()) is not None:
            yield from _of_layout(inner)
