"""A number nobody has gets a person: all its calls and texts belong to them, here and there, until it is undone."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.new_record import PERSON_ACCOUNT, NewRecord, PhoneSlot, Related
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from tests.fakes import offline
from tests.journeys.conftest import ANA, World

STRANGER = "+15035550188"
MIA = NewRecord("Contact", {"FirstName": "Mia", "LastName": "Okafor", "Phone": STRANGER})


class Rep:
    """Asks, and writes down what came of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.made: list[CrmRecord] = []
        self.refused: list[tuple[AppError, Sequence[CrmRecord]]] = []

    def creates(self, wanted: NewRecord = MIA, *, save_anyway: bool = False) -> None:
        self.world.desk.new_people.create(
            STRANGER,
            wanted,
            self.made.append,
            lambda error, alike: self.refused.append((error, alike)),
            save_anyway=save_anyway,
        )
        self.world.until(lambda: self.made or self.refused)

    def undoes(self) -> None:
        done: list[bool] = []
        self.world.desk.new_people.undo(
            STRANGER, lambda: done.append(True), lambda error: self.refused.append((error, ()))
        )
        self.world.until(lambda: done or self.refused)


def _past(world: World) -> str:
    """A call and a text with a stranger, both in Salesforce."""
    call_id = world.short_call(STRANGER)
    world.phone.text_in("who am I?", STRANGER)
    world.until(lambda: world.desk.reads.messages(STRANGER))
    world.pushed()
    return call_id


def _who(world: World, call_id: str) -> object:
    return world.crm.tasks[f"005000000000001AAA|{call_id}@sip"]["WhoId"]


def test_a_new_contact_takes_all_earlier_calls_and_texts(world: World) -> None:
    world.signed_in()
    call_id = _past(world)
    assert _who(world, call_id) is None
    rep = Rep(world)
    rep.creates()
    (record,) = rep.made
    assert world.desk.matching.known(STRANGER).chosen == record
    assert [row.name for row in world.desk.reads.people("okafor").rows] == ["Mia Okafor"]
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.who, log.person) == (record.ref, "Mia Okafor")
    world.pushed()
    assert _who(world, call_id) == record.ref.id
    (day,) = world.crm.days.values()
    assert day.who == record.ref


def test_undone_the_record_is_gone_and_the_call_is_nobodys_again(world: World) -> None:
    world.signed_in()
    call_id = _past(world)
    rep = Rep(world)
    rep.creates()
    assert world.desk.new_people.undoable(STRANGER) is not None
    rep.undoes()
    assert world.crm.deleted == [rep.made[0].ref]
    assert world.desk.matching.known(STRANGER).records == ()
    assert world.desk.reads.people("okafor").rows == ()
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.who, log.person) == (None, "")
    world.pushed()
    assert _who(world, call_id) is None


def test_it_can_be_undone_for_ten_seconds_and_while_nothing_was_sent(world: World) -> None:
    world.signed_in()
    _past(world)
    rep = Rep(world)
    rep.creates()
    world.clock.move(11)
    assert world.desk.new_people.undoable(STRANGER) is not None, "the call still waits for Salesforce"
    world.pushed()
    assert world.desk.new_people.undoable(STRANGER) is None
    rep.undoes()
    assert world.crm.deleted == []


def test_what_cannot_be_undone_in_salesforce_stays_here(world: World) -> None:
    world.signed_in()
    rep = Rep(world)
    rep.creates()
    world.crm.fail = [offline()]
    rep.undoes()
    assert rep.refused[0][0].code is ErrorCode.CRM_OFFLINE
    assert world.desk.matching.known(STRANGER).chosen == rep.made[0]


def test_what_was_made_but_cannot_be_read_back_is_made(world: World) -> None:
    """To call it refused would have the rep make it once more, after ten minutes as a second one."""
    world.signed_in()

    def away(refs: Sequence[RecordRef]) -> Sequence[CrmRecord]:
        raise offline()

    world.crm.read_people = away  # type: ignore[method-assign]
    rep = Rep(world)
    rep.creates()
    (record,) = rep.made
    assert (record.name, record.phones) == ("Mia Okafor", (("Phone", STRANGER),))
    assert world.desk.matching.known(STRANGER).chosen == record
    assert len(world.crm.made) == 1


