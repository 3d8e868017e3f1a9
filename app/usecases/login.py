"""Login: the state of the Salesforce sign-in, and the rep it belongs to.

There are two ways in. A token of the provisioning file holds as long as Salesforce takes it. The sign-in in the
browser (`sign_in`) brings tokens that renew themselves (`tokens`). The later one of the two holds: each takes the
other's place in the password store.

Whose the tokens are is asked before anything is written with them. When it is another rep than the last one, what
waits for the last one is put aside first (`store.reps`): nobody's calls go out in another name.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.background import Lane
from app.clock import system_zone
from app.domain.events import CrmStateChanged, OutboxChanged, Troubled
from app.domain.policies import next_attempt
from app.errors import AppError, ErrorCode
from app.log import logger
from app.ports.crm import CrmGateway, CrmUser
from app.ports.sign_in import Grant, SignInService
from app.ports.system import SecretStore
from app.secret_names import TOKEN_SECRET
from app.store import outbox, records, reps
from app.store.database import Session
from app.usecases.lines import Lines
from app.usecases.pauses import asked
from app.usecases.tokens import Access, Tokens
from app.usecases.tools import Tools

log = logger("login")
_RETRY = 20.0
_PASSING = {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_BUSY, ErrorCode.CRM_LIMIT, ErrorCode.INTERNAL}
USER = "user"  # the name of the remembered rep among the store's small facts


class CrmState(StrEnum):
    """The words of ``ringdown status``."""

    SIGNED_IN = "signed-in"
    OFFLINE = "offline"
    SIGNED_OUT = "signed-out"


@dataclass(frozen=True, slots=True)
class CrmStatus:
    """Where the sign-in stands. ``problem`` is set when the rep should know why.

    ``user`` is also the last one's while signed out; ``left`` says that they signed out themselves. ``asked``: the
    password store has said what there is.
    """

    state: CrmState
    user: CrmUser | None
    instance: str
    problem: AppError | None = None
    left: bool = False
    asked: bool = False


class Login:
    """Main thread. Without a network the last known user stays, so that keys and days stay the rep's own."""

    def __init__(
        self,
        tools: Tools,
        *,
        lines: Lines,
        secrets: SecretStore,
        make_gateway: Callable[[str, str], CrmGateway],
        make_renewing: Callable[[str, Access], CrmGateway],
        tokens: Tokens,
        service: SignInService,
        user: CrmUser | None,
        left: bool,
    ) -> None:
        """``make_gateway(instance_url, token)``; ``make_renewing(instance_url, access)`` with tokens from the browser.

        ``user`` is the one remembered from last time, ``left`` by choice.
        """
        self.status = CrmStatus(CrmState.SIGNED_OUT, user, lines.settings.salesforce.instance_url, left=left)
        self._writer = tools.writer
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._clock = tools.clock
        self._lines = lines
        self._secrets = secrets
        self._make_gateway = make_gateway
        self._make_renewing = make_renewing
        self._tokens = tokens
        self._service = service
        self._gateway: CrmGateway | None = None
        self._confirmed = False
        self._checking: CrmGateway | None = None
        self._signed_in: list[Callable[[], None]] = []
        self._signed_out: list[Callable[[], None]] = []
        self._cancel_retry: Callable[[], None] = lambda: None
        self._system_zone = system_zone()
        tokens.when_moved(lambda grant: tools.loop.post(lambda: self._keep_instance(grant.instance_url)))

    def gateway(self) -> CrmGateway | None:
        """Salesforce, None while signed out. For reading: whose it is may not be known yet."""
        return self._gateway

    def sender(self) -> tuple[CrmGateway, CrmUser] | None:
        """Salesforce and the rep it is certain to be; None until then. For writing."""
        if self._gateway is None or self.status.user is None or not self._confirmed:
            return None
        return self._gateway, self.status.user

    def user(self) -> CrmUser | None:
        """The rep, also while offline."""
        return self.status.user

    def zone(self) -> str:
        """The rep's time zone: Salesforce's, else this computer's."""
        return self.status.user.zone if self.status.user and self.status.user.zone else self._system_zone

    def when_signed_in(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` each time the sign-in has been confirmed."""
        self._signed_in.append(listener)

    def when_signed_out(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when what Salesforce told must be forgotten: the rep left, or another one came."""
        self._signed_out.append(listener)

    def start(self) -> None:
        """Use what the keyring holds. Called again after provisioning, and to try again."""
        instance = self._lines.settings.salesforce.instance_url
        tokens = self._tokens

        def read() -> tuple[str | None, Grant | None]:
            token = self._secrets.get(TOKEN_SECRET) if instance else None
            return token, tokens.load() if not token else None

        self._background.run(Lane.WORKER, read, lambda found: self._found(instance, *found), self._end)

    def adopt(self, grant: Grant) -> None:
        """The rep has just signed in in the browser, and the tokens are kept."""
        self._keep_instance(grant.instance_url)
        self.status = replace(self.status, problem=None, left=False)
        self._use(self._renewing(grant))

    def sign_out(self, then: Callable[[], None] | None = None) -> None:
        """Forget the tokens here, end them in Salesforce, forget what it told. Calls, notes and the outbox stay."""
        gateway = self._gateway
        at = self._clock.now()
        self._end(None, left=self.status.user is not None)
        self._writer.write(lambda s: _leave(s, at), lambda _: self._forgotten())
        tokens, service = self._tokens, self._service

        def forget() -> bool:
            # Here first: whatever becomes of the network, the next start is signed out.
            self._secrets.delete(TOKEN_SECRET)
            grant = tokens.forget()
            if gateway is not None:
                gateway.close()
            if grant is None:
                return True
            try:
                service.revoke(grant)
            except AppError as error:
                log.info("sign-in not revoked: %s", error.code.value)
                return False
            return True

        def done(told: bool) -> None:
            if not told:
                self._hub.publish(Troubled(ErrorCode.SIGN_OUT_UNTOLD.value))
            if then is not None:
                then()

        def failed(error: AppError) -> None:
            self._hub.publish(Troubled(error.code.value))
            if then is not None:
                then()

        log.info("signed out")
        self._background.run(Lane.WORKER, forget, done, failed)

    def noticed(self, error: AppError | None) -> None:
        """Somebody talked to Salesforce: with what result. None means it answered."""
        if error is None:
            if self.status.state is CrmState.OFFLINE and self._gateway is not None:
                self._check(self._gateway)
        elif error.code is ErrorCode.CRM_SIGNED_OUT:
            # Asked again, because the answer may be to a request of before another sign-in.
            if self._gateway is not None:
                self._check(self._gateway)
        elif error.code is ErrorCode.CRM_OFFLINE and self.status.state is CrmState.SIGNED_IN:
            self._become(CrmState.OFFLINE, error)

    def close(self) -> None:
        """Drop the connections."""
        if self._gateway is not None:
            self._gateway.close()

    def _found(self, instance: str, token: str | None, grant: Grant | None) -> None:
        if token:
            self._use(self._make_gateway(instance, token))
        elif grant is not None:
            self._use(self._renewing(grant))
        elif self._gateway is None:
            self._become(CrmState.SIGNED_OUT)

    def _renewing(self, grant: Grant) -> CrmGateway:
        return self._make_renewing(grant.instance_url, self._tokens.access(grant.user_id))

    def _use(self, gateway: CrmGateway) -> None:
        self._gateway, self._confirmed = gateway, False
        self._check(gateway)

    def _check(self, gateway: CrmGateway) -> None:
        if self._checking is gateway or gateway is not self._gateway:
            return
        self._checking = gateway
        self._background.run(
            Lane.INTERACTIVE,
            gateway.sign_in,
            lambda user: self._checked(gateway, user),
            lambda error: self._unchecked(gateway, error),
        )

    def _checked(self, gateway: CrmGateway, user: CrmUser) -> None:
        if gateway is not self._gateway:
            return
        self._checking = None
        last = self.status.user
        if last is not None and last.id != user.id:
            self._tell_out()
        zone_so_far = self._system_zone if last is None else user.zone
        now = self._clock.now()
        # The store's lane is in order: whatever is written or sent from here on comes after this.
        self._writer.write(lambda s: _remember(s, user, zone_so_far, now), lambda _: self._hub.publish(OutboxChanged()))
        self._confirmed = True
        self.status = CrmStatus(CrmState.SIGNED_IN, user, self._lines.settings.salesforce.instance_url, asked=True)
        log.info("signed in")
        self._hub.publish(CrmStateChanged())
        for listener in self._signed_in:
            listener()

    def _unchecked(self, gateway: CrmGateway, error: AppError) -> None:
        if gateway is not self._gateway:
            return
        self._checking = None
        log.info("sign-in not confirmed: %s", error.code.value)
        if error.code in _PASSING:
            self._become(CrmState.OFFLINE, error)
        else:
            self._end(error)

    def _end(self, error: AppError | None, *, left: bool = False) -> None:
        self._gateway, self._confirmed, self._checking = None, False, None
        self.status = replace(self.status, left=left or self.status.left)
        self._become(CrmState.SIGNED_OUT, told(error) if error is not None else None)

    def _become(self, state: CrmState, problem: AppError | None = None) -> None:
        instance = self._lines.settings.salesforce.instance_url
        self.status = replace(self.status, state=state, instance=instance, problem=problem, asked=True)
        self._hub.publish(CrmStateChanged())
        self._cancel_retry()
        if state is CrmState.OFFLINE and self._gateway is not None:
            gateway = self._gateway
            # Jitter: a thousand reps must not all come back in the same second. And where the company's requests are
            # used up, each knock is one more.
            wait = _RETRY * (0.75 + random.random() / 2)
            if problem is not None and problem.code is ErrorCode.CRM_LIMIT:
                wait = next_attempt(0, problem.code, asked(problem)).seconds or wait
            self._cancel_retry = self._loop.later(wait, lambda: self._check(gateway))
        elif problem is not None and problem.code is ErrorCode.KEYRING_MISSING:
            # It was there at the start, so it has ended and may be back. One that is locked would ask the rep again.
            self._cancel_retry = self._loop.later(_RETRY, self.start)

    def _keep_instance(self, instance: str) -> None:
        """The newest token answer says where the org is."""
        if instance != self._lines.settings.salesforce.instance_url:
            self._lines.set_salesforce(replace(self._lines.settings.salesforce, instance_url=instance))
        self.status = replace(self.status, instance=instance)

    def _forgotten(self) -> None:
        self._tell_out()
        self._hub.publish(CrmStateChanged())
        self._hub.publish(OutboxChanged())

    def _tell_out(self) -> None:
        for listener in self._signed_out:
            listener()


def told(error: AppError) -> AppError:
    """Why nobody is signed in, as the rep should read it."""
    reason = str(error.values.get("reason", ""))
    if error.code is ErrorCode.CRM_SIGNED_OUT and reason in ErrorCode._value2member_map_:
        return AppError(ErrorCode(reason), **error.values)
    return error


def _leave(s: Session, at: datetime) -> None:
    """The rep signed out: what Salesforce told goes, what was said here stays; from now on it is nobody's."""
    records.forget_people(s)
    if records.get_meta(s, USER):
        reps.set_left(s, at)


def _remember(s: Session, user: CrmUser, zone_so_far: str, now: datetime) -> None:
    """Keep who signed in. What was texted before anybody had is counted in the computer's zone: now the rep's holds."""
    before = records.get_meta(s, USER)
    last = CrmUser(**json.loads(before)) if before else None
    if last is not None and last.id != user.id:
        records.forget_people(s)
        reps.hand_over(s, last.id, user.id, now)
    reps.arrived(s, user.id, user.name)
    records.set_meta(s, USER, json.dumps(asdict(user)))
    if user.zone and user.zone != zone_so_far:
        outbox.forget(s, "day")
        for number, day in records.move_to_zone(s, user.zone):
            outbox.put(s, "day", f"{number}|{day}", now)
