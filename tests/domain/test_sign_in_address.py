"""What people type or copy as the address of their Salesforce."""

from __future__ import annotations

import pytest

from app.domain.sign_in_address import PRODUCTION, SANDBOX, host_of, login_url
from app.errors import AppError, ErrorCode


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (PRODUCTION, PRODUCTION),
        (SANDBOX, SANDBOX),
        ("login.salesforce.com", PRODUCTION),
        ("acme", "https://acme.my.salesforce.com"),
        ("  Acme.My.Salesforce.com ", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com/secur/login?x=1#y", "https://acme.my.salesforce.com"),
        ("https://acme.lightning.force.com/lightning/page/home", "https://acme.my.salesforce.com"),
        ("acme--uat.sandbox.lightning.force.com", "https://acme--uat.sandbox.my.salesforce.com"),
        ("acme.my.salesforce-setup.com", "https://acme.my.salesforce.com"),
        ("acme.lightning.crmforce.mil", "https://acme.my.salesforce.mil"),
        ("sso.acme.example:8443", "https://sso.acme.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("localhost", "https://localhost"),
    ],
)
def test_it_is_understood(typed: str, address: str) -> None:
    assert login_url(typed) == address
    assert login_url(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://acme.my.salesforce.com",
        "ftp://acme.my.salesforce.com",
        "javascript:alert(1)",
        "acme my",
        "acme_corp",
        "https://",
        "https://user@acme.my.salesforce.com",
        "https://acme.my.salesforce.com\\@evil.example",
        "https://acme.my.salesforce.com:port",
        "https://acme..com",
        "-acme",
        "äcme.my.salesforce.com",
        "https://[::1",
        "https://10",
        "a" * 300,
    ],
)
def test_it_is_refused(typed: str) -> None:
    with pytest.raises(AppError) as caught:
        login_url(typed)
    assert caught.value.code is ErrorCode.SIGN_IN_ADDRESS


def test_the_host_people_know() -> None:
    assert host_of("https://acme.my.salesforce.com/x") == "acme.my.salesforce.com"
    assert host_of("http://127.0.0.1:8080") == "127.0.0.1:8080"
    assert host_of("") == ""
