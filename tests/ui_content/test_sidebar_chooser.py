"""Who it is, when several people share a number."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.domain.counterpart import CrmRecord, RecordRef
from ui.components import PlainLabel
from ui.design.theme import Theme
from ui.sidebar_chooser import Chooser

ANN = CrmRecord(RecordRef("Contact", "003A"), "Ann")
BOB = CrmRecord(RecordRef("Lead", "00QA"), "Bob")


def test_a_remembered_choice_is_shown_as_one_and_can_be_changed(look: Theme, qtbot: QtBot) -> None:
    chooser = Chooser()
    qtbot.addWidget(chooser)
    (question,) = chooser.findChildren(PlainLabel)
    chooser.show_people([ANN, BOB], None)
    assert question.text() == "Several people have this number. Who is it?"
    assert not any(chip.isChecked() for chip in chooser.chips.values())
    chooser.show_people([ANN, BOB], BOB.ref, remembered=True)
    assert question.text() == "Several people have this number. This is who you chose last."
    assert chooser.chips[BOB.ref].isChecked()
    with qtbot.waitSignal(chooser.chosen) as said:
        chooser.chips[ANN.ref].click()
    assert said.args == [ANN.ref]
    chooser.show_people([ANN, BOB], ANN.ref)
    assert question.text() == "Several people have this number."
