"""The real app with a stopwatch outside it: `python -m tests.bench.probe STAMPS [options of ringdown]`.

Nothing of the product knows of it. As the app's own modules are imported, methods are wrapped; each thing that
happens is one line of JSON in STAMPS with CLOCK_MONOTONIC in nanoseconds. Commands come on standard input:
`open CALL_ID` shows a past call, `click` presses its Call again button.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.call_panel import CallPanel
    from ui.main_window import MainWindow

_once: set[str] = set()
_keep: list[object] = []
_out = -1


def stamp(name: str, **values: object) -> None:
    """Write one moment."""
    line = json.dumps({"name": name, "t": time.monotonic_ns(), **values}) + "\n"
    os.write(_out, line.encode())


def stamp_once(name: str) -> None:
    """Write the first time only."""
    if name not in _once:
        _once.add(name)
        stamp(name)


def _soon(work: Callable[[], None]) -> None:
    """After the paint that is under way has reached the screen's buffer: the paint is one event, this the next."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, work)


class _After(importlib.abc.MetaPathFinder):
    """Runs a hook right after a module of the app was imported, wherever the app imports it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        hook = _HOOKS.get(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if hook else None
        if hook is None or spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        plain = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            plain(module)
            hook(module)

        loader.exec_module = exec_module
        return spec


def _wrap(owner: Any, name: str, after: Callable[..., None]) -> None:
    plain = getattr(owner, name)

    def wrapped(self: Any, *args: Any, **more: Any) -> Any:
        result = plain(self, *args, **more)
        after(self, *args)
        return result

    setattr(owner, name, wrapped)


def _hook_window(module: ModuleType) -> None:
    def painted(window: MainWindow, *_: object) -> None:
        if "first-paint" not in _once:
            _soon(lambda: stamp_once("first-paint"))

    _wrap(module.MainWindow, "paintEvent", painted)
    _wrap(module.MainWindow, "attach", lambda window, desk, *_: _attached(window, desk))


def _hook_rows(module: ModuleType) -> None:
    def painted(*_: object) -> None:
        if "rows-painted" not in _once:
            _soon(lambda: stamp_once("rows-painted"))

    _wrap(module.RowDelegate, "paint", painted)


def _hook_names(module: ModuleType) -> None:
    def painted(link: Any, *_: object) -> None:
        card = link.window()
        if type(card).__name__ == "IncomingCard":
            name, call_id = link.word, card.call_id
            _soon(lambda: stamp("card-painted", who=name, call=call_id))

    _wrap(module.NameLink, "paintEvent", painted)


def _attached(window: MainWindow, desk: Desk) -> None:
    from PySide6.QtCore import QSocketNotifier

    from app.domain.counterpart import LineState
    from app.domain.events import CallRang, LineStateChanged

    stamp_once("attached")
    desk.hub.subscribe(
        LineStateChanged, lambda event: stamp_once("line-ready") if event.state is LineState.REGISTERED else None
    )
    desk.hub.subscribe(CallRang, lambda event: stamp("rang", call=event.call_id))
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, window)

    def told() -> None:
        line = os.read(sys.stdin.fileno(), 4096).decode()
        if not line:
            notifier.setEnabled(False)
        for command in line.splitlines():
            _obey(window, command)

    notifier.activated.connect(told)
    _keep.append(notifier)


def _obey(window: MainWindow, command: str) -> None:
    from ui.call_panel import CallPanel

    panel = window.findChild(CallPanel)
    assert isinstance(panel, CallPanel)
    what, _, rest = command.partition(" ")
    if what == "open":
        panel._nav.call_opened.emit(rest)
        _tell_opened(window, panel)
    elif what == "click":
        _click(panel)


def _tell_opened(window: MainWindow, panel: CallPanel) -> None:
    """Once a click counts: for a moment after a bar has come or gone the window takes none."""
    from PySide6.QtCore import QTimer

    assert window.shell is not None
    if window.shell.shield.is_up:
        QTimer.singleShot(20, lambda: _tell_opened(window, panel))
    else:
        _soon(lambda: stamp("opened", call=panel.call_id, ready=_can_call(panel)))


def _can_call(panel: CallPanel) -> bool:
    live = panel.call is not None and panel.call.is_live
    return not live and panel.go.isVisible() and panel.go.isEnabled()


def _click(panel: CallPanel) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    assert _can_call(panel)
    stamp("clicked")
    QTest.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    stamp("click-returned")


_HOOKS: dict[str, Callable[[ModuleType], None]] = {
    "ui.main_window": _hook_window,
    "ui.components.row_delegate": _hook_rows,
    "ui.name_link": _hook_names,
}


def main() -> int:
    """Runs `ringdown` with the rest of the arguments."""
    global _out  # noqa: PLW0603 - one file for the whole process
    _out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    stamp("python")
    sys.meta_path.insert(0, _After())
    from app.__main__ import main as ringdown

    return ringdown(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
