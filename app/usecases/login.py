"""Login: the state of the Salesforce sign-in, and the rep it belongs to."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

from app.background import Background, Lane
from app.clock import system_zone
from app.domain.events import CrmStateChanged
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.log import logger
from app.ports import CrmGateway, CrmUser, MainLoop, SecretStore
from app.settings import TOKEN_SECRET
from app.store import outbox, records
from app.store.database import Session
from app.store.writer import Writer
from app.usecases.lines import Lines

log = logger("login")
_RETRY = 20.0
USER = "user"  # the name of the remembered rep among the store's small facts


class CrmState(StrEnum):
    """The words of ``ringdown status``."""

    SIGNED_IN = "signed-in"
    OFFLINE = "offline"
    SIGNED_OUT = "signed-out"


@dataclass(frozen=True, slots=True)
class CrmStatus:
    """Where the sign-in stands. ``problem`` is set when the rep should know why."""

    state: CrmState
    user: CrmUser | None
    instance: str
    problem: AppError | None = None


class Login:
    """Main thread. Without a network the last known user stays, so that keys and days stay the rep's own."""

    def __init__(
        self,
        *,
        lines: Lines,
        secrets: SecretStore,
        make_gateway: Callable[[str, str], CrmGateway],
        writer: Writer,
        background: Background,
        loop: MainLoop,
        hub: Hub,
        user: CrmUser | None,
    ) -> None:
        """``make_gateway(instance_url, token)``; ``user`` is the one remembered from last time."""
        self.status = CrmStatus(CrmState.SIGNED_OUT, user, lines.settings.salesforce.instance_url)
        self._lines = lines
        self._secrets = secrets
        self._make_gateway = make_gateway
        self._writer = writer
        self._background = background
        self._loop = loop
        self._hub = hub
        self._gateway: CrmGateway | None = None
        self._signed_in: list[Callable[[], None]] = []
        self._trying = False
        self._cancel_retry: Callable[[], None] = lambda: None
        self._system_zone = system_zone()

    def gateway(self) -> CrmGateway | None:
        """Salesforce, None while signed out."""
        return self._gateway

    def user(self) -> CrmUser | None:
        """The rep, also while offline."""
        return self.status.user

    def zone(self) -> str:
        """The rep's time zone: Salesforce's, else this computer's."""
        return self.status.user.zone if self.status.user and self.status.user.zone else self._system_zone

    def when_signed_in(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` each time the sign-in has been confirmed."""
        self._signed_in.append(listener)

    def start(self) -> None:
        """Use the token of the keyring, if there is one. Called again after provisioning."""
        instance = self._lines.settings.salesforce.instance_url
        if not instance:
            self._become(CrmState.SIGNED_OUT)
            return
        self._background.run(
            Lane.WORKER,
            lambda: self._secrets.get(TOKEN_SECRET),
            lambda token: self._with_token(instance, token),
            lambda error: self._become(CrmState.SIGNED_OUT, error),
        )

    def noticed(self, error: AppError | None) -> None:
        """Somebody talked to Salesforce: with what result. None means it answered."""
        if error is None:
            if self.status.state is CrmState.OFFLINE and self._gateway is not None:
                self._check(self._gateway)
        elif error.code is ErrorCode.CRM_SIGNED_OUT:
            if self.status.state is not CrmState.SIGNED_OUT:
                self._gateway = None
                self._become(CrmState.SIGNED_OUT, error)
        elif error.code is ErrorCode.CRM_OFFLINE and self.status.state is CrmState.SIGNED_IN:
            self._become(CrmState.OFFLINE, error)

    def close(self) -> None:
        """Drop the connections."""
        if self._gateway is not None:
            self._gateway.close()

    def _with_token(self, instance: str, token: str | None) -> None:
        if not token:
            self._become(CrmState.SIGNED_OUT)
            return
        self._gateway = self._make_gateway(instance, token)
        self._check(self._gateway)

    def _check(self, gateway: CrmGateway) -> None:
        if self._trying or gateway is not self._gateway:
            return
        self._trying = True
        self._background.run(
            Lane.INTERACTIVE,
            gateway.sign_in,
            lambda user: self._checked(gateway, user),
            lambda error: self._unchecked(gateway, error),
        )

    def _checked(self, gateway: CrmGateway, user: CrmUser) -> None:
        self._trying = False
        if gateway is not self._gateway:
            return
        is_first = self.status.user is None
        self._writer.write(lambda s: _remember(s, user, self._system_zone if is_first else user.zone))
        self.status = CrmStatus(CrmState.SIGNED_IN, user, self._lines.settings.salesforce.instance_url)
        log.info("signed in")
        self._hub.publish(CrmStateChanged())
        for listener in self._signed_in:
            listener()

    def _unchecked(self, gateway: CrmGateway, error: AppError) -> None:
        self._trying = False
        if gateway is not self._gateway:
            return
        log.info("sign-in not confirmed: %s", error.code.value)
        if error.code in {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_BUSY, ErrorCode.CRM_LIMIT}:
            self._become(CrmState.OFFLINE, error)
        else:
            self._gateway = None
            self._become(CrmState.SIGNED_OUT, error)

    def _become(self, state: CrmState, problem: AppError | None = None) -> None:
        self.status = CrmStatus(state, self.status.user, self._lines.settings.salesforce.instance_url, problem)
        self._hub.publish(CrmStateChanged())
        self._cancel_retry()
        if state is CrmState.OFFLINE and self._gateway is not None:
            gateway = self._gateway
            # Jitter: a thousand reps must not all come back in the same second.
            wait = _RETRY * (0.75 + random.random() / 2)
            self._cancel_retry = self._loop.later(wait, lambda: self._check(gateway))


def _remember(s: Session, user: CrmUser, zone_so_far: str) -> None:
    """Keep who signed in. What was texted before anybody had is counted in the computer's zone: now the rep's holds."""
    records.set_meta(s, USER, json.dumps(asdict(user)))
    if user.zone and user.zone != zone_so_far:
        outbox.forget(s, "day")
        for number, day in records.move_to_zone(s, user.zone):
            outbox.put(s, "day", f"{number}|{day}", datetime.now(UTC))
