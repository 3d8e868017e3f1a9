"""Cards of several calls never cover one another, and never move under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize

from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.card_places import free_place
from ui.shell import Shell

ROOM = QRect(100, 50, 900, 600)
SIZE = QSize(380, 240)
GAP = 8


def _fill(room: QRect, size: QSize) -> list[QRect]:
    taken: list[QRect] = []
    while (place := free_place(room, size, taken, GAP)) is not None:
        taken.append(place)
    return taken


def test_they_fill_the_corner_upwards_and_then_to_the_left() -> None:
    places = _fill(ROOM, SIZE)
    assert [(place.right(), place.bottom()) for place in places] == [(999, 649), (999, 401), (611, 649), (611, 401)]
    assert all(ROOM.contains(place) for place in places)


def test_a_place_that_becomes_free_is_taken_again() -> None:
    first, second, *_ = _fill(ROOM, SIZE)
    assert free_place(ROOM, SIZE, [second], GAP) == first


def test_a_room_too_small_has_one_place_in_its_lower_right_corner() -> None:
    small = QRect(0, 0, 300, 200)
    (place,) = _fill(small, SIZE)
    assert (place.right(), place.bottom()) == (299, 199)


def test_a_card_keeps_its_place_when_another_caller_gives_up(shell: Shell, fake: FakeDesk) -> None:
    first, second = fake.calls.ring(ANA), fake.calls.ring("+442079460958")
    card = shell.cards.card(second)
    assert card is not None
    bottom = card.geometry().bottomRight()
    fake.calls.end(first, 487)
    assert card.geometry().bottomRight() == bottom
    third = shell.cards.card(fake.calls.ring("+442079460959"))
    assert third is not None
    assert third.geometry().bottom() > bottom.y()
    assert not third.geometry().intersects(
        card.geometry().adjusted(card.shadow, card.shadow, -card.shadow, -card.shadow)
    )


def test_who_finds_no_room_waits_and_is_counted(shell: Shell, fake: FakeDesk) -> None:
    calls = [fake.calls.ring(f"+1415555{at:04}") for at in range(30)]
    cards = [shell.cards.card(call) for call in calls]
    shown = [card for card in cards if card is not None and card.isVisible()]
    assert 0 < len(shown) < len(calls)
    assert shown[0]._head.text() == f"Incoming call · {len(calls) - len(shown)} more"
    waiting = next(card for card in cards if card is not None and not card.isVisible())
    fake.calls.end(calls[0], 487)
    assert waiting.isVisible()
