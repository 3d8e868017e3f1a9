"""What the system says to end the app: a stop, ^C, a terminal that is closed. Each ends it in order."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.qt_app import system_signals

if sys.platform == "win32":
    pytest.skip("signals", allow_module_level=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_closes_in_order(number: signal.Signals, qapp: QApplication, qtbot: QtBot) -> None:
    closed: list[str] = []
    found = signal.signal(number, signal.SIG_DFL)  # whatever started the tests may ignore it, as nohup does
    try:
        with system_signals(qapp, lambda: closed.append("in order")):
            os.kill(os.getpid(), number)
            qtbot.waitUntil(lambda: bool(closed), timeout=5000)
        assert closed == ["in order"]
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, found)


def test_nohup_is_honoured(qapp: QApplication, qtbot: QtBot) -> None:
    """Who starts it so that it outlives the terminal means it."""
    closed: list[str] = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with system_signals(qapp, lambda: closed.append("in order")):
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
            qtbot.waitUntil(lambda: bool(closed), timeout=5000)
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert closed == ["in order"]
