"""Settings, each declared once. `app/settings_file.py` keeps them; what is secret is kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import get_type_hints

from app.domain.counterpart import Line
from app.setting_words import SHOWN, Control, Section, Shown, shown


class Theme(StrEnum):
    """Which colours the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class AfterCall(StrEnum):
    """What the window shows when a call has ended."""

    PANEL = "panel"
    BACK = "back"


class RelationDefault(StrEnum):
    """What a call is usually linked to."""

    NONE = "none"
    OPPORTUNITY = "opportunity"
    CASE = "case"


class Language(StrEnum):
    """What the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    JAPANESE = "ja"


@dataclass(frozen=True, slots=True)
class SalesforceSettings:
    """Where Salesforce is. The access token is in the keyring."""

    login_url: str = field(
        default="https://login.salesforce.com", metadata=shown("Sign-in page", Section.SALESFORCE, Control.SIGN_IN)
    )
    client_id: str = field(default="", metadata=shown("Connected app", Section.SALESFORCE, Control.FACT))
    instance_url: str = field(default="", metadata=shown("Address", Section.SALESFORCE, Control.FACT))


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """The organisation's rules, as far as the user's files tighten them.

    Read, kept and shown; nothing acts on them yet, and their words must say so.
    """

    e911: bool = field(
        default=False,
        metadata=shown(
            "Emergency address",
            Section.RULES,
            Control.FACT,
            "Not in force yet: this version calls without a confirmed address.",
        ),
    )
    consent: bool = field(
        default=False,
        metadata=shown(
            "Consent to texts",
            Section.RULES,
            Control.FACT,
            "Not in force yet: this version texts people without asking them first.",
        ),
    )
    consent_text: str = field(
        default="",
        metadata=shown(
            "Request for consent", Section.RULES, Control.FACT, "Not in force yet: this version asks nobody."
        ),
    )
    redaction: tuple[str, ...] = field(
        default=(),
        metadata=shown(
            "Blacked out",
            Section.RULES,
            Control.FACT,
            "Not in force yet: this version keeps and sends texts and notes as they were written.",
        ),
    )


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """The company's own list of colleagues, beside Salesforce's users. Its password is in the keyring."""

    csv: str = field(
        default="",
        metadata=shown("List of colleagues", Section.DIRECTORY, Control.FACT, "A CSV file, or its https address."),
    )
    carddav: str = field(
        default="",
        metadata=shown("Address book", Section.DIRECTORY, Control.FACT, "A CardDAV address book on a server."),
    )
    username: str = field(default="", metadata=shown("User name", Section.DIRECTORY, Control.FACT))
    presence: bool = field(
        default=False,
        metadata=shown(
            "Show who is on the phone",
            Section.DIRECTORY,
            Control.SWITCH,
            "Where your phone service tells: asked for the colleagues in sight only.",
        ),
    )

    @property
    def place(self) -> str:
        """Where colleagues are read from; empty for nowhere."""
        return self.carddav or self.csv


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Sound devices by name (`ringdown devices`), ``default`` or ``none``."""

    input: str = field(default="default", metadata=shown("Microphone", Section.SOUND, Control.INPUT))
    output: str = field(default="default", metadata=shown("Speaker", Section.SOUND, Control.OUTPUT))
    ringer: str = field(default="default", metadata=shown("Ringer", Section.SOUND, Control.OUTPUT))
    processing: bool = field(
        default=True,
        metadata=shown(
            "Clean the microphone",
            Section.SOUND,
            Control.SWITCH,
            "Takes out echo and noise and evens the loudness, from the next call on.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a rep or admin can set, with its default; fields that are tables are declared in their own class."""

    line: tuple[Line, ...] = field(default=(), metadata=shown("Lines", Section.LINES, Control.LINES))
    salesforce: SalesforceSettings = field(default_factory=SalesforceSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    audio: AudioSettings = field(default_factory=AudioSettings)
    directory: DirectorySettings = field(default_factory=DirectorySettings)
    theme: Theme = field(
        default=Theme.SYSTEM,
        metadata=shown(
            "Colours",
            Section.WINDOW,
            Control.CHOICE,
            choices=((Theme.SYSTEM, "As the system"), (Theme.LIGHT, "Light"), (Theme.DARK, "Dark")),
        ),
    )
    default_line: str = field(
        default="",
        metadata=shown(
            "Line for calls and texts", Section.LINES, Control.LINE, "Used unless you choose another one for a call."
        ),
    )
    dnd: bool = field(
        default=False,
        metadata=shown(
            "Do not disturb",
            Section.CALLS,
            Control.SWITCH,
            "Callers are turned away without a ring, and kept as missed.",
        ),
    )
    after_call: AfterCall = field(
        default=AfterCall.PANEL,
        metadata=shown(
            "When a call ends",
            Section.AFTER_CALLS,
            Control.CHOICE,
            "Notes, result and what it was about can be changed any time later too.",
            ((AfterCall.PANEL, "Wrap it up"), (AfterCall.BACK, "Straight back")),
        ),
    )
    relation_default: RelationDefault = field(
        default=RelationDefault.NONE,
        metadata=shown(
            "Calls belong to",
            Section.AFTER_CALLS,
            Control.CHOICE,
            "What is offered first when a call is linked to something in Salesforce.",
            (
                (RelationDefault.NONE, "Deals and cases"),
                (RelationDefault.OPPORTUNITY, "Deals"),
                (RelationDefault.CASE, "Cases"),
            ),
        ),
    )
    call_subject: str = field(
        default="",
        metadata=shown(
            "Subject",
            Section.AFTER_CALLS,
            Control.TEXT,
            "What calls are named: {person}, {company}, {number}, {direction}, {outcome} and {line} are filled in. "
            "Empty: as “Call to Ana Flores”.",
        ),
    )
    dispositions: tuple[str, ...] = field(
        default=(),
        metadata=shown(
            "Results",
            Section.AFTER_CALLS,
            Control.WORDS,
            "The results to choose from after a call, parted by commas. Empty: the usual ones.",
        ),
    )
    notify_preview: bool = field(
        default=True,
        metadata=shown(
            "Show what texts say",
            Section.NOTIFICATIONS,
            Control.SWITCH,
            "Off: a notification only tells who has texted.",
        ),
    )
    language: Language = field(
        default=Language.SYSTEM,
        metadata=shown(
            "Language",
            Section.WINDOW,
            Control.CHOICE,
            "The window speaks it at once; during a call, as soon as the call is over.",
            ((Language.SYSTEM, "As the system"), (Language.ENGLISH, "English"), (Language.JAPANESE, "日本語")),
        ),
    )

    def line_by_id(self, line_id: str) -> Line | None:
        """The line, None when there is none of this id."""
        return next((line for line in self.line if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting as declared: ``table`` is empty for the plain ones of `Settings`."""

    table: str
    name: str
    shown: Shown


def declared() -> tuple[Declared, ...]:
    """Every setting, in the order of declaration. The settings page and its tests are made from this."""
    found: list[Declared] = []
    hints = get_type_hints(Settings)
    for item in fields(Settings):
        if is_dataclass(hints[item.name]):
            found += [Declared(item.name, inner.name, inner.metadata[SHOWN]) for inner in fields(hints[item.name])]
        else:
            found.append(Declared("", item.name, item.metadata[SHOWN]))
    return tuple(found)


def plain_names() -> tuple[str, ...]:
    """The settings that are no tables."""
    return tuple(item.name for item in declared() if not item.table and item.name != "line")
