"""Lines: what is set up, handed to the phone engine, and how each one is doing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app import settings_file
from app.background import Lane
from app.domain.counterpart import Line, LineReason, LineState
from app.domain.events import (
    CrmStateChanged,
    DevicesListed,
    DndChanged,
    LanguageChosen,
    LevelsHeard,
    LinesChanged,
    LineStateChanged,
    PhoneBack,
    PhoneLost,
    SoundTestMoved,
)
from app.domain.phone_events import (
    DevicesChanged,
    EngineLost,
    EngineStarted,
    LineChanged,
    SoundLevels,
    SoundTest,
    SoundTested,
)
from app.errors import AppError, ErrorCode
from app.log import logger
from app.machine_policy import MachinePolicy, tighten
from app.ports.phone import AudioChoice, LineAccess, Phone
from app.ports.system import SecretStore
from app.secret_names import line_secret, turn_secret
from app.settings import (
    AfterCall,
    AudioSettings,
    Language,
    PolicySettings,
    RelationDefault,
    SalesforceSettings,
    Settings,
    Theme,
)
from app.settings_file import Provisioned
from app.stale_secrets import stale_secrets
from app.usecases.tools import Tools

log = logger("lines")
READ_AGAIN = 3.0  # seconds until a password store that does not answer is asked again
LOCKED_AGAIN = 120.0  # the same where somebody has just dismissed its prompt
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line with its state; ``contact`` is the SIP URI it can be reached at right now."""

    line: Line
    state: LineState
    reason: LineReason = LineReason.NONE
    status: int = 0
    contact: str = ""


