"""What the field of a new message offers: the number that was typed, and the numbers of people found by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui import present
from ui.components import RowData
from ui.suggest import Offer, Offers, Suggest, looks_like_number

if TYPE_CHECKING:
    from app.domain.counterpart import RecordRef

_NUMBERS = 3  # of one person: more would hide the next one


class TextSuggest(Suggest):
    """As the one field finds them, but each offer is a number to text."""

    def offers(self, text: str, *, final: bool = False) -> Offers:
        found = super().offers(text, final=final)
        rows = tuple(offer for offer in found.rows if offer.text is not None and offer.row.key != "call")
        if rows or found.sentence or not final or not text.strip():
            return Offers(rows, found.sentence, found.number, found.by_name)
        typed = text.strip()[:60]
        if looks_like_number(typed):
            return Offers(sentence=self.tr("“{text}” cannot be texted.").format(text=typed))
        return Offers(sentence=self.tr("Nobody called “{text}”, and it is not a phone number.").format(text=typed))

    def _people_offers(
        self, ref: RecordRef, name: str, about: Sequence[str], phones: Sequence[tuple[str, str]]
    ) -> tuple[Offer, ...]:
        region = self._desk.lines.region(self.wish.line)
        made = []
        for label, number in phones[:_NUMBERS]:
            shown = present.number_text(number, region)
            row = RowData(
                f"{ref.kind}:{ref.id}:{number}",
                name or shown,
                " · ".join(part for part in (shown, label, *about) if part),
                avatar=name,
            )
            write = self._writer(number)
            made.append(Offer(row, write, text=write, ref=ref))
        return tuple(made)
