"""The one place that renews: in turn, saved before used, never twice with a token that may be spent."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.errors import AppError, ErrorCode
from app.lock import FileLock
from app.ports.sign_in import Grant, SignInPage
from app.secret_names import GRANT_SECRET
from app.secret_store import MemorySecrets
from app.usecases.tokens import LOCK_FILE, Tokens

ME, OTHER = "005000000000001AAA", "005000000000002AAA"
FIRST = Grant("https://login.example", "app", "https://acme.example", ME, "access-0", "refresh-0")


@dataclass
class FakeService:
    """Salesforce's token endpoint in memory: rotates, and remembers what it was given."""

    rotates: bool = True
    sent: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    fail: list[AppError] = field(default_factory=list)
    instance: str = ""
    during: Callable[[], None] = lambda: None

    def begin(self, login_url: str, client_id: str, language: str, noticed: Callable[[AppError], None]) -> SignInPage:
        raise AssertionError

    def refresh(self, grant: Grant) -> Grant:
        self.sent.append(grant.refresh_token)
        self.during()
        if self.fail:
            raise self.fail.pop(0)
        count = len(self.sent)
        return replace(
            grant,
            access_token=f"access-{count}",
            refresh_token=f"refresh-{count}" if self.rotates else grant.refresh_token,
            rotates=self.rotates,
            instance_url=self.instance or grant.instance_url,
        )

    def revoke(self, grant: Grant) -> None:
        self.revoked.append(grant.refresh_token)


class Store(MemorySecrets):
    """A password store that can be locked."""

    def __init__(self) -> None:
        super().__init__()
        self.locked = False
        self.log: list[str] = []

    def set(self, name: str, value: str) -> None:
        if self.locked:
            raise AppError(ErrorCode.KEYRING_LOCKED)
        self.log.append(name)
        super().set(name, value)


@pytest.fixture
def secrets() -> Store:
    return Store()


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def tokens(secrets: Store, service: FakeService, tmp_path: Path) -> Tokens:
    made = Tokens(secrets, service, tmp_path)
    made.keep(FIRST)
    return made


def _again(secrets: Store, service: FakeService, tmp_path: Path) -> Tokens:
    """As another start, or another process, sees it."""
    made = Tokens(secrets, service, tmp_path)
    made.load()
    return made


def _out(work: Callable[[], object]) -> str:
    with pytest.raises(AppError) as caught:
        work()
    assert caught.value.code is ErrorCode.CRM_SIGNED_OUT
    return str(caught.value.values["reason"])


def _kept(secrets: Store) -> Grant:
    text = secrets.get(GRANT_SECRET)
    assert text
    return Grant(**json.loads(text))


def test_a_renewal_is_saved_before_it_is_used(tokens: Tokens, secrets: Store) -> None:
    access = tokens.access(ME)
    assert access.token() == "access-0"
    assert access.refresh("access-0") == "access-1"
    assert _kept(secrets) == replace(FIRST, access_token="access-1", refresh_token="refresh-1", rotates=True)
    assert access.token() == "access-1"


def test_who_comes_second_finds_fresh_tokens(tokens: Tokens, service: FakeService) -> None:
    access = tokens.access(ME)
    assert access.refresh("access-0") == access.refresh("access-0") == "access-1"
    assert service.sent == ["refresh-0"]


