"""A whole desk on a real store, signed in for real to the stand-in; only the phone and the screen are played."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app import settings_file
from app.errors import ErrorCode
from app.ports.crm import CrmGateway
from app.secret_names import TOKEN_SECRET
from app.secret_store import MemorySecrets
from app.settings import SalesforceSettings, Settings
from app.usecases.login import CrmState
from app.usecases.tokens import Access
from crm.gateway import SalesforceGateway
from crm.oauth_flow import BrowserSignIn
from tests.crm.standin_process import Standin
from tests.signin.browser import RILEY, Page, Visit, callbacks, free_ports, sign_in_as
from tests.world import LINE, DeskWorld

CLIENT_ID = "3MVG9standin.ringdown.desktop"
ANA = "+14155550142"


class World(DeskWorld):
    """One profile and its org."""

    def __init__(self, folder: Path, org: Standin) -> None:
        super().__init__(folder)
        self.org = org
        self.ports = free_ports(3)
        org.control("POST", "oauth", {"redirect_uris": callbacks(self.ports)})
        self.secrets = MemorySecrets()
        crm = SalesforceSettings(login_url=org.url, client_id=CLIENT_ID)
        settings_file.save(folder, Settings(line=(LINE,), salesforce=crm))
        self.open()

    def open(self) -> None:
        """Start the app on the profile (again)."""
        self.service = BrowserSignIn(ports=self.ports, patience=10.0, timeout=(2.0, 8.0))

        def renewing(url: str, access: Access) -> CrmGateway:
            made = SalesforceGateway(url, access.token, refresh=access.refresh)
            access.when_moved(made.move_to)
            return made

        self.start(
            settings_file.load(self.profile.folder),
            self.secrets,
            lambda url, token: SalesforceGateway(url, lambda: token),
            make_renewing=renewing,
            sign_in_service=self.service,
        )

    def close(self) -> None:
        """End the app; what is queued for the store is written."""
        self.desk.sign_in.cancel()
        self.desk.login.close()
        self.background.close()
        self.database.close()

    def again(self) -> None:
        """End the app and start it again."""
        self.close()
        self.open()

    # signing in and out

    @property
    def state(self) -> CrmState:
        """Where the sign-in stands."""
        return self.desk.login.status.state

    def has_left(self) -> bool:
        """Has the rep signed out?"""
        return self.desk.login.status.left

    def problem(self) -> ErrorCode | None:
        """Why the last sign-in did not work."""
        found = self.desk.sign_in.problem
        return found.code if found is not None else None

    def begin(self) -> str:
        """Press the button; the address the browser opens."""
        opened: list[str] = []

        def browser(address: str) -> bool:
            opened.append(address)
            return True

        self.desk.sign_in.start(browser)
        self.until(lambda: opened or self.desk.sign_in.waiting is None)
        assert opened, self.desk.sign_in.problem
        return opened[0]

    def visit(self, user: str = RILEY) -> Page:
        """The whole way through the browser, however it ends; what the browser shows."""
        tab: Visit = sign_in_as(self.begin(), user)
        self.until(lambda: self.desk.sign_in.waiting is None)
        return tab.page()

    def sign_in(self, user: str = RILEY) -> None:
        """Sign in and be known."""
        assert "You are signed in" in self.visit(user).text, self.desk.sign_in.problem
        self.until(lambda: self.state is CrmState.SIGNED_IN)

    def sign_out(self) -> None:
        """Press the button and wait for the end."""
        done: list[bool] = []
        self.desk.sign_in.sign_out(lambda: done.append(True))
        self.until(lambda: done)

    def end_sessions(self) -> None:
        """Access tokens are dead from here on; refresh tokens live."""
        self.org.control("POST", "oauth/end", {"what": "sessions"})

    # facts

    def call(self, number: str = ANA) -> str:
        """A short call; its id once it is stored."""
        call_id = self.desk.calls.dial(number)
        self.until(lambda: any(command[:2] == ("dial", call_id) for command in self.phone.commands))
        self.phone.far_answers(call_id)
        self.phone.far_ends(call_id)
        self.until(lambda: (log := self.desk.reads.call_log(call_id)) and not log.call.is_live)
        return call_id

    def text(self, body: str, number: str = ANA) -> None:
        """A text that comes in, once it is stored."""
        self.phone.text_in(body, number)
        self.until(lambda: any(row.body == body for row in self.desk.reads.messages(number)))

    @property
    def waiting(self) -> int:
        """How much of the rep's waits."""
        return self.desk.reads.outbox_count().waiting

    def push(self) -> None:
        """Send everything and wait until nothing of the rep's waits."""
        self.desk.sync.push()
        self.until(lambda: self.waiting == 0 and not self.desk.sync.state.sending)

    def tasks(self) -> list[dict[str, Any]]:
        """The calls in Salesforce."""
        return self.org.rows("Task")

    def days(self) -> list[dict[str, Any]]:
        """The days of texts in Salesforce, by key."""
        return sorted(self.org.rows("Ringdown_Day__c"), key=lambda row: str(row["Key__c"]))

    def token_requests(self) -> int:
        """How often tokens were asked for since the log was cleared."""
        return sum(request == "POST /services/oauth2/token" for request in self.org.requests())

    def provision(self, **salesforce: Any) -> None:
        """As a provisioning file does."""
        token = salesforce.pop("access_token", "")
        lines = self.desk.lines
        changed = replace(lines.settings, salesforce=replace(lines.settings.salesforce, **salesforce))
        secrets = {TOKEN_SECRET: token} if token else {}
        done: list[bool] = []
        lines.provision(
            settings_file.Provisioned(changed, secrets), lambda: done.append(True), lambda error: done.append(False)
        )
        self.until(lambda: done)
