"""What happens when a number is dialled: the far end's table. Pure.

Numbers are taken from the user part of the request address and may be written as E.164, as a
national number or with spaces, dots, dashes and brackets. A number not in the table speaks.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote


class Behaviour(StrEnum):
    """What the far end does with a call."""

    SPEAK = "speak"
    REFUSE = "refuse"
    NO_ANSWER = "no-answer"
    VOICEMAIL = "voicemail"
    ECHO = "echo"
    MENU = "menu"
    HANG_UP = "hang-up"
    EARLY_MEDIA = "early-media"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table. `seconds` is how long it rings (or speaks early) before what comes next."""

    number: str
    behaviour: Behaviour
    says: str
    seconds: float = 0.0
    status: int = 200
    """The final SIP status: 200 answers, others refuse."""
    stays: float | None = None
    """Seconds after the answer until the far end hangs up; None stays."""

    @property
    def answers_texts(self) -> bool:
        """Whether a text to this number gets a reply."""
        return self.behaviour is Behaviour.SPEAK


TABLE: tuple[Entry, ...] = (
    Entry("+14155550101", Behaviour.SPEAK, "answers after 1.5 s and speaks; texts get a reply", 1.5),
    Entry("+14155550102", Behaviour.REFUSE, "busy (486)", status=486),
    Entry("+14155550103", Behaviour.NO_ANSWER, "rings, never answers (480 after 60 s)", 60.0, 480),
    Entry("+14155550104", Behaviour.VOICEMAIL, "voicemail: greeting, beep, records till you hang up", 1.0),
    Entry("+14155550105", Behaviour.ECHO, "echo: you hear yourself", 0.5),
    Entry("+14155550106", Behaviour.MENU, "menu: 1 and 2 speak, any digit beeps, # hangs up", 1.0),
    Entry("+14155550107", Behaviour.HANG_UP, "answers, hangs up after 3 s", 1.0, stays=3.0),
    Entry("+14155550108", Behaviour.REFUSE, "no such number (404)", status=404),
    Entry("+14155550109", Behaviour.REFUSE, "declines (603)", status=603),
    Entry("+14155550110", Behaviour.REFUSE, "out of service (503)", status=503),
    Entry("+14155550111", Behaviour.EARLY_MEDIA, "speaks before it answers (183), then answers", 3.0),
)

_BY_NUMBER = {entry.number: entry for entry in TABLE}
_ORDINARY = TABLE[0]
_FILLERS = str.maketrans("", "", " .-()/")


def normalise(user: str) -> str:
    """The dialled user part in E.164 where it looks like a (US) number, else as it came."""
    bare = unquote(user).split(";", 1)[0].translate(_FILLERS)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return bare
    if bare.startswith("+"):
        return bare
    if digits.startswith("011") and len(digits) > 10:
        return "+" + digits[3:]
    if len(digits) == 11 and digits.startswith("1"):
        return "+" + digits
    if len(digits) == 10:
        return "+1" + digits
    return bare


def lookup(user: str) -> Entry:
    """The row for a dialled user part; a number not listed behaves like the first row."""
    number = normalise(user)
    known = _BY_NUMBER.get(number)
    if known is not None:
        return known
    return Entry(number, _ORDINARY.behaviour, _ORDINARY.says, _ORDINARY.seconds)


def as_text() -> str:
    """The table as lines of plain text, for `--help`."""
    rows = [f"  {entry.number}  {entry.says}" for entry in TABLE]
    return "\n".join([*rows, "  any other     like +14155550101"])
