"""How a call sounds, in the window: bars, sentence and lock on its page and its strip, and later in its details."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.call import CallSecured
from app.domain.call_quality import CallSound, Complaint
from app.domain.events import CallSoundChanged
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, NOON
from ui.call_quality import CallMarks
from ui.design.tokens import SPACE
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
    marks = panel.head.marks
    assert (panel.remark.text(), marks.bars.isVisible(), marks.lock.isVisible()) == ("", False, False)
    QApplication.processEvents()
    places = [part.geometry() for part in (panel.notes, panel.mute, panel.keys, panel.end, panel.head.timer)]
    tell(fake, call, GOOD)
    assert (panel.remark.text(), marks.bars.bars) == ("", 3)
    assert marks.bars.accessibleName() == "Good sound"
    assert "MOS 4.3, 0.4 % lost, 35 ms round trip, G.722" in marks.bars.toolTip()
    tell(fake, call, replace(GOOD, bars=1, complaint=Complaint.SENDING))
    assert (panel.remark.text(), marks.bars.bars) == ("The other side hears you badly.", 1)
    tell(fake, call, replace(GOOD, complaint=Complaint.RECEIVING))
    assert panel.remark.text().startswith("Your network is losing packets")
    fake.calls.fold(CallSecured(call, NOON, True))
    assert marks.lock.isVisible()
    assert marks.lock.accessibleName() == "Encrypted"
    assert [part.geometry() for part in (panel.notes, panel.mute, panel.keys, panel.end, panel.head.timer)] == places


def test_a_live_call_keeps_no_empty_line_for_its_sound(shell: Shell, fake: FakeDesk, call: str) -> None:
    panel = shell.workspace.page.panel
    bottom = panel.mute.mapTo(panel, panel.mute.rect().bottomLeft()).y()
    top = panel.notes.mapTo(panel, panel.notes.rect().topLeft()).y()
    assert 0 < top - bottom <= 2 * SPACE.inside


@pytest.mark.parametrize("width", [800, 1280])
def test_every_complaint_has_a_sentence_that_fits(shell: Shell, fake: FakeDesk, call: str, width: int) -> None:
    shell.workspace.window().resize(width, 600)
    said = set()
    remark = shell.workspace.page.panel.remark
    for complaint in Complaint:
        tell(fake, call, replace(GOOD, complaint=complaint))
        said.add(remark.text())
        assert remark.heightForWidth(remark.width()) <= remark.height(), complaint
    assert len(said) == len(Complaint)


def test_the_strip_says_it_too(shell: Shell, fake: FakeDesk, call: str) -> None:
    shell.show_page(Page.SETTINGS)
    strip = shell.strips.strip(call)
    assert strip is not None
    marks = strip.findChild(CallMarks)
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
    panel = shell.workspace.page.panel
    row = panel.figures
    fake.reads.sounds[call] = replace(GOOD, encrypted=True, bars=2)
    panel.refresh()
    assert panel.wrapup.wraps_up
    assert not row.isVisible()  # a wrap-up needs the room
    panel.wrapup.press_later()
    shell.nav.call_opened.emit(call)
    assert row.isVisible()
    assert row.text == "Fair sound · MOS 4.3, 0.4 % lost, 35 ms round trip, G.722"
    assert row.lock.isVisible()
