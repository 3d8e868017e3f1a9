"""What was typed into a form is there after a restart, until the form has been sent."""

from __future__ import annotations

from tests.journeys.conftest import World

STRANGER = "person|+15035550188"
TYPED = {"FirstName": "Mia", "LastName": "Okáfor", "Email": ""}


def test_it_outlives_a_crash(world: World) -> None:
    world.desk.typed_forms.keep(STRANGER, TYPED)
    world.background.close()
    world.crash()
    world.open()
    assert world.desk.typed_forms.get(STRANGER) == TYPED
    world.desk.typed_forms.keep(STRANGER, {})
    world.crash()
    world.open()
    assert world.desk.typed_forms.get(STRANGER) == {}


def test_a_form_emptied_by_hand_is_forgotten(world: World) -> None:
    forms = world.desk.typed_forms
    forms.keep(STRANGER, TYPED)
    forms.keep(STRANGER, dict.fromkeys(TYPED, ""))
    assert forms.get(STRANGER) == {}


def test_of_forms_nobody_comes_back_to_the_oldest_go_first(world: World) -> None:
    forms = world.desk.typed_forms
    for number in range(30):
        forms.keep(f"person|{number}", TYPED)
    forms.keep("person|0", TYPED)  # somebody was at it again
    forms.keep("person|30", TYPED)
    assert [number for number in range(31) if not forms.get(f"person|{number}")] == [1]
