"""The spoken phrases: where their files lie and how long they last."""

import wave
from contextlib import ExitStack
from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

_open_files = ExitStack()  # keeps unpacked copies for the life of the process, should we run from an archive


class Sound(StrEnum):
    """The phrases in `sip/standin/sounds`."""

    HELLO = "hello"
    GREETING = "greeting"
    MENU = "menu"
    ONE = "one"
    TWO = "two"
    GOODBYE = "goodbye"
    WAIT = "wait"


@cache
def path(sound: Sound) -> Path:
    """The WAV file of a phrase."""
    return _open_files.enter_context(as_file(files("sip.standin.sounds").joinpath(f"{sound}.wav")))


@cache
def seconds(file: Path) -> float:
    """How long a WAV file lasts; wave.Error or OSError when it is none."""
    with wave.open(str(file), "rb") as wav:
        return wav.getnframes() / wav.getframerate()
