"""The desk of the journeys, and the Salesforce stand-in."""

from __future__ import annotations

from tests.crm.conftest import gateway, org, process
from tests.journeys.conftest import world

__all__ = ["gateway", "org", "process", "world"]
