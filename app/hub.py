"""Typed publish/subscribe for what has happened. One way, on the main thread; nobody asks anything through it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from app.domain.events import Event

Kind = TypeVar("Kind")


class Hub:
    """Handlers run at once, in the order they subscribed. Main thread only."""

    def __init__(self, on_bug: Callable[[BaseException], None] | None = None) -> None:
        """``on_bug`` hears what a handler raises: neither the others nor who tells the event suffer from it.

        Without it the first one is raised when all have heard.
        """
        self._thread = threading.get_ident()
        self._on_bug = on_bug
        self._handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)

    def subscribe(self, kind: type[Kind], handler: Callable[[Kind], None]) -> Callable[[], None]:
        """Call ``handler`` for every event of exactly this class; the result takes it off again."""
        handlers = self._handlers[kind]
        handlers.append(cast(Callable[[Any], None], handler))

        def stop() -> None:
            if handler in handlers:
                handlers.remove(cast(Callable[[Any], None], handler))

        return stop

    def scope(self) -> HubScope:
        """A view of this hub that can let go of everything subscribed through it."""
        return HubScope(self)

    def publish(self, event: Event) -> None:
        """Tell everyone who asked for this class of event."""
        assert threading.get_ident() == self._thread, "hub belongs to the main thread"
        first: Exception | None = None
        for handler in tuple(self._handlers[type(event)]):
            try:
                handler(event)
            except Exception as error:  # noqa: BLE001 - goes to the last resort, never away
                if self._on_bug is not None:
                    self._on_bug(error)
                else:
                    first = first or error
        if first is not None:
            raise first


class HubScope(Hub):
    """The same hub, for listeners that live shorter than the app: a window that is made anew."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._stops: list[Callable[[], None]] = []
        self._closed = False

    def subscribe(self, kind: type[Kind], handler: Callable[[Kind], None]) -> Callable[[], None]:
        """As the hub's; `close` takes it off as well."""

        def hear(event: Kind) -> None:
            if not self._closed:  # an event that is being told right now reaches those who have just left
                handler(event)

        stop = self._hub.subscribe(kind, hear)
        self._stops.append(stop)
        return stop

    def publish(self, event: Event) -> None:
        """As the hub's."""
        self._hub.publish(event)

    def close(self) -> None:
        """Nobody who subscribed here hears anything any more."""
        self._closed = True
        for stop in self._stops:
            stop()
        self._stops.clear()
