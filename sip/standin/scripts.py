"""What the far end does in a call, by the number dialled or by what was asked over the control port.

A step gets the call handed in and never keeps it: later steps are asked for with `call.after`, which
looks the call up again by its id.
"""

from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from sip.standin.call import FarCall, Step
from sip.standin.number_table import Behaviour, Entry
from sip.standin.speech import Sound

MENU_REPLIES = {"1": Sound.ONE, "2": Sound.TWO}


class Scripts:
    """The behaviours. Voicemail recordings go into `folder`, made on first use when not given."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.own_folder: Path | None = None
        """A temporary folder made here, to be removed at the end."""

    def begin(self, call: FarCall, entry: Entry) -> None:
        """First reaction to an incoming call."""
        match entry.behaviour:
            case Behaviour.REFUSE:
                call.respond(entry.status)
            case Behaviour.NO_ANSWER:
                call.respond(180)
                call.after(entry.seconds, partial(_refuse, status=entry.status))
            case Behaviour.EARLY_MEDIA:
                call.respond(183)
                call.speak(Sound.WAIT, loop=True)
                call.after(entry.seconds, _take)
            case _:
                call.respond(180)
                call.after(entry.seconds, _take)

    def for_entry(self, entry: Entry) -> Step:
        """What happens once the call is answered."""
        match entry.behaviour:
            case Behaviour.VOICEMAIL:
                return self._voicemail
            case Behaviour.ECHO:
                return _echo
            case Behaviour.MENU:
                return _menu
            case Behaviour.HANG_UP:
                return partial(_closed, stays=entry.stays or 0.0)
            case _:
                return partial(speak, sound=Sound.HELLO)

    def for_request(self, say: str, file: Path | None, hangup_after: float | None) -> Step:
        """What a call we place does once answered: `echo`, `silence`, `tone`, a phrase, or a WAV file."""
        return partial(_requested, say=say, file=file, hangup_after=hangup_after)

    def _voicemail(self, call: FarCall) -> None:
        length = call.speak(Sound.GREETING)
        call.after(length + 0.2, self._beep)

    def _beep(self, call: FarCall) -> None:
        length = call.tone(1000, on_ms=500)
        call.after(length + 0.1, self._take_message)

    def _take_message(self, call: FarCall) -> None:
        call.silence()
        if self._folder is None:
            self._folder = self.own_folder = Path(mkdtemp(prefix="standin-voicemail-"))
        call.record_to(self._folder / f"{call.record.id}.wav")


def speak(call: FarCall, sound: Sound | Path) -> None:
    """Speaks a phrase or file again and again."""
    call.speak(sound, loop=True)


def _take(call: FarCall) -> None:
    call.respond(200)


def _refuse(call: FarCall, status: int) -> None:
    call.end(status)


def _end(call: FarCall) -> None:
    call.end()


def _echo(call: FarCall) -> None:
    call.echo()


def _closed(call: FarCall, stays: float) -> None:
    call.speak(Sound.GOODBYE)
    call.after(stays, _end)


def _menu(call: FarCall) -> None:
    call.on_digit = _menu_digit
    call.speak(Sound.MENU, loop=True)


def _menu_digit(call: FarCall, digit: str) -> None:
    length = call.tone(880, on_ms=150)
    if digit == "#":
        call.after(length + 0.1, _end)
    elif digit in MENU_REPLIES:
        call.after(length + 0.1, partial(_menu_reply, sound=MENU_REPLIES[digit]))
    else:
        call.after(length + 0.6, partial(speak, sound=Sound.MENU))


def _menu_reply(call: FarCall, sound: Sound) -> None:
    length = call.speak(sound)
    call.after(length + 0.8, partial(speak, sound=Sound.MENU))


def _requested(call: FarCall, say: str, file: Path | None, hangup_after: float | None) -> None:
    if hangup_after is not None:
        call.after(hangup_after, _end)
    if file is not None:
        call.speak(file, loop=True)
        return
    match say:
        case "echo":
            call.echo()
        case "silence":
            call.silence()
        case "tone":
            call.tone(440, on_ms=1000, loop=True)
        case _:
            call.speak(Sound(say), loop=True)
