"""The page of what waits for Salesforce: each fact with why, when, and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.call import Call, CallState, Direction
from app.domain.call_log import CallLog, Synced
from app.domain.events import OutboxChanged
from app.errors import ErrorCode
from app.ports.crm import OrgFinding
from app.reads.rows import OutboxRow
from app.usecases.budget import Allowance
from app.usecases.login import CrmState
from app.usecases.sync_state import SyncState
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, NOON
from ui.call_sync import CallSync
from ui.navigator import Navigator
from ui.outbox_page import OutboxPage
from ui.shell import Shell
from ui.status_bar import Matter

LATER = NOON + timedelta(minutes=5)
REFUSED = OutboxRow(
    1, "call", "c1", True, "crm-refused", "Say why <b>you</b> called", 1, NOON, "FIELD_CUSTOM_VALIDATION_EXCEPTION"
)
WAITS = OutboxRow(2, "day", f"{ANA}|2026-11-20", False, "", "", 0, LATER)
TRIED = OutboxRow(3, "follow-up", "f1", False, "crm-busy", "unable to obtain exclusive access", 2, LATER)


@pytest.fixture
def page(fake: FakeDesk, nav: Navigator, qtbot: QtBot) -> OutboxPage:
    fake.reads.outbox = [REFUSED, WAITS, TRIED]
    made = OutboxPage(fake.desk, nav)
    qtbot.addWidget(made)
    made.resize(760, 560)
    made.show()
    return made


def test_each_says_what_it_is_where_it_stands_and_what_to_do(page: OutboxPage) -> None:
    refused, waits, tried = (item.texts for item in page.rows)
    assert refused[1] == "Not written"
    assert "Say why <b>you</b> called" in refused[2]
    assert "Change the subject, the result or the notes" in refused[3]
    assert waits[0].startswith("Texts with Ana Flores")
    assert "12:05" in waits[1]
    assert waits[2:] == ("", "")
    assert tried[0] == "Follow-up task"
    assert tried[1].startswith("Tried again at")
    assert page.text == "1 not written. 2 waiting to be sent."


def test_a_day_of_texts_is_one_of_the_rep_in_salesforce(fake: FakeDesk, nav: Navigator, qtbot: QtBot) -> None:
    fake.login.zone = lambda: "Pacific/Auckland"  # there it is the 21st already
    fake.reads.outbox = [WAITS]
    page = OutboxPage(fake.desk, nav)
    qtbot.addWidget(page)
    page.show()
    assert page.rows[0].texts[0] == "Texts with Ana Flores, Yesterday"


def test_retry_open_and_send_all(fake: FakeDesk, nav: Navigator, page: OutboxPage) -> None:
    opened: list[str] = []
    nav.call_opened.connect(opened.append)
    texts: list[str] = []
    nav.text_wanted.connect(lambda number, _: texts.append(number))
    unfolded: list[str] = []
    nav.details_wanted.connect(unfolded.append)
    page.rows[0].retry.click()
    page.rows[0].open.click()
    page.rows[1].open.click()
    page.push.click()
    assert fake.sync.retried == [("call", "c1")]
    assert opened == ["c1"]
    assert unfolded == ["c1"], "a rule refused it: what is to be changed shows"
    assert texts == [ANA]
    assert fake.sync.pushed == 1
    assert not page.rows[2].open.isVisible()


def test_what_is_on_its_way_cannot_be_retried(fake: FakeDesk, page: OutboxPage) -> None:
    fake.sync.state = SyncState(sending=frozenset({("call", "c1")}))
    page.refresh()
    assert page.rows[0].texts[1] == "Sending…"
    assert not page.rows[0].retry.isEnabled()


def test_the_limit_is_said_in_words(fake: FakeDesk, page: OutboxPage) -> None:
    fake.sync.state = SyncState(
        resting_until=NOON + timedelta(minutes=40),
        why=ErrorCode.CRM_LIMIT,
        allowance=Allowance.CALLS,
        used=96_000,
        total=100_000,
        today=57,
    )
    page.refresh()
    assert "used up" in page.resting
    assert "12:40" in page.resting
    assert "57 times" in page.usage
    assert "96 %" in page.usage
    assert "Only call logs" in page.usage
    assert "nearly used up" in page.rows[1].texts[1]


def test_offline_and_without_the_package(fake: FakeDesk, page: OutboxPage) -> None:
    fake.reads.outbox = [
        WAITS,
        replace(WAITS, id=9, ref="x|2026-11-20", code="crm-package-missing", reason="no-object"),
    ]
    fake.sync.state = SyncState(findings=(OrgFinding("package-missing"), OrgFinding("field-required", "Region")))
    page.refresh()
    assert "package" in page.rows[1].texts[1]
    assert "install" in page.rows[1].texts[3]
    fake.login.status = replace(fake.login.status, state=CrmState.OFFLINE)
    page.refresh()
    assert page.rows[0].texts[1] == "Waits until Salesforce is back"


def test_empty_it_says_so(fake: FakeDesk, page: OutboxPage, qtbot: QtBot) -> None:
    fake.reads.outbox = []
    fake.hub.publish(OutboxChanged())
    qtbot.waitUntil(lambda: page.text == "Everything is in Salesforce.", timeout=2000)
    assert page.rows == []
    assert not page.push.isVisible()


def test_the_bar_of_the_limit_leads_here(shell: Shell, fake: FakeDesk, qtbot: QtBot) -> None:
    fake.reads.outbox = [WAITS]
    fake.sync.state = SyncState(resting_until=LATER, why=ErrorCode.CRM_LIMIT)
    fake.hub.publish(OutboxChanged())
    qtbot.waitUntil(lambda: Matter.SALESFORCE in shell.status.matters, timeout=2000)
    assert "1 waiting" in shell.status.text(Matter.SALESFORCE)
    bar = shell.status.bar(Matter.SALESFORCE)
    assert bar is not None
    bar.acted.emit()
    assert shell.workspace.currentWidget() is shell.workspace.outbox
    shell.workspace.outbox.close_button.click()
    assert shell.workspace.currentWidget() is not shell.workspace.outbox


def test_a_deleted_task_is_said_and_can_be_logged_again(fake: FakeDesk, qtbot: QtBot) -> None:
    line = CallSync(fake.desk)
    qtbot.addWidget(line)
    call = Call("c9", "main", Direction.OUT, ANA, "", CallState.ENDED, NOON, sip_call_id="c9@sip")
    log = CallLog(call, task_id="00T000000000001AAA", synced=Synced.DONE)
    line.show_log(log)
    assert line.text == "Logged in Salesforce"
    assert fake.sync.opened_calls == ["c9"]
    line.show_log(replace(log, task_gone=True))
    assert line.text == "Deleted in Salesforce"
    assert fake.sync.opened_calls == ["c9"]
    line._retry.click()
    assert fake.sync.again == ["c9"]


def test_what_stays_is_not_made_anew(fake: FakeDesk, page: OutboxPage) -> None:
    kept = page.rows[2]
    kept.retry.setFocus()
    fake.reads.outbox = [replace(TRIED, tries=3), replace(WAITS, ref=f"{ANA}|2026-11-19")]
    page.refresh()
    assert page.rows[0] is kept
    assert kept.row.tries == 3
    assert kept.retry.hasFocus()
    fake.reads.outbox = []
    page.refresh()
    assert page.rows == []
    assert page.text == "Everything is in Salesforce."


def test_the_page_stands_in_the_middle(fake: FakeDesk, page: OutboxPage) -> None:
    page.resize(1300, 560)
    QApplication.processEvents()
    head = page.push.parentWidget()
    assert head is not None
    assert head.x() > 300
    assert page.inside.width() - head.geometry().right() - 1 == head.x()
