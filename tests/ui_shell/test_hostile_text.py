"""What an enemy calls himself, a deal, a field or an error is shown as text in every pane, and moves nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from app.domain.call_log import Synced
from app.domain.counterpart import Card, CrmCase, CrmRecord, Deal, RecordRef, TimelineEntry
from app.domain.events import CallLogChanged, OutboxChanged
from app.domain.new_record import FieldKind, FormField, NewForm, PhoneSlot, Related
from app.errors import AppError, ErrorCode
from app.reads.rows import OutboxRow
from app.usecases.provisioning import Change, Offer
from app.usecases.sign_in import Waiting
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, BO, HOSTILE, NOON
from ui.main_window import MainWindow
from ui.shell import Shell

REF = RecordRef("Contact", "003000000000009AAA")
RECORD = CrmRecord(
    REF,
    HOSTILE,
    title=HOSTILE,
    company=HOSTILE,
    email=HOSTILE,
    owner=HOSTILE,
    status=HOSTILE,
    phones=((HOSTILE, ANA), (HOSTILE, HOSTILE)),
    department=HOSTILE,
    extension=HOSTILE,
)
OTHER = replace(RECORD, ref=RecordRef("Lead", "00Q000000000009AAA"), phones=((HOSTILE, BO),))
CARD = Card(
    RECORD,
    deals=(Deal("006000000000009AAA", HOSTILE, HOSTILE, 1e17, HOSTILE),),
    cases=(CrmCase("500000000000009AAA", HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    timeline=(TimelineEntry("00T000000000009AAA", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
)
DEAL = Related(RecordRef("Opportunity", "006000000000009AAA"), HOSTILE, HOSTILE)
CASE = Related(RecordRef("Case", "500000000000009AAA"), HOSTILE, HOSTILE, True)
FORM = NewForm(
    "Opportunity",
    tuple(
        FormField(name, HOSTILE, kind, required=True, choices=((HOSTILE, HOSTILE),) * 3, default=HOSTILE)
        for name, kind in (("Name", FieldKind.TEXT), ("StageName", FieldKind.CHOICE), ("x", FieldKind.OTHER))
    ),
)
REFUSED = AppError(ErrorCode.CRM_REFUSED, message=HOSTILE, reason=HOSTILE, host=HOSTILE, address=HOSTILE)
_BAD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_TIP = re.compile(r"<span>[^<>]*</span>")


def _look(window: MainWindow) -> int:
    """Every widget, shown or not; how many say something of the enemy's."""
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1000, 700)
    assert not window.grab().isNull()
    saying = 0
    for widget in window.findChildren(QWidget):
        where = f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        if isinstance(widget, QLabel):
            assert widget.textFormat() == Qt.TextFormat.PlainText or not widget.text(), where
        if isinstance(widget, QLineEdit):
            assert not _BAD.search(widget.placeholderText()), where
        tip = widget.toolTip()
        assert "<" not in tip or _TIP.fullmatch(tip), f"{where}: {tip[:80]}"
        said = (tip, widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
        for text in said:
            assert not _BAD.search(text), f"{where}: {text[:80]!r}"
        if isinstance(widget, QAbstractButton):
            assert not _BAD.search(widget.text()), where
        saying += any("Ana" in text for text in said)
    assert not _BAD.search(window.windowTitle())
    return saying


@pytest.fixture
def evil(shell: Shell, fake: FakeDesk, window: MainWindow) -> FakeDesk:
    """A desk where everything has come from an enemy."""
    window.resize(1000, 700)
    fake.know(RECORD, number=ANA)
    fake.know(RECORD, OTHER, number=BO)
    fake.cards.cards[REF] = CARD
    fake.cards.found = [RECORD, OTHER]
    fake.relation.cached = (DEAL, CASE)
    fake.relation.offered = [DEAL, CASE]
    fake.relation.form_of = {kind: replace(FORM, kind=kind) for kind in fake.relation.form_of}
    fake.new_people.accounts = [RECORD]
    fake.new_people.alike = (RECORD, OTHER)
    fake.new_people.people = {REF: RECORD}
    fake.new_people.phone_slots = {REF: (PhoneSlot("Phone", HOSTILE, HOSTILE), PhoneSlot("Mobile", HOSTILE, ""))}
    return fake


def test_in_a_call_and_after_it(shell: Shell, evil: FakeDesk, window: MainWindow) -> None:
    for number in (ANA, BO):
        shell.nav.call_wanted.emit(number, "", "")
        call = evil.calls.live()[-1].id
        evil.calls.connect(call)
        assert _look(window)
        panel = shell.workspace.page.panel
        panel.wrapup.relation.button.click()
        assert _look(window)
        panel.wrapup.relation.card.new_deal.click()
        assert _look(window)
        evil.relation.refuse = REFUSED
        panel.wrapup.relation.card.make.click()
        assert _look(window)
        evil.wrapup.set_notes(call, f"!fri 3pm {HOSTILE}\n{HOSTILE}")
        evil.calls.end(call)
        log = evil.reads.logs[call]
        evil.reads.logs[call] = replace(
            log, subject=HOSTILE, disposition=HOSTILE, person=HOSTILE, what=DEAL.ref, what_name=HOSTILE,
            synced=Synced.FAILED,
        )  # fmt: skip
        evil.desk.hub.publish(CallLogChanged(call))
        assert _look(window)


def test_a_call_that_rings(shell: Shell, evil: FakeDesk, window: MainWindow) -> None:
    evil.calls.ring("+442079460958", HOSTILE)
    assert _look(window)
    evil.calls.ring(ANA, HOSTILE)
    assert _look(window)


def test_somebody_new(shell: Shell, evil: FakeDesk, window: MainWindow) -> None:
    shell.nav.thread_opened.emit("main", "+442079460958")
    shell.workspace.page.header.new_person.click()
    form = shell.workspace.sidebar.form
    assert form.isVisible()
    evil.new_people.refuse = REFUSED
    form.company.field.setText(HOSTILE)
    form.save.click()
    assert _look(window)
    evil.text(HOSTILE, number=ANA)
    shell.nav.thread_opened.emit("main", ANA)
    assert _look(window)


def test_what_waits_and_why(shell: Shell, evil: FakeDesk, window: MainWindow) -> None:
    evil.reads.outbox = [
        OutboxRow(1, "call", "c1", True, "crm-refused", HOSTILE, 1, NOON, HOSTILE),
        OutboxRow(2, "day", f"{ANA}|2026-11-20", False, "", HOSTILE, 0, NOON),
        OutboxRow(3, "follow-up", "f1", True, HOSTILE, HOSTILE, 2, NOON, HOSTILE),
        OutboxRow(4, HOSTILE, HOSTILE, True, "crm-busy", HOSTILE, 2, NOON, HOSTILE),
    ]
    shell.nav.outbox_wanted.emit()
    evil.desk.hub.publish(OutboxChanged())
    assert _look(window)


def test_signing_in(shell: Shell, evil: FakeDesk, window: MainWindow) -> None:
    for problem in (ErrorCode.SIGN_IN_REFUSED, ErrorCode.SIGN_IN_WRONG_DOMAIN, ErrorCode.SIGN_IN_REDIRECT):
        evil.sign_in.become(Waiting(f"https://login.example/{HOSTILE}", REFUSED), None)
        _look(window)
        evil.sign_in.become(None, AppError(problem, **REFUSED.values))
        _look(window)


def test_settings_from_a_link(shell: Shell, evil: FakeDesk, window: MainWindow) -> None:
    shell.workspace.show_offer("https://phone.example.com/x")
    changes = tuple(
        Change(where, HOSTILE, HOSTILE, HOSTILE) for where in (HOSTILE, f"line {HOSTILE}", "directory", "salesforce")
    )
    evil.provisioning.come(Offer(HOSTILE, None, changes))  # type: ignore[arg-type]
    assert _look(window)
