"""What Salesforce's own tooling says of a source folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests import npm

NODE = Path(__file__).with_name("node")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `node/check.cjs` prints; its head says what each part means."""

    components: list[str]
    children: list[str]
    unclaimed: list[str]
    problems: list[str]
    converted: list[str]
    manifest: str


def check(source: Path, output: Path, modules: Path) -> Verdict:
    """Read, convert and judge a source folder. Raises AssertionError with the tooling's words when it gives up."""
    command = ["node", str(NODE / "check.cjs"), str(source), str(output), str(modules)]
    return Verdict(**json.loads(npm.run(command, output.parent, {"SF_DISABLE_LOG_FILE": "true"})))
