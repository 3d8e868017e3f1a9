"""A notification service of the test's own, on the session bus: `python -m tests.desktop_e2e.notification_service`.

Prints "ready", then each notice as one line of JSON. A line "ID ACTION" on standard input presses a button.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from jeepney import (  # type: ignore[import-untyped]
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import Proxy, open_dbus_connection  # type: ignore[import-untyped]

NAME = "org.freedesktop.Notifications"
HERE = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)
CAPABILITIES = ["actions", "body", "body-markup"]


def main() -> None:
    """Until standard input closes."""
    connection = open_dbus_connection("SESSION")
    Proxy(message_bus, connection).RequestName(NAME)
    threading.Thread(target=_press, args=(connection,), daemon=True).start()
    print("ready", flush=True)
    last = 0
    while True:
        message = connection.receive()
        if message.header.message_type is not MessageType.method_call:
            continue
        match message.header.fields.get(HeaderFields.member):
            case "GetCapabilities":
                answer = new_method_return(message, "as", (CAPABILITIES,))
            case "Notify":
                _, replaces, _, title, body, actions, _, _ = message.body
                last = replaces or last + 1
                told: dict[str, Any] = {"id": last, "title": title, "body": body, "actions": actions}
                print(json.dumps({**told, "replaces": replaces}), flush=True)
                answer = new_method_return(message, "u", (last,))
            case "CloseNotification":
                print(json.dumps({"closed": message.body[0]}), flush=True)
                answer = new_method_return(message)
            case _:
                continue
        connection.send(answer)


def _press(connection: Any) -> None:
    for line in sys.stdin:
        id, action = line.split()
        connection.send(new_signal(HERE, "ActionInvoked", "us", (int(id), action)))


if __name__ == "__main__":
    main()
