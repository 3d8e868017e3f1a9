"""Starts the far end: `python -m sip.standin`. Prints one line of JSON with its two addresses."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pjsua2 as pj

from sip.standin import number_table
from sip.standin.control import Server
from sip.standin.engine import Engine

LAST_RESORT = 5.0  # seconds an orderly end may take


def arguments(argv: list[str]) -> argparse.Namespace:
    """The command line; `--help` shows the number table."""
    parser = argparse.ArgumentParser(
        prog="python -m sip.standin",
        description="A carrier in a box on 127.0.0.1: takes calls and texts for any number over SIP/UDP, "
        "and calls and texts you on request over its control port.",
        epilog=f"numbers:\n{number_table.as_text()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="SIP port (default: a free one)")
    parser.add_argument("--control-port", type=int, default=0, help="control port (default: a free one)")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    parser.add_argument("--no-replies", action="store_true", help="do not answer texts by texts")
    parser.add_argument("--voicemail-dir", type=Path, help="keep voicemail recordings here")
    parser.add_argument("--log-level", type=int, default=0, help="SIP log on standard error, 0 to 6")
    return parser.parse_args(argv)


def own_stdout(log_level: int) -> int:
    """Keeps standard output for our one line, and sends what the library prints elsewhere."""
    mine = os.dup(1)
    if log_level:
        os.dup2(2, 1)
    else:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
    return mine


def end_with_stdin(engine: Engine) -> None:
    """Waits for the end of standard input, then stops the engine."""
    while os.read(0, 4096):
        pass
    engine.stop()


def last_resort() -> None:
    """Ends the process if an orderly end hangs."""
    time.sleep(LAST_RESORT)
    os._exit(1)


def start_thread(target: Callable[..., None], *args: object) -> None:
    """Runs something beside the engine for the rest of the process's life."""
    threading.Thread(target=target, args=args, daemon=True).start()


def main(argv: list[str]) -> int:
    """Runs the far end until it is asked to end; the exit code."""
    options = arguments(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    mine = own_stdout(options.log_level)
    engine = Engine(replies=not options.no_replies, folder=options.voicemail_dir, log_level=options.log_level)

    def asked_to_end(signum: int, frame: FrameType | None) -> None:
        engine.stop()

    signal.signal(signal.SIGTERM, asked_to_end)
    signal.signal(signal.SIGINT, asked_to_end)
    try:
        server = Server(options.control_port, engine)
        engine.open(options.port)
    except (OSError, OverflowError, pj.Error):
        print("The port asked for cannot be used.", file=sys.stderr)
        return 1
    start_thread(server.serve_forever)
    if options.until_stdin_closes:
        start_thread(end_with_stdin, engine)
    line = {"sip": engine.address, "control": f"http://127.0.0.1:{server.server_port}"}
    os.write(mine, (json.dumps(line) + "\n").encode())
    engine.on_stop = lambda: start_thread(last_resort)
    engine.run()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # The library may not survive the interpreter's own clean-up; all of ours is done.
    os._exit(code)
