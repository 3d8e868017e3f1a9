"""Closing a door nobody needs: a line that registers by TCP or TLS is called over the connection it has opened.

WORKAROUND: the library makes no outgoing connection without a listener of the same kind, and has no switch against it
(only `PJSIP_TCP_TRANSPORT_DONT_CREATE_LISTENER` when it is built). The listener is no use to a registered line, whose
Contact is the address of its own connection, and a few hundred connections within a moment, from anywhere, end the
process: its select() carries 64 sockets. So the listening socket is exchanged for one that nobody can reach. The
library goes on with the same handle and notices nothing.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile

from sip.engine.log import logger

_MOST = 256  # handles looked at where the system does not list them


def close_door(port: int) -> bool:
    """Nobody from outside gets at our TCP listener on ``port`` any more. False where there is none, or no way to."""
    found = listeners(port)
    if not found or not exchange(found[0]):
        return False
    logger.info("nobody from outside connects to us")
    return True


def listeners(port: int) -> list[int]:
    """The handles of our TCP listeners on ``port``.

    None on Windows, where a socket's handle cannot be exchanged: the engine starts anew after such a flood.
    """
    return [] if sys.platform == "win32" else [handle for handle in _handles() if _listens(handle, port)]


def exchange(handle: int) -> bool:
    """Make it a listener nobody can reach: the name it was bound to is gone at once. False without a folder for it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as inside:
        inside.setblocking(False)
        try:
            with tempfile.TemporaryDirectory() as folder:
                inside.bind(f"{folder}/door")
                inside.listen(0)
        except OSError as error:
            logger.warning("a listener stays open: %s", error.strerror)
            return False
        os.dup2(inside.fileno(), handle, inheritable=False)
        return True


def _handles() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:  # macOS
        return list(range(3, _MOST))


def _listens(handle: int, port: int) -> bool:
    with contextlib.suppress(OSError):
        copy = os.dup(handle)
        try:
            found = socket.socket(fileno=copy)
        except OSError:
            os.close(copy)
            return False
        with found:
            return (
                found.family in {socket.AF_INET, socket.AF_INET6}
                and found.type == socket.SOCK_STREAM
                and bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
                and found.getsockname()[1] == port
            )
    return False
