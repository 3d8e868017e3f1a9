"""The index of people: numbers, colleagues, collapsing in lists as in matches, rounds, heirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.people_index import Gone
from app.reads.reads import Reads
from app.reads.rows import RecentFilter
from app.store import people_index, records
from app.store.database import Database
from app.store.people_index import IndexState
from app.store.people_write import prepare, save_prepared
from tests.store.build import ANN, BOB, FIRM, NUMBER, at, log, person

USER = RecordRef("User", "005000000000002AAA")
LEAD = RecordRef("Lead", "00Q000000000001AAA")


def keep(database: Database, *people: CrmRecord, round: int = 0) -> None:
    with database.unit_of_work() as s:
        save_prepared(s, prepare(people, "US"), round)


def colleague(*phones: str, **values: object) -> CrmRecord:
    return replace(person(USER, "Uma", *phones), **values)  # type: ignore[arg-type]


def test_a_sip_address_is_matched_as_it_is(database: Database, reads: Reads) -> None:
    keep(database, person(ANN, "Ann", "sip:ann@firm.example"))
    found = reads.match("sip:ann@firm.example").chosen
    assert found is not None
    assert found.name == "Ann"
    assert reads.people().rows[0].phones == (("Phone", "sip:ann@firm.example"),)


def test_a_colleague_is_named_and_no_customer_is(database: Database, reads: Reads) -> None:
    keep(database, person(ANN, "Ann", NUMBER), colleague(NUMBER, "12"))
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1"))
        records.save_call_log(s, log("c2", number="12", started=at(-1)))
    for number in (NUMBER, "12"):
        match = reads.match(number)
        assert match.chosen is not None
        assert match.chosen.ref == USER
        assert match.is_internal
    assert [row.name for row in reads.recents().rows] == ["Uma", "Uma"]
    assert reads.match("012").records == ()
    assert reads.recents(filter=RecentFilter.UNDECIDED).rows == ()
    keep(database, colleague(NUMBER, is_active=False))
    assert reads.recents().rows[0].name == "Ann"


def test_people_and_colleagues_are_lists_of_their_own(database: Database, reads: Reads) -> None:
    keep(
        database,
        person(ANN, "Ann", NUMBER),
        person(FIRM, "Firm"),
        colleague("+1 415 555 0177", extension="42", department="Field Sales", email="uma@x.example"),
        replace(colleague(), ref=RecordRef("User", "005000000000003AAA"), name="Gone", is_active=False),
    )
    assert [row.name for row in reads.people().rows] == ["Ann", "Firm", "Uma"]
    assert [row.name for row in reads.people(kinds=("Contact", "Account")).rows] == ["Ann", "Firm"]
    (uma,) = reads.people(kinds=("User",)).rows
    assert (uma.extension, uma.department, uma.email) == ("42", "Field Sales", "uma@x.example")
    assert [row.name for row in reads.people("field", kinds=("User", "Colleague")).rows] == ["Uma"]
    assert [row.name for row in reads.people("ann", kinds=("User",)).rows] == []


def test_a_company_and_a_twin_are_one_human_in_every_list(database: Database, reads: Reads) -> None:
    keep(
        database,
        replace(person(FIRM, "Firm", NUMBER), account_id=FIRM.id),
        replace(person(BOB, "Ann Stone", NUMBER), account_id=FIRM.id),
        replace(person(ANN, "ANN STONE", NUMBER), account_id=FIRM.id),
    )
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1"))
    match = reads.match(NUMBER)
    assert match.chosen is not None
    assert match.chosen.ref == ANN
    assert reads.recents().rows[0].record == ANN
    assert not reads.recents(filter=RecentFilter.UNDECIDED).rows


def test_the_undecided_are_in_one_place(database: Database, reads: Reads) -> None:
    keep(database, person(ANN, "Ann", NUMBER), person(BOB, "Bob", NUMBER), person(LEAD, "Lea", "+14155550199"))
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1", started=at(1)))
        records.save_call_log(s, log("c2", started=at(2)))
        records.save_call_log(s, log("c3", number="+14155550199", started=at(3)))
        records.save_call_log(s, log("c4", number="+14155550111", started=at(4)))
        records.save_call_log(s, replace(log("c5", started=at(5)), who=ANN))
        records.save_call_log(s, log("c6", started=at(6), outcome=None))
    assert [row.id for row in reads.recents(filter=RecentFilter.UNDECIDED).rows] == ["c2", "c1"]
    assert [row.id for row in reads.recents(filter=RecentFilter.UNDECIDED, text="bob").rows] == ["c2", "c1"]
    page = reads.recents(filter=RecentFilter.UNDECIDED, limit=1)
    assert [row.id for row in reads.recents(filter=RecentFilter.UNDECIDED, before=page.after).rows] == ["c1"]
    with database.unit_of_work() as s:
        records.choose(s, NUMBER, BOB)
    assert reads.recents(filter=RecentFilter.UNDECIDED).rows == ()
    assert reads.match(NUMBER).remembered


def test_what_a_refresh_does_not_know_stays(database: Database, reads: Reads) -> None:
    keep(database, replace(person(ANN, "Ann", NUMBER), has_deal=True))
    keep(database, person(ANN, "Ann B", NUMBER), round=3)
    found = reads.person(ANN.id)
    assert found is not None
    assert (found.name, found.has_deal) == ("Ann B", True)
    keep(database, replace(person(ANN, "Ann B", NUMBER), has_deal=False))
    with database.unit_of_work() as s:
        assert people_index.prune(s, 3, 0, 100) is None
    found = reads.person(ANN.id)
    assert found is not None
    assert found.has_deal is False


def test_who_was_not_seen_again_is_dropped(database: Database, reads: Reads) -> None:
    called, chosen = RecordRef("Contact", "003000000000007AAA"), RecordRef("Contact", "003000000000008AAA")
    keep(database, person(ANN, "Ann", NUMBER), person(called, "Cal", "+14155550198"), person(chosen, "Cho"), round=1)
    keep(database, person(BOB, "Bob", "+14155550197"))
    keep(database, person(FIRM, "Firm"), round=2)
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1", number="+14155550198"))
        records.choose(s, "+14155550190", chosen)
    key: int | None = 0
    rounds = 0
    while key is not None:
        with database.unit_of_work() as s:
            key = people_index.prune(s, 2, key, 2)
        rounds += 1
    assert rounds == 3
    assert [row.name for row in reads.people().rows] == ["Bob", "Cal", "Cho", "Firm"]
    assert reads.match(NUMBER).records == ()
    assert reads.people("ann").rows == ()


def test_an_heir_takes_over_choices_and_calls(database: Database, reads: Reads) -> None:
    keep(database, person(ANN, "Ann", NUMBER), person(BOB, "Bob"), person(LEAD, "Lea", "+14155550199"))
    with database.unit_of_work() as s:
        records.choose(s, "+14155550188", ANN)
        records.save_call_log(s, replace(log("c1"), who=ANN, what=FIRM))
        records.save_call_log(s, log("c2", started=at(1)))
        records.set_sent(s, "c1", {"WhoId": ANN.id, "WhatId": FIRM.id, "Subject": "x"})
        told = people_index.leave(s, [Gone(ANN, BOB), Gone(LEAD, BOB)])
    # Nobody had to do with the lead.
    assert [(one.heir, one.calls, set(one.numbers)) for one in told] == [(BOB, ("c1",), {NUMBER, "+14155550188"})]
    assert reads.person(ANN.id) is None
    moved = reads.call_log("c1")
    assert moved is not None
    assert moved.who == BOB
    with database.unit_of_work() as s:
        assert records.get_sent(s, "c1") == {"WhoId": BOB.id, "WhatId": FIRM.id, "Subject": "x"}
        assert people_index.is_known(s, BOB)
        assert not people_index.is_known(s, ANN)
    chosen = reads.match("+14155550188").chosen
    assert chosen is not None
    assert chosen.ref == BOB


def test_a_merged_company_hands_its_calls_over(database: Database, reads: Reads) -> None:
    other = RecordRef("Account", "001000000000002AAA")
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1"), what=FIRM))
        records.set_sent(s, "c1", {"WhatId": FIRM.id})
        people_index.leave(s, [Gone(FIRM, other)])
        assert records.get_sent(s, "c1") == {"WhatId": other.id}
    moved = reads.call_log("c1")
    assert moved is not None
    assert moved.what == other


def test_the_deleted_leave_nothing(database: Database, reads: Reads) -> None:
    keep(database, person(ANN, "Ann", NUMBER))
    with database.unit_of_work() as s:
        records.choose(s, NUMBER, ANN)
        assert people_index.leave(s, [Gone(ANN), Gone(BOB)]) == []
    assert reads.match(NUMBER).records == ()
    assert reads.people("ann").rows == ()


def test_the_last_called_are_asked_for_first(database: Database) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1", started=at(1)), who=ANN))
        records.save_call_log(s, replace(log("c2", started=at(9)), who=BOB))
        records.save_call_log(s, replace(log("c3", started=at(5)), who=ANN))
        records.choose(s, NUMBER, LEAD)
        assert people_index.contacted(s, 10) == [BOB.id, ANN.id, LEAD.id]
        assert people_index.contacted(s, 1) == [BOB.id]


def test_how_far_it_is_goes_with_the_people(database: Database) -> None:
    state = IndexState(cursor="2026-11-20T18:00:00Z", round=2, mark="{}", everything=True, region="US")
    with database.unit_of_work() as s:
        assert people_index.get_state(s) == IndexState()
        people_index.set_state(s, state)
        assert people_index.get_state(s) == state
        records.forget_people(s)
        assert people_index.get_state(s) == IndexState()


def test_the_directory_is_not_salesforces(database: Database, reads: Reads) -> None:
    listed = RecordRef("Colleague", "dir-1")
    keep(database, person(ANN, "Ann", NUMBER), person(listed, "Lis", "+14155550166"))
    with database.unit_of_work() as s:
        records.forget_people(s)
    assert [row.name for row in reads.people().rows] == ["Lis"]
    assert [row.name for row in reads.people("lis").rows] == ["Lis"]
    assert reads.people("ann").rows == ()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("emile", ["Émile Tanaka"]),
        ("tan em", ["Émile Tanaka"]),
        ("anaka", []),
        ("太郎", ["山田太郎"]),
        ("田太", ["山田太郎"]),
        ("郎", ["山田太郎"]),
        ("山郎", []),
        ("田山", []),
        ("stone-smith", ["Ann Stone-Smith"]),
        ("smi", ["Ann Stone-Smith"]),
        ("ann@x.ex", ["Ann Stone-Smith"]),
        ("41", ["Ann Stone-Smith", "Émile Tanaka"]),
        ("0101", ["Ann Stone-Smith"]),
        ("---", []),
        ("  ", ["Ann Stone-Smith", "Émile Tanaka", "山田太郎"]),
    ],
)
def test_words_by_their_beginning_signs_anywhere(
    database: Database, reads: Reads, asked: str, found: list[str]
) -> None:
    keep(
        database,
        replace(person(ANN, "Ann Stone-Smith", "(415) 555-0101"), email="ann@x.example"),
        person(BOB, "Émile Tanaka", "+1 415 555 7777"),
        person(LEAD, "山田太郎", "ask"),
    )
    assert sorted(row.name for row in reads.people(asked).rows) == sorted(found)


def test_many_who_are_meant_still_page_in_the_order_of_names(
    database: Database, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.store.queries import people_found

    monkeypatch.setattr(people_found, "FEW", 3)
    keep(
        database,
        *(
            person(RecordRef("Contact", f"003{n:02}"), f"{'Zoe' if n % 3 else 'Ann'} {n:02}", f"+141555501{n:02}")
            for n in range(30)
        ),
        person(ANN, "山田", "+81312345678"),
    )
    with database.unit_of_work() as s:
        for n in range(30):
            records.save_call_log(s, log(f"c{n:02}", number=f"+141555501{n:02}", started=at(n)))

    def everyone(text: str) -> list[str]:
        seen: list[str] = []
        after = ""
        while True:
            page = reads.people(text, after=after, limit=4)
            seen += [row.name for row in page.rows]
            after = page.after
            if not after:
                return seen

    zoes = [f"Zoe {n:02}" for n in range(30) if n % 3]
    assert everyone("zoe") == zoes
    assert everyone("zoe 1") == [name for name in zoes if name.startswith("Zoe 1")]
    assert len(everyone("415555")) == 30
    assert everyone("山") == ["山田"]
    assert len(reads.recents(text="zoe", limit=50).rows) == 20
