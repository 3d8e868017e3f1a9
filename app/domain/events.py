"""What has happened in the app, told through the hub. Past tense; they carry ids, and who listens reads again."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.counterpart import LineState, RecordRef
from app.domain.phone_events import SoundStep, SoundTest
from app.errors import AppError


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A live call moved on (also its end). Read it from `usecases.calls`."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallSoundChanged:
    """New figures of how a live call sounds. Read them from `usecases.calls`."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallRang:
    """An incoming call rings: show it, sound the ringer."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call ended and its log is stored."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallLogChanged:
    """A call log was stored, noted, matched or synced."""

    call_id: str


@dataclass(frozen=True, slots=True)
class MessageStored:
    """A text was stored or its delivery moved. ``received`` only when it has just come in."""

    message_id: str
    line: str
    number: str
    received: bool = False


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A conversation's unread count, draft or place in the list changed."""

    line: str
    number: str


@dataclass(frozen=True, slots=True)
class MatchChanged:
    """What a number found is known better than before."""

    number: str


@dataclass(frozen=True, slots=True)
class LineStateChanged:
    """A line's state or reason changed."""

    line: str
    state: LineState


@dataclass(frozen=True, slots=True)
class LinesChanged:
    """Lines were added, edited or removed."""


@dataclass(frozen=True, slots=True)
class PhoneLost:
    """The phone engine is gone and is being started again."""

    final: bool


@dataclass(frozen=True, slots=True)
class PhoneBack:
    """The phone engine is up again."""


@dataclass(frozen=True, slots=True)
class DevicesListed:
    """The sound devices changed, or none could be opened."""


@dataclass(frozen=True, slots=True)
class CrmStateChanged:
    """Signed in, offline or signed out; or its problem changed."""


@dataclass(frozen=True, slots=True)
class CardChanged:
    """The card of a record was loaded, or could not be."""

    ref: RecordRef


@dataclass(frozen=True, slots=True)
class RecordGone:
    """Salesforce no longer has a record that is named here: it was deleted, merged or converted since it was read."""

    ref: RecordRef


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """What waits for Salesforce, or what failed, changed."""


@dataclass(frozen=True, slots=True)
class LevelsHeard:
    """How loud microphone and speaker are, in dB below full scale: 0 the loudest, -90 silence."""

    microphone: int
    speaker: int


@dataclass(frozen=True, slots=True)
class SoundTestMoved:
    """A test of speaker, ringer or microphone moved on."""

    test: SoundTest
    step: SoundStep


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The window shall speak another language."""


@dataclass(frozen=True, slots=True)
class DndChanged:
    """Do not disturb was switched."""

    on: bool


@dataclass(frozen=True, slots=True)
class PresenceMoved:
    """A colleague went on the phone, or is free again. ``number`` as it is watched."""

    number: str


@dataclass(frozen=True, slots=True)
class DirectoryChanged:
    """The company's directory was read, or could not be."""


@dataclass(frozen=True, slots=True)
class Troubled:
    """Something expected went wrong off the main path (a write failed, the disk is full): show its sentence."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, error: AppError) -> Troubled:
        """An error as its event; a `Detail` stays one."""
        values = ((name, value if isinstance(value, str) else str(value)) for name, value in error.values.items())
        return cls(error.code.value, tuple(values))


@dataclass(frozen=True, slots=True)
class FieldFilled:
    """A link or another program put a number into the keypad field; nothing is dialled."""

    text: str
    body: str = ""
    messages: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class ProvisionAsked:
    """A link offers settings from an address: show what they would change, and ask."""

    url: str


@dataclass(frozen=True, slots=True)
class RaiseAsked:
    """A second start asks the window to come forward."""


Event = (
    CallChanged
    | CallSoundChanged
    | CallRang
    | CallFinished
    | CallLogChanged
    | MessageStored
    | ConversationChanged
    | MatchChanged
    | LineStateChanged
    | LinesChanged
    | PhoneLost
    | PhoneBack
    | DevicesListed
    | CrmStateChanged
    | CardChanged
    | RecordGone
    | OutboxChanged
    | DndChanged
    | LevelsHeard
    | SoundTestMoved
    | LanguageChosen
    | DirectoryChanged
    | PresenceMoved
    | Troubled
    | FieldFilled
    | RaiseAsked
    | ProvisionAsked
)
