"""The one field: people, numbers, commands. Digits offer Call and Text, letters find, Enter does the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.components import PlainLabel, RowList, RowModel, SearchField
from ui.components.rows import CALL
from ui.design.tokens import METRICS, SPACE, ColourRole
from ui.overlay import Overlay

if TYPE_CHECKING:
    from app.domain.counterpart import CrmRecord
    from ui.suggest import Offer, Suggest

_PARSE_AFTER = 90  # milliseconds of quiet while typing
_SEARCH_AFTER = 250
_MOST_ROWS = 8


class _Offers(Overlay):
    """The list below the field. The keyboard stays in the field."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        margin = self.body.contentsMargins().left() - SPACE.between + SPACE.unit
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(0)
        self.sentence = PlainLabel("", self, role=ColourRole.DANGER_TEXT, wrap=True)
        self.sentence.setContentsMargins(SPACE.gap, SPACE.inside, SPACE.gap, SPACE.inside)
        self.nothing = PlainLabel("", self, role=ColourRole.MUTED, wrap=True)
        self.nothing.setContentsMargins(self.sentence.contentsMargins())
        self.list = RowList(self.tr("Suggestions"), self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setProperty("raised", True)  # its rows lie on the card, not on the window
        self.model = RowModel([], self.list)
        self.list.setModel(self.model)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.list, 1)

    def wanted_size(self) -> tuple[int, int]:
        margins = self.body.contentsMargins()
        anchor = self._anchor
        window = anchor.window()
        below = window.height() - anchor.mapTo(window, anchor.rect().bottomLeft()).y() - SPACE.page
        width = max(anchor.width(), METRICS.list - 2 * SPACE.gap) + 2 * (margins.left() - SPACE.unit)
        height = min(self.model.rowCount(), _MOST_ROWS) * METRICS.row + margins.top() + margins.bottom()
        for words in (self.sentence, self.nothing):
            if not words.isHidden():
                height += words.heightForWidth(width - margins.left() - margins.right())
        return width, min(height, below)


