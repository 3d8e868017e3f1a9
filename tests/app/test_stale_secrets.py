"""A password goes to no other host than the one it was given for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.domain.counterpart import Line
from app.secret_names import line_secret, turn_secret
from app.settings import Settings
from app.settings_file import Provisioned
from app.stale_secrets import stale_secrets

LINE = Line("main", "sip:riley@pbx.example", registrar="sip:pbx.example:5060", turn="turn.example:3478")


def stale(secrets: Mapping[str, str] | None = None, **changed: Any) -> list[str]:
    after = Settings(line=(replace(LINE, **changed),))
    return stale_secrets(Settings(line=(LINE,)), Provisioned(after, secrets or {}))


@pytest.mark.parametrize(
    "changed",
    [
        {"registrar": "sip:evil.example"},
        {"proxy": "<sip:evil.example:5060;lr>"},
        {"uri": "sip:riley@evil.example"},
        {"registrar": "sip:[2001:db8::1]:5060"},
        {"registrar": "::1"},
    ],
)
def test_a_line_that_moves_to_another_host_needs_its_password_again(changed: dict[str, Any]) -> None:
    assert stale(**changed) == [line_secret("main")]
    assert stale({line_secret("main"): "new"}, **changed) == []


def test_another_port_or_transport_of_the_same_host_keeps_it() -> None:
    assert stale(registrar="sip:PBX.example:5070;transport=tcp", proxy="sip:pbx.example;lr") == []
    assert stale(username="other", number="+14155550199") == []


def test_an_ipv6_host_is_the_same_with_and_without_brackets() -> None:
    before = Settings(line=(replace(LINE, registrar="2001:db8::1"),))
    for registrar in ("sip:[2001:db8::1]:5060", "[2001:DB8::1]"):
        after = Settings(line=(replace(LINE, registrar=registrar),))
        assert stale_secrets(before, Provisioned(after, {})) == []


def test_a_relay_that_moves_loses_its_password() -> None:
    assert stale(turn="evil.example:3478") == [turn_secret("main")]
    assert stale(turn="turn.example:5349") == []
