"""Measures and prints a table: `python -m tests.bench [--quick] [--index only|skip] [--json FILE]`.

It prints what it finds and ends with 0 also when a figure is over its target: a loaded machine is no failure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import calls, idle, index, peers, sound, start, store
from tests.bench.desktop import Desktop, open_desktop
from tests.bench.figures import Figure, as_json, table
from tests.bench.profile import history, known_people, prepare
from tests.bench.running import App
from tests.peers.salesforce import Salesforce
from tests.sip_standin.sip_client import SipClient


def main() -> int:
    """The exit code: 0 when everything could be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs of everything")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures there too")
    parser.add_argument(
        "--index", choices=("with", "only", "skip"), default="with", help="a million numbers: a minute and a half more"
    )
    options = parser.parse_args()
    before = os.getloadavg()[0]
    figures: list[Figure] = []
    with open_desktop() as desktop:
        if options.index != "only":
            figures += _measure(desktop, quick=options.quick)
        if options.index != "skip":
            figures += index.measure(desktop.folder, 40_000 if options.quick else 400_000, 20)
    load = f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, {load}\n")
    print(table(figures))
    if options.json:
        options.json.write_text(
            json.dumps({"machine": machine, "load": load, "figures": as_json(figures)}, indent=1) + "\n"
        )
    return 0


def _measure(desktop: Desktop, *, quick: bool) -> list[Figure]:
    env = desktop.start_screen()
    runs, many = (3, 5) if quick else (7, 20)
    with Salesforce(desktop.new_folder("org")) as salesforce, SipClient("127.0.0.1:9", user="carrier") as carrier:
        people = known_people(salesforce)
        line = f"sip:riley@127.0.0.1:{carrier.port}"
        where = prepare(desktop.folder / "rep", env, line, salesforce, history(people, calls=600, texts=400))
        figures = start.measure(where, env, desktop.folder, runs)
        figures += idle.after_start(where, env, desktop.folder, 1 if quick else 5)
        app = App(where, env, desktop.folder / "calls.stamps")
        try:
            app.until_answered()
            app.stamp("rows-painted")
            time.sleep(idle.SETTLE)
            figures += idle.processor(app, 10.0)
            figures += calls.incoming(app, people[:5], many)
            figures += calls.outgoing(app, carrier, many)
            calls.talk(app, carrier, 5)
            figures += idle.memory_now(app, f"memory, idle after {3 * many + 6} calls (PSS)")
        finally:
            app.close()
        figures += store.measure(desktop.folder, people, 5_000 if quick else 50_000, many)
    figures += sound.measure(desktop.folder, 1 if quick else 3)
    if shutil.which("baresip"):
        figures += peers.measure(desktop.folder, runs, many)
    return figures


if __name__ == "__main__":
    sys.exit(main())
