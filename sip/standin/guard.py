"""Keeps an error in a library callback from going back into the library."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

log = logging.getLogger("standin")

S = TypeVar("S")


def guarded(callback: Callable[[S, Any], None]) -> Callable[[S, Any], None]:
    """A callback that logs what goes wrong in it: the library could only print it and go on."""

    @wraps(callback)
    def run(self: S, prm: Any) -> None:
        try:
            callback(self, prm)
        except Exception:  # the last Python frame before C
            log.exception("error in %s", callback.__name__)

    return run
