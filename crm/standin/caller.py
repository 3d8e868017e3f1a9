"""Who the current request acts as. Set around each request, so the same thread never mixes two users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from . import ids

FIRST_USER = ids.make("005", 1)
_headers: ContextVar[Mapping[str, str]] = ContextVar("standin_headers", default=MappingProxyType({}))
_current: ContextVar[str | None] = ContextVar("standin_caller", default=None)


def user_id() -> str:
    """The acting user; the org's first user where nobody is signed in (seeding, control)."""
    return _current.get() or FIRST_USER


def acting() -> str | None:
    """The signed-in user of this request, or None when the org itself is at work and sees everything."""
    return _current.get()


@contextmanager
def acting_as(user: str | None) -> Iterator[None]:
    """Everything inside is done as that user; None is the org itself."""
    mark = _current.set(user)
    try:
        yield
    finally:
        _current.reset(mark)


def header(name: str) -> str:
    """A header of this call, or of this part of a composite one; "" when it was not sent. Lower-case names."""
    return _headers.get().get(name, "")


@contextmanager
def with_headers(headers: Mapping[str, str]) -> Iterator[None]:
    """Everything inside belongs to a call with these headers."""
    mark = _headers.set(headers)
    try:
        yield
    finally:
        _headers.reset(mark)
