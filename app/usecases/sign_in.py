"""SignIn: the rep signs in to Salesforce in the browser. One sign-in at a time; the window goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.background import Lane
from app.domain.events import CrmStateChanged
from app.domain.sign_in_address import login_url
from app.errors import AppError, ErrorCode
from app.log import logger
from app.ports.crm import CrmGateway
from app.ports.sign_in import Grant, SignInPage, SignInService
from app.ports.system import SecretStore
from app.secret_names import TOKEN_SECRET
from app.settings import Language
from app.usecases.lines import Lines
from app.usecases.login import Login, told
from app.usecases.tokens import Tokens
from app.usecases.tools import Tools

log = logger("sign-in")
_LATER = {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_BUSY, ErrorCode.CRM_LIMIT}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in on its way. ``address`` is empty while Salesforce is first looked for.

    ``note`` is what the rep should know meanwhile: no browser could be opened, an old tab answered.
    """

    address: str = ""
    note: AppError | None = None


class SignIn:
    """Main thread."""

    def __init__(
        self,
        tools: Tools,
        *,
        login: Login,
        lines: Lines,
        tokens: Tokens,
        service: SignInService,
        secrets: SecretStore,
        make_gateway: Callable[[str, str], CrmGateway],
    ) -> None:
        self.waiting: Waiting | None = None
        self.problem: AppError | None = None
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._login = login
        self._lines = lines
        self._tokens = tokens
        self._service = service
        self._secrets = secrets
        self._make_gateway = make_gateway
        self._page: SignInPage | None = None
        self._cancelled = False
        self._open: Callable[[str], bool] = lambda _: True
        self._addressed: list[Callable[[str], None]] = []
        self._over: list[Callable[[AppError | None], None]] = []

    @property
    def is_set_up(self) -> bool:
        """Has the admin named the app to sign in with?"""
        return bool(self._lines.settings.salesforce.client_id)

    def start(self, open_address: Callable[[str], bool], language: str = "") -> None:
        """Sign in with the browser that ``open_address`` opens; it returns False when there is none.

        ``language`` of the system, "en" or "ja": the page in the browser speaks it unless the settings name another.
        With one on its way, its page is opened again. Raises AppError SIGN_IN_NOT_SET_UP, SIGN_IN_ADDRESS.
        """
        self._open = open_address
        if self.waiting is not None:
            if self.waiting.address:
                self._show(self.waiting.address)
            return
        salesforce = self._lines.settings.salesforce
        if not salesforce.client_id:
            raise AppError(ErrorCode.SIGN_IN_NOT_SET_UP)
        address, client_id = login_url(salesforce.login_url), salesforce.client_id
        spoken = self._lines.settings.language
        speaks = language if spoken is Language.SYSTEM else spoken.value
        self._cancelled = False
        self._become(Waiting(), None)

        def notice(error: AppError) -> None:
            self._loop.post(lambda: self._noticed(error))

        self._background.run(
            Lane.WORKER,
            lambda: self._service.begin(address, client_id, speaks, notice),
            self._begun,
            self._ended,
        )

    def when_addressed(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` once with the address to open, at once when it is known."""
        if self.waiting is not None and self.waiting.address:
            listener(self.waiting.address)
        else:
            self._addressed.append(listener)

    def when_over(self, listener: Callable[[AppError | None], None]) -> None:
        """Call ``listener`` once when the sign-in on its way has ended; with why it did not work, or None."""
        self._over.append(listener)

    def cancel(self) -> None:
        """The rep has thought better of it."""
        if self.waiting is None:
            return
        self._cancelled = True
        if self._page is not None:
            self._page.cancel()

    def dismiss(self) -> None:
        """The rep has read why it did not work."""
        if self.problem is not None:
            self._become(self.waiting, None)

    def sign_out(self, then: Callable[[], None] | None = None) -> None:
        """As `Login.sign_out`; a sign-in on its way ends too."""
        self.cancel()
        self._login.sign_out(then)

    def choose(self, typed: str) -> None:
        """Sign in at this page from now on. Raises AppError SIGN_IN_ADDRESS."""
        self.cancel()
        chosen = login_url(typed)
        if chosen != self._lines.settings.salesforce.login_url:
            self._lines.set_salesforce(replace(self._lines.settings.salesforce, login_url=chosen))

    def _begun(self, page: SignInPage) -> None:
        self._page = page
        if self._cancelled:
            page.cancel()
        else:
            self._become(Waiting(page.address), None)
            self._show(page.address)
            told_to, self._addressed = self._addressed, []
            for listener in told_to:
                listener(page.address)
        self._background.run(Lane.WORKER, lambda: self._finish(page), self._done, self._ended)

    def _show(self, address: str) -> None:
        note = None if self._open(address) else AppError(ErrorCode.SIGN_IN_NO_BROWSER)
        self._become(Waiting(address, note), None)

    def _noticed(self, error: AppError) -> None:
        if self.waiting is not None:
            self._become(replace(self.waiting, note=error), None)

    def _finish(self, page: SignInPage) -> Grant:
        """On a worker: wait, look whose tokens came, store them; the browser is told only then."""
        try:
            grant = page.wait()
            try:
                if self._cancelled:
                    raise AppError(ErrorCode.SIGN_IN_CANCELLED)
                grant = self._identified(grant)
                before = self._tokens.keep(grant)
                self._secrets.delete(TOKEN_SECRET)
            except AppError:
                self._take_back(grant)
                raise
        except AppError as error:
            page.answer(error)
            raise
        except BaseException:
            page.answer(AppError(ErrorCode.SIGN_IN_REFUSED, message=""))
            raise
        page.answer(None)
        if before is not None:
            self._take_back(before)
        return grant

    def _identified(self, grant: Grant) -> Grant:
        """Do the tokens open the API? Where Salesforce is away just now, that shows later."""
        gateway = self._make_gateway(grant.instance_url, grant.access_token)
        try:
            return replace(grant, user_id=gateway.sign_in().id)
        except AppError as error:
            if error.code in _LATER and grant.user_id:
                return grant
            raise told(error) from None
        finally:
            gateway.close()

    def _take_back(self, grant: Grant) -> None:
        """What is not kept must not live on in Salesforce: a user has five approvals."""
        try:
            self._service.revoke(grant)
        except AppError as error:
            log.info("unused sign-in not revoked: %s", error.code.value)

    def _done(self, grant: Grant) -> None:
        log.info("signed in by the browser")
        self._page = None
        self._become(None, None)
        self._login.adopt(grant)
        self._tell_over(None)

    def _ended(self, error: AppError) -> None:
        log.info("sign-in ended: %s", error.code.value)
        if error.code is ErrorCode.CRM_BUSY:  # its sentence is about a record
            error = AppError(ErrorCode.CRM_OFFLINE, **error.values)
        self._page = None
        is_wish = self._cancelled or error.code is ErrorCode.SIGN_IN_CANCELLED
        self._become(None, None if is_wish else error)
        self._tell_over(AppError(ErrorCode.SIGN_IN_CANCELLED) if is_wish else error)

    def _tell_over(self, error: AppError | None) -> None:
        self._addressed = []
        told_to, self._over = self._over, []
        for listener in told_to:
            listener(error)

    def _become(self, waiting: Waiting | None, problem: AppError | None) -> None:
        self.waiting, self.problem = waiting, problem
        self._hub.publish(CrmStateChanged())
