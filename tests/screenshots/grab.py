"""Takes pictures of a screen: `python -m tests.screenshots.grab`, a file name a line on standard input.

A picture is taken when the screen has stood still for a while, and answered by one line. It uses its own
connection to the display, so what it sees is what a person would.
"""

from __future__ import annotations

import sys
import time

from PySide6.QtGui import QGuiApplication, QPixmap

STILL = 1.3  # seconds; the time of a call moves every second
PATIENCE = 12.0


def main() -> int:
    """Until standard input closes."""
    application = QGuiApplication(["grab"])
    screen = application.primaryScreen()
    for line in sys.stdin:
        began = since = time.monotonic()
        image = screen.grabWindow(0).toImage()
        while time.monotonic() - since < STILL and time.monotonic() - began < PATIENCE:
            time.sleep(0.08)  # the screen of other programs tells no event
            again = screen.grabWindow(0).toImage()
            if again != image:
                image, since = again, time.monotonic()
        print("ok" if QPixmap.fromImage(image).save(line.strip(), "PNG", 0) else "failed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
