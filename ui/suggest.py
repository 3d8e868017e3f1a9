"""What the one field offers for what was typed: calls and texts, people, conversations, commands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.events import MatchChanged
from app.domain.phone_number import NumberKind, PhoneNumber, parse
from app.domain.policies import is_emergency
from app.errors import AppError, ErrorCode
from ui import present
from ui.components import RowAction, RowData
from ui.components.rows import CALL, TEXT
from ui.models import Watch
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.counterpart import CrmRecord, RecordRef
    from app.reads.rows import PersonRow
    from ui.navigator import Navigator

_NUMBER = re.compile(r"^\s*(?:[+(*#0-9]|sips?:|tel:|callto:)", re.IGNORECASE)
_SAID_EARLY = {ErrorCode.NUMBER_TOO_LONG, ErrorCode.NUMBER_IMPOSSIBLE, ErrorCode.NUMBER_UNREADABLE}
_EARLIEST = 4  # digits: before that nobody has typed a wrong number yet
_PEOPLE, _THREADS, _COMMANDS = 5, 3, 4


@dataclass(frozen=True, slots=True)
class Command:
    """Something the window can do, by its word. ``available`` is asked each time it could be offered."""

    key: str
    word: str
    icon: str
    act: Callable[[], None]
    available: Callable[[], bool]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line below the field. ``act`` is Enter; ``call`` and ``text`` are its two buttons."""

    row: RowData
    act: Callable[[], None]
    call: Callable[[], None] | None = None
    text: Callable[[], None] | None = None
    ref: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything offered, and the sentence that says why a number cannot be dialled. ``by_name`` when names were
    looked for: then nothing is an answer too."""

    rows: tuple[Offer, ...] = ()
    sentence: str = ""
    number: PhoneNumber | None = None
    by_name: bool = False


@dataclass(slots=True)
class Wish:
    """What goes with the number: the line to use and the record the call is about."""

    line: str = ""
    about: str = ""


class Suggest(QObject):
    """Reads only; what it offers goes through the navigator. Main thread."""

    changed = Signal()  # Salesforce has said whose the number is that was asked about

    def __init__(self, desk: Desk, nav: Navigator, commands: Sequence[Command], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._commands = tuple(commands)
        self.wish = Wish()
        self._asked = ""
        Watch(desk.hub, self.changed.emit, self).on(MatchChanged, when=lambda event: event.number == self._asked)

    def offers(self, text: str, *, final: bool = False) -> Offers:
        """For ``text`` now. ``final`` when the rep pressed Enter: then also a number too short gets its sentence."""
        text = text.strip()
        if not text:
            return Offers()
        try:
            if looks_like_number(text):
                return self._for_number(text, final)
            rows = (*self._people(text), *self._threads(text), *self._matching_commands(text))
            return Offers(rows, by_name=True)
        except AppError as error:
            return Offers(sentence=error_sentence(error))

    def found(self, records: Sequence[CrmRecord], shown: Sequence[Offer]) -> tuple[Offer, ...]:
        """Salesforce's answer as further offers, without those that show already."""
        known = {offer.ref for offer in shown}
        fresh = [record for record in records if record.ref not in known][:_PEOPLE]
        there = self.tr("in Salesforce")
        made: list[Offer] = []
        for record in fresh:
            about = [record.company or record.title, there]
            made += self._people_offers(record.ref, record.name, about, record.phones)
        return tuple(made)

    def search(self, text: str, then: Callable[[Sequence[CrmRecord]], None]) -> None:
        """Ask Salesforce; nothing comes back while it is away. Whose a number is comes by `changed`.

        A number is asked about before it is called: who is not in the index may have asked not to be.
        """
        if not looks_like_number(text):
            self._desk.cards.search(text, then)
            return
        try:
            self._asked = parse(text, self._desk.lines.region(self.wish.line)).value
        except AppError:
            return
        self._desk.matching.look_up(self._asked)

    def _for_number(self, text: str, final: bool) -> Offers:
        region = self._desk.lines.region(self.wish.line)
        digits = sum(character.isdigit() for character in text)
        people = self._people(text) if digits >= 3 else ()
        try:
            number = parse(text, region)
        except AppError as error:
            early = error.code in _SAID_EARLY and digits >= _EARLIEST
            return Offers(people, error_sentence(error) if final or early else "")
        shown = present.number_text(number.value, region)
        if number.extension:
            shown = self.tr("{number} ext. {extension}").format(number=shown, extension=number.extension)
        about = self._about(number)
        who = [offer for offer in people if offer.row.subtitle]
        line = self.wish.line
        record = self.wish.about

        def call() -> None:
            self._nav.call_wanted.emit(text, line, record)

        def write() -> None:
            self._nav.text_wanted.emit(number.value, line)

        rows = [
            Offer(
                RowData("call", self.tr("Call {number}").format(number=shown), about, icon="phone", number=True),
                call,
                call,
                write,
            )
        ]
        if not is_emergency(number) and number.kind is not NumberKind.SERVICE:
            title = self.tr("Text {number}").format(number=shown)
            rows.append(Offer(RowData("text", title, "", icon="message", number=True), write, call, write))
        return Offers((*rows, *who), number=number)

    def _about(self, number: PhoneNumber) -> str:
        if is_emergency(number):
            return self.tr("Emergency call")
        match number.kind:
            case NumberKind.SHORT:
                return self.tr("Extension or short number")
            case NumberKind.SERVICE:
                return self.tr("Code for your phone service, dialled as typed")
            case NumberKind.SIP:
                return self.tr("SIP address")
            case _:
                pass
        match = self._desk.matching.known(number.value)
        place = present.country_name(number.value)
        warning = self.tr("Do not call") if match.not_to_be_called(self.wish.about) is not None else ""
        if match.chosen is not None:
            return " · ".join(part for part in (warning, match.chosen.name, match.chosen.company, place) if part)
        if match.records:
            several = self.tr("{count} people have this number").format(count=len(match.records))
            return " · ".join(part for part in (warning, several, place) if part)
        return place

    def _people(self, text: str) -> tuple[Offer, ...]:
        made: list[Offer] = []
        for row in self._desk.reads.people(text, limit=_PEOPLE).rows:
            made += self._people_offers(row.ref, row.name, self._why(row, text), row.phones)
        return tuple(made)

    def _why(self, row: PersonRow, text: str) -> list[str]:
        """Company, or what the typed words were found in, so that nobody wonders why somebody is on the list."""
        asked = [word for word in _folded(text).split() if word not in _folded(row.name)]
        digits = "".join(character for character in text if character.isdigit())
        in_number = any(digits and digits in number for _, number in row.phones)
        parts = [part for part in (row.company, row.title) if any(word in _folded(part) for word in asked)]
        found = _folded(" ".join(parts))
        if not in_number and any(word not in found for word in asked):
            person = self._desk.reads.person(row.ref.id)
            parts += [person.email] if person is not None and person.email else []
        return parts or [row.company or row.title]

    def _people_offers(
        self, ref: RecordRef, name: str, about: Sequence[str], phones: Sequence[tuple[str, str]]
    ) -> tuple[Offer, ...]:
        """The lines of one person; ``about`` is what stands beside the number."""
        number = phones[0][1] if phones else ""
        region = self._desk.lines.region(self.wish.line)
        parts = [*about[:1], present.number_text(number, region) if number else "", *about[1:]]
        line = self.wish.line
        actions = (RowAction(CALL, "phone", self.tr("Call")), RowAction(TEXT, "message", self.tr("Text")))
        row = RowData(
            f"{ref.kind}:{ref.id}",
            name or self.tr("No name"),
            " · ".join(part for part in parts if part),
            actions=actions if number else (),
        )
        offer = Offer(
            row,
            lambda: self._nav.person_opened.emit(ref),
            (lambda: self._nav.call_wanted.emit(number, line, "")) if number else None,
            self._writer(number) if number else None,
            ref,
        )
        return (offer,)

    def _writer(self, number: str) -> Callable[[], None]:
        line = self.wish.line
        return lambda: self._nav.text_wanted.emit(number, line)

    def _threads(self, text: str) -> tuple[Offer, ...]:
        page = self._desk.reads.conversations(text=text, limit=_THREADS)
        made: list[Offer] = []
        for row in page.rows:
            number = present.number_text(row.number, self._desk.lines.region(row.line))
            data = RowData(f"thread:{row.line}:{row.number}", row.name or number, row.snippet, icon="message")
            data = replace(data, number=not row.name)
            made.append(Offer(data, self._opener(row.line, row.number)))
        return tuple(made)

    def _opener(self, line: str, number: str) -> Callable[[], None]:
        return lambda: self._nav.thread_opened.emit(line, number)

    def _matching_commands(self, text: str) -> tuple[Offer, ...]:
        wanted = text.casefold()
        fitting = [
            command
            for command in self._commands
            if any(word.startswith(wanted) for word in _starts(command.word)) and command.available()
        ]
        return tuple(
            Offer(RowData(f"command:{c.key}", c.word, self.tr("Command"), c.hint, icon=c.icon), c.act)
            for c in fitting[:_COMMANDS]
        )


def looks_like_number(text: str) -> bool:
    """Does the rep mean to dial this? Letters later on are fine: 1-800-FLOWERS, x12."""
    return bool(_NUMBER.match(unicodedata.normalize("NFKC", text)))  # a Japanese keyboard writes wide digits


def _folded(text: str) -> str:
    """As the store compares."""
    return unicodedata.normalize("NFKC", text).casefold()


def _starts(word: str) -> list[str]:
    """The places a search may begin: each word of the command, to its end."""
    words = word.casefold().split()
    return [" ".join(words[at:]) for at in range(len(words))]
