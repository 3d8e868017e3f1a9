"""People, matches, and names that follow them through every list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.call import Direction, Outcome
from app.domain.counterpart import NO_MATCH, CrmRecord, RecordRef
from app.reads.reads import Reads
from app.reads.rows import LastContact, RecentFilter
from app.store import records
from app.store.database import Database
from tests.store.build import ANN, BOB, FIRM, NUMBER, at, log, person, text


def test_a_record_comes_back_as_it_went(database: Database, reads: Reads) -> None:
    record = CrmRecord(
        ref=ANN,
        name="Ann Stone",
        title="CTO",
        company="Firm",
        account_id=FIRM.id,
        email="ann@firm.example",
        owner="Rita",
        status="Active",
        phones=(("Phone", "(415) 555-0101"), ("Mobile", "ask her"), ("Other", "415.555.0101 ext 9")),
        do_not_call=True,
    )
    with database.unit_of_work() as s:
        records.save_people(s, [record], "US")
        records.save_people(s, [], "US")
    assert reads.match(NUMBER).records == (record,)
    assert reads.match(NUMBER).chosen == record
    assert reads.person(ANN.id) == record
    assert reads.person(BOB.id) is None
    assert reads.match("") is NO_MATCH
    assert reads.people().rows[0].phones == (("Phone", NUMBER), ("Mobile", "ask her"), ("Other", NUMBER))


def test_a_number_is_read_under_the_lines_region(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", "03-1234-5678")], "JP")
        records.save_people(s, [person(BOB, "Bob", "12")], "US")
    assert reads.match("+81312345678").chosen == person(ANN, "Ann", "03-1234-5678")
    assert reads.match("12") == NO_MATCH


def test_a_number_that_left_the_record_no_longer_matches(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", NUMBER)], "US")
        records.save_people(s, [person(ANN, "Ann", "+1 415 555 0199")], "US")
    assert reads.match(NUMBER) == NO_MATCH
    assert reads.match("+14155550199").chosen is not None


def test_several_are_asked_about_once(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_people(s, [person(BOB, "Bob", NUMBER), person(ANN, "Ann", NUMBER)], "US")
        records.save_call_log(s, log("c1", name="NETWORK"))
    found = reads.match(NUMBER)
    assert [record.name for record in found.records] == ["Ann", "Bob"]
    assert found.is_ambiguous
    assert reads.recents().rows[0].name == "NETWORK"
    with database.unit_of_work() as s:
        records.choose(s, NUMBER, BOB)
    found = reads.match(NUMBER)
    assert found.chosen is not None
    assert found.chosen.name == "Bob"
    assert not found.is_ambiguous
    assert (reads.recents().rows[0].name, reads.recents().rows[0].record) == ("Bob", BOB)


def test_a_choice_outlives_the_number_in_the_record_but_not_the_record(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.choose(s, NUMBER, BOB)
    assert reads.match(NUMBER) == NO_MATCH
    with database.unit_of_work() as s:
        records.save_people(s, [person(BOB, "Bob")], "US")
        records.save_call_log(s, log("c1"))
    found = reads.match(NUMBER).chosen
    assert found is not None
    assert found.name == "Bob"
    assert reads.recents().rows[0].name == "Bob"


def test_a_later_match_names_every_list_at_once(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1"))
        records.save_message(s, text("m1"))
    assert reads.recents().rows[0].name == reads.conversations().rows[0].name == ""
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", NUMBER, NUMBER, company="Firm")], "US")
    call_row, talk = reads.recents().rows[0], reads.conversations().rows[0]
    assert (call_row.name, call_row.company, call_row.record) == ("Ann", "Firm", ANN)
    assert (talk.name, talk.company, talk.record) == ("Ann", "Firm", ANN)


def test_a_call_linked_to_somebody_keeps_that_name(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", NUMBER)], "US")
        records.save_call_log(s, replace(log("c1"), who=BOB, person="Bob then"))
    assert (reads.recents().rows[0].name, reads.recents().rows[0].record) == ("Bob then", BOB)
    with database.unit_of_work() as s:
        records.save_people(s, [person(BOB, "Bob now")], "US")
    assert reads.recents().rows[0].name == "Bob now"


def test_signing_out_forgets_people_only(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", NUMBER)], "US")
        records.choose(s, NUMBER, ANN)
        records.set_looked_up(s, NUMBER, at(1))
        records.set_looked_up(s, NUMBER, at(2))
        records.save_call_log(s, log("c1"))
    assert reads.looked_up(NUMBER) == at(2)
    with database.unit_of_work() as s:
        records.forget_people(s)
    assert reads.match(NUMBER) == NO_MATCH
    assert reads.looked_up(NUMBER) is None
    assert reads.recents().rows[0].name == ""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Ann Stone", "Émile Tanaka", "Straße GmbH", "山田 太郎"]),
        ("STONE", ["Ann Stone"]),
        ("stone ann", ["Ann Stone"]),
        ("éMILE", ["Émile Tanaka"]),
        ("strasse", ["Straße GmbH"]),
        ("ＡＣＭＥ", ["Ann Stone"]),
        ("山田", ["山田 太郎"]),
        ("555-0101", ["Ann Stone"]),
        ("(415) 555", ["Ann Stone"]),
        ("03-1234", ["山田 太郎"]),
        ("100%", []),
        ("n_e", []),
        ("zzz", []),
    ],
)
def test_people_are_found_by_name_company_or_digits(
    database: Database, reads: Reads, asked: str, found: list[str]
) -> None:
    with database.unit_of_work() as s:
        records.save_people(
            s,
            [
                person(ANN, "Ann Stone", "(415) 555-0101", company="Acme"),
                person(BOB, "Émile Tanaka"),
                person(FIRM, "Straße GmbH"),
            ],
            "US",
        )
        records.save_people(s, [person(RecordRef("Lead", "00Q1"), "山田 太郎", "03-1234-5678")], "JP")
    assert sorted(row.name for row in reads.people(asked).rows) == sorted(found)


def test_people_page_with_equal_names(database: Database, reads: Reads) -> None:
    ids = [f"003{i}" for i in range(7)]
    with database.unit_of_work() as s:
        records.save_people(s, [person(RecordRef("Contact", id), "Same Name") for id in ids], "US")
    seen: list[str] = []
    after = ""
    while True:
        page = reads.people("same", after=after, limit=2)
        seen += [row.ref.id for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == ids


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_recents_page_and_filter_with_equal_times(database: Database, reads: Reads, limit: int) -> None:
    made = [
        log(
            f"c{i:02}",
            started=at(i // 4),
            direction=Direction.IN if i % 2 else Direction.OUT,
            outcome=Outcome.MISSED if i % 3 == 1 and i % 2 else Outcome.ANSWERED,
            number=NUMBER if i % 5 else "+390212345678",
        )
        for i in range(20)
    ]
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", NUMBER)], "US")
        for one in made:
            records.save_call_log(s, one)

    def all_of(filter: RecentFilter, text: str = "") -> list[str]:
        seen: list[str] = []
        before = ""
        while True:
            page = reads.recents(before=before, limit=limit, filter=filter, text=text)
            seen += [row.id for row in page.rows]
            before = page.after
            if not before:
                return seen

    newest_first = list(reversed(made))
    assert all_of(RecentFilter.ALL) == [one.id for one in newest_first]
    incoming = [one.id for one in newest_first if one.call.direction is Direction.IN]
    assert all_of(RecentFilter.IN) == incoming
    missed = [one.id for one in newest_first if one.call.outcome is Outcome.MISSED]
    assert all_of(RecentFilter.MISSED) == missed
    anns = [one.id for one in newest_first if one.call.number == NUMBER]
    assert all_of(RecentFilter.ALL, "ann") == anns
    assert all_of(RecentFilter.MISSED, "ann") == [id for id in missed if id in anns]
    assert all_of(RecentFilter.ALL, "0212345") == [id for id in [o.id for o in newest_first] if id not in anns]


def test_a_recent_row_tells_what_the_list_shows(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, replace(log("c1", name="NET"), notes="x"))
        records.save_call_log(s, log("c2", number="", outcome=None, started=at(-1)))
    first, second = reads.recents().rows
    assert (first.name, first.duration, first.has_notes, first.live) == ("NET", 60, True, False)
    assert (second.number, second.name, second.outcome, second.live) == ("", "", None, True)
    assert [row.id for row in reads.recents(text="net").rows] == ["c1"]


def test_a_search_with_very_many_numbers_still_pages(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        for i in range(400):
            number = f"+1415555{i:04}"
            records.save_call_log(s, log(f"c{i:03}", number=number, started=at(i)))
            records.save_message(s, text(f"m{i:03}", number=number, time=at(i)))
    page = reads.recents(text="415555", limit=300)
    rest = reads.recents(text="415555", limit=300, before=page.after)
    assert [row.id for row in page.rows + rest.rows] == [f"c{i:03}" for i in reversed(range(400))]
    assert len(reads.conversations(text="415555", limit=500).rows) == 400


def test_the_last_contact_before_a_call(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_call_log(s, log("old", started=at(0), outcome=Outcome.MISSED))
        records.save_call_log(s, log("now", started=at(100), outcome=None))
        records.save_message(s, text("later", time=at(200), body="after"))
    assert reads.last_contact(NUMBER, "now") == LastContact("call", Direction.IN, at(0), "missed")
    with database.unit_of_work() as s:
        records.save_message(s, text("between", time=at(50), body="hello there", direction=Direction.OUT))
    assert reads.last_contact(NUMBER, "now") == LastContact("text", Direction.OUT, at(50), "hello there")
    assert reads.last_contact(NUMBER) == LastContact("text", Direction.IN, at(200), "after")
    assert reads.last_contact("+390212345678") is None
    assert reads.last_contact("") is None
