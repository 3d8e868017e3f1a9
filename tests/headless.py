"""The whole app without a window: the same bootstrap, engine, store and control socket, on a loop of its own.

`python -m tests.headless --data-dir DIR [--demo]`; ends on SIGTERM, SIGHUP and on `ringdown quit`.
"""

from __future__ import annotations

import argparse
import signal
import sys
import traceback

from app import log as logs
from app.bootstrap import Bootstrap
from app.errors import AppError
from app.paths import Profile
from app.window import open_profile
from app.words import sentence
from tests.loop import TestLoop


def main() -> int:
    """Exit code: 0 closed in order, 1 refused with one sentence, 3 a bug."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--demo", action="store_true")
    options = parser.parse_args()
    with open_profile(options.data_dir, options.demo) as (where, lock):
        if lock is None:
            print("Ringdown is already running on this profile.", file=sys.stderr)
            return 1
        return _serve(where, demo=options.demo)


def _serve(where: Profile, *, demo: bool) -> int:
    logs.setup(where.log, "ringdown")
    loop = TestLoop()
    closed: list[int] = []

    def refused(error: AppError) -> None:
        print(sentence(error), file=sys.stderr)
        closed.append(1)

    def bug(error: BaseException) -> None:
        traceback.print_exception(error)
        closed.append(3)

    boot = Bootstrap(
        where,
        loop,
        demo=demo,
        on_ready=lambda desk: print("ready", flush=True),
        on_refused=refused,
        on_bug=bug,
        on_closed=lambda: closed.append(0),
    )
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: loop.post(boot.close))
    boot.start()
    while not closed:
        loop.step(0.2)
    return closed[0]


if __name__ == "__main__":
    sys.exit(main())
