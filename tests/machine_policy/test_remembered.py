"""The last known policy holds when its file cannot be read."""

from __future__ import annotations

import pytest

from app.machine_policy import MachinePolicy, recall_policy, remember_policy
from app.settings import PolicySettings


@pytest.mark.parametrize(
    "policy",
    [
        MachinePolicy(),
        MachinePolicy(
            PolicySettings(e911=True, consent=True, consent_text="May we text you?", redaction=("card", r"\bX-\d+")),
            ("phone.example.com:8443",),
            lines_read_only=True,
        ),
    ],
)
def test_what_is_remembered_comes_back_the_same(policy: MachinePolicy) -> None:
    assert recall_policy(remember_policy(policy)) == policy


def test_without_a_memory_nothing_is_demanded() -> None:
    assert recall_policy("") == MachinePolicy()
