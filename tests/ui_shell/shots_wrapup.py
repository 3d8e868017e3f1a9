"""Pictures of the end of a call and of a number nobody has: `python -m tests.ui_shell.shots_wrapup DIR [NAME…]`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.call_log import Synced
from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.events import CallLogChanged
from app.domain.new_record import PhoneSlot, Related
from app.errors import AppError, ErrorCode
from tests.ui_shell import shots
from tests.ui_shell.calling import ended
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_RECORD, BO, BO_RECORD, HOSTILE
from ui.main_window import MainWindow
from ui.shell import Shell

STRANGER = "+442079460958"
RENEWAL = Related(RecordRef("Opportunity", "006000000000001AAA"), "Renewal 2026", "Negotiation")
OFFERED = [
    RENEWAL,
    Related(RecordRef("Opportunity", "006000000000002AAA"), "Warehouse roll-out, second phase (EMEA)", "Proposal"),
    Related(RecordRef("Case", "500000000000001AAA"), "00001042 Login fails after update", "Working"),
    Related(RecordRef("Opportunity", "006000000000003AAA"), "Pilot 2024", "Closed Won", True),
]
NOTES = "Board said yes to 40 sites. Wants the contract in Norwegian.\n!fri 3pm send the quote\n!12/1 ask for the order"


def wrap_up(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.relation.offered = OFFERED
    call = ended(shell, fake, seconds=134)
    shell.workspace.page.panel.notes.add_line(NOTES)
    fake.wrapup.set_disposition(call, "Connected")
    fake.wrapup.set_relation(call, RENEWAL)


def wrap_up_several(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    lead = replace(BO_RECORD, name="Benjamin Ostrowski-Featherstone")
    fake.know(lead, number=ANA)
    ended(shell, fake, seconds=134)


def wrap_up_lead(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    call = ended(shell, fake, BO, seconds=134)
    fake.reads.logs[call] = replace(fake.reads.logs[call], who=BO_RECORD.ref, person=BO_RECORD.name)
    fake.hub.publish(CallLogChanged(call))


def wrap_up_hostile(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.lines.set_dispositions(
        ("見積もりを送付することになった", HOSTILE, "興味なし", "折り返し電話の約束をした", "OK")
    )
    call = ended(shell, fake, seconds=134)
    fake.wrapup.set_relation(call, Related(RENEWAL.ref, HOSTILE))
    fake.wrapup.set_subject(call, HOSTILE)
    shell.workspace.page.panel.notes.add_line("!明日 15時 " + "見積もりを送る" * 40)


def live_relation(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.relation.offered = OFFERED
    fake.relation.cached = (RENEWAL,)
    shots.live(fake, window, shell)
    shell.workspace.page.panel.wrapup.relation.button.click()


def new_deal(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    live_relation(fake, window, shell)
    card = shell.workspace.page.panel.wrapup.relation.card
    card.field.setText("Forty new sites")
    card.new_deal.click()


def new_deal_offline(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.relation.refuse = AppError(ErrorCode.CRM_OFFLINE)
    new_deal(fake, window, shell)


def relation_offline(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.relation.refuse = AppError(ErrorCode.CRM_OFFLINE)
    live_relation(fake, window, shell)


def past_call(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    wrap_up(fake, window, shell)
    call = shell.workspace.page.call_id
    shell.workspace.page.panel.wrapup.press_log()
    fake.reads.logs[call] = replace(fake.reads.logs[call], synced=Synced.DONE, task_id="00T")
    fake.hub.publish(CallLogChanged(call))


def _stranger(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shell.nav.thread_opened.emit("main", STRANGER)
    if shell.workspace.folded:
        shell.workspace.show_details(True)


def nobody_call(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    ended(shell, fake, STRANGER, seconds=134)


def new_contact(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    _stranger(fake, window, shell)
    shell.workspace.sidebar.nobody.new_button.click()
    form = shell.workspace.sidebar.form
    field = form.form.control("LastName")
    assert isinstance(field, QLineEdit)
    field.setText("Okafor")
    fake.new_people.accounts = [CrmRecord(RecordRef("Account", "1"), "Acme Logistics")]
    form.company.field.setText("Acme")
    form.company.search()


def new_contact_alike(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    new_contact(fake, window, shell)
    form = shell.workspace.sidebar.form
    form.company.show_company("", None)
    fake.new_people.alike = (ANA_RECORD, replace(BO_RECORD, name=HOSTILE))
    fake.new_people.refuse = AppError(ErrorCode.CRM_DUPLICATE, message="Use one of these records?", may_save=True)
    form.save.click()
    QApplication.processEvents()
    area = shell.workspace.sidebar._scroll
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def number_place(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    _stranger(fake, window, shell)
    fake.new_people.phone_slots[ANA_RECORD.ref] = (
        PhoneSlot("Phone", "Phone", "(415) 555-0142"),
        PhoneSlot("MobilePhone", "Mobile"),
        PhoneSlot("OtherPhone", "Other", "+1 628 555 0143 ext. 12"),
    )
    shell.workspace.sidebar._add(ANA_RECORD)


def undo(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    new_contact(fake, window, shell)
    form = shell.workspace.sidebar.form
    form.company.show_company("", None)
    form.save.click()


shots.SCENES = {
    name: scene
    for name, scene in globals().items()
    if callable(scene) and getattr(scene, "__module__", "") == __name__ and not name.startswith("_")
}

if __name__ == "__main__":
    shots.shoot(Path(sys.argv[1]), sys.argv[2:])
