"""The whole way: the desk, its encrypted store, the gateway, and an org in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.counterpart import RecordRef
from app.domain.events import MatchChanged, RecordGone
from app.machine_policy import MachinePolicy
from app.store.people import INDEX_STATE
from app.store.people_index import IndexState, read_state
from crm.gateway import SalesforceGateway
from tests.crm.standin_process import Standin
from tests.journeys.conftest import World

NUMBER = "+14155550142"


class Linked(World):
    """A desk on a real gateway."""

    def __init__(self, folder: Path, org: Standin) -> None:
        self.org = org
        super().__init__(folder)

    def open(self) -> None:
        self.crm = SalesforceGateway(self.org.url, lambda: self.org.token)  # type: ignore[assignment]
        self.clock.at = datetime.now(UTC)
        super().open()

    def state(self) -> IndexState:
        """How far the index is."""
        return read_state(self.desk.reads.meta(INDEX_STATE))

    def read(self) -> None:
        """Read people now, to the end."""
        self.signed_in()
        self.until(lambda: not self.desk.index.is_reading)
        before = self.state().at
        self.clock.move(1)
        self.desk.index.refresh()
        self.until(lambda: self.state().at not in {"", before} and not self.desk.index.is_reading)

    def called_by(self, number: str) -> str:
        """A call that nobody takes; its id, when it is logged."""
        call_id = self.phone.call_in(number)
        self.until(lambda: self.desk.calls.get(call_id))
        self.phone.far_ends(call_id, 487)
        self.until(lambda: (log := self.desk.reads.call_log(call_id)) and not log.call.is_live)
        self.pushed()
        return call_id

    def who_of(self, call_id: str) -> RecordRef | None:
        """Whose the call is here."""
        log = self.desk.reads.call_log(call_id)
        assert log is not None
        return log.who


@pytest.fixture(scope="module")
def org() -> Iterator[Standin]:
    running = Standin()
    yield running
    running.stop()


@pytest.fixture
def linked(org: Standin, tmp_path: Path) -> Iterator[Linked]:
    org.reset(empty=True)
    world = Linked(tmp_path / "profile", org)
    yield world
    world.crm.close()
    world.background.close()
    world.database.close()
    assert not world.bugs


def test_a_caller_has_a_name_before_salesforce_is_asked(org: Standin, linked: Linked) -> None:
    contact = org.load("Contact", {"LastName": "Stone", "FirstName": "Ann", "MobilePhone": "(415) 555-0142"})[0]
    linked.read()
    org.fault("GET .*/search", "slow", seconds=1)
    call_id = linked.phone.call_in(NUMBER)
    linked.until(lambda: linked.desk.calls.get(call_id))
    chosen = linked.desk.matching.known(NUMBER).chosen
    assert chosen is not None
    assert (chosen.ref.id, chosen.name) == (contact, "Ann Stone")


def test_a_colleague_makes_an_internal_task(org: Standin, linked: Linked) -> None:
    linked.signed_in()
    me = linked.desk.login.status.user
    assert me is not None
    uma = next(row for row in org.rows("User") if row["Id"] != me.id)
    org.load("User", {"Id": uma["Id"], "Phone": "415-555-0142", "Extension": "42"})
    org.load("Contact", {"LastName": "Stone", "Phone": "415-555-0142"})
    linked.read()
    call_id = linked.called_by(NUMBER)
    assert linked.who_of(call_id) == RecordRef("User", uma["Id"])
    (task,) = org.rows("Task")
    assert (task["CallType"], task.get("WhoId")) == ("Internal", None)
    assert uma["LastName"] in task["Subject"]
    (row,) = linked.desk.reads.people("42", kinds=("User",)).rows
    assert (row.ref.id, row.extension) == (uma["Id"], "42")


def test_a_converted_leads_calls_follow_and_nothing_is_written_twice(org: Standin, linked: Linked) -> None:
    lead = org.load(
        "Lead", {"LastName": "Leaf", "Company": "L", "Phone": "4155550142", "Status": "Open - Not Contacted"}
    )[0]
    linked.read()
    call_id = linked.called_by(NUMBER)
    assert linked.who_of(call_id) == RecordRef("Lead", lead)
    contact = org.control("POST", "convert", {"leadId": lead})["contactId"]
    linked.read()
    assert linked.who_of(call_id) == RecordRef("Contact", contact)
    linked.until(lambda: (match := linked.desk.matching.known(NUMBER)).chosen and match.chosen.ref.id == contact)
    assert linked.desk.reads.person(lead) is None
    linked.pushed()
    (task,) = org.rows("Task")
    assert task["WhoId"] == contact
    org.clear_log()
    linked.desk.wrapup.set_notes(call_id, "after the conversion")
    linked.pushed()
    assert [row["WhoId"] for row in org.rows("Task")] == [contact]


def test_a_merged_contacts_choice_and_calls_follow(org: Standin, linked: Linked) -> None:
    master, loser, other = org.load(
        "Contact",
        {"LastName": "Master"},
        {"LastName": "Loser", "Phone": "4155550142"},
        {"LastName": "Other", "Phone": "4155550142"},
    )
    linked.read()
    linked.desk.matching.choose(NUMBER, RecordRef("Contact", loser))
    linked.until(lambda: linked.desk.matching.known(NUMBER).chosen)
    call_id = linked.called_by(NUMBER)
    org.control("POST", "merge/Contact", {"master": master, "losers": [loser]})
    linked.read()
    assert linked.who_of(call_id) == RecordRef("Contact", master)
    match = linked.desk.matching.known(NUMBER)
    assert match.chosen is not None
    assert (match.chosen.ref.id, match.remembered) == (master, True)
    assert other in {record.ref.id for record in match.records}


def test_a_call_from_who_was_converted_meanwhile_is_logged_with_the_heir(org: Standin, linked: Linked) -> None:
    """Nobody reads the index between the conversion and the call: Salesforce's refusal tells."""
    lead = org.load(
        "Lead", {"LastName": "Leaf", "Company": "L", "Phone": "4155550142", "Status": "Open - Not Contacted"}
    )[0]
    linked.read()
    contact = org.control("POST", "convert", {"leadId": lead})["contactId"]
    linked.clock.move(60)
    call_id = linked.phone.call_in(NUMBER)
    linked.until(lambda: linked.desk.calls.get(call_id))
    linked.phone.far_ends(call_id, 487)
    linked.until(lambda: (log := linked.desk.reads.call_log(call_id)) and not log.call.is_live)
    linked.desk.sync.push(lambda: None)
    linked.until(lambda: linked.who_of(call_id) == RecordRef("Contact", contact))
    linked.until(lambda: [row["WhoId"] for row in org.rows("Task")] == [contact])
    linked.pushed()
    assert linked.desk.reads.outbox_count().failed == 0