class Lines:
    """Main thread."""

    def __init__(
        self,
        tools: Tools,
        *,
        settings: Settings,
        machine: MachinePolicy,
        folder: Path,
        phone: Phone,
        secrets: SecretStore,
    ) -> None:
        self.settings = settings
        self.machine = machine
        self.devices = DevicesChanged((), (), _EPOCH)
        self.phone_is_up = False
        self._background = tools.background
        self._hub = tools.hub
        self._folder = folder
        self._phone = phone
        self._secrets = secrets
        self._states: dict[str, LineStatus] = {}
        self._on_token: Callable[[], None] = lambda: None
        self._asked = self._applied = 0  # readings of the passwords, counted
        self._is_unread = False  # the password store did not answer the last time

    @property
    def policy(self) -> PolicySettings:
        """The organisation's rules: the machine's and the user's, the stricter of the two."""
        return tighten(self.machine.policy, self.settings.policy)

    def network_changed(self) -> None:
        """The computer has other addresses, or woke up."""
        self._phone.network_changed()

    def start(self) -> None:
        """Hand the lines and devices to the engine, with passwords from the keyring."""
        self._asked += 1
        lines, asked = self.settings.line, self._asked

        def read() -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
            passwords = {line.id: self._secrets.get(line_secret(line.id)) for line in lines}
            turn = {line.id: self._secrets.get(turn_secret(line.id)) for line in lines if line.turn}
            return passwords, turn

        def have_read(found: tuple[Mapping[str, str | None], Mapping[str, str | None]]) -> None:
            if asked > self._applied:  # an earlier one may answer later, with lines there were
                self._applied, self._is_unread = asked, False
                self._apply(lines, *found)

        def have_not_read(error: AppError) -> None:
            if asked != self._asked:
                return  # a later one is under way
            if not self._is_unread:
                self._is_unread = True
                self._background.trouble(error)
            for line in lines:
                if line.id not in self._states:
                    self._states[line.id] = LineStatus(line, LineState.FAILED, LineReason.PASSWORD_STORE)
                    self._hub.publish(LineStateChanged(line.id, LineState.FAILED))
            wait = LOCKED_AGAIN if error.code is ErrorCode.KEYRING_LOCKED else READ_AGAIN
            self._background.later(wait, lambda: self.start() if asked == self._asked else None)

        self._background.run(Lane.WORKER, read, have_read, have_not_read)

    def all(self) -> tuple[LineStatus, ...]:
        """Every line in the order of the settings."""
        return tuple(self._states.get(line.id, LineStatus(line, LineState.OFF)) for line in self.settings.line)

    def choose(self, line_id: str = "") -> Line:
        """The named line, else the default, else the first. Raises AppError NO_LINE or LINE_UNKNOWN."""
        if not self.settings.line:
            raise AppError(ErrorCode.NO_LINE)
        wanted = line_id or self.settings.default_line
        if not wanted:
            return self.settings.line[0]
        line = self.settings.line_by_id(wanted)
        if line is None:
            if not line_id:
                return self.settings.line[0]
            raise AppError(ErrorCode.LINE_UNKNOWN, line=line_id)
        return line

    def get(self, line_id: str) -> Line | None:
        """The line, None when it was removed since."""
        return self.settings.line_by_id(line_id)

    def status(self, line_id: str) -> LineStatus | None:
        """How the line is doing, None when there is none of this id."""
        return next((status for status in self.all() if status.line.id == line_id), None)

    def region(self, line_id: str = "") -> str:
        """The country numbers are read in."""
        line = self.get(line_id) or (self.choose() if self.settings.line else None)
        return line.region if line else "US"

    def own_numbers(self) -> frozenset[str]:
        """The rep's own numbers: never matched as a customer."""
        return frozenset(number for line in self.settings.line for number in (line.number, *line.caller_ids) if number)

    def provision(self, provisioned: Provisioned, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        """Store secrets in the keyring and settings in the profile, then use them at once.

        Fails with POLICY_REFUSED when the admin keeps the lines and these are others.
        """
        if not self.machine.allows_lines(self.settings.line, provisioned.settings.line):
            failed(AppError(ErrorCode.POLICY_REFUSED))
            return

        before = self.settings

        def keep_secrets() -> None:
            for name in stale_secrets(before, provisioned):
                self._secrets.delete(name)
            for name, value in provisioned.secrets.items():
                self._secrets.set(name, value)

        def keep_settings(_: None) -> None:
            wanted = provisioned.over(self.settings)
            save = functools.partial(settings_file.save, self._folder, wanted)
            self._background.run(Lane.STORE, save, lambda _: use(wanted), failed)

        def use(kept: Settings) -> None:
            self.settings = provisioned.over(self.settings)
            if self.settings != kept:  # another one was changed meanwhile
                self._keep(self.settings)
            self._hub.publish(LinesChanged())
            self.start()
            self._on_token()
            then()

        self._background.run(Lane.WORKER, keep_secrets, keep_settings, failed)

    def when_salesforce_changes(self, listener: Callable[[], None]) -> None:
        """Tell ``listener`` when provisioning may have brought another token."""
        self._on_token = listener

    def list_devices(self) -> None:
        """Ask the engine; `DevicesListed` tells the answer."""
        self._phone.list_devices()

    def watch_levels(self, on: bool) -> None:
        """A level meter is in sight, or no longer; `LevelsHeard` follows."""
        self._phone.watch_levels(on)

    def test_sound(self, test: SoundTest) -> None:
        """Try speaker, ringer or microphone; `SoundTestMoved` tells how it goes."""
        self._phone.test_sound(test)

    def on_sound_test(self, event: SoundTested) -> None:
        """A test of the sound moved on."""
        self._hub.publish(SoundTestMoved(event.test, event.step))

    def on_levels(self, event: SoundLevels) -> None:
        """How loud microphone and speaker are."""
        self._hub.publish(LevelsHeard(event.microphone, event.speaker))

    def set_audio(self, audio: AudioSettings) -> None:
        """Use these devices from now on."""
        self._keep(replace(self.settings, audio=audio))
        self.start()

    def set_default_line(self, line_id: str) -> None:
        """Call and text on this line unless another one is chosen."""
        self._keep(replace(self.settings, default_line=line_id))

    def set_dnd(self, on: bool) -> None:
        """Do not disturb: callers are turned away without a ring, and kept as missed."""
        self._keep(replace(self.settings, dnd=on))
        self._hub.publish(DndChanged(on))

    def set_theme(self, theme: Theme) -> None:
        """Remember the window's colours."""
        self._keep(replace(self.settings, theme=theme))

    def set_language(self, language: Language) -> None:
        """Speak this language from now on."""
        if language is not self.settings.language:
            self._keep(replace(self.settings, language=language))
            self._hub.publish(LanguageChosen())

    def set_salesforce(self, salesforce: SalesforceSettings) -> None:
        """Where the rep signs in, and where Salesforce says the org is."""
        self._keep(replace(self.settings, salesforce=salesforce))
        self._hub.publish(CrmStateChanged())

    def set_notify_preview(self, on: bool) -> None:
        """Whether notifications tell what a text says."""
        self._keep(replace(self.settings, notify_preview=on))

    def set_presence(self, on: bool) -> None:
        """Whether the phone service is asked which colleagues are on the phone."""
        self._keep(replace(self.settings, directory=replace(self.settings.directory, presence=on)))

    def set_after_call(self, shown: AfterCall) -> None:
        """What the window shows when a call has ended."""
        self._keep(replace(self.settings, after_call=shown))

    def set_relation_default(self, kind: RelationDefault) -> None:
        """What a call is usually linked to."""
        self._keep(replace(self.settings, relation_default=kind))

    def set_call_subject(self, pattern: str) -> None:
        """What calls are named in Salesforce from now on; see `subject_of`."""
        self._keep(replace(self.settings, call_subject=pattern))

    def set_dispositions(self, words: tuple[str, ...]) -> None:
        """The results to choose from after a call; none means the usual ones."""
        self._keep(replace(self.settings, dispositions=words))

    def _keep(self, settings: Settings) -> None:
        # The store's lane: two changes reach the disk in their order, and the last one before the app closes.
        self.settings = settings
        self._background.run(Lane.STORE, lambda: settings_file.save(self._folder, settings))

    def on_line(self, event: LineChanged) -> None:
        """The engine reports a registration."""
        line = self.get(event.line)
        if line is None:
            return
        self._states[line.id] = LineStatus(line, event.state, LineReason(event.reason), event.status, event.contact)
        log.info("line %s is %s %s", line.id, event.state, event.reason)
        self._hub.publish(LineStateChanged(line.id, event.state))

    def on_engine(self, event: EngineStarted | EngineLost) -> None:
        """The engine came or went."""
        if isinstance(event, EngineStarted):
            self.phone_is_up = True
            self._hub.publish(PhoneBack())
            return
        self.phone_is_up = False
        for line in self.settings.line:
            self._states[line.id] = LineStatus(line, LineState.FAILED, LineReason.ENGINE_DOWN)
            self._hub.publish(LineStateChanged(line.id, LineState.FAILED))
        self._hub.publish(PhoneLost(event.final))

    def on_devices(self, event: DevicesChanged) -> None:
        """The engine lists the sound devices."""
        self.devices = event
        self._hub.publish(DevicesListed())

    def _apply(
        self, lines: tuple[Line, ...], passwords: Mapping[str, str | None], turn_passwords: Mapping[str, str | None]
    ) -> None:
        usable: list[LineAccess] = []
        known = {line.id for line in lines}
        self._states = {key: state for key, state in self._states.items() if key in known}
        for line in lines:
            password = passwords.get(line.id)
            if line.registrar and password is None:
                self._states[line.id] = LineStatus(line, LineState.FAILED, LineReason.NO_PASSWORD)
                self._hub.publish(LineStateChanged(line.id, LineState.FAILED))
                continue
            usable.append(LineAccess(line, password or "", turn_passwords.get(line.id) or ""))
        audio = self.settings.audio
        self._phone.apply(usable, AudioChoice(audio.input, audio.output, audio.ringer, audio.processing))
        self._hub.publish(LinesChanged())
