"""How settings are shown: the words and the kind of control each is declared with. English source text, Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The groups of the settings page, in their order; the value is the heading."""

    LINES = "Lines"
    CALLS = "Calls"
    AFTER_CALLS = "After a call"
    SOUND = "Sound"
    NOTIFICATIONS = "Notifications"
    WINDOW = "Window"
    SALESFORCE = "Salesforce"
    DIRECTORY = "Colleagues"
    RULES = "Rules of your organisation"


class Control(StrEnum):
    """How a setting is shown."""

    LINES = "lines"  # each line with its state
    LINE = "line"  # one of the lines, or none in particular
    INPUT = "input"  # a microphone
    OUTPUT = "output"  # a loudspeaker
    SWITCH = "switch"
    CHOICE = "choice"  # one of ``choices``
    TEXT = "text"  # one line of text
    WORDS = "words"  # a few words or short phrases, parted by commas
    SIGN_IN = "sign-in"  # who is signed in to Salesforce, and where
    FACT = "fact"  # told, not changed here


@dataclass(frozen=True, slots=True)
class Shown:
    """How the settings page shows a setting. Words are English source text; ``choices`` are (value, word)."""

    label: str
    section: Section
    control: Control
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()


SHOWN = "shown"
"""The field metadata's key."""


def shown(
    label: str, section: Section, control: Control, help: str = "", choices: tuple[tuple[str, str], ...] = ()
) -> dict[str, Shown]:
    """The metadata of a field."""
    return {SHOWN: Shown(label, section, control, help, choices)}
