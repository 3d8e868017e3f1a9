"""`python -m crm.standin`: serves one org until told to stop."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from . import seed
from .disk import Disk, FolderInUseError
from .org import CLIENT_ID, Org
from .server import Server


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs until SIGTERM, SIGINT or, if asked, the end of standard input. Exit 1 when it cannot start."""
    parser = argparse.ArgumentParser(
        prog="python -m crm.standin",
        description="A small Salesforce over HTTP on 127.0.0.1. The first line on standard output is "
        '{"url", "access_token", "client_id"}.',
        epilog="What can be switched under /standin/ stands at the head of crm/standin/control.py.",
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: one the system picks)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the org in this folder")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="also end when standard input ends, as when its parent dies"
    )
    options = parser.parse_args(arguments)
    try:
        disk = Disk(options.data) if options.data else None
    except FolderInUseError:
        print("another stand-in is using that folder", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cannot use that folder: {error.strerror}", file=sys.stderr)
        return 1
    try:
        org = Org(disk)
        if org.store.empty:
            seed.plant(org)
        return _serve(org, options.port, until_stdin_closes=options.until_stdin_closes)
    finally:
        if disk:
            disk.close()


def _serve(org: Org, port: int, *, until_stdin_closes: bool) -> int:
    try:
        server = Server(org, port)
    except (OSError, OverflowError):
        print(f"port {port} is not free", file=sys.stderr)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="accept")
    serving.start()
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(stop,), name="stdin", daemon=True).start()
    print(json.dumps({"url": org.url, "access_token": org.token, "client_id": CLIENT_ID}), flush=True)
    # In slices, because Windows lets no signal interrupt an endless wait.
    while not stop.wait(0.5):
        pass
    server.stop()
    serving.join()
    server.server_close()
    # A write that is under way holds this lock. Never released: a late request must not meet a closed file.
    org.store.lock.acquire()
    return 0


def _watch_stdin(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
