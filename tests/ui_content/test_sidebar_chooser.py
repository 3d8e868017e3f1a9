"""Who it is, when several people share a number."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.domain.counterpart import CrmRecord, RecordRef
from ui.design.theme import Theme
from ui.sidebar_chooser import Chooser

ANN = CrmRecord(RecordRef("Contact", "003A"), "Ann")
BOB = CrmRecord(RecordRef("Lead", "00QA"), "Bob")


def test_people_of_one_name_are_told_apart(look: Theme, qtbot: QtBot) -> None:
    chooser = Chooser()
    qtbot.addWidget(chooser)
    buyer = CrmRecord(RecordRef("Contact", "003D"), "Ana Flores", "Buyer", "Acme")
    other = CrmRecord(RecordRef("Contact", "003B"), "Ana Flores", "", "Nord")
    chooser.show_people([buyer, other, replace(ANN, title="CTO")], None)
    told = [(row.entry.title, row.entry.detail) for row in chooser.rows.values()]
    assert told == [
        ("Ana Flores", "Buyer · Acme · Contact"),
        ("Ana Flores", "Nord · Contact"),
        ("Ann", "CTO · Contact"),
    ]
    twin = replace(buyer, ref=RecordRef("Contact", "003C"), owner="Mia Tran", email="ana@acme.example")
    chooser.show_people([replace(buyer, owner="Jon Bell"), twin], None)
    assert [row.entry.detail for row in chooser.rows.values()] == [
        "Buyer · Acme · Contact · owned by Jon Bell",
        "Buyer · Acme · Contact · owned by Mia Tran · ana@acme.example",
    ]


def test_a_remembered_choice_is_shown_as_one_and_can_be_changed(look: Theme, qtbot: QtBot) -> None:
    chooser = Chooser()
    qtbot.addWidget(chooser)
    chooser.show_people([ANN, BOB], None)
    assert chooser.question == "Several people have this number. Who is it?"
    assert not any(row.isChecked() for row in chooser.rows.values())
    chooser.show_people([ANN, BOB], BOB.ref, remembered=True)
    assert chooser.question == "Several people have this number. This is who you chose last."
    assert chooser.rows[BOB.ref].isChecked()
    with qtbot.waitSignal(chooser.chosen) as said:
        chooser.rows[ANN.ref].click()
    assert said.args == [ANN.ref]
    chooser.show_people([ANN, BOB], ANN.ref)
    assert chooser.question == "Several people have this number."