class NumberField(SearchField):
    """The field with its offers. `attach` gives it something to offer; until then it only takes text."""

    def __init__(
        self, parent: QWidget | None = None, *, placeholder: str = "", icon: str = "search", told: str = ""
    ) -> None:
        """Without a ``placeholder`` it is the window's one field; ``told`` describes another to screen readers."""
        hint = "" if placeholder else self.tr("Ctrl K")
        super().__init__(placeholder or self.tr("Name or number"), parent, icon=icon, shortcut_hint=hint)
        self.setMaxLength(256)
        self.setToolTip("")
        self._told = told or self.tr("Type a number to call or text, or a name to find somebody")
        self.setAccessibleDescription(self._told)
        self._suggest: Suggest | None = None
        self._shown: tuple[Offer, ...] = ()
        self._popup: _Offers | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PARSE_AFTER)
        self._soon.timeout.connect(self.refresh)
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_SEARCH_AFTER)
        self._ask.timeout.connect(self._ask_salesforce)
        self.textEdited.connect(self._edited)
        self.cleared.connect(self._emptied)

    def attach(self, suggest: Suggest) -> None:
        """There is an app now: what was typed before it came is looked at too."""
        self._suggest = suggest
        self._popup = _Offers(self)
        self._popup.list.opened.connect(lambda index: self._do(index.row()))
        self._popup.list.action_requested.connect(self._act)
        suggest.changed.connect(self._heard)
        if self.text() and self.hasFocus():
            self.refresh()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered now."""
        return self._shown

    @property
    def sentence(self) -> str:
        """Why the number cannot be dialled, empty when it can."""
        return self._popup.sentence.text() if self._popup and not self._popup.sentence.isHidden() else ""

    @property
    def nothing(self) -> str:
        """What is said where nothing fits a name, empty when something does."""
        return self._popup.nothing.text() if self._popup and not self._popup.nothing.isHidden() else ""

    @property
    def is_offering(self) -> bool:
        """Whether the list shows."""
        return self._popup is not None and self._popup.is_open

    def put_back(self, text: str, *, about: str = "") -> None:
        """What was dialled from here and could not be is not lost. Nothing is offered: it would cover the reason."""
        self.setText(text)
        if self._suggest is not None:
            self._suggest.wish.about = about

    def fill(self, text: str, *, about: str = "") -> None:
        """Put a number in, as a link does. Nothing is dialled."""
        self.setText(text)
        if self._suggest is not None:
            self._suggest.wish.about = about
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def type_digit(self, digit: str) -> None:
        """A key of the drawn keypad."""
        self.insert(digit)
        self._edited()

    def erase(self) -> None:
        """The keypad's erase key."""
        self.backspace()
        self._edited()

    def refresh(self, *, final: bool = False) -> None:
        """Offer what fits the text now."""
        self._soon.stop()
        if self._suggest is None or self._popup is None:
            return
        self._offer(final=final)
        if len(self.text().strip()) >= 2:
            self._ask.start()

    def _offer(self, *, final: bool = False) -> None:
        assert self._suggest is not None
        assert self._popup is not None
        offers = self._suggest.offers(self.text(), final=final)
        self._popup.sentence.setText(offers.sentence)
        self._popup.sentence.setVisible(bool(offers.sentence))
        found_none = offers.by_name and not offers.rows and not offers.sentence
        self._say_nothing(self.tr("Nothing found on this computer.") if found_none else "")
        self._show(offers.rows)

    def submit(self) -> None:
        """What Enter does: the chosen offer, else the first."""
        typed = self.text()
        chosen = self._current()
        if self._soon.isActive() or not self.is_offering:
            self.refresh(final=True)
            chosen = -1
        elif not self._shown:
            self.refresh(final=True)
        if self._shown and not self.sentence and self.text() == typed:
            self._do(max(chosen, 0))

    def hide_offers(self) -> None:
        """Put the list away, the text stays."""
        self._soon.stop()
        self._ask.stop()
        self.setAccessibleDescription(self._told)
        if self._popup is not None:
            self._popup.close_overlay()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if self._shown and self.is_offering and (control or shift):
                self._press(self._shown[max(self._current(), 0)], call=control)
            else:
                self.submit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if self.is_offering:
                self._move(1 if key == Qt.Key.Key_Down else -1)
            else:
                self.refresh()
        elif key == Qt.Key.Key_Escape and self.is_offering:
            self.hide_offers()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A press on the offers takes the keyboard away too, and so does another window: they stay then.
        if event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        ):
            self.hide_offers()

    def _edited(self) -> None:
        if self._suggest is not None:
            self._suggest.wish.about = ""  # another number now: what the link said no longer holds
        if self.text().strip():
            self._soon.start()
        else:
            self._emptied()

    def _emptied(self) -> None:
        self._shown = ()
        self.hide_offers()

    def _say_nothing(self, words: str) -> None:
        assert self._popup is not None
        self._popup.nothing.setText(words)
        self._popup.nothing.setVisible(bool(words))
        if self._popup.is_open:
            self._popup.place()

    def _show(self, offers: Sequence[Offer]) -> None:
        assert self._popup is not None
        self._shown = tuple({offer.row.key: offer for offer in offers}.values())
        self._popup.model.set_rows([offer.row for offer in self._shown])
        if not self._shown and self._popup.sentence.isHidden() and self._popup.nothing.isHidden():
            self._popup.close_overlay()
            return
        self._popup.list.setVisible(bool(self._shown))
        self._popup.open()
        if self._shown:
            self._popup.list.setCurrentIndex(self._popup.model.index(0))
            self._popup.list.scrollToTop()

    def _current(self) -> int:
        return self._popup.list.currentIndex().row() if self._popup is not None else -1

    def _move(self, step: int) -> None:
        if self._popup is None or not self._shown:
            return
        row = (self._current() + step) % len(self._shown)
        self._popup.list.setCurrentIndex(self._popup.model.index(row))
        self.setAccessibleDescription(self._shown[row].row.accessible())

    def _do(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            offer = self._shown[row]
            self._leave()
            offer.act()

    def _act(self, index: QModelIndex, name: str) -> None:
        if 0 <= index.row() < len(self._shown):
            self._press(self._shown[index.row()], call=name == CALL)

    def _press(self, offer: Offer, *, call: bool) -> None:
        act = offer.call if call else offer.text
        if act is not None:
            self._leave()
            act()

    def _leave(self) -> None:
        self.hide_offers()
        self.clear()
        self._shown = ()

    def _ask_salesforce(self) -> None:
        if self._suggest is not None:
            text = self.text().strip()
            self._suggest.search(text, lambda records: self._answered(text, records))

    def _heard(self) -> None:
        """Salesforce knows more of the number; what is chosen stays chosen."""
        if self.is_offering and not self._soon.isActive():
            at = self._current()
            self._offer()
            self._choose(at)

    def _choose(self, row: int) -> None:
        if 0 < row < len(self._shown) and self._popup is not None:
            self._popup.list.setCurrentIndex(self._popup.model.index(row))

    def _answered(self, text: str, records: Sequence[CrmRecord]) -> None:
        # Late answers, and answers to what is no longer typed, are of no use.
        if self._suggest is None or self.text().strip() != text or not self.hasFocus():
            return
        more = self._suggest.found(records, self._shown)
        if not more and self.nothing:
            self._say_nothing(self.tr("Nothing found here or in Salesforce."))
        if more:
            at = self._current()
            self._say_nothing("")
            self._show((*self._shown, *more))
            self._choose(at)