def test_a_card_of_who_was_merged_meanwhile_leads_to_the_heir(org: Standin, linked: Linked) -> None:
    master, loser = org.load("Contact", {"LastName": "Master"}, {"LastName": "Loser", "Phone": "4155550142"})
    linked.read()
    call_id = linked.called_by(NUMBER)
    org.control("POST", "merge/Contact", {"master": master, "losers": [loser]})
    linked.clock.move(60)
    linked.desk.cards.load(RecordRef("Contact", loser), fresh=True)
    linked.until(lambda: linked.who_of(call_id) == RecordRef("Contact", master))


def test_who_stays_away_is_not_looked_for_again_and_again(org: Standin, linked: Linked) -> None:
    contact = RecordRef("Contact", org.load("Contact", {"LastName": "Stone", "Phone": "4155550142"})[0])
    linked.read()
    read: list[MatchChanged] = []
    linked.desk.hub.subscribe(MatchChanged, lambda event: read.append(event) if not event.number else None)
    for _ in range(3):
        linked.desk.hub.publish(RecordGone(contact))
        linked.until(lambda: not linked.desk.index.is_reading)
    linked.until(lambda: read)
    assert len(read) == 1


def test_everybody_comes_by_the_policy(org: Standin, linked: Linked) -> None:
    linked.signed_in()
    me = linked.desk.login.status.user
    assert me is not None
    other = next(row["Id"] for row in org.rows("User") if row["Id"] != me.id)
    foreign = {"OwnerId": other, "LastModifiedById": other}
    everybody: list[dict[str, object]] = [
        {"LastName": f"N{n}", "Phone": f"+1415555{n:04}", **foreign} for n in range(1500)
    ]
    org.load("Contact", *everybody)
    linked.read()
    assert not linked.desk.reads.people("n7").rows
    linked.desk.lines.machine = MachinePolicy(index_all=True)
    org.clear_log()
    linked.read()
    assert linked.desk.matching.known("+14155550777").chosen is not None
    asked = [one for one in org.requests() if "/jobs/query" in one]
    assert len(asked) == 9  # for each of three objects: the job, its state, its rows
    org.clear_log()
    linked.read()
    assert len(org.requests()) == 1


def test_a_day_of_readings_takes_ten_requests(org: Standin, linked: Linked) -> None:
    people: list[dict[str, object]] = [{"LastName": f"N{n}", "Phone": f"+1415555{n:04}"} for n in range(300)]
    org.load("Contact", *people)
    linked.read()
    org.clear_log()
    for _ in range(round(24 / 2.5)):
        linked.clock.move(9000)
        linked.read()
    assert len(org.requests()) == 10
