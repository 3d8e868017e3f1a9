"""Calls on the desk made by hand, as far as a test needs them."""

from __future__ import annotations

from PySide6.QtGui import QShortcutEvent
from PySide6.QtWidgets import QApplication

from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.call_panel import CallPanel
from ui.shell import Shell


def talk(shell: Shell, fake: FakeDesk, number: str = ANA) -> str:
    """Dial, and have it answered; the call's id."""
    shell.nav.call_wanted.emit(number, "", "")
    call = fake.calls.live()[-1].id
    fake.calls.connect(call)
    return call


def ended(shell: Shell, fake: FakeDesk, number: str = ANA, *, seconds: int = 0) -> str:
    """A call that was answered, went on for ``seconds`` and is over; its id."""
    call = talk(shell, fake, number)
    fake.clock.forward(seconds)
    fake.calls.end(call)
    return call


def press_log(panel: CallPanel, keys: int = 0) -> None:
    """What Qt does when the keys that log a call are pressed."""
    shortcut = panel._log_keys[keys]
    QApplication.sendEvent(shortcut, QShortcutEvent(shortcut.key(), shortcut))