def test_many_threads_make_one_request(tokens: Tokens, service: FakeService) -> None:
    gate = threading.Barrier(8)
    found: list[str | None] = []

    def ask() -> None:
        gate.wait(5)
        found.append(tokens.access(ME).refresh("access-0"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found == ["access-1"] * 8
    assert service.sent == ["refresh-0"]


def test_what_another_process_has_renewed_is_taken(
    tokens: Tokens, secrets: Store, service: FakeService, tmp_path: Path
) -> None:
    other = _again(secrets, service, tmp_path)
    service.instance = "https://moved.example"
    assert other.access(ME).refresh("access-0") == "access-1"
    moved: list[str] = []
    mine = tokens.access(ME)
    mine.when_moved(moved.append)
    assert mine.refresh("access-0") == "access-1"
    assert service.sent == ["refresh-0"]
    assert moved == ["https://moved.example"]
    # The next one goes on from there, not from the dead token.
    assert mine.refresh("access-1") == "access-2"
    assert service.sent == ["refresh-0", "refresh-1"]


def test_only_the_word_of_salesforce_takes_the_tokens_away(
    tokens: Tokens, secrets: Store, service: FakeService
) -> None:
    access = tokens.access(ME)
    for code in (
        ErrorCode.SIGN_IN_INACTIVE,
        ErrorCode.SIGN_IN_BLOCKED,
        ErrorCode.SIGN_IN_NOT_INSTALLED,
        ErrorCode.SIGN_IN_UNKNOWN_APP,
        ErrorCode.SIGN_IN_NETWORK,
    ):
        service.fail = [AppError(code, host="login.example", reason="as-salesforce-says", message="")]
        assert _out(lambda: access.refresh("access-0")) == code.value
        assert _kept(secrets) == FIRST
    for code in (ErrorCode.CRM_OFFLINE, ErrorCode.CRM_BUSY):
        service.fail = [AppError(code)]
        with pytest.raises(AppError) as caught:
            access.refresh("access-0")
        assert caught.value.code is code
    service.fail = [AppError(ErrorCode.SIGN_IN_ENDED, reason="invalid_grant")]
    assert _out(lambda: access.refresh("access-0")) == "sign-in-ended"
    assert secrets.get(GRANT_SECRET) is None
    # Whoever asks later is told why, too.
    assert _out(access.token) == "sign-in-ended"


@pytest.mark.parametrize("rotates", [None, True])
def test_a_lost_answer_is_never_asked_for_again(
    secrets: Store, service: FakeService, tmp_path: Path, rotates: bool | None
) -> None:
    tokens = Tokens(secrets, service, tmp_path)
    tokens.keep(replace(FIRST, rotates=rotates))
    service.fail = [AppError(ErrorCode.CRM_OFFLINE, lost=True)]
    assert _out(lambda: tokens.access(ME).refresh("access-0")) == "sign-in-lost"
    # Not now, and not after a start either.
    assert _out(lambda: tokens.access(ME).refresh("access-0")) == "sign-in-lost"
    assert _out(lambda: _again(secrets, service, tmp_path).access(ME).refresh("access-0")) == "sign-in-lost"
    assert service.sent == ["refresh-0"]
    assert _kept(secrets).refresh_token == "refresh-0"
    # A new sign-in makes it good.
    tokens.keep(replace(FIRST, access_token="new", refresh_token="new-refresh"))
    assert tokens.access(ME).refresh("new") == "access-2"


def test_a_lost_answer_does_no_harm_where_tokens_stay(secrets: Store, service: FakeService, tmp_path: Path) -> None:
    tokens = Tokens(secrets, service, tmp_path)
    tokens.keep(replace(FIRST, rotates=False))
    service.rotates = False
    service.fail = [AppError(ErrorCode.CRM_OFFLINE, lost=True)]
    with pytest.raises(AppError) as caught:
        tokens.access(ME).refresh("access-0")
    assert caught.value.code is ErrorCode.CRM_OFFLINE
    assert tokens.access(ME).refresh("access-0") == "access-2"


def test_a_crash_before_the_answer_was_saved(
    tokens: Tokens, secrets: Store, service: FakeService, tmp_path: Path
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def die() -> None:
        raise Killed

    service.during = die
    with pytest.raises(Killed):
        tokens.access(ME).refresh("access-0")
    service.during = lambda: None
    assert _out(lambda: _again(secrets, service, tmp_path).access(ME).refresh("access-0")) == "sign-in-lost"
    assert service.sent == ["refresh-0"]


def test_a_locked_store_loses_nothing(tokens: Tokens, secrets: Store, service: FakeService) -> None:
    access = tokens.access(ME)
    secrets.locked = True
    assert _out(lambda: access.refresh("access-0")) == "keyring-locked"
    assert _out(lambda: access.refresh("access-0")) == "keyring-locked"
    secrets.locked = False
    assert access.refresh("access-0") == "access-1"
    assert service.sent == ["refresh-0"]
    assert _kept(secrets).refresh_token == "refresh-1"


def test_nothing_goes_out_in_the_name_of_who_came_after(tokens: Tokens, service: FakeService) -> None:
    before = tokens.access(ME)
    tokens.keep(replace(FIRST, user_id=OTHER, access_token="theirs", refresh_token="their-refresh"))
    assert before.token() is None
    assert _out(lambda: before.refresh("access-0")) == "crm-signed-out"
    assert tokens.access(OTHER).token() == "theirs"
    assert not service.sent


def test_another_process_signed_somebody_else_in(
    tokens: Tokens, secrets: Store, service: FakeService, tmp_path: Path
) -> None:
    _again(secrets, service, tmp_path).keep(replace(FIRST, user_id=OTHER, access_token="theirs"))
    assert _out(lambda: tokens.access(ME).refresh("access-0")) == "crm-signed-out"
    assert not service.sent


def test_signing_out_waits_for_a_renewal_and_wins(tokens: Tokens, secrets: Store, service: FakeService) -> None:
    renewing, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        renewing.set()
        assert go_on.wait(10)

    service.during = hold
    worker = threading.Thread(target=lambda: tokens.access(ME).refresh("access-0"))
    worker.start()
    assert renewing.wait(10)
    gone: list[Grant | None] = []
    leaver = threading.Thread(target=lambda: gone.append(tokens.forget()))
    leaver.start()
    go_on.set()
    worker.join(10)
    leaver.join(10)
    assert secrets.get(GRANT_SECRET) is None
    # What is to be revoked is the newest, not the one that was shown before.
    assert [grant.refresh_token for grant in gone if grant] == ["refresh-1"]
    assert tokens.load() is None


def test_keeping_tells_what_was_there_before(tokens: Tokens) -> None:
    assert tokens.keep(replace(FIRST, refresh_token="second")) == FIRST


def test_a_long_access_token_is_asked_for_anew(secrets: Store, service: FakeService, tmp_path: Path) -> None:
    tokens = Tokens(secrets, service, tmp_path)
    tokens.keep(replace(FIRST, access_token="x" * 4000))
    assert len((secrets.get(GRANT_SECRET) or "").encode("utf-16-le")) < 2560
    assert tokens.access(ME).token() == "x" * 4000
    later = _again(secrets, service, tmp_path)
    assert later.access(ME).token() == "access-1"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"login_url": 1}', "null"])
def test_what_cannot_be_read_is_no_sign_in(secrets: Store, service: FakeService, tmp_path: Path, text: str) -> None:
    MemorySecrets.set(secrets, GRANT_SECRET, text)
    assert Tokens(secrets, service, tmp_path).load() is None


def test_the_file_holds_no_token_and_is_the_users_own(tokens: Tokens, service: FakeService, tmp_path: Path) -> None:
    service.fail = [AppError(ErrorCode.CRM_OFFLINE, lost=True)]
    _out(lambda: tokens.access(ME).refresh("access-0"))
    file = tmp_path / LOCK_FILE
    assert "refresh" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_process_that_hangs_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with FileLock(tmp_path / "x").hold(1.0), pytest.raises(TimeoutError):
        with FileLock(tmp_path / "x").hold(0.1):
            pass


def test_a_store_that_cannot_be_read_is_the_reps_to_open(tokens: Tokens, secrets: Store, service: FakeService) -> None:
    def locked(name: str) -> str | None:
        raise AppError(ErrorCode.KEYRING_LOCKED)

    secrets.get = locked  # type: ignore[method-assign]
    assert _out(lambda: tokens.access(ME).refresh("access-0")) == "keyring-locked"
    assert not service.sent


def test_a_folder_that_is_gone_is_no_reason_to_sign_in_again(
    secrets: Store, service: FakeService, tmp_path: Path
) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    tokens = Tokens(secrets, service, folder)
    tokens.keep(FIRST)
    (folder / LOCK_FILE).unlink()
    folder.rmdir()
    with pytest.raises(AppError) as caught:
        tokens.access(ME).refresh("access-0")
    assert caught.value.code is ErrorCode.CRM_OFFLINE
    assert not service.sent
