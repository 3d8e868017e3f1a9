"""Links while the rep is writing: offered in a bar, and the keyboard stays where it is."""

from __future__ import annotations

from app.domain.events import FieldFilled, ProvisionAsked
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.main_window import MainWindow
from ui.present import number_text
from ui.shell import Shell
from ui.status_bar import Matter

STRANGER = "+442079460958"


def _writing(shell: Shell, fake: FakeDesk) -> None:
    """A call lives, and its notes have the keyboard."""
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    shell.nav.call_opened.emit(call)
    edit = shell.workspace.page.panel.notes.edit
    edit.setFocus()
    edit.setPlainText("wants the quote")
    assert edit.hasFocus()


def test_a_link_to_call_waits_while_notes_are_written(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _writing(shell, fake)
    dialled = list(fake.calls.dialled)
    fake.hub.publish(FieldFilled(STRANGER))
    edit, field = shell.workspace.page.panel.notes.edit, window.top_bar.field
    assert (edit.hasFocus(), field.text()) == (True, "")
    bar = shell.status.bar(Matter.OFFER)
    assert bar is not None
    assert shell.status.text(Matter.OFFER) == f"A link asks to call {number_text(STRANGER)}."
    bar.acted.emit()
    assert field.text() == STRANGER
    assert shell.status.bar(Matter.OFFER) is None
    assert fake.calls.dialled == dialled


def test_a_link_to_text_does_not_leave_the_call(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _writing(shell, fake)
    page = shell.workspace.page
    before = page.thread_of
    fake.hub.publish(FieldFilled(STRANGER, "Hello", messages=True))
    assert page.thread_of == before
    bar = shell.status.bar(Matter.OFFER)
    assert bar is not None
    bar.acted.emit()
    assert page.thread_of[1] == STRANGER
    assert page.thread_view.composer.text == "Hello"


def test_a_second_link_to_text_keeps_what_stands_there(shell: Shell, fake: FakeDesk) -> None:
    shell.links.take(f"sms:{STRANGER}?body=one")
    shell.workspace.page.thread_view.composer.field.clearFocus()
    shell.links.take(f"sms:{STRANGER}?body=two")
    assert shell.workspace.page.thread_view.composer.text == "one\ntwo"


def test_settings_from_a_link_wait_too(shell: Shell, fake: FakeDesk) -> None:
    _writing(shell, fake)
    page = shell.workspace.currentIndex()
    fake.hub.publish(ProvisionAsked("https://it.example.com/ringdown.toml"))
    assert shell.workspace.currentIndex() == page
    assert shell.status.text(Matter.OFFER) == "A link brings settings from it.example.com."
