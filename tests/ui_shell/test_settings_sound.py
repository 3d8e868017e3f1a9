"""Settings → Sound: meters while they are looked at, tests with plain words, a test call where there is a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.events import LevelsHeard, LinesChanged, PhoneBack, PhoneLost, SoundTestMoved
from app.domain.phone_events import SoundStep, SoundTest
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.main_window import MainWindow
from ui.rail import Page
from ui.settings_sound import SoundTrial
from ui.shell import Shell


@pytest.fixture
def trial(shell: Shell) -> SoundTrial:
    shell.show_page(Page.SETTINGS)
    return shell.workspace.settings.sound


def move(fake: FakeDesk, test: SoundTest, step: SoundStep) -> None:
    fake.hub.publish(SoundTestMoved(test, step))


def test_the_microphone_is_open_only_while_it_is_looked_at(
    shell: Shell, fake: FakeDesk, trial: SoundTrial, window: MainWindow
) -> None:
    seen = [fake.lines.watching]
    steps: tuple[Callable[[], object], ...] = (
        lambda: shell.show_page(Page.CALLS),
        lambda: shell.show_page(Page.SETTINGS),
        window.showMinimized,
        window.showNormal,
        window.hide,
    )
    for step in steps:
        step()
        seen.append(fake.lines.watching)
    assert seen == [True, False, True, False, True, False]


def test_a_phone_that_was_restarted_is_asked_again(fake: FakeDesk, trial: SoundTrial) -> None:
    fake.lines.watching = False
    fake.hub.publish(PhoneLost(False))
    fake.hub.publish(PhoneBack())
    assert fake.lines.watching


def test_meters_rise_at_once_and_fall_slowly(shell: Shell, fake: FakeDesk, trial: SoundTrial) -> None:
    fake.hub.publish(LevelsHeard(-15, -90))
    assert (trial.microphone.level, trial.speaker.level) == (0.75, 0.0)
    fake.hub.publish(LevelsHeard(-90, -30))
    assert 0.5 < trial.microphone.level < 0.75
    assert trial.speaker.level == 0.5
    shell.show_page(Page.CALLS)
    assert trial.speaker.level == 0.0


def test_a_test_is_started_stopped_and_told(fake: FakeDesk, trial: SoundTrial) -> None:
    button = trial.buttons[SoundTest.LOOP]
    words, width = button.word, button.width()
    button.click()
    assert fake.lines.tested == [SoundTest.LOOP]
    move(fake, SoundTest.LOOP, SoundStep.LISTENING)
    assert trial.result.text().startswith("Say something")
    assert (button.word, button.width()) == ("Stop", width)
    move(fake, SoundTest.LOOP, SoundStep.PLAYING)
    assert trial.result.text() == "This is how you sound to others."
    button.click()
    assert fake.lines.tested[-1] is SoundTest.NONE
    move(fake, SoundTest.LOOP, SoundStep.STOPPED)
    assert (trial.result.text(), button.word) == ("", words)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (SoundStep.HEARD, "We heard you."),
        (SoundStep.FAINT, "We heard you only faintly"),
        (SoundStep.SILENT, "The microphone is silent: choose another one."),
        (SoundStep.NO_DEVICE, "The device could not be opened"),
    ],
)
def test_what_was_found_is_said_plainly(fake: FakeDesk, trial: SoundTrial, step: SoundStep, words: str) -> None:
    move(fake, SoundTest.LOOP, SoundStep.LISTENING)
    move(fake, SoundTest.LOOP, step)
    assert trial.result.text().startswith(words)
    assert trial.buttons[SoundTest.LOOP].isEnabled()


def test_leaving_the_page_ends_the_test(shell: Shell, fake: FakeDesk, trial: SoundTrial) -> None:
    move(fake, SoundTest.SPEAKER, SoundStep.PLAYING)
    shell.show_page(Page.CALLS)
    assert fake.lines.tested == [SoundTest.NONE]


def test_nothing_is_tried_during_a_call(shell: Shell, fake: FakeDesk, trial: SoundTrial) -> None:
    call = fake.calls.ring(ANA)
    assert not any(button.isEnabled() for button in trial.buttons.values())
    fake.calls.end(call)
    assert all(button.isEnabled() for button in trial.buttons.values())


def test_a_line_with_an_echo_number_offers_a_test_call(shell: Shell, fake: FakeDesk, trial: SoundTrial) -> None:
    assert not trial.call.isVisible()
    line = replace(fake.lines.settings.line[0], echo="+14155550199")
    fake.lines.settings = replace(fake.lines.settings, line=(line,))
    fake.hub.publish(LinesChanged())
    assert trial.call.isVisible()
    trial.call.click()
    assert fake.calls.dialled == [("+14155550199", "main", "")]
