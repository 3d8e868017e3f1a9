"""A profile as a rep has it after some weeks: a line, Salesforce, hundreds of calls and texts, people in the cache."""

from __future__ import annotations

import random
import secrets as random_source
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog, Synced
from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.message import Delivery, Message
from app.domain.phone_number import parse
from app.paths import Profile
from app.secret_names import DATABASE_SECRET
from app.secret_store import KeyringSecrets
from app.store import records
from app.store.database import Database, Session
from tests.peers.child import ROOT, free_port

Fill = Callable[[Session], None]


class Org(Protocol):
    """A Salesforce stand-in that runs."""

    url: str
    token: str

    def rows(self, sobject: str) -> list[dict[str, Any]]:
        """All records of an object."""
        ...


LINE_NUMBER = "+14155550100"
_WORDS = (
    "Can you send the quote?",
    "Sent, page two has the prices.",
    "Thanks!",
    "Call me at three?",
    "見積書を送りました。",
    "👍",
)


@dataclass(frozen=True, slots=True)
class Known:
    """One person of the org with the first number that can be matched."""

    record: CrmRecord
    number: str


def known_people(salesforce: Org) -> list[Known]:
    """Contacts and Leads of the org; of people who share a number, none."""
    accounts = {row["Id"]: row["Name"] for row in salesforce.rows("Account")}
    found: list[Known] = []
    for kind in ("Contact", "Lead"):
        for row in salesforce.rows(kind):
            phones = tuple((name, str(row[name])) for name in ("Phone", "MobilePhone") if row.get(name))
            if not phones:
                continue
            company = row.get("Company") or accounts.get(row.get("AccountId"), "")
            record = CrmRecord(
                ref=RecordRef(kind, row["Id"]),
                name=str(row.get("Name") or f"{row.get('FirstName', '')} {row['LastName']}".strip()),
                title=str(row.get("Title") or ""),
                company=str(company),
                account_id=str(row.get("AccountId") or ""),
                email=str(row.get("Email") or ""),
                phones=phones,
            )
            found.append(Known(record, parse(phones[0][1], "US").value))
    count: dict[str, int] = {}
    for person in found:
        count[person.number] = count.get(person.number, 0) + 1
    return [person for person in found if count[person.number] == 1]


def prepare(
    folder: Path, env: Mapping[str, str], line_uri: str, salesforce: Org, fill: Fill, *, theme: str = "system"
) -> Profile:
    """Provision ``folder`` by the command line and fill its store; the key goes to the Secret Service."""
    where = Profile(folder.resolve())
    where.prepare()
    file = folder.parent / f"{folder.name}.toml"
    provisioning = [
        f'theme = "{theme}"',
        "[[line]]",
        'id = "main"',
        f'uri = "{line_uri}"',
        f'number = "{LINE_NUMBER}"',
        f'caller_ids = ["{LINE_NUMBER}"]',
        # A port of its own: when somebody else has 5060 the line tries for 0.4 s to get it.
        f'bind = "127.0.0.1:{free_port()}"',
        "[salesforce]",
        f'instance_url = "{salesforce.url}"',
        f'access_token = "{salesforce.token}"',
        "[audio]",
        'input = "none"',
        'output = "none"',
        'ringer = "none"',
    ]
    file.write_text("\n".join(provisioning) + "\n", "utf-8")
    subprocess.run(
        [sys.executable, "-m", "app", "--data-dir", str(folder), "provision", str(file)],
        cwd=ROOT, env=dict(env), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    key = random_source.token_hex(32)
    KeyringSecrets(where.name).set(DATABASE_SECRET, key)
    database = Database.open(where.database, key)
    try:
        with database.unit_of_work() as session:
            fill(session)
    finally:
        database.close()
    return where


def history(people: Sequence[Known], *, calls: int, texts: int, seed: int = 1) -> Fill:
    """Calls and texts spread over the last weeks, with the org's people and with numbers nobody knows."""

    def fill(s: Session) -> None:
        chance = random.Random(seed)
        now = datetime.now(UTC)
        records.save_people(s, [person.record for person in people], "US")
        strangers = [f"+1503555{2000 + n}" for n in range(40)]
        for n in range(calls):
            person = chance.choice(people) if chance.random() < 0.7 else None
            number = person.number if person else chance.choice(strangers)
            records.save_call_log(
                s, past_call(f"call-{n}", number, person, now - timedelta(hours=1.7 * (n + 1)), chance)
            )
        for n in range(texts):
            number = chance.choice(people).number if chance.random() < 0.8 else chance.choice(strangers)
            at = now - timedelta(hours=2.1 * (texts - n))
            records.save_message(s, past_text(f"text-{n}", number, chance.choice(_WORDS), at, chance))

    return fill


def past_call(id: str, number: str, person: Known | None, started: datetime, chance: random.Random) -> CallLog:
    """An ended call that Salesforce has."""
    direction = chance.choice(tuple(Direction))
    misses = Outcome.MISSED if direction is Direction.IN else Outcome.CANCELLED
    outcome = Outcome.ANSWERED if chance.random() < 0.7 else misses
    call = Call(
        id=id,
        line="main",
        direction=direction,
        number=number,
        name="",
        state=CallState.ENDED,
        started=started,
        sip_call_id=f"{id}@bench",
        answered=started + timedelta(seconds=6) if outcome is Outcome.ANSWERED else None,
        ended=started + timedelta(seconds=chance.randrange(10, 900)),
        outcome=outcome,
    )
    return CallLog(
        call,
        notes="Asked for the prices again." if chance.random() < 0.3 else "",
        who=person.record.ref if person else None,
        person=person.record.name if person else "",
        synced=Synced.DONE,
        task_id="00T000000000001AAA",
    )


def past_text(id: str, number: str, body: str, at: datetime, chance: random.Random) -> Message:
    """A text in or out."""
    direction = chance.choice(tuple(Direction))
    return Message(
        id=id,
        line="main",
        number=number,
        direction=direction,
        body=body,
        time=at,
        day=at.date().isoformat(),
        zone="UTC",
        delivery=Delivery.DELIVERED if direction is Direction.IN else Delivery.SENT,
        carrier_id=f"{id}@bench",
    )
