"""Sharing as queries see it: which rows of an object the signed-in user may read."""

from __future__ import annotations

from collections.abc import Callable

from . import caller
from .org import Org
from .schema import Row, SObject


def seen(org: Org, sobject: SObject) -> Callable[[Row], bool] | None:
    """Whether the user of this request sees a row; None when everything is seen. Bound to that user for good."""
    user = caller.acting()
    if user is None or not org.access.listed():
        return None
    name, access = sobject.name, org.access
    return lambda row: access.sees(user, name, row)
