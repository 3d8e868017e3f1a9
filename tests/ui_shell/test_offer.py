"""Settings offered by a link: shown first, used only when the rep accepts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.events import ProvisionAsked
from app.errors import AppError, ErrorCode
from app.settings import Settings
from app.settings_file import Provisioned
from app.usecases.provisioning import Change, Offer
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.components import Paragraph, PlainLabel
from ui.design.theme import Theme
from ui.main_window import MainWindow
from ui.offer_words import name_word
from ui.rail import Page
from ui.shell import Shell
from ui.status_bar import Matter

Make = Callable[[FakeDesk | None], MainWindow]
URL = "https://it.acme.example/riley.toml"
OFFER = Offer(
    "it.acme.example",
    Provisioned(Settings(), {"line:main": "s3cret"}),
    (
        Change("line main", "srtp", "optional", "required"),
        Change("line main", "number", "", "+14155550100"),
        Change("policy", "consent", "no", "yes"),
        Change("line main", "secret", "", "••••"),
    ),
)


def _words(shell: Shell) -> list[str]:
    page = shell.workspace.offer
    QApplication.processEvents()  # what was put into a layout shows a moment later
    labels: list[PlainLabel | Paragraph] = [*page.findChildren(PlainLabel), *page.findChildren(Paragraph)]
    return [label.text() for label in labels if label.isVisibleTo(page)]


def test_an_offer_is_shown_and_changes_nothing_before_it_is_accepted(shell: Shell, fake: FakeDesk) -> None:
    shell.nav.thread_opened.emit("main", ANA)
    fake.hub.publish(ProvisionAsked(URL))
    page = shell.workspace.offer
    assert page.isVisible()
    assert fake.provisioning.fetched == [URL]
    assert "it.acme.example" in page.said
    assert page.accept.isHidden()
    fake.provisioning.come(OFFER)
    words = _words(shell)
    assert {"Line main", "Rules of your organisation", "Encrypted sound"} <= set(words)
    assert "Consent to texts (not in force yet)" in words
    assert {"optional  →  required", "+14155550100", "no  →  yes", "••••"} <= set(words)
    assert not any("s3cret" in word for word in words)
    assert fake.provisioning.accepted == []
    page.accept.click()
    assert fake.provisioning.accepted == [OFFER]
    assert not page.isVisible()
    assert shell.workspace.page.isVisible()
    assert "it.acme.example" in shell.status.text(Matter.NOTICE)


@pytest.mark.parametrize("name", ["kind", "voicemail", "voicemail_deposit", "record"])
def test_what_nothing_acts_on_yet_is_not_promised(name: str, look: Theme) -> None:
    assert name_word("line main", name).endswith(" (not in force yet)")
    assert not name_word("line main", "srtp").endswith(")")


def test_cancel_leaves_everything_and_goes_back(shell: Shell, fake: FakeDesk) -> None:
    shell.show_page(Page.SETTINGS)
    fake.hub.publish(ProvisionAsked(URL))
    fake.provisioning.come(OFFER)
    shell.workspace.offer.cancel.click()
    assert fake.provisioning.accepted == []
    assert shell.workspace.offer.offer is None
    assert shell.workspace.settings.isVisible()


def test_a_host_the_admin_has_not_listed_is_refused_in_words(shell: Shell, fake: FakeDesk) -> None:
    fake.provisioning.refuse = AppError(ErrorCode.LINK_NOT_ALLOWED, host="evil.example")
    fake.hub.publish(ProvisionAsked("https://evil.example/x.toml"))
    page = shell.workspace.offer
    assert page.said == "Settings from evil.example are not allowed: your admin has not listed it."
    assert page.accept.isHidden()
    assert page.cancel.word == "Close"
    page.cancel.click()
    assert not page.isVisible()


def test_what_cannot_be_fetched_or_accepted_is_told(shell: Shell, fake: FakeDesk) -> None:
    fake.hub.publish(ProvisionAsked(URL))
    fake.provisioning.fail(AppError(ErrorCode.DOWNLOAD_FAILED, detail="no route"))
    page = shell.workspace.offer
    assert "no route" in page.said
    fake.hub.publish(ProvisionAsked(URL))
    fake.provisioning.come(OFFER)
    fake.provisioning.refuse = AppError(ErrorCode.POLICY_REFUSED)
    page.accept.click()
    assert "Your organisation manages" in page.said
    assert page.accept.isHidden()


def test_a_late_answer_to_an_older_link_is_left_alone(shell: Shell, fake: FakeDesk) -> None:
    fake.hub.publish(ProvisionAsked(URL))
    late = fake.provisioning.come
    fake.hub.publish(ProvisionAsked("https://it.acme.example/other.toml"))
    late(OFFER)
    assert shell.workspace.offer.offer is None
    shell.workspace.offer.cancel.click()
    fake.provisioning.come(OFFER)
    assert shell.workspace.offer.offer is None
    assert not shell.workspace.offer.isVisible()


def test_an_offer_without_a_change_says_so(shell: Shell, fake: FakeDesk) -> None:
    fake.hub.publish(ProvisionAsked(URL))
    fake.provisioning.come(Offer("it.acme.example", Provisioned(Settings(), {}), ()))
    assert "in use already" in shell.workspace.offer.said
    assert shell.workspace.offer.accept.isHidden()


def test_a_provisioning_link_at_the_start(
    make_window: Callable[[FakeDesk | None], MainWindow], fake: FakeDesk, qtbot: QtBot
) -> None:
    window = make_window(None)
    window.attach(fake.desk, f"ringdown:provision?url={URL}")
    assert fake.provisioning.fetched == [URL]
    assert window.shell is not None
    qtbot.waitUntil(window.shell.workspace.offer.isVisible, timeout=2000)
