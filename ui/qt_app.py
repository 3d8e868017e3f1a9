"""The Qt program: QApplication, theme, last resort for bugs, signals of the system; paints first, builds after."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.errors import AppError, ErrorCode
from app.log import logger
from app.settings import Language
from app.words import complain
from ui.design.icons import app_icon
from ui.design.theme import Theme
from ui.desktop.network_watch import NetworkWatch
from ui.desktop.open_events import LinkEvents
from ui.language import chosen, speak
from ui.main_loop import QtMainLoop
from ui.window_keeper import WindowKeeper

if TYPE_CHECKING:
    from app.desk import Desk
    from app.ports.system import MainLoop

log = logger("window")


class Program(Protocol):
    """What runs behind the window."""

    def start(self) -> None:
        """Open the profile; `on_ready` or `on_refused` follows."""
        ...

    def close(self) -> None:
        """End calls and store everything; `on_closed` follows."""
        ...


class MakeProgram(Protocol):
    """Builds the program on a main loop. All callbacks come on the main thread."""

    def __call__(
        self,
        loop: MainLoop,
        *,
        on_ready: Callable[[Desk], None],
        on_refused: Callable[[AppError], None],
        on_bug: Callable[[BaseException], None],
        on_closing: Callable[[], None],
        on_closed: Callable[[], None],
        on_waiting: Callable[[bool], None],
    ) -> Program:
        """Nothing runs yet."""
        ...


def run(
    make: MakeProgram,
    folder: Path,
    *,
    link: str | None,
    hidden: bool = False,
    screenshot: str | None = None,
    close_after: float = 0.0,
) -> int:
    """Show the window, or keep it ``hidden`` in the tray, and serve it until it is closed; the exit code."""
    app, theme = _application(chosen(folder))
    loop = QtMainLoop()
    keeper = WindowKeeper(app, theme, folder)
    links = LinkEvents(app)  # a link that macOS starts us with comes before anything is ready
    code = [0]

    def refused(error: AppError) -> None:
        code[0] = 1
        complain(error)
        keeper.refuse(error)
        _close_after(close_after, keeper)

    def bug(error: BaseException) -> None:
        log.error("a bug", exc_info=error)
        keeper.tell_bug(error)

    def ready(desk: Desk) -> None:
        code[0] = 0
        keeper.attach(desk, link)
        links.deliver_to(keeper.take_link)
        watch.changed.connect(desk.lines.network_changed)
        watch.woke.connect(desk.lines.network_changed)
        watch.listen_to_system()
        watch.start()
        if screenshot or close_after:
            from ui.unattended import Unattended

            Unattended(picture=screenshot, seconds=close_after, close=keeper.quit).attach(desk)

    watch = NetworkWatch(app)
    boot = make(
        loop,
        on_ready=ready,
        on_refused=refused,
        on_bug=bug,
        on_closing=keeper.quit,
        on_closed=app.quit,
        on_waiting=keeper.wait_for_store,
    )
    keeper.closed.connect(boot.close)
    keeper.start_wanted.connect(boot.start)
    with system_signals(app, boot.close), _excepthook(bug):
        if hidden:
            keeper.window.put_away()
        else:
            keeper.show()
        # The first paint must not wait for the imports of the store and of Salesforce.
        QTimer.singleShot(0, boot.start)
        app.exec()
    watch.stop()
    return code[0]


def refuse(error: AppError, *, close_after: float = 0.0) -> None:
    """Say in a window why Ringdown cannot start; returns when it is closed, or after so many seconds (0: never).

    Without a screen nothing is shown.
    """
    try:
        app, theme = _application(Language.SYSTEM)
    except AppError:
        return
    keeper = WindowKeeper(app, theme, None)
    keeper.closed.connect(app.quit)
    keeper.refuse(error)
    _close_after(close_after, keeper)
    with system_signals(app, app.quit):
        app.exec()


def _application(language: Language) -> tuple[QApplication, Theme]:
    """The Qt application, speaking and dressed. Raises AppError NO_DISPLAY."""
    _without_display()
    QGuiApplication.setDesktopFileName("ringdown")
    app = QApplication.instance() or QApplication(["ringdown"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Ringdown")
    app.setApplicationDisplayName("Ringdown")
    app.setQuitOnLastWindowClosed(False)
    speak(app, language)
    theme = Theme.install(app)
    app.setWindowIcon(app_icon())
    return app, theme


def _close_after(seconds: float, keeper: WindowKeeper) -> None:
    """Where nobody sits in front of it, a refusal must not stand for ever either."""
    if seconds > 0:
        QTimer.singleShot(round(seconds * 1000), keeper, keeper.quit)


def _without_display() -> None:
    """Without a screen Qt would abort the process; say it instead."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise AppError(ErrorCode.NO_DISPLAY)


@contextlib.contextmanager
def system_signals(parent: QObject, close: Callable[[], None]) -> Iterator[None]:
    """A stop (SIGTERM), ^C and a closed terminal (SIGHUP) end calls and store everything, like a closed window."""
    inside, outside = socket.socketpair()
    for end in (inside, outside):
        end.setblocking(False)
    notifier = QSocketNotifier(inside.fileno(), QSocketNotifier.Type.Read, parent)

    def asked() -> None:
        with contextlib.suppress(BlockingIOError):
            inside.recv(64)
        close()

    notifier.activated.connect(asked)
    old_wakeup = signal.set_wakeup_fd(outside.fileno(), warn_on_full_buffer=False)
    numbers = [signal.SIGTERM, signal.SIGINT]
    # Windows knows no terminal that hangs up; and who was started by nohup shall outlive it.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    old = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        signal.set_wakeup_fd(old_wakeup)
        for number, handler in old.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        inside.close()
        outside.close()


@contextlib.contextmanager
def _excepthook(bug: Callable[[BaseException], None]) -> Iterator[None]:
    """PySide6 hands exceptions of slots to sys.excepthook: they are logged and told, and the window goes on."""

    def hook(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
        bug(error)

    old, sys.excepthook = sys.excepthook, hook
    try:
        yield
    finally:
        sys.excepthook = old
