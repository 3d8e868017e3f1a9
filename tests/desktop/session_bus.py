"""A program of the session, with a name on its bus: the desktop's portal, its notifications."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from jeepney import (  # type: ignore[import-untyped]
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_method_call,
    new_method_return,
)
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection  # type: ignore[import-untyped]

Answer = tuple[str | None, tuple[Any, ...]]
"""Signature and values."""


class BusService:
    """Answers by ``answer(method, values)`` on a thread of its own, but only when ``may_answer``."""

    def __init__(self, address: str, name: str, answer: Callable[[str, tuple[Any, ...]], Answer]) -> None:
        self.asked: queue.Queue[str] = queue.Queue()
        """The methods it was asked, as it begins to answer."""
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.has_waited_in_vain = False
        self._address, self._name, self._answer = address, name, answer
        self._connection: DBusConnection = open_dbus_connection(address)
        Proxy(message_bus, self._connection).RequestName(name)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Serve no more."""
        self.may_answer.set()
        with open_dbus_connection(self._address) as other:
            other.send(new_method_call(DBusAddress("/", bus_name=self._name, interface=self._name), "End"))
            self._thread.join()

    def _serve(self) -> None:
        with self._connection as connection:
            while True:
                message = connection.receive()
                method = message.header.fields.get(HeaderFields.member)
                if message.header.message_type is not MessageType.method_call:
                    continue
                if method == "End":
                    return
                self.asked.put(method)
                self.has_waited_in_vain |= not self.may_answer.wait(5)
                connection.send(new_method_return(message, *self._answer(method, message.body)))
