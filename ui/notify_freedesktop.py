"""The freedesktop notification service, with buttons.

QtDBus cannot be used from Python for it: `Notify` wants an unsigned number, and PySide6 has no way to send one.
jeepney (which keyring brings along on Linux) can. One thread of its own asks and listens; the window never waits. When
it is closed, the thread takes away what it has shown: a press would reach nobody.
"""

from __future__ import annotations

import html
import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

import resources
from app.log import logger
from ui.components import clean_line, clean_text
from ui.notifier import OPEN, Acted, Notice
from ui.worker import Post

log = logger("notify")

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_BUS = "org.freedesktop.DBus"
_OWNER = "NameOwnerChanged"
_ICON = "ringdown"
_PATIENCE = 5.0
_END = 1.0  # seconds the process stays for what is still to be taken away
_LONGEST = 400


class FreedesktopNotifier(QObject):
    """`show` is False until the service has answered once, and after it has gone."""

    def __init__(self, acted: Acted, failed: Callable[[Notice], None], parent: QObject | None = None) -> None:
        """``failed`` gets a notice that was taken and could not be shown. Main thread."""
        super().__init__(parent)
        self._acted = acted
        self._failed = failed
        self._post = Post(self)
        self._works = False
        self._open = self.tr("Open")
        # The name is known where a package put our icon among the desktop's; elsewhere the file itself is shown.
        self._icon = _ICON if QIcon.hasThemeIcon(_ICON) else resources.path("icons/app.svg").as_uri()
        self._capabilities: frozenset[str] | None = None  # None when unknown; only the thread touches it
        self._work: queue.Queue[Any] = queue.Queue()
        self._ids: dict[str, int] = {}  # by key; only the thread touches it
        self._closed = False
        self._thread = self._new_thread()

    @property
    def works(self) -> bool:
        """Whether the service has answered."""
        return self._works

    def start(self) -> None:
        """Look for the service."""
        self._thread.start()

    def show(self, notice: Notice) -> bool:
        """Hand it to the thread. A service that was not there at first is looked for again, for the next one."""
        if self._works:
            self._work.put(notice)
        elif not self._closed and not self._thread.is_alive():
            self._thread = self._new_thread()
            self._thread.start()
        return self._works

    def withdraw(self, key: str) -> None:
        """Take it off the screen."""
        if self._works:
            self._work.put(key)

    def close(self) -> None:
        """Take away what is shown and let go of the bus: on the thread, and the process stays for it."""
        self._closed, self._works = True, False
        self._work.put(None)
        if self._thread.is_alive():
            # Python waits for such a thread before it ends the process, with the window long gone.
            threading.Thread(target=self._thread.join, args=(_END,), name="notify-end", daemon=False).start()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="notify", daemon=True)

    # the thread

    def _run(self) -> None:
        try:
            from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
            from jeepney.io.common import RouterClosed  # type: ignore[import-untyped]
            from jeepney.io.threading import open_dbus_router  # type: ignore[import-untyped]
        except ImportError:
            return  # not on this system
        try:
            with open_dbus_router(bus="SESSION") as router:
                self._serve(router)
        except (OSError, KeyError, ValueError, RuntimeError) as error:  # no bus, or an address nobody can use
            log.info("no notification service: %s", type(error).__name__)
        except (DBusErrorResponse, RouterClosed) as error:  # the bus refuses, or has gone
            log.info("no notification service: %s", type(error).__name__)
        self._to_main(self._gone)

    def _serve(self, router: Any) -> None:
        from jeepney import MatchRule, message_bus
        from jeepney.io.threading import Proxy

        # A program on the bus that is not the service can speak of actions, but it cannot know our numbers.
        rule = MatchRule(type="signal", interface=_NAME, path=_PATH)
        owners = MatchRule(type="signal", sender=_BUS, interface=_BUS, member=_OWNER, path="/org/freedesktop/DBus")
        owners.add_arg_condition(0, _NAME)
        if not self._learn(router):
            return
        bus = Proxy(message_bus, router, timeout=_PATIENCE)
        bus.AddMatch(rule)
        bus.AddMatch(owners)
        self._to_main(self._ready)
        with router.filter(rule, queue=self._work), router.filter(owners, queue=self._work):
            while (item := self._work.get()) is not None:
                match item:
                    case Notice():
                        self._notify(router, item)
                    case str():
                        if id := self._ids.pop(item, 0):
                            self._ask(router, "CloseNotification", "u", (id,))
                    case _:
                        self._signal(item)
            for id in self._ids.values():
                router.send(_call("CloseNotification", "u", (id,)))  # nobody waits for an answer any more

    def _learn(self, router: Any) -> bool:
        """What this service can do; False when there is none."""
        found = self._ask(router, "GetCapabilities")
        if found is None:
            return False
        self._capabilities = frozenset(str(item) for item in found[0])
        return True

    def _notify(self, router: Any, notice: Notice) -> None:
        if self._capabilities is None and not self._learn(router):
            self._to_main(lambda: self._failed(notice))
            return
        assert self._capabilities is not None
        body = clean_text(notice.body)[:_LONGEST]
        if "body-markup" in self._capabilities:
            body = html.escape(body, quote=False)  # what somebody texts is no markup
        actions: list[str] = []
        if "actions" in self._capabilities:
            # A press anywhere on it; some services draw a button for that too, with its word.
            actions = ["default", self._open] + [part for pair in notice.actions for part in pair]
        hints = {"desktop-entry": ("s", "ringdown"), "category": ("s", "im.received"), "urgency": ("y", 1)}
        values = (
            "Ringdown",
            self._ids.get(notice.key, 0),
            self._icon,
            clean_line(notice.title),
            body,
            actions,
            hints,
            -1,
        )
        answer = self._ask(router, "Notify", "susssasa{sv}i", values)
        if answer is None:
            self._to_main(lambda: self._failed(notice))
        else:
            self._ids[notice.key] = int(answer[0])

    def _signal(self, message: Any) -> None:
        from jeepney import HeaderFields

        name = message.header.fields.get(HeaderFields.member)
        if name == _OWNER:
            # Another service or the same one anew: it counts from one again, and may read markup where the old did not.
            self._ids.clear()
            self._capabilities = None
            return
        key = next((key for key, id in self._ids.items() if message.body and id == message.body[0]), "")
        if not key:
            return
        if name == "ActionInvoked":
            action = str(message.body[1])
            self._to_main(lambda: self._acted(key, OPEN if action == "default" else action))
        elif name == "NotificationClosed":
            del self._ids[key]

    def _ask(self, router: Any, method: str, signature: str = "", values: tuple[Any, ...] = ()) -> Any:
        """The answer's values; None when the service does not answer or refuses."""
        from jeepney import MessageType

        try:
            answer = router.send_and_get_reply(_call(method, signature, values), timeout=_PATIENCE)
        except (TimeoutError, OSError) as error:
            log.info("the notification service does not answer: %s", type(error).__name__)
            return None
        if answer.header.message_type is not MessageType.method_return:
            return None
        return answer.body

    def _to_main(self, act: Callable[[], None]) -> None:
        try:
            self._post.came.emit(act)
        except RuntimeError:
            return  # the window is gone

    # back on the main thread

    def _ready(self) -> None:
        self._works = not self._closed

    def _gone(self) -> None:
        self._works = False


def _call(method: str, signature: str, values: tuple[Any, ...]) -> Any:
    from jeepney import DBusAddress, new_method_call

    return new_method_call(DBusAddress(_PATH, bus_name=_NAME, interface=_NAME), method, signature or None, values)
