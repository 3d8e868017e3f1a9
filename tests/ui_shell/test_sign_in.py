"""Signing in from the window: the group of the settings, and the bars before, during and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.domain.events import CrmStateChanged, OutboxChanged
from app.domain.sign_in_address import PRODUCTION, SANDBOX
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from app.usecases.sign_in import Waiting
from tests.ui_shell.fake_desk import FakeDesk
from ui.components import BannerKind, Button
from ui.main_window import MainWindow
from ui.settings_salesforce import SalesforceGroup
from ui.shell import Shell
from ui.status_bar import Matter

ADDRESS = "https://login.example/services/oauth2/authorize?state=x"


@pytest.fixture
def out(fake: FakeDesk) -> FakeDesk:
    """Nobody is signed in; the admin has set the sign-in up."""
    fake.sign_in.is_set_up = True
    fake.set_crm(CrmState.SIGNED_OUT)
    fake.login.status = replace(fake.login.status, asked=True)
    return fake


@pytest.fixture
def shell_out(make_window: Callable[[FakeDesk | None], MainWindow], out: FakeDesk) -> Shell:
    """A window on it."""
    shell = make_window(out).shell
    assert shell is not None
    return shell


@pytest.fixture
def group(shell_out: Shell) -> SalesforceGroup:
    """The group of the settings."""
    return shell_out.workspace.settings.salesforce_group


def _shown(*buttons: Button) -> list[bool]:
    return [not button.isHidden() for button in buttons]


def test_signed_out_one_press_opens_the_browser(shell_out: Shell, out: FakeDesk, opened_urls: list[str]) -> None:
    bar = shell_out.status.bar(Matter.SALESFORCE)
    assert bar is not None
    assert "Signed out of Salesforce" in shell_out.status.text(Matter.SALESFORCE)
    bar.acted.emit()
    assert opened_urls == [ADDRESS]
    assert out.sign_in.started == 1
    # The calm line takes the other's place.
    assert not shell_out.sign_in_bar.isHidden()
    assert shell_out.sign_in_bar.kind is BannerKind.INFO
    assert "Waiting for your browser" in shell_out.sign_in_bar.accessibleName()
    shell_out.status.refresh()
    assert shell_out.status.bar(Matter.SALESFORCE) is None


def test_the_address_is_copied_and_the_wait_cancelled(shell_out: Shell, out: FakeDesk) -> None:
    out.sign_in.become(Waiting(ADDRESS), None)
    shell_out.sign_in_bar.copy.click()
    assert QGuiApplication.clipboard().text() == ADDRESS
    shell_out.sign_in_bar.acted.emit()
    assert out.sign_in.cancelled == 1
    assert shell_out.sign_in_bar.isHidden()


def test_no_browser_is_said_with_what_to_do(shell_out: Shell, out: FakeDesk) -> None:
    out.sign_in.become(Waiting(ADDRESS, AppError(ErrorCode.SIGN_IN_NO_BROWSER)), None)
    assert "Copy the address" in shell_out.sign_in_bar.accessibleName()
    assert not shell_out.sign_in_bar.copy.isHidden()


def test_why_it_did_not_work_stays_until_it_is_read(shell_out: Shell, out: FakeDesk) -> None:
    bar = shell_out.sign_in_bar
    out.sign_in.become(None, AppError(ErrorCode.SIGN_IN_DENIED))
    assert bar.kind is BannerKind.ERROR
    assert "choose Allow" in bar.accessibleName()
    assert bar.copy.isHidden()
    bar.acted.emit()
    assert out.sign_in.started == 1
    out.sign_in.become(None, AppError(ErrorCode.SIGN_IN_TIMED_OUT))
    bar.closed.emit()
    assert out.sign_in.problem is None
    assert bar.isHidden()


def test_what_the_admin_has_not_done_is_said(shell: Shell, fake: FakeDesk) -> None:
    shell.nav.sign_in_wanted.emit()
    assert "Your admin has not set up the sign-in" in shell.status.text(Matter.TROUBLE)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (ErrorCode.SIGN_IN_ENDED, "Salesforce has ended this sign-in"),
        (ErrorCode.SIGN_IN_LOST, "could not be renewed safely"),
        (ErrorCode.SIGN_IN_INACTIVE, "not active"),
        (ErrorCode.CRM_SIGNED_OUT, "no longer accepts the sign-in"),
    ],
)
def test_why_nobody_is_signed_in_is_told_with_what_waits(
    shell_out: Shell, out: FakeDesk, problem: ErrorCode, words: str
) -> None:
    out.set_crm(CrmState.SIGNED_OUT, AppError(problem))
    out.hub.publish(CrmStateChanged())
    shell_out.status.refresh()
    assert words in shell_out.status.text(Matter.SALESFORCE)


def test_without_an_app_the_file_is_asked_for(shell: Shell, fake: FakeDesk) -> None:
    fake.set_crm(CrmState.SIGNED_OUT, AppError(ErrorCode.CRM_SIGNED_OUT))
    shell.status.refresh()
    bar = shell.status.bar(Matter.SALESFORCE)
    assert bar is not None
    assert "provisioning" in bar._action.word  # the button of a bar has no other name
    group = shell.workspace.settings.salesforce_group
    group.refresh()
    assert not group.sign_in.isEnabled()


def test_the_group_tells_who_is_signed_in_and_where(shell: Shell, fake: FakeDesk) -> None:
    group = shell.workspace.settings.salesforce_group
    assert group.said == "Signed in as Riley Park at acme.my.example"
    assert _shown(group.sign_in, group.copy, group.cancel, group.sign_out) == [False, False, False, True]
    assert group.at.isHidden()
    group.sign_out.click()
    assert fake.sign_in.signed_out == 1
    fake.set_crm(CrmState.OFFLINE)
    fake.hub.publish(CrmStateChanged())
    assert group.said.startswith("Offline")
    assert "Riley Park" in group.detail.text()


def test_the_group_while_the_browser_is_asked(group: SalesforceGroup, out: FakeDesk, opened_urls: list[str]) -> None:
    assert group.said == "Signed out"
    assert _shown(group.sign_in, group.copy, group.cancel, group.sign_out) == [True, False, False, False]
    group.sign_in.click()
    assert opened_urls == [ADDRESS]
    assert group.said.startswith("Waiting for your browser")
    assert _shown(group.sign_in, group.copy, group.cancel, group.sign_out) == [False, True, True, False]
    assert not group.at.isEnabled()
    group.cancel.click()
    assert out.sign_in.cancelled == 1
    out.sign_in.become(None, AppError(ErrorCode.SIGN_IN_BLOCKED))
    assert "blocked" in group.detail.text()


def test_where_to_sign_in_is_chosen(group: SalesforceGroup, out: FakeDesk, qtbot: QtBot) -> None:
    chips = group.at.chips
    assert chips[PRODUCTION].isChecked()
    assert group.domain.isHidden()
    chips[SANDBOX].click()
    assert out.lines.settings.salesforce.login_url == SANDBOX
    chips["own"].click()
    assert not group.domain.isHidden()
    group.domain.setText("not an address")
    group.domain.editingFinished.emit()
    assert not group.wrong.isHidden()
    assert "acme.my.salesforce.com" in group.wrong.text()
    assert out.lines.settings.salesforce.login_url == SANDBOX
    group.domain.setText("acme")
    group.domain.editingFinished.emit()
    assert group.wrong.isHidden()
    assert out.lines.settings.salesforce.login_url == "https://acme.my.salesforce.com"
    assert chips["own"].isChecked()


def test_what_waits_for_another_rep_is_said(group: SalesforceGroup, out: FakeDesk) -> None:
    assert group.others.isHidden()
    out.reads.others = [("Jordan Brooks", 3)]
    out.hub.publish(OutboxChanged())
    group.refresh()
    assert group.others.text() == "3 waiting for Jordan Brooks: sent when Jordan Brooks signs in here."


def test_the_one_field_knows_both(shell_out: Shell, out: FakeDesk) -> None:
    commands = {command.key: command for command in shell_out._make_commands()}
    assert commands["sign-in"].available()
    assert not commands["sign-out"].available()
    out.set_crm(CrmState.SIGNED_IN)
    assert not commands["sign-in"].available()
    commands["sign-out"].act()
    assert out.sign_in.signed_out == 1
