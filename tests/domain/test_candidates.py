"""One human once, the likeliest first."""

from __future__ import annotations

from app.domain.candidates import candidates, ranked
from app.domain.counterpart import CrmRecord, Match, RecordRef


def someone(kind: str, id: str, name: str = "", **values: object) -> CrmRecord:
    return CrmRecord(RecordRef(kind, id), name or id, **values)  # type: ignore[arg-type]


def test_a_company_steps_behind_its_own_people() -> None:
    ann = someone("Contact", "003A", account_id="001A")
    lead = someone("Lead", "00QA")
    acme, other = someone("Account", "001A", account_id="001A"), someone("Account", "001B", account_id="001B")
    assert candidates([acme, other, lead, ann]) == (ann, lead, other)
    assert candidates([acme]) == (acme,)
    assert candidates([]) == ()


def test_of_two_entries_with_one_name_the_older_stands() -> None:
    old, new = (
        someone("Contact", id, name, account_id="001A") for id, name in (("003A", "Ann Stone"), ("003B", "ann stone"))
    )
    assert candidates([new, old]) == (old,)
    elsewhere = someone("Contact", "003C", "Ann Stone", account_id="001B")
    nowhere = someone("Contact", "003D", "Ann Stone"), someone("Contact", "003E", "Ann Stone")
    assert set(candidates([new, old, elsewhere, *nowhere])) == {old, elsewhere, *nowhere}
    assert len(candidates([old, someone("Contact", "003F", "Bob", account_id="001A")])) == 2


def test_a_colleagues_number_is_nobody_elses() -> None:
    user, listed = someone("User", "005A"), someone("Colleague", "dir-1")
    customer = someone("Contact", "003A")
    assert candidates([customer, listed, user]) == (user,)
    assert candidates([customer, listed]) == (listed,)
    assert candidates([customer, someone("User", "005B", is_active=False)]) == (customer,)
    assert candidates([someone("User", "005B", is_active=False)]) == ()
    assert Match((user,), user).is_internal
    assert Match((user, listed)).is_internal
    assert not Match((customer,), customer).is_internal


def test_the_order_of_several() -> None:
    own = someone("Lead", "own", own=True)
    lately = someone("Contact", "lately", active_on="2026-11-02")
    deal = someone("Contact", "deal", active_on="2026-11-01", has_deal=True)
    before = someone("Contact", "before", active_on="2026-10-30", has_deal=True)
    never, lead, firm = someone("Contact", "never"), someone("Lead", "a lead"), someone("Account", "a firm")
    assert ranked([firm, lead, never, before, lately, deal, own]) == (own, deal, lately, before, never, lead, firm)


def test_nobody_who_asked_not_to_be_called_is_passed_over() -> None:
    shy, other = someone("Contact", "003A", do_not_call=True), someone("Contact", "003B")
    assert Match((shy,), shy).not_to_be_called() == shy
    assert Match((shy, other)).not_to_be_called() == shy  # nobody knows yet which of them it is
    assert Match((shy, other), other).not_to_be_called() is None
    assert Match((shy, other), other).not_to_be_called("003A") == shy
    assert Match((shy, other)).not_to_be_called("003B") is None
    assert Match((shy, other), shy).not_to_be_called("006A") == shy  # about a deal: that names nobody
    assert Match().not_to_be_called() is None
