"""Lines and devices that do as a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.counterpart import (
    Line,
    LineReason,
    LineState,
)
from app.domain.events import (
    DndChanged,
    LanguageChosen,
    LinesChanged,
    LineStateChanged,
)
from app.domain.phone_events import DevicesChanged, SoundTest
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.settings import AfterCall, AudioSettings, Language, PolicySettings, RelationDefault, Settings, Theme
from app.usecases.lines import LineStatus
from tests.ui_shell.samples import NOON


class FakeLines:
    """Lines that are ready, until a test says otherwise."""

    def __init__(self, hub: Hub, *lines: Line) -> None:
        self.settings = Settings(line=lines)
        self.devices = DevicesChanged(("Headset", "Webcam"), ("Headset", "Monitor"), NOON)
        self.phone_is_up = True
        self.provisioned: list[object] = []
        self.listed = 0
        self.watching = False
        self.tested: list[SoundTest] = []
        self._hub = hub
        self._states = {line.id: LineStatus(line, LineState.REGISTERED) for line in lines}

    def all(self) -> tuple[LineStatus, ...]:
        return tuple(self._states[line.id] for line in self.settings.line)

    def add(self, line: Line) -> None:
        self._states[line.id] = LineStatus(line, LineState.REGISTERED)
        self.settings = replace(self.settings, line=(*self.settings.line, line))
        self._hub.publish(LinesChanged())

    def become(self, line_id: str, state: LineState, reason: LineReason = LineReason.NONE) -> None:
        self._states[line_id] = replace(self._states[line_id], state=state, reason=reason)
        self._hub.publish(LineStateChanged(line_id, state))

    def choose(self, line_id: str = "") -> Line:
        if not self.settings.line:
            raise AppError(ErrorCode.NO_LINE)
        wanted = line_id or self.settings.default_line
        found = self.get(wanted) if wanted else self.settings.line[0]
        if found is None:
            raise AppError(ErrorCode.LINE_UNKNOWN, line=wanted)
        return found

    def get(self, line_id: str) -> Line | None:
        return self.settings.line_by_id(line_id)

    def status(self, line_id: str) -> LineStatus | None:
        return next((status for status in self.all() if status.line.id == line_id), None)

    def region(self, line_id: str = "") -> str:
        return "US"

    def list_devices(self) -> None:
        self.listed += 1

    def watch_levels(self, on: bool) -> None:
        self.watching = on

    def test_sound(self, test: SoundTest) -> None:
        self.tested.append(test)

    def set_audio(self, audio: AudioSettings) -> None:
        self.settings = replace(self.settings, audio=audio)

    def set_default_line(self, line_id: str) -> None:
        self.settings = replace(self.settings, default_line=line_id)

    def set_theme(self, theme: Theme) -> None:
        self.settings = replace(self.settings, theme=theme)

    def set_dnd(self, on: bool) -> None:
        self.settings = replace(self.settings, dnd=on)
        self._hub.publish(DndChanged(on))

    def set_language(self, language: Language) -> None:
        self.settings = replace(self.settings, language=language)
        self._hub.publish(LanguageChosen())

    def set_notify_preview(self, on: bool) -> None:
        self.settings = replace(self.settings, notify_preview=on)

    def set_presence(self, on: bool) -> None:
        self.settings = replace(self.settings, directory=replace(self.settings.directory, presence=on))

    def set_after_call(self, shown: AfterCall) -> None:
        self.settings = replace(self.settings, after_call=shown)

    def set_relation_default(self, kind: RelationDefault) -> None:
        self.settings = replace(self.settings, relation_default=kind)

    def set_call_subject(self, pattern: str) -> None:
        self.settings = replace(self.settings, call_subject=pattern)

    def set_dispositions(self, words: tuple[str, ...]) -> None:
        self.settings = replace(self.settings, dispositions=words)

    @property
    def policy(self) -> PolicySettings:
        return self.settings.policy

    def provision(self, provisioned: object, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        self.provisioned.append(provisioned)
        then()
