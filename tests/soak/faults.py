"""Calls and texts while Salesforce misbehaves and the app is killed; then every fact is counted.

The app, its engine, the far end and the Salesforce stand-in are real processes. Faults and kills come at random
(seeded) points. In the end every call the far end saw has exactly one Task with the notes last written, and every
text stands exactly once, in the record of its number and day.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.e2e.ringdown import FAILED, provisioning
from tests.peers import far_end as numbers
from tests.peers.child import plain_env, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Row, Salesforce
from tests.peers.secret_service import SecretService
from tests.soak.quick import Quick

PEOPLE = tuple(f"+14155550{place}" for place in range(142, 162))
PATIENCE = 2.0  # seconds the app waits for an answer here; a real one waits thirty
_STALL = 30.0
_WRITES = "(PATCH|POST) .*"
_FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "drop-before", "match": _WRITES},
    {"kind": "drop-after-commit", "match": _WRITES},
    {"kind": "html-503", "match": _WRITES},
    {"kind": "row-lock", "match": _WRITES},
    {"kind": "slow", "match": _WRITES, "seconds": _STALL},
    {"kind": "slow", "match": _WRITES, "seconds": _STALL, "after": True},
    {"kind": "status", "match": _WRITES, "status": 500, "code": "UNKNOWN_EXCEPTION", "message": "later"},
    {"kind": "limit-exceeded", "match": _WRITES},
    {"kind": "expire-session", "match": _WRITES},
)


class Soak:
    """One run."""

    def __init__(self, folder: Path, secrets: SecretService, seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.far = FarEnd(folder / "far", "--no-replies")
        self.crm = Salesforce(folder, keeps=True)
        self.crm.reset(empty=True)
        self.crm.load("Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": "(415) 555-0142"})
        env = plain_env(folder, **secrets.env, RINGDOWN_CRM_TIMEOUT=f"{PATIENCE:g}")
        self.app = Quick(folder / "profile", env)
        self.provision(line=True)
        self.count: Counter[str] = Counter()
        self.texts: dict[str, str] = {}  # body → number
        self.notes: dict[str, str] = {}  # call id → what was written last
        self.app.start(registered=True)

    def provision(self, *, line: bool = False) -> None:
        """Give the app its line, or a token that is good again."""
        file = provisioning(
            self.folder / "p.toml",
            line={"uri": f"sip:riley@{self.far.sip}"} if line else None,
            salesforce=(self.crm.url, self.crm.token),
        )
        self.app.provision(file)

    # what a rep does

    def call_out(self, kill: bool) -> None:
        """Dial, talk a moment, note something, hang up."""
        call = self.app.do("call", numbers.ECHO, "--wait")
        self.note(call["id"])
        if kill and self.random.random() < 0.5:
            self.kill("in a call")
            return
        self.app.do("hangup", call["id"])
        if kill:
            self.kill("after a call")

    def call_in(self, kill: bool) -> None:
        """Somebody rings and is answered, or gives up."""
        answered = self.random.random() < 0.6
        there = self.far.call(self.app.contact(), self.random.choice(PEOPLE), ring_seconds=20)
        ringing = until(lambda: next((c for c in self.app.do("calls") if c["state"] == "ringing"), None), 10, "ringing")
        if answered:
            self.app.do("answer", ringing["id"])
        self.far.hangup(there)
        until(lambda: not self.app.do("calls"), 10, "the end of the call")
        if kill:
            self.kill("after an incoming call")

    def edit(self, kill: bool) -> None:
        """Go back to an earlier call's notes."""
        if self.notes:
            self.note(self.random.choice(list(self.notes)))
        if kill:
            self.kill("after an edit")

    def note(self, call_id: str) -> None:
        """Write notes that nobody has written before."""
        text = f"note {self.random.randrange(10**9)} of {call_id} 見積もり"
        self.app.do("note", call_id, text)
        self.notes[call_id] = text

    def text_out(self, kill: bool) -> None:
        """One text to somebody."""
        body, number = self._body("out"), self.random.choice(PEOPLE)
        self.app.do("text", number, body)
        self.texts[body] = number
        if kill:
            self.kill("after a text")

    def text_in(self, kill: bool) -> None:
        """One text from somebody."""
        body, number = self._body("in"), self.random.choice(PEOPLE)
        there = self.far.text(self.app.contact(), number, body)
        # Accepted by the engine is kept, whatever happens to the app a moment later.
        until(
            lambda: any(t["id"] == there and t["status"] == 200 for t in self.far.texts("out")), 10, "taken", every=0.02
        )
        self.texts[body] = number
        if kill:
            self.kill("after an incoming text")

    def push(self, kill: bool) -> None:
        """Sync now, and perhaps die in the middle of it."""
        self.mend()
        if not kill:
            self.app.run("sync", "--timeout", "3")
            return
        asked = self.app.ask("sync", "--timeout", "5")
        time.sleep(0.15 + self.random.random() * 0.2)  # the point of the kill is meant to be anywhere
        self.kill("during a sync")
        self.app.answered(asked)

    # what happens to them

    def kill(self, where: str) -> None:
        """SIGKILL, and start again."""
        self.count[f"killed {where}"] += 1
        self.app.kill()
        self.app.start(registered=True)

    def fault(self) -> None:
        """Arm one, or set Salesforce's clock, or end the session for good."""
        chance = self.random.random()
        if chance < 0.05:
            self.count["fault clock-skew"] += 1
            self.crm.control("POST", "settings", {"clock_skew": self.random.choice([-7200, -60, 0, 90, 86_400])})
            return
        if chance < 0.1:
            self.count["fault session-ended"] += 1
            self.crm.token = self.crm.control("POST", "session")["access_token"]
            return
        fault = dict(self.random.choice(_FAULTS))
        self.count[f"fault {fault['kind']}{' (after the commit)' if fault.get('after') else ''}"] += 1
        kind, match = str(fault.pop("kind")), str(fault.pop("match"))
        self.crm.fault(kind, match, count=self.random.randint(1, 2), **fault)

    def mend(self) -> None:
        """A rep who was signed out signs in again."""
        if self.app.status()["salesforce"]["state"] == "signed-out":
            self.count["signed in again"] += 1
            self.provision()
            until(lambda: self.app.status()["salesforce"]["state"] != "signed-out", 10, "signed in again")

    # what is there in the end

    def verify(self) -> list[str]:
        """What is wrong; empty when every fact is there once. Waits for what stalled requests may still do."""
        self.crm.clear_faults()
        self.crm.control("POST", "settings", {"clock_skew": 0})
        deadline = time.monotonic() + 240
        while True:
            self.mend()
            answer = self.app.run("sync", "--timeout", "30")
            # A session that ended unnoticed shows only now: then the rep signs in again, and the next sync counts.
            problems = [f"the outbox did not empty: {answer.err.strip()}"] if answer.code == FAILED else []
            problems += self._problems()
            if not problems or time.monotonic() > deadline:
                return problems
            # A stalled request may have written old values over new ones: the app looks again when it must be over.
            time.sleep(3)

    def _problems(self) -> list[str]:
        rows = self.crm.rows("Task")
        seen = {str(call["sip_call_id"]) for call in self.far.calls()}
        tasks = Counter(str(row["Ringdown_Key__c"]).split("|", 1)[-1] for row in rows)
        problems = [f"a call has {tasks[call]} Tasks" for call in seen if tasks[call] != 1]
        problems += [f"{count} Tasks nobody called for" for key, count in tasks.items() if key not in seen]
        problems += self._notes({str(row["Id"]): row for row in rows})
        days = {number: self._day(number) for number in PEOPLE}
        for body, number in self.texts.items():
            if (times := days[number].count(body)) != 1:
                problems.append(f"a text stands {times} times in its day")
        everything = "".join(days.values())
        problems += ["a text stands elsewhere too" for body in self.texts if everything.count(body) > 1]
        return problems

    def _notes(self, tasks: dict[str, Row]) -> list[str]:
        logs = {log["id"]: log for log in self.app.do("recent", "--limit", "2000")}
        problems = []
        for call_id, text in self.notes.items():
            task = tasks.get(str(logs[call_id]["task"]))
            if task is None or not str(task["Description"]).startswith(text + "\n"):
                problems.append("a Task has other notes than the rep wrote last")
            if logs[call_id]["notes"] != text:
                problems.append("a call has other notes than the rep wrote last")
        return problems

    def _day(self, number: str) -> str:
        return "\n".join(str(row["Body__c"]) for row in self.crm.days(number))

    def table(self, seconds: float) -> None:
        """What was done, and what Salesforce holds of it."""
        for what, count in sorted(self.count.items()):
            print(f"{count:6}  {what}")
        days = [row for number in PEOPLE for row in self.crm.days(number)]
        print(f"{len(self.far.calls()):6}  calls the far end saw, {len(self.crm.rows('Task'))} Tasks")
        print(
            f"{len(self.texts):6}  texts in {len(days)} day records ({sum(r['Messages__c'] for r in days):g} counted)"
        )
        print(f"{sum(n for what, n in self.count.items() if what.startswith('killed')):6}  kills")
        print(f"{sum(n for what, n in self.count.items() if what.startswith('fault')):6}  faults")
        print(f"{len(self.crm.requests()):6}  requests in {seconds:.0f} s")

    def close(self) -> None:
        """End everything."""
        self.app.close()
        self.far.close()
        self.crm.close()

    def _body(self, way: str) -> str:
        return f"[{way}-{len(self.texts)}-{self.random.randrange(10**9)}] 見積もり 👍"


