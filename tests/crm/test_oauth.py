"""Signing in against the stand-in: the way there and back, and every way it can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.errors import AppError, ErrorCode
from app.ports.sign_in import Grant, SignInPage
from crm.oauth import Proof, TokenEndpoint, user_of
from crm.oauth_errors import oauth_error
from crm.oauth_flow import BrowserSignIn
from tests.crm.standin_process import Standin
from tests.signin.browser import DENY, JORDAN, RILEY, callbacks, free_ports, sign_in_as

CLIENT_ID = "3MVG9standin.ringdown.desktop"


@pytest.fixture
def ports(org: Standin) -> tuple[int, ...]:
    """Registered callbacks."""
    found = free_ports(3)
    org.control("POST", "oauth", {"redirect_uris": callbacks(found)})
    return found


@pytest.fixture
def service(ports: tuple[int, ...]) -> BrowserSignIn:
    """The sign-in with little patience."""
    return BrowserSignIn(ports=ports, patience=8.0, timeout=(2.0, 8.0))


Begin = Callable[..., SignInPage]


@pytest.fixture
def noticed() -> list[AppError]:
    """What went wrong without ending it."""
    return []


@pytest.fixture
def begin(org: Standin, service: BrowserSignIn, noticed: list[AppError]) -> Iterator[Begin]:
    """Begins sign-ins; all are closed with the test."""
    pages: list[SignInPage] = []

    def make(client_id: str = CLIENT_ID, language: str = "en", url: str = "") -> SignInPage:
        page = service.begin(url or org.url, client_id, language, noticed.append)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.answer(AppError(ErrorCode.SIGN_IN_CANCELLED))


def _fails(code: ErrorCode, work: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as caught:
        work()
    assert caught.value.code is code, caught.value.values
    return caught.value


def _signed_in(begin: Begin, user: str = RILEY) -> Grant:
    page = begin()
    tab = sign_in_as(page.address, user)
    grant = page.wait()
    page.answer(None)
    assert tab.page().status == 200
    return grant


def test_the_way_there_and_back(begin: Begin, org: Standin, ports: tuple[int, ...]) -> None:
    page = begin()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.address).query).items()}
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"http://localhost:{ports[0]}/OauthRedirect"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert set(asked["scope"].split()) == {"api", "refresh_token"}
    assert len(asked["state"]) >= 32
    tab = sign_in_as(page.address)
    grant = page.wait()
    assert grant.instance_url == org.url
    assert grant.login_url == org.url
    assert grant.user_id.startswith("005")
    assert len(grant.user_id) == 18
    assert grant.access_token
    assert grant.refresh_token
    assert grant.rotates is None
    page.answer(None)
    shown = tab.page()
    assert shown.status == 200
    assert "You are signed in" in shown.text


def test_the_browser_is_told_the_truth_and_in_its_language(begin: Begin) -> None:
    page = begin(language="ja")
    tab = sign_in_as(page.address)
    page.wait()
    page.answer(AppError(ErrorCode.KEYRING_LOCKED))
    shown = tab.page()
    assert 'lang="ja"' in shown.text
    assert "サインインできませんでした" in shown.text


def test_the_next_port_is_taken_when_one_is_in_use(begin: Begin, ports: tuple[int, ...]) -> None:
    pages = [begin() for _ in ports]
    assert [str(port) in page.address for port, page in zip(ports, pages, strict=True)] == [True] * len(ports)
    error = _fails(ErrorCode.SIGN_IN_PORTS, begin)
    assert error.values["ports"] == ", ".join(str(port) for port in ports)


def test_time_is_up(org: Standin, ports: tuple[int, ...]) -> None:
    page = BrowserSignIn(ports=ports, patience=0.2).begin(org.url, CLIENT_ID, "en", lambda _: None)
    _fails(ErrorCode.SIGN_IN_TIMED_OUT, page.wait)
    page.answer(AppError(ErrorCode.SIGN_IN_TIMED_OUT))
    # The port is free again at once.
    BrowserSignIn(ports=ports[:1]).begin(org.url, CLIENT_ID, "en", lambda _: None).answer(None)


def test_cancelled(begin: Begin) -> None:
    page = begin()
    page.cancel()
    _fails(ErrorCode.SIGN_IN_CANCELLED, page.wait)


@pytest.mark.parametrize(
    ("policy", "user", "code"),
    [
        ({}, DENY, ErrorCode.SIGN_IN_DENIED),
        ({"denial": "access-denied"}, DENY, ErrorCode.SIGN_IN_DENIED),
        ({"installed": False}, RILEY, ErrorCode.SIGN_IN_NOT_INSTALLED),
        ({"blocked": True}, RILEY, ErrorCode.SIGN_IN_BLOCKED),
        ({"denied_users": [RILEY]}, RILEY, ErrorCode.SIGN_IN_NOT_ALLOWED),
        ({"ip_restricted": True}, RILEY, ErrorCode.SIGN_IN_NETWORK),
        ({"org_active": False}, RILEY, ErrorCode.SIGN_IN_INACTIVE),
        ({"scopes": ["api"]}, RILEY, ErrorCode.SIGN_IN_REFUSED),
        ({"code_seconds": 0}, RILEY, ErrorCode.SIGN_IN_STALE),
    ],
)
def test_each_refusal_has_its_own_word(
    begin: Begin, org: Standin, policy: dict[str, object], user: str, code: ErrorCode
) -> None:
    page = begin()
    org.control("POST", "oauth", policy)
    tab = sign_in_as(page.address, user)
    error = _fails(code, page.wait)
    page.answer(error)
    assert "The sign-in did not work" in tab.page().text


def test_an_unknown_app_or_callback_is_told_by_the_browser_only(begin: Begin, org: Standin) -> None:
    page = begin(client_id="somebody-else")
    assert sign_in_as(page.address).page().status == 400
    page = begin()
    org.control("POST", "oauth", {"redirect_uris": ["http://localhost:1/OauthRedirect"]})
    assert "redirect_uri" in sign_in_as(page.address).page().text


def test_nothing_set_up_is_said_before_anything_happens(begin: Begin, org: Standin) -> None:
    before = len(org.requests())
    _fails(ErrorCode.SIGN_IN_NOT_SET_UP, lambda: begin(client_id=""))
    assert len(org.requests()) == before


def test_refresh_rotates_and_the_old_token_is_dead(begin: Begin, service: BrowserSignIn, org: Standin) -> None:
    first = _signed_in(begin)
    second = service.refresh(first)
    assert second.access_token != first.access_token
    assert second.refresh_token != first.refresh_token
    assert (second.rotates, second.user_id, second.instance_url) == (True, first.user_id, first.instance_url)
    _fails(ErrorCode.SIGN_IN_ENDED, lambda: service.refresh(first))
    assert service.refresh(second).rotates is True


def test_refresh_without_rotation_keeps_the_token(begin: Begin, service: BrowserSignIn, org: Standin) -> None:
    org.control("POST", "oauth", {"rotation": False, "instance_url": "https://moved.example"})
    first = _signed_in(begin)
    org.control("POST", "oauth", {"instance_url": "https://moved-again.example"})
    second = service.refresh(first)
    assert second.refresh_token == first.refresh_token
    assert second.rotates is False
    assert second.instance_url == "https://moved-again.example"


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"blocked": True}, ErrorCode.SIGN_IN_BLOCKED),
        ({"installed": False}, ErrorCode.SIGN_IN_NOT_INSTALLED),
        ({"org_active": False}, ErrorCode.SIGN_IN_INACTIVE),
        ({"ip_restricted": True}, ErrorCode.SIGN_IN_NETWORK),
    ],
)
def test_what_a_person_must_settle_kills_no_token(
    begin: Begin, service: BrowserSignIn, org: Standin, policy: dict[str, object], code: ErrorCode
) -> None:
    grant = _signed_in(begin)
    org.control("POST", "oauth", policy)
    _fails(code, lambda: service.refresh(grant))
    org.control("POST", "oauth", {"blocked": False, "installed": True, "org_active": True, "ip_restricted": False})
    assert service.refresh(grant).access_token


@pytest.mark.parametrize(
    ("kind", "lost"), [("html-503", False), ("drop-before", True), ("drop-after-commit", True), ("slow", True)]
)
def test_an_answer_that_may_be_lost_is_called_so(
    begin: Begin, service: BrowserSignIn, org: Standin, kind: str, lost: bool
) -> None:
    grant = _signed_in(begin)
    more = {"seconds": 12.0} if kind == "slow" else {}
    org.fault("POST .*/oauth2/token", kind, **more)
    quick = BrowserSignIn(timeout=(2.0, 1.0))
    error = _fails(ErrorCode.CRM_OFFLINE, lambda: quick.refresh(grant))
    assert bool(error.values.get("lost")) is lost


def test_nobody_there_is_not_lost(begin: Begin, service: BrowserSignIn) -> None:
    grant = replace(_signed_in(begin), login_url=f"http://127.0.0.1:{free_ports(1)[0]}")
    error = _fails(ErrorCode.CRM_OFFLINE, lambda: service.refresh(grant))
    assert "lost" not in error.values


def test_revoke_ends_it_and_twice_is_fine(begin: Begin, service: BrowserSignIn) -> None:
    grant = _signed_in(begin)
    service.revoke(grant)
    _fails(ErrorCode.SIGN_IN_ENDED, lambda: service.refresh(grant))
    service.revoke(grant)


def test_the_sixth_sign_in_ends_the_first(begin: Begin, service: BrowserSignIn) -> None:
    grants = [_signed_in(begin) for _ in range(6)]
    _fails(ErrorCode.SIGN_IN_ENDED, lambda: service.refresh(grants[0]))
    assert service.refresh(grants[1]).user_id == grants[1].user_id
    assert _signed_in(begin, JORDAN).user_id != grants[1].user_id


def test_a_code_is_worth_nothing_without_the_verifier(begin: Begin, org: Standin, ports: tuple[int, ...]) -> None:
    uri = callbacks(ports)[0]
    page = begin()
    sign_in_as(page.address.replace(page.address.split("code_challenge=")[1].split("&")[0], Proof().challenge))
    _fails(ErrorCode.SIGN_IN_STALE, page.wait)
    with TokenEndpoint(org.url, CLIENT_ID) as endpoint:
        _fails(ErrorCode.SIGN_IN_STALE, lambda: endpoint.redeem("guessed", uri, Proof().verifier))


def test_every_proof_is_its_own() -> None:
    one, other = Proof(), Proof()
    assert {one.state, one.verifier} & {other.state, other.verifier} == set()
    assert 43 <= len(one.verifier) <= 128
    # RFC 7636, appendix B.
    one.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert one.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("identity", "user"),
    [
        ("https://login.salesforce.com/id/00DRd0000000001MAA/005Rd0000000001IAA", "005Rd0000000001IAA"),
        ("https://login.salesforce.com/id/00DRd0000000001/005Rd0000000001", "005Rd0000000001IAA"),
        ("https://login.salesforce.com/id/x", ""),
        ("", ""),
    ],
)
def test_whose_tokens_they_are(identity: str, user: str) -> None:
    assert user_of(identity) == user


@pytest.mark.parametrize(
    ("error", "description", "code"),
    [
        ("redirect_uri_mismatch", "redirect_uri must match configuration", ErrorCode.SIGN_IN_REDIRECT),
        ("invalid_client_id", "client identifier invalid", ErrorCode.SIGN_IN_UNKNOWN_APP),
        ("invalid_client", "invalid client credentials", ErrorCode.SIGN_IN_UNKNOWN_APP),
        ("invalid_client", "app must be installed into org", ErrorCode.SIGN_IN_NOT_INSTALLED),
        ("inactive_user", "user is inactive", ErrorCode.SIGN_IN_INACTIVE),
        ("inactive_org", "", ErrorCode.SIGN_IN_INACTIVE),
        ("OAUTH_APP_BLOCKED", "this app is blocked by admin", ErrorCode.SIGN_IN_BLOCKED),
        ("OAUTH_APP_ACCESS_DENIED", "", ErrorCode.SIGN_IN_NOT_ALLOWED),
        ("access_denied", "user is not admin approved to access this app", ErrorCode.SIGN_IN_NOT_ALLOWED),
        ("access-denied", "end-user denied authorization", ErrorCode.SIGN_IN_DENIED),
        ("invalid_grant", "IP restricted or invalid login hours", ErrorCode.SIGN_IN_NETWORK),
        ("invalid_grant", "expired authorization code", ErrorCode.SIGN_IN_STALE),
        ("invalid_request", "invalid code verifier", ErrorCode.SIGN_IN_STALE),
        ("rate_limit_exceeded", "", ErrorCode.CRM_BUSY),
        ("server_error", "", ErrorCode.CRM_BUSY),
        ("invalid_scope", "the requested scope is not allowed", ErrorCode.SIGN_IN_REFUSED),
        ("something_new", "what Salesforce says " * 100, ErrorCode.SIGN_IN_REFUSED),
    ],
)
def test_the_words_of_salesforce(error: str, description: str, code: ErrorCode) -> None:
    found = oauth_error(error, description, host="login.example", address="http://localhost:1/OauthRedirect")
    assert found.code is code
    assert len(str(found.values["message"])) <= 200
