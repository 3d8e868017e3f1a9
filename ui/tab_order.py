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


def _below(widget: QWidget) -> Iterator[QWidget]:
    yield widget
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            yield from _below(inside)
    elif isinstance(widget, QAbstractScrollArea):
        return  # a list or a text: one stop
    elif (layout := widget.layout()) is not None:
        yield from _of_layout(layout)


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from _below(widget)
        elif (inner := item.layout()) is not None:
            yield from _of_layout(inner)