def run(soak: Soak, *, calls: int, texts: int, kills: int) -> int:
    """Exit code 0 when every fact is there exactly once."""
    steps: list[tuple[str, Callable[[bool], None]]] = []
    steps += [("calls out", soak.call_out)] * (calls - calls // 2) + [("calls in", soak.call_in)] * (calls // 2)
    steps += [("texts out", soak.text_out)] * (texts - texts // 2) + [("texts in", soak.text_in)] * (texts // 2)
    steps += [("edits of notes", soak.edit)] * (calls // 4) + [("syncs", soak.push)] * ((calls + texts) // 4)
    soak.random.shuffle(steps)
    deadly = set(soak.random.sample(range(len(steps)), min(kills, len(steps))))
    began = time.monotonic()
    for at, (name, act) in enumerate(steps):
        if soak.random.random() < 0.15:
            soak.fault()
        soak.count[name] += 1
        act(at in deadly)
        if at % 100 == 99:
            print(f"{at + 1} of {len(steps)} steps, {time.monotonic() - began:.0f} s", flush=True)
    print(f"all steps done, {time.monotonic() - began:.0f} s; now everything is looked for", flush=True)
    problems = soak.verify()
    soak.table(time.monotonic() - began)
    for problem, times in Counter(problems).most_common(20):
        print(f"WRONG: {problem} ({times} times)")
    print("every fact is there exactly once" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0
