"""Matching as a use case: when Salesforce is asked, whom a call belongs to, what is never changed behind the rep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.call_log import CallLog
from app.domain.counterpart import CrmRecord, Match, RecordRef
from app.domain.people_index import IndexPage
from app.domain.phone_number import PhoneNumber
from app.machine_policy import MachinePolicy
from app.reads.rows import RecentFilter
from crm.mapping import task_values
from tests.journeys.conftest import ANA, World

NUMBER = "+14155550142"
OTHER = "+14155550166"
MIA = CrmRecord(RecordRef("Lead", "00Q000000000001AAA"), "Mia Okafor", phones=(("Phone", NUMBER),))
UMA = CrmRecord(
    RecordRef("User", "005000000000009AAA"), "Uma Rao", phones=(("Phone", OTHER), ("Extension", "42")), extension="42"
)


class Asked(World):
    """A desk that counts what is asked of Salesforce."""

    def open(self) -> None:
        self.found: list[str] = []
        real = type(self.crm).find

        def find(number: PhoneNumber, region: str) -> object:
            self.found.append(number.value)
            return real(self.crm, number, region)

        self.crm.find = find  # type: ignore[method-assign, assignment]
        super().open()

    def learn(self, *people: CrmRecord) -> None:
        """These are in the cache."""
        done: list[None] = []
        self.desk.matching.learn(people, lambda: done.append(None))
        self.until(lambda: done)

    def incoming(self, number: str = NUMBER) -> str:
        """Somebody rings."""
        call_id = self.phone.call_in(number)
        self.until(lambda: self.desk.calls.get(call_id))
        self.until(lambda: self.desk.reads.call_log(call_id))
        return call_id

    def over(self, call_id: str) -> CallLog:
        """The call as stored when it has ended."""
        self.phone.far_ends(call_id)
        self.until(lambda: not self.log(call_id).call.is_live)
        return self.log(call_id)

    def log(self, call_id: str) -> CallLog:
        """The call as stored."""
        log = self.desk.reads.call_log(call_id)
        assert log is not None
        return log


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    world = Asked(tmp_path / "profile")
    world.signed_in()
    yield world
    world.background.close()
    world.database.close()
    assert not world.bugs


def answered(world: Asked, number: str = NUMBER) -> None:
    world.until(lambda: not world.desk.matching.is_asking(number))
    world.until(lambda: world.desk.reads.looked_up(number))


def test_a_number_is_asked_for_once_also_over_a_restart(asked: Asked) -> None:
    asked.desk.matching.look_up(NUMBER)
    answered(asked)
    asked.desk.matching.look_up(NUMBER)
    asked.crash()
    asked.open()
    asked.signed_in()
    asked.desk.matching.look_up(NUMBER)
    assert not asked.desk.matching.is_asking(NUMBER)
    assert asked.found == []  # since the restart
    asked.clock.move(13 * 3600)
    asked.desk.matching.look_up(NUMBER)
    answered(asked)
    assert asked.found == [NUMBER]


def test_a_flood_of_texts_of_one_number_looks_and_asks_once(asked: Asked) -> None:
    reads, match, looked = asked.desk.reads, asked.desk.reads.match, []

    def spy(number: str) -> Match:
        looked.append(number)
        return match(number)

    reads.match = spy  # type: ignore[method-assign]
    asked.crm.people.clear()
    for _ in range(3):
        asked.desk.matching.refresh(NUMBER)
    answered(asked)
    asked.desk.matching.refresh(NUMBER)
    assert (looked, asked.found) == ([NUMBER], [NUMBER])
    asked.clock.move(11 * 60)  # nobody had it: they may have been made since
    asked.desk.matching.refresh(NUMBER)
    answered(asked)
    assert asked.found == [NUMBER, NUMBER]


def test_the_slow_search_is_only_for_somebody_just_made(asked: Asked) -> None:
    asked.crm.people.clear()
    asked.crm.unindexed.append(ANA)
    asked.desk.matching.look_up(NUMBER)
    answered(asked)
    assert asked.crm.exact_asked == 0
    assert not asked.desk.matching.known(NUMBER).records
    asked.desk.matching.look_up(NUMBER, fresh=True)
    asked.until(lambda: asked.desk.matching.known(NUMBER).chosen)
    assert asked.crm.exact_asked == 1
    asked.crm.people.append(ANA)
    asked.desk.matching.look_up(NUMBER, fresh=True)
    asked.until(lambda: not asked.desk.matching.is_asking(NUMBER))
    assert asked.crm.exact_asked == 1


def test_own_and_internal_numbers_are_not_searched_for(asked: Asked) -> None:
    asked.learn(UMA)
    for number in ("+14155550100", OTHER, "42"):
        asked.desk.matching.look_up(number, fresh=False)
        assert not asked.desk.matching.is_asking(number)
    assert not asked.found
    assert not asked.desk.matching.known("+14155550100").records


def test_everybody_here_means_nobody_is_asked_for(asked: Asked) -> None:
    asked.desk.lines.machine = MachinePolicy(index_all=True)
    asked.crm.pages = [IndexPage((ANA,), cursor="2026-11-20T18:00:00Z")]
    asked.desk.index.refresh()
    asked.until(lambda: asked.desk.matching.known(NUMBER).chosen)
    asked.until(lambda: not asked.desk.index.is_reading)
    asked.desk.matching.look_up(NUMBER)
    assert not asked.desk.matching.is_asking(NUMBER)
    # A number that is not here may still be somebody's who was made a moment ago.
    asked.desk.matching.look_up(OTHER)
    assert asked.desk.matching.is_asking(OTHER)


@pytest.mark.parametrize("number", [OTHER, "42"])
def test_a_colleague_is_named_and_the_task_is_internal(asked: Asked, number: str) -> None:
    asked.learn(UMA, replace(MIA, phones=(("Phone", OTHER),)))
    log = asked.over(asked.incoming(number))
    assert (log.person, log.who) == ("Uma Rao", UMA.ref)
    assert asked.desk.reads.recents().rows[0].name == "Uma Rao"
    values = task_values(log, zone="UTC", line_number="")
    assert (values["CallType"], values["WhoId"], values["WhatId"]) == ("Internal", None, None)
    assert values["Subject"] == "Missed call from Uma Rao"
    other = asked.over(asked.incoming(NUMBER))
    assert task_values(other, zone="UTC", line_number="")["CallType"] == "Inbound"


def test_the_call_that_is_on_follows_the_rep(asked: Asked) -> None:
    asked.learn(ANA, MIA)
    asked.desk.matching.choose(NUMBER, ANA.ref)
    asked.until(lambda: asked.desk.matching.known(NUMBER).chosen)
    earlier = asked.incoming()
    assert asked.over(earlier).who == ANA.ref
    asked.pushed()
    call_id = asked.incoming()
    asked.until(lambda: asked.log(call_id).who == ANA.ref)
    assert asked.desk.matching.known(NUMBER).remembered
    asked.desk.matching.choose(NUMBER, MIA.ref)
    asked.until(lambda: asked.log(call_id).who == MIA.ref)
    assert asked.over(call_id).who == MIA.ref
    # What is logged is never given to somebody else behind the rep's back.
    assert asked.log(earlier).who == ANA.ref
    assert asked.log(earlier).task_id


def test_a_call_that_waits_since_long_keeps_its_person(asked: Asked) -> None:
    asked.learn(ANA, MIA)
    asked.desk.matching.choose(NUMBER, ANA.ref)
    asked.until(lambda: asked.desk.matching.known(NUMBER).chosen)
    call_id = asked.incoming()
    asked.over(call_id)
    asked.clock.move(3600)
    asked.desk.matching.choose(NUMBER, MIA.ref)
    asked.until(lambda: (match := asked.desk.matching.known(NUMBER)).chosen and match.chosen.ref == MIA.ref)
    assert asked.log(call_id).who == ANA.ref


def test_the_undecided_wait_until_the_rep_says(asked: Asked) -> None:
    asked.learn(ANA, MIA)
    calls = [asked.incoming(), asked.incoming()]
    for call_id in calls:
        asked.over(call_id)
    rows = asked.desk.reads.recents(filter=RecentFilter.UNDECIDED).rows
    assert {row.id for row in rows} == set(calls)
    asked.desk.matching.choose(NUMBER, MIA.ref)
    asked.until(lambda: not asked.desk.reads.recents(filter=RecentFilter.UNDECIDED).rows)
    assert {asked.log(call_id).who for call_id in calls} == {MIA.ref}


def test_an_opened_card_is_in_the_cache_at_once(asked: Asked) -> None:
    bo = CrmRecord(RecordRef("Contact", "003000000000009AAA"), "Bo", phones=(("Phone", OTHER),))
    asked.crm.people.append(bo)
    asked.desk.cards.load(bo.ref)
    asked.until(lambda: asked.desk.matching.known(OTHER).chosen)
    chosen = asked.desk.matching.known(OTHER).chosen
    assert chosen is not None
    assert chosen.has_deal is False
