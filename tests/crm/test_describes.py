"""What describe tells is asked once a day, also over a restart; what changes in the org is noticed all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.external_ids import KEY_FIELD, call_key
from app.domain.new_record import NewRecord
from app.domain.people_index import IndexScope
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmUser
from crm import describes
from crm.describes import Describes
from crm.gateway import SalesforceGateway
from crm.lane import Lane
from tests.crm.samples import call_log
from tests.crm.standin_process import Standin


class Memory(dict[str, str]):
    """An `OrgMemory`."""

    def recall(self, name: str) -> str:
        return self.get(name, "")

    def keep(self, name: str, text: str) -> None:
        self[name] = text


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, span: timedelta) -> None:
        self.at += span


@pytest.fixture
def lane(org: Standin) -> Iterator[Lane]:
    made = Lane(org.url, org.token, (5.0, 30.0), lambda used, total: None)
    yield made
    made.close()


def _described(org: Standin) -> int:
    asked = sum("/describe" in one for one in org.requests()) + sum("TaskStatus" in one for one in org.requests())
    org.clear_log()
    return asked


def _day(org: Standin, memory: Memory, name: str) -> int:
    """What a rep does in a morning, the app just started; how often the org itself was asked about."""
    gateway = SalesforceGateway(org.url, lambda: org.token, memory=memory)
    user: CrmUser = gateway.sign_in()
    org.clear_log()
    gateway.index_page(IndexScope())
    people = len(org.requests())
    call = CallWrite(call_log({"sip_call_id": name, "id": name}), call_key(user.id, name), "", {})
    gateway.log_calls([call], zone="UTC")
    gateway.new_form("Contact")
    found = _described(org) + people
    gateway.close()
    return found


def test_a_second_start_asks_for_nothing_of_it(org: Standin) -> None:
    memory = Memory()
    first = _day(org, memory, "one")
    second = _day(org, memory, "two")
    # Only the first page of people itself is left; before: four objects, Task, the word for done, Contact once more.
    assert (first, second) == (4, 1)
    assert len(org.rows("Task")) == 2
    assert not any("Flores" in text or org.token in text for text in memory.values())


def test_another_rep_and_another_org_learn_for_themselves(org: Standin) -> None:
    memory = Memory()
    _day(org, memory, "one")
    assert all(name.startswith(org.url.removeprefix("http://") + "|005") for name in memory)
    others = Memory((name.replace("|005", "|00X"), text) for name, text in memory.items())
    assert _day(org, others, "two") == 4
    elsewhere = Memory((f"x{name}", text) for name, text in memory.items())
    assert _day(org, elsewhere, "three") == 4


def test_a_kept_text_that_cannot_be_read_is_no_obstacle(org: Standin) -> None:
    memory = Memory()
    _day(org, memory, "one")
    for broken in ("nonsense", "", "é"):
        assert _day(org, Memory((name, broken) for name in memory), f"two{broken}") == 4


def test_after_a_day_it_is_asked_whether_anything_changed(org: Standin, lane: Lane) -> None:
    memory, time = Memory(), Time()

    def of(sobject: str = "Contact") -> dict[str, object]:
        """Asked by an app just started."""
        known = Describes(memory, now=time)
        known.belong_to("org|user")
        return {one["name"]: one["label"] for one in known.of(lane, sobject)["fields"]}

    before = of()
    time.move(timedelta(hours=23))
    org.clear_log()
    assert of() == before
    assert org.requests() == []
    time.move(timedelta(hours=2))
    assert of() == before  # 304
    assert len(org.requests()) == 1
    org.clear_log()
    assert of() == before
    assert org.requests() == []
    org.control("POST", "settings", {"person_accounts": True})
    assert "IsPersonAccount" not in of()
    time.move(timedelta(hours=25))
    assert "IsPersonAccount" in of()


def test_a_clock_set_back_keeps_nothing_for_ever(org: Standin, lane: Lane) -> None:
    time = Time()
    known = Describes(now=time)
    known.belong_to("org|user")
    known.of(lane, "Contact")
    time.move(timedelta(days=-3))
    org.clear_log()
    known.of(lane, "Contact")
    assert len(org.requests()) == 1


def test_once_a_week_it_is_asked_in_full(org: Standin, lane: Lane) -> None:
    time = Time()
    known = Describes(now=time)
    asked: list[str] = []
    get_since = lane.get_since

    def spy(path: str, since: str) -> tuple[dict[str, object] | None, str]:
        asked.append(since)
        return get_since(path, since)

    lane.get_since = spy  # type: ignore[method-assign]
    for _ in range(9):
        known.of(lane, "Contact")
        time.move(timedelta(days=1))
    assert [bool(since) for since in asked] == [False, *[True] * 6, False, True]


@pytest.mark.parametrize("signs_in", [False, True])
def test_the_package_is_noticed_within_the_hour_and_after_a_sign_in(org: Standin, lane: Lane, signs_in: bool) -> None:
    time = Time()
    known = Describes(Memory(), now=time)
    known.belong_to("org|user")

    def has_key() -> bool:
        return any(one["name"] == KEY_FIELD for one in known.of(lane, "Task", awaited=KEY_FIELD)["fields"])

    org.settings(package=False)
    assert not has_key()
    org.settings(package=True)
    org.clear_log()
    time.move(timedelta(minutes=30))
    assert not has_key()
    assert org.requests() == []
    if signs_in:
        known.belong_to("org|user")
    else:
        time.move(timedelta(minutes=31))
    assert has_key()
    org.clear_log()
    time.move(timedelta(hours=2))
    assert has_key()
    assert org.requests() == []


def test_what_a_refusal_shows_to_be_old_is_asked_anew(org: Standin) -> None:
    memory = Memory()
    gateway = SalesforceGateway(org.url, lambda: org.token, memory=memory)
    gateway.sign_in()
    gateway.new_form("Contact")
    rule = {"object": "Contact", "when": "LastName = 'xx'", "message": "No"}
    org.control("POST", "custom/validation", rule)
    org.clear_log()
    with pytest.raises(AppError) as raised:
        gateway.create(NewRecord("Contact", {"LastName": "xx"}))
    assert raised.value.code is ErrorCode.CRM_REFUSED
    assert _described(org) == 0
    gateway.new_form("Contact")
    assert _described(org) == 1
    gateway.close()


def test_long_lists_nobody_chooses_from_are_not_kept() -> None:
    states = [{"value": f"S{n}", "label": f"State {n}", "active": True} for n in range(5_000)]
    stage = [{"value": "Open", "label": "Open", "active": True, "validFor": "x" * 500}]
    kept = describes._pruned(
        {
            "fields": [
                {"name": "MailingStateCode", "type": "picklist", "nillable": True, "picklistValues": states},
                {"name": "StageName", "type": "picklist", "nillable": False, "picklistValues": stage},
                None,
            ],
            "childRelationships": ["x" * 9_000],
        }
    )
    state, name = kept["fields"]
    assert "picklistValues" not in state
    assert name["picklistValues"] == [{"value": "Open", "label": "Open", "active": True}]
    assert set(kept) == {"createable", "fields", "recordTypeInfos"}
