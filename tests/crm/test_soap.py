"""What nothing uses is not loaded."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
import crm.gateway
import simple_salesforce
assert simple_salesforce.Salesforce and simple_salesforce.SalesforceError
print(*sorted({"lxml", "attr", "isodate", "zeep.client"} & set(sys.modules)))
"""


def test_no_soap() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
