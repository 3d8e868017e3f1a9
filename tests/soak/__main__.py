"""`./dev soak`: calls and texts while Salesforce misbehaves and the app is killed; then every fact is counted.

The app, its engine, the far end and the Salesforce stand-in are real processes. Faults and kills come at random
(seeded) points. In the end every call the far end saw has exactly one Task, and every text stands exactly once in the
record of its day.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.e2e.ringdown import Ringdown, provisioning
from tests.peers import far_end as numbers
from tests.peers.child import plain_env, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService

CALLER = "+14155550142"
_WRITES = "(PATCH|POST) .*"
_FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "drop-before", "match": _WRITES},
    {"kind": "drop-after-commit", "match": _WRITES},
    {"kind": "html-503", "match": _WRITES},
    {"kind": "row-lock", "match": _WRITES},
    {"kind": "slow", "match": _WRITES, "seconds": 2},
    {"kind": "status", "match": _WRITES, "status": 500, "code": "UNKNOWN_EXCEPTION", "message": "later"},
)


class Soak:
    """One run."""

    def __init__(self, folder: Path, secrets: SecretService, seed: int) -> None:
        self.random = random.Random(seed)
        self.far = FarEnd(folder / "far", "--no-replies")
        self.crm = Salesforce(folder, keeps=True)
        self.crm.reset(empty=True)
        self.crm.load("Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": "(415) 555-0142"})
        self.app = Ringdown(folder / "profile", plain_env(folder, **secrets.env))
        self.app.provision(
            provisioning(
                folder / "p.toml",
                line={"uri": f"sip:riley@{self.far.sip}"},
                salesforce=(self.crm.url, self.crm.token),
            )
        )
        self.count: Counter[str] = Counter()
        self.bodies: list[str] = []
        self.app.start(registered=True)

    def call_out(self, kill: bool) -> None:
        """Dial, talk a moment, hang up."""
        call = self.app.do("call", numbers.ECHO, "--wait")
        self.app.do("note", call["id"], f"note of {call['id']}")
        if kill and self.random.random() < 0.5:
            self.kill("in a call")
            return
        self.app.do("hangup", call["id"])
        if kill:
            self.kill("after a call")

    def call_in(self, kill: bool) -> None:
        """Somebody rings and is answered, or gives up."""
        answered = self.random.random() < 0.6
        there = self.far.call(self.app.contact(), CALLER, name="Ana Flores", ring_seconds=20)
        ringing = self.app.wait("call-incoming")
        if answered:
            self.app.do("answer", ringing["id"])
        self.far.hangup(there)
        self.app.wait("call-ended")
        if kill:
            self.kill("after an incoming call")

    def text_out(self, kill: bool) -> None:
        """One text to somebody."""
        self.bodies.append(self._body("out"))
        self.app.do("text", CALLER, self.bodies[-1])
        if kill:
            self.kill("after a text")

    def text_in(self, kill: bool) -> None:
        """One text from somebody."""
        body = self._body("in")
        self.far.text(self.app.contact(), CALLER, body)
        # Accepted by the engine is kept, whatever happens to the app a moment later.
        until(lambda: any(t["body"] == body and t["status"] == 200 for t in self.far.texts("out")), 10, "taken")
        self.bodies.append(body)
        if kill:
            self.kill("after an incoming text")

    def push(self, kill: bool) -> None:
        """Sync now, and perhaps die in the middle of it."""
        if not kill:
            self.app.run("sync", "--timeout", "1")
            return
        asked = self.app.ask("sync", "--timeout", "5")
        time.sleep(self.random.random() * 0.05)  # the point of the kill is meant to be anywhere
        self.kill("during a sync")
        self.app.answered(asked)

    def kill(self, where: str) -> None:
        """SIGKILL, and start again."""
        self.count[f"killed {where}"] += 1
        self.app.kill()
        self.app.start(registered=True)

    def fault(self) -> None:
        """Arm one."""
        fault = dict(self.random.choice(_FAULTS))
        self.count[f"fault {fault['kind']}"] += 1
        kind, match = str(fault.pop("kind")), str(fault.pop("match"))
        self.crm.fault(kind, match, count=self.random.randint(1, 3), **fault)

    def verify(self) -> list[str]:
        """What is wrong; empty when every fact is there once."""
        self.crm.clear_faults()
        problems: list[str] = []
        answer = self.app.run("sync", "--timeout", "120", timeout=180)
        if answer.code != 0:
            problems.append(f"the outbox did not empty: {answer.err.strip()}")
        tasks = Counter(str(row["Ringdown_Key__c"]).split("|", 1)[-1] for row in self.crm.rows("Task"))
        seen = {str(call["sip_call_id"]) for call in self.far.calls()}
        problems += [f"a call has {tasks[call]} Tasks" for call in seen if tasks[call] != 1]
        problems += [f"{count} Tasks nobody called for" for key, count in tasks.items() if key not in seen]
        written = "\n".join(str(row["Body__c"]) for row in self.crm.days(CALLER))
        problems += [f"a text stands {written.count(b)} times" for b in self.bodies if written.count(b) != 1]
        print(f"{len(seen)} calls, {sum(tasks.values())} Tasks, {len(self.bodies)} texts,", end=" ")
        print(f"{len(self.crm.days(CALLER))} day record(s), {len(self.crm.requests())} requests")
        return problems

    def close(self) -> None:
        """End everything."""
        self.app.close()
        self.far.close()
        self.crm.close()

    def _body(self, way: str) -> str:
        return f"[{way}-{len(self.bodies)}-{self.random.randrange(10**9)}] 見積もり 👍"


def main() -> int:
    """Exit code 0 when every fact is there exactly once."""
    parser = argparse.ArgumentParser(prog="./dev soak")
    parser.add_argument("--steps", type=int, default=400, help="calls and texts together")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rd-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "far").mkdir()
        with SecretService(folder / "keys") as secrets:
            soak = Soak(folder, secrets, options.seed)
            try:
                return _run(soak, options.steps, options.kills)
            finally:
                soak.close()


def _run(soak: Soak, steps: int, kills: int) -> int:
    acts: tuple[tuple[str, Callable[[bool], None]], ...] = (
        ("calls out", soak.call_out),
        ("calls in", soak.call_in),
        ("texts out", soak.text_out),
        ("texts out", soak.text_out),
        ("texts in", soak.text_in),
        ("syncs", soak.push),
    )
    deadly = set(soak.random.sample(range(steps), min(kills, steps)))
    began = time.monotonic()
    for step in range(steps):
        if soak.random.random() < 0.3:
            soak.fault()
        name, act = soak.random.choice(acts)
        soak.count[name] += 1
        act(step in deadly)
        if step % 50 == 49:
            print(f"{step + 1} steps, {time.monotonic() - began:.0f} s", flush=True)
    for what, count in sorted(soak.count.items()):
        print(f"{count:5} {what}")
    problems = soak.verify()
    for problem in problems[:20]:
        print("WRONG:", problem)
    print("every fact is there exactly once" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