def test_a_refused_record_changes_nothing_here(world: World) -> None:
    world.signed_in()
    world.crm.fail = [AppError(ErrorCode.CRM_REFUSED, message="Say where you met")]
    rep = Rep(world)
    rep.creates()
    assert rep.refused[0][0].values["message"] == "Say where you met"
    assert world.desk.matching.known(STRANGER).records == ()


def test_a_duplicate_rule_shows_whom_it_found_as_far_as_they_can_be_seen(world: World) -> None:
    world.signed_in()
    hidden = ("Contact", "003000000000777AAA")
    world.crm.fail = [
        AppError(
            ErrorCode.CRM_DUPLICATE,
            message="Use one of these records?",
            duplicates=(("Contact", ANA.ref.id), hidden),
            may_save=True,
        )
    ]
    rep = Rep(world)
    rep.creates()
    error, alike = rep.refused[0]
    assert error.values["may_save"] is True
    assert [one.name for one in alike] == ["Ana Flores"]
    rep.refused.clear()
    rep.creates(save_anyway=True)
    assert rep.made


def test_a_number_is_given_to_somebody_who_is_there(world: World) -> None:
    world.signed_in()
    call_id = _past(world)
    slots: list[PhoneSlot] = []
    world.desk.new_people.slots(ANA.ref, slots.extend, lambda _: None)
    world.until(lambda: slots)
    rep = Rep(world)
    world.desk.new_people.add(STRANGER, ANA.ref, slots[1], rep.made.append, world.troubles.append)
    world.until(lambda: rep.made)
    assert dict(rep.made[0].phones)["MobilePhone"] == STRANGER
    world.pushed()
    assert _who(world, call_id) == ANA.ref.id
    world.clock.move(11)
    assert world.desk.new_people.undoable(STRANGER) is None


def test_a_number_taken_back_leaves_the_field_as_it_was(world: World) -> None:
    world.signed_in()
    rep = Rep(world)
    slot = PhoneSlot("Phone", "Phone", "(415) 555-0142")
    world.desk.new_people.add(STRANGER, ANA.ref, slot, rep.made.append, world.troubles.append)
    world.until(lambda: rep.made)
    assert world.desk.matching.known(STRANGER).chosen
    rep.undoes()
    assert dict(world.crm.people[0].phones)["Phone"] == "(415) 555-0142"
    assert world.desk.matching.known(STRANGER).records == ()
    assert world.desk.reads.person(ANA.ref.id) is not None


def test_offline_it_says_so_at_once(world: World) -> None:
    world.crash()
    world.crm.fail = [offline()] * 20
    world.open()
    world.until(lambda: world.desk.login.status.state is CrmState.OFFLINE)
    rep = Rep(world)
    rep.creates()
    assert rep.refused[0][0].code is ErrorCode.CRM_OFFLINE


def test_a_chosen_deal_stays_when_the_person_is_found(world: World) -> None:
    world.signed_in()
    call_id = _past(world)
    deal = Related(RecordRef("Opportunity", "006000000000001AAA"), "Renewal")
    world.desk.wrapup.set_relation(call_id, deal)
    rep = Rep(world)
    rep.creates()
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.who, log.what) == (rep.made[0].ref, deal.ref)


def test_a_person_account_is_the_person_behind_it_until_it_is_undone(world: World) -> None:
    world.crm.kinds = ("Contact", "Lead", PERSON_ACCOUNT)
    world.signed_in()
    rep = Rep(world)
    offered: list[str] = []
    world.desk.new_people.kinds(offered.extend, lambda error: None)
    world.until(lambda: offered)
    assert offered == ["Contact", "Lead", PERSON_ACCOUNT]
    call_id = world.short_call(STRANGER)
    rep.creates(NewRecord(PERSON_ACCOUNT, {"FirstName": "Noor", "LastName": "Haas", "Phone": STRANGER}))
    (noor,) = rep.made
    assert noor.ref.kind == "Contact"
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.who, log.person) == (noor.ref, "Noor Haas")
    rep.undoes()
    assert world.crm.deleted == [RecordRef("Account", noor.account_id)]
    assert not world.desk.matching.known(STRANGER).records
