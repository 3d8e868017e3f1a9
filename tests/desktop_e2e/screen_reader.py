"""What assistive programs see and do, by AT-SPI alone: runs on the system's python3, which has pyatspi.

`/usr/bin/python3 screen_reader.py NUMBER` dials on the window's keypad, waits until the call lives, and ends it.
Prints one JSON object: the controls it found as "role: name", and what the window said on the way.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyatspi  # type: ignore[import-not-found]

PATIENCE = 15.0


def window() -> Any:
    """The top window of the app."""
    for app in pyatspi.Registry.getDesktop(0):
        if app is not None and app.name == "Ringdown":
            for frame in app:
                if frame is not None and frame.name == "Ringdown":
                    return frame
    return None


def below(node: Any) -> Iterator[Any]:
    """Every accessible object below one, in order."""
    for child in node:
        if child is not None:
            yield child
            yield from below(child)


def shows(node: Any) -> bool:
    """Is it on the screen, and does it answer?"""
    states = node.getState()
    return bool(states.contains(pyatspi.STATE_SHOWING) and states.contains(pyatspi.STATE_ENABLED))


def find(role: str, name: str, *, starts: bool = False) -> Any:
    """The showing object of a role and a name."""

    def look() -> Any:
        frame = window()
        for node in below(frame) if frame is not None else ():
            try:
                fits = node.name.startswith(name) if starts else node.name == name
                if fits and node.getRoleName() == role and shows(node):
                    return node
            except (LookupError, RuntimeError):  # gone while we looked
                continue
        return None

    return until(look, f"{role} {name!r}")


def until(look: Callable[[], Any], what: str) -> Any:
    """Ask until there is an answer: AT-SPI events need a main loop that this script has not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"not found: {what}\n{json.dumps(controls(), indent=1, ensure_ascii=False)}")


def controls() -> list[str]:
    """Everything in sight, as "role: name"."""
    frame = window()
    return [f"{node.getRoleName()}: {node.name}" for node in below(frame) if shows(node)] if frame else []


def press(node: Any) -> None:
    """Do what a press does."""
    actions = node.queryAction()
    names = [actions.getName(at).lower() for at in range(actions.nActions)]
    wanted = next((at for at, name in enumerate(names) if name in {"press", "click", "toggle"}), None)
    if wanted is None:
        raise SystemExit(f"{node.name} cannot be pressed: {names}")
    actions.doAction(wanted)


def _typed(field: Any, number: str) -> str:
    """What stands in the field once all of the number does: presses take effect a moment later."""
    text = str(field.queryText().getText(0, -1))
    return text if text.replace(" ", "") == number else ""


def main() -> None:
    """Dial, talk, hang up."""
    number = sys.argv[1]
    find("push button", "Keypad")
    before = controls()
    press(find("push button", "Keypad"))
    for digit in number:
        press(find("push button", digit, starts=True))
    field = find("text", "Name or number")
    typed = until(lambda: _typed(field, number), "the digits in the field")
    press(find("push button", "Call"))
    end = find("push button", "End")
    state = until(
        lambda: next((node.name for node in below(window()) if node.name in {"On a call", "00:00", "00:01"}), None),
        "the call lives",
    )
    during = controls()
    press(end)
    until(lambda: not any(c in {"push button: End"} for c in controls()), "the call has ended")
    print(json.dumps({"before": before, "during": during, "typed": typed, "state": state, "after": controls()}))


if __name__ == "__main__":
    main()
