"""How a call sounds, in the window: bars, sentence and lock on its page and its strip, and later in its details."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.call import CallSecured
from app.domain.call_quality import CallSound, Complaint
from app.domain.events import CallSoundChanged
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, NOON
from ui.call_quality import StripMarks
from ui.rail import Page
from ui.shell import Shell

GOOD = CallSound(4.3, 4.2, 0.004, 3.0, 35.0, "G722", False)


@pytest.fixture
def call(shell: Shell, fake: FakeDesk) -> str:
    shell.nav.call_wanted.emit(ANA, "", "")
    found = fake.calls.live()[0].id
    fake.calls.connect(found)
    return found


def tell(fake: FakeDesk, call: str, sound: CallSound) -> None:
    fake.calls.sounds[call] = sound
    fake.hub.publish(CallSoundChanged(call))


def test_the_page_says_how_it_sounds_and_nothing_moves(shell: Shell, fake: FakeDesk, call: str) -> None:
    panel = shell.workspace.page.panel
    row = panel.quality
    assert row.isVisible()
    assert (row.text, row.bars.isVisible(), row.lock.isVisible()) == ("", False, False)
    place = panel.notes.geometry()
    tell(fake, call, GOOD)
    assert (row.text, row.bars.bars) == ("Good sound", 3)
    assert row.bars.accessibleName() == "Good sound"
    assert "MOS 4.3, 0.4 % lost, 35 ms round trip, G.722" in row.bars.toolTip()
    tell(fake, call, replace(GOOD, bars=1, complaint=Complaint.SENDING))
    assert (row.text, row.bars.bars) == ("The other side hears you badly.", 1)
    tell(fake, call, replace(GOOD, complaint=Complaint.RECEIVING))
    assert row.text.startswith("Your network is losing packets")
    fake.calls.fold(CallSecured(call, NOON, True))
    assert row.lock.isVisible()
    assert row.lock.accessibleName() == "Encrypted"
    assert panel.notes.geometry() == place


def test_every_complaint_has_a_sentence(shell: Shell, fake: FakeDesk, call: str) -> None:
    said = set()
    for complaint in Complaint:
        tell(fake, call, replace(GOOD, complaint=complaint))
        said.add(shell.workspace.page.panel.quality.text)
    assert len(said) == len(Complaint)
    assert "" not in said


def test_the_strip_says_it_too(shell: Shell, fake: FakeDesk, call: str) -> None:
    shell.show_page(Page.SETTINGS)
    strip = shell.strips.strip(call)
    assert strip is not None
    marks = strip.findChild(StripMarks)
    assert marks is not None
    assert not marks.bars.isVisible()
    tell(fake, call, replace(GOOD, bars=0, complaint=Complaint.SILENT))
    assert marks.bars.isVisible()
    assert strip._state_word.text() == "No sound comes from the other side."
    fake.calls.fold(CallSecured(call, NOON, True))
    assert marks.lock.isVisible()
    tell(fake, call, GOOD)
    assert strip._state_word.text() == "On a call"


def test_the_figures_stay_with_a_past_call(shell: Shell, fake: FakeDesk, call: str) -> None:
    fake.calls.end(call)
    row = shell.workspace.page.panel.quality
    assert not row.isVisible()
    fake.reads.sounds[call] = replace(GOOD, encrypted=True, bars=2)
    shell.workspace.page.panel.refresh()
    assert row.text == "Fair sound · MOS 4.3, 0.4 % lost, 35 ms round trip, G.722"
    assert row.lock.isVisible()
