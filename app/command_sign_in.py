"""`ringdown sign-in` and `sign-out`, carried out in the running app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.control import Answer, bad, good
from app.desk import Desk
from app.domain.events import CrmStateChanged
from app.domain.sign_in_address import PRODUCTION, SANDBOX
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState

_CONFIRM = 45.0  # seconds for Salesforce to say whose the tokens are
_NAMED = {"production": PRODUCTION, "sandbox": SANDBOX}


def begin(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Answer with the address to open in a browser. The window shows the same sign-in."""
    if at := str(request.get("at") or ""):
        desk.sign_in.choose(_NAMED.get(at, at))
    desk.sign_in.when_over(lambda error: answer(bad(error)) if error is not None else None)
    desk.sign_in.start(lambda _: True)
    desk.sign_in.when_addressed(lambda address: answer(good({"address": address})))


def finish(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Answer when the sign-in on its way has ended."""
    if desk.sign_in.waiting is not None:
        desk.sign_in.when_over(lambda error: answer(bad(error)) if error is not None else _confirm(desk, answer))
    elif desk.sign_in.problem is not None:
        answer(bad(desk.sign_in.problem))
    else:
        _confirm(desk, answer)


def cancel(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """End the sign-in on its way."""
    desk.sign_in.cancel()
    answer(good({}))


def sign_out(desk: Desk, request: dict[str, Any], answer: Answer) -> None:
    """Answer when the tokens are gone here, and in Salesforce where it could be told."""
    desk.sign_in.sign_out(lambda: answer(good({"state": desk.login.status.state.value})))


def _confirm(desk: Desk, answer: Answer) -> None:
    stop: list[Callable[[], None]] = []

    def look(_: object = None) -> None:
        crm = desk.login.status
        if crm.state is CrmState.SIGNED_OUT and crm.problem is None and desk.login.gateway() is not None:
            return  # it is being asked
        for end in stop:
            end()
        if crm.state is CrmState.SIGNED_OUT:
            answer(bad(crm.problem or AppError(ErrorCode.CRM_SIGNED_OUT, message="")))
        else:
            user = crm.user.username if crm.user else None
            answer(good({"state": crm.state.value, "user": user, "instance": crm.instance or None}))

    stop.append(desk.hub.subscribe(CrmStateChanged, look))
    stop.append(desk.loop.later(_CONFIRM, lambda: answer(bad(AppError(ErrorCode.TIMED_OUT, seconds=f"{_CONFIRM:g}")))))
    look()


HANDLERS: dict[str, Callable[[Desk, dict[str, Any], Answer], None]] = {
    "sign-in": begin,
    "sign-in-wait": finish,
    "sign-in-cancel": cancel,
    "sign-out": sign_out,
}
