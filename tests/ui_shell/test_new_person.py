"""A number nobody has is made a person."""

from __future__ import annotations

from tests.ui_shell.calling import talk
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.call_panel import CallPanel
from ui.main_window import MainWindow
from ui.shell import Shell


def test_a_number_nobody_has_is_made_a_contact_from_the_call(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow
) -> None:
    talk(shell, fake)
    assert not panel.new_person.isVisible()
    talk(shell, fake, "+442079460958")
    assert panel.new_person.isVisible()
    panel.new_person.click()
    assert shell.workspace.sidebar.form.isVisible()


def test_and_from_a_thread_in_a_narrow_window(shell: Shell, fake: FakeDesk, window: MainWindow) -> None:
    window.resize(800, 600)
    shell.nav.thread_opened.emit("main", ANA)
    assert not shell.workspace.page.header.new_person.isVisible()
    shell.nav.thread_opened.emit("main", "+442079460958")
    shell.workspace.page.header.new_person.click()
    assert shell.workspace.details_shown
    assert shell.workspace.sidebar.form.isVisible()
