"""A desktop that does as a test says."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from app.errors import AppError
from ui.desktop.port import SCHEMES, Lack


class FakeDesktop:
    """Links and start at login in memory; asked on workers."""

    def __init__(self) -> None:
        self.login = False
        self.ours: set[str] = {"tel"}
        self.lacks: frozenset[Lack] = frozenset()
        self.session: frozenset[Lack] = frozenset()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.has_waited_in_vain = False
        self.refuse: AppError | None = None

    def registered(self) -> Mapping[str, bool]:
        return {scheme: scheme in self.ours for scheme in SCHEMES}

    def register(self, schemes: Sequence[str] = SCHEMES) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.ours |= set(schemes)

    def unregister(self) -> None:
        self.ours.clear()

    def links_page(self) -> str:
        return ""

    def autostart(self) -> bool:
        return self.login

    def set_autostart(self, on: bool) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.login = on

    def capabilities(self) -> frozenset[Lack]:
        return self.lacks

    def session_lacks(self) -> frozenset[Lack]:
        self.has_waited_in_vain = not self.may_answer.wait(5)
        return self.session
