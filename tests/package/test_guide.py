"""The admin's guide says what is so: addresses, names, examples."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from app.machine_policy import MachinePolicyStore
from app.settings import Settings
from app.settings_file import parse_provisioning
from crm.mapping import MARKER
from crm.oauth_listener import PATH, PORTS
from tests.package.metadata import fields, named, read, text

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "admin-guide.md").read_text(encoding="utf-8")
# Words, however the lines are broken.
PLAIN = " ".join(GUIDE.replace("**", "").replace("*", "").split())


def example(language: str, starts: str) -> str:
    """The example in that language whose first line starts so."""
    (found,) = (one for one in re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL) if one.startswith(starts))
    return str(found)


def test_the_callback_addresses_are_the_ones_the_app_listens_on() -> None:
    assert re.findall(r"http://localhost:\S+", GUIDE) == [f"http://localhost:{port}{PATH}" for port in PORTS]


def test_every_part_of_the_package_is_named() -> None:
    for owner in ("Activity", "Ringdown_Day__c"):
        for one in fields(owner).values():
            shown = one.name if owner == "Activity" else one.values["label"]
            assert shown in GUIDE, shown
    for pattern, element in (
        ("permissionsets/*", "label"),
        ("reports/Ringdown/*", "name"),
        ("dashboards/Ringdown/*", "title"),
        ("reportTypes/*", "label"),
        ("objects/Contact/webLinks/*", "masterLabel"),
        ("callCenters/*", "displayName"),
    ):
        for path in named(pattern):
            assert text(read(path), element) in PLAIN, path


def test_the_provisioning_file_can_be_imported() -> None:
    found = parse_provisioning(example("toml", "[[line]]"), "example", Settings()).settings
    assert found.salesforce.client_id
    assert found.line[0].number == "+14155550100"
    assert found.policy.consent


def test_the_policy_of_a_machine_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(example("toml", "[policy]"), encoding="utf-8")
    file.chmod(0o600)
    tmp_path.chmod(0o700)
    found = MachinePolicyStore(file, owner=os.getuid()).read()
    assert found.allowed_provisioning_hosts == ("phone.example.com",)


def test_the_browsers_policy_is_json_for_our_links() -> None:
    (one,) = json.loads(example("json", "["))
    assert one["protocol"] == "ringdown"
    assert all(origin.startswith("https://") for origin in one["allowed_origins"])


def test_the_marker_line_is_the_one_the_app_writes() -> None:
    assert f"`{MARKER}`" in GUIDE


@pytest.mark.parametrize("link", re.findall(r"\]\((#[^)]+)\)", GUIDE))
def test_links_inside_the_guide_lead_somewhere(link: str) -> None:
    headings = re.findall(r"^#+ (.*)$", GUIDE, re.MULTILINE)
    anchors = {"#" + re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}
    assert link in anchors
