"""The frame: first paint, refusal, banners, pages, folding, settings, closing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import demo
from app.domain.counterpart import LineReason, LineState
from app.domain.events import CrmStateChanged, DevicesListed, OutboxChanged, PhoneBack, PhoneLost, Troubled
from app.domain.phone_events import DevicesChanged
from app.errors import AppError, ErrorCode
from app.reads.rows import OutboxRow
from app.settings import Theme as ThemeSetting
from app.usecases.login import CrmState
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_RECORD, BO, NOON
from ui.components import EmptyState, PlainLabel
from ui.conversation_page import ConversationPage
from ui.demo_guide import DemoGuide
from ui.design.theme import Theme, ThemeMode
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell
from ui.status_bar import Matter
from ui.words import error_sentence, line_reason

Make = Callable[[FakeDesk | None], MainWindow]


def test_the_first_paint_waits_for_no_store() -> None:
    heavy = ("sqlalchemy", "simple_salesforce", "app.usecases", "app.reads", "app.store", "alembic", "requests")
    code = (
        "import sys, ui.main_window\n"
        f"print([name for name in sys.modules if name.startswith({heavy!r})])"
    )  # fmt: skip
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_frame_shows_before_there_is_a_desk(make_window: Make, qtbot: QtBot) -> None:
    window = make_window(None)
    assert window.rail.isVisible()
    assert window.top_bar.field.isVisible()
    qtbot.waitUntil(window._loading.skeleton.isVisible, timeout=2000)
    QTest.keyClicks(window.top_bar.field, "415")
    window.rail.button(Page.MESSAGES).click()
    window.grab()


def test_what_was_typed_before_is_offered_after(make_window: Make, fake: FakeDesk) -> None:
    window = make_window(None)
    window.activateWindow()
    window.top_bar.field.setFocus()
    QTest.keyClicks(window.top_bar.field, "ana")
    window.attach(fake.desk, None)
    assert window.top_bar.field.text() == "ana"


def test_refusal_says_what_happened_and_quits(make_window: Make, qtbot: QtBot) -> None:
    window = make_window(None)
    window.refuse(AppError(ErrorCode.KEY_LOST, path="/very/long/" + "x" * 300, backend="GNOME"))
    window.grab()
    assert window._refusal is not None
    assert "GNOME" not in window._refusal.sentence  # a name of the technician's, not of the rep's
    with qtbot.waitSignal(window.closed):
        window._refusal.button.click()


def test_a_bug_is_told_and_the_window_goes_on(window: MainWindow, shell: Shell, make_window: Make) -> None:
    window.tell_bug(ZeroDivisionError())
    assert "Something went wrong" in shell.status.text(Matter.TROUBLE)
    window.tell_bug(AppError(ErrorCode.STORE_UNREADABLE, path="/x"))
    assert "cannot be opened" in shell.status.text(Matter.TROUBLE)
    early = make_window(None)
    early.tell_bug(ZeroDivisionError())
    assert early._refusal is not None


def test_pages_and_badges(window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot) -> None:
    fake.reads.unread = 3
    shell.count()
    assert window.rail.button(Page.MESSAGES).count == 3
    window.rail.button(Page.MESSAGES).click()
    assert shell.workspace.conversations.isVisible()
    fake.reads.missed = 2
    shell.count()
    assert window.rail.button(Page.CALLS).count == 2
    assert window.rail.button(Page.CALLS).accessibleDescription() == "2 missed"
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.rail.button(Page.CALLS).count == 0, timeout=2000)
    assert fake.calls.seen >= 1


def _details(shell: Shell) -> bool:
    return shell.workspace.details_shown


def _matters(shell: Shell) -> list[str]:
    return [matter.value for matter in shell.status.matters]


def test_the_card_folds_below_1050(window: MainWindow, shell: Shell) -> None:
    window.resize(1200, 760)
    assert window.top_bar.details.isHidden()
    assert _details(shell)
    window.resize(800, 600)
    assert window.size() == QSize(800, 600)
    assert shell.workspace.folded
    assert not _details(shell)
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert _details(shell)
    assert window.top_bar.details.isChecked()
    window.top_bar.details.click()
    assert not _details(shell)
    window.resize(1200, 760)
    assert _details(shell)


def test_banners(window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot) -> None:
    status = shell.status
    assert status.isHidden()
    fake.lines.become("main", LineState.FAILED, LineReason.WRONG_PASSWORD)
    qtbot.waitUntil(lambda: Matter.LINE in status.matters, timeout=2000)
    assert "(415) 555-0100" in status.text(Matter.LINE)
    fake.hub.publish(PhoneLost(final=False))
    assert _matters(shell) == ["phone"]
    assert "Notes are safe" in status.text(Matter.PHONE)
    fake.lines.become("main", LineState.REGISTERED)
    fake.hub.publish(PhoneBack())
    assert _matters(shell) == []
    fake.lines.devices = DevicesChanged((), (), NOON, "none")
    fake.hub.publish(DevicesListed())
    qtbot.waitUntil(lambda: _matters(shell) == ["sound"], timeout=2000)
    fake.set_crm(CrmState.OFFLINE, AppError(ErrorCode.CRM_OFFLINE))
    fake.reads.outbox = [
        OutboxRow(1, "call", "c1", True, "crm-refused", "Owner is <b>inactive</b>", 1, NOON),
        OutboxRow(2, "day", "x|2026-11-20", False, "", "", 0, NOON),
    ]
    fake.hub.publish(CrmStateChanged())
    fake.hub.publish(OutboxChanged())
    qtbot.waitUntil(lambda: len(status.matters) == 3, timeout=2000)
    assert "one call" in status.text(Matter.FAILED)
    assert "<b>inactive</b>" in status.text(Matter.FAILED)
    assert "1 waiting" in status.text(Matter.SALESFORCE)
    banner = status.bar(Matter.FAILED)
    assert banner is not None
    banner.acted.emit()
    assert shell.workspace.currentWidget() is shell.workspace.outbox


def test_trouble_stays_until_closed(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    fake.hub.publish(Troubled("store-full"))
    shell.nav.thread_opened.emit("main", ANA)
    assert "disk is full" in shell.status.text(Matter.TROUBLE)
    bar = shell.status.bar(Matter.TROUBLE)
    assert bar is not None
    bar.closed.emit()
    assert shell.status.matters == ()
    fake.hub.publish(Troubled("something-new", (("a", "b"),)))
    assert shell.status.text(Matter.TROUBLE) == "something-new"


def test_without_a_line_the_first_step_is_offered(make_window: Make, tmp_path: Path, qtbot: QtBot) -> None:
    bare = FakeDesk(tmp_path)
    window = make_window(bare)
    shell = window.shell
    assert shell is not None
    shell.show_page(Page.SETTINGS)
    assert "Import the provisioning file" in shell.status.text(Matter.NO_LINE)
    shell.show_page(Page.CALLS)
    path = tmp_path / "line.toml"
    path.write_text('[[line]]\nid = "main"\nuri = "sip:a@b"\n', "utf-8")
    shell.provisioning.use(str(path))
    qtbot.waitUntil(lambda: len(bare.lines.provisioned) == 1)
    for name in ("absent.toml", "broken.toml"):
        (tmp_path / "broken.toml").write_text("[[line]\n")
        shell.provisioning.use(str(tmp_path / name))
        qtbot.waitUntil(lambda name=name: name in shell.status.text(Matter.TROUBLE))  # type: ignore[misc]
    shell.nav.call_wanted.emit(ANA, "", "")
    assert "No line is set up" in shell.status.text(Matter.TROUBLE)
    assert window.top_bar.line.word == "No line"


def test_settings_are_kept_at_once(window: MainWindow, shell: Shell, fake: FakeDesk, look: Theme) -> None:
    shell.show_page(Page.SETTINGS)
    page = shell.workspace.settings
    assert fake.lines.listed == 1
    picker = page.choices["input"]
    assert [value for value, _ in picker.offered] == ["default", "Headset", "Webcam", "none"]
    menu = picker.menu_of_offers()
    menu.actions()[1].trigger()
    assert fake.lines.settings.audio.input == "Headset"
    menu.deleteLater()
    fake.lines.devices = DevicesChanged(("Webcam",), (), NOON)
    fake.hub.publish(DevicesListed())
    assert picker.word == "Headset (not there now)"
    page.modes[ThemeMode.DARK].click()
    assert fake.lines.settings.theme is ThemeSetting.DARK
    assert look.dark


def test_a_link_at_the_start(make_window: Make, fake: FakeDesk) -> None:
    window = make_window(None)
    window.attach(fake.desk, "tel:+14155550142")
    assert window.top_bar.field.text() == "+14155550142"
    assert fake.calls.dialled == []


@pytest.mark.parametrize("link", ["nonsense", "ringdown:erase?to=1"])
def test_a_bad_link_says_so(make_window: Make, fake: FakeDesk, link: str) -> None:
    window = make_window(None)
    window.attach(fake.desk, link)
    assert window.shell is not None
    assert "not a link" in window.shell.status.text(Matter.TROUBLE)


def test_an_sms_link_opens_the_thread_and_sends_nothing(make_window: Make, fake: FakeDesk) -> None:
    window = make_window(None)
    window.attach(fake.desk, "sms:+14155550142?body=Hello")
    assert window.shell is not None
    assert window.shell.workspace.page.thread_of == ("main", ANA)
    assert fake.messages.sent == []


def test_person_and_record(window: MainWindow, shell: Shell, fake: FakeDesk, opened_urls: list[str]) -> None:
    shell.nav.person_opened.emit(ANA_RECORD.ref)
    assert shell.workspace.page.thread_of == ("main", ANA)
    shell.nav.record_wanted.emit(ANA_RECORD.ref)
    shell.nav.url_wanted.emit("https://acme.my.example/x")
    shell.nav.url_wanted.emit("file:///etc/passwd")
    assert opened_urls == ["https://acme.my.example/003000000000001AAA", "https://acme.my.example/x"]
    fake.cards.online = False
    shell.nav.record_wanted.emit(ANA_RECORD.ref)
    assert "Sign in again" in shell.status.text(Matter.TROUBLE)


def test_a_store_that_cannot_be_read_breaks_nothing(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    fake.reads.broken = AppError(ErrorCode.STORE_UNREADABLE, path="/x")
    window.top_bar.field.setText("ana")
    window.top_bar.field.refresh()
    assert "cannot be opened" in window.top_bar.field.sentence
    shell.nav.call_opened.emit("c1")
    assert shell.status.text(Matter.TROUBLE)


def test_demo_guide_calls(make_window: Make, fake: FakeDesk) -> None:
    fake.demo_numbers = (("+14155550101", "answers and talks"), ("+14155550102", "is busy"))
    window = make_window(fake)
    guide = window.findChild(DemoGuide)
    assert guide is not None
    guide.buttons["+14155550101"].click()
    assert [number for number, _, _ in fake.calls.dialled] == ["+14155550101"]


@pytest.mark.parametrize("size", [(800, 600), (1280, 800)])
def test_the_demo_guide_tells_its_sentences_whole(make_window: Make, fake: FakeDesk, size: tuple[int, int]) -> None:
    fake.demo_numbers = demo.NUMBERS
    window = make_window(fake)
    window.resize(*size)
    QApplication.processEvents()
    guide = window.findChild(DemoGuide)
    assert guide is not None
    labels = guide.findChildren(PlainLabel)
    assert [label.text() for label in labels if label.elided] == []
    assert {does for _, does in demo.NUMBERS} <= {label.text() for label in labels}


def test_everything_that_can_be_pressed_has_a_name(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    shell.nav.call_wanted.emit(ANA, "", "")
    fake.calls.ring(BO)
    nameless = [
        button
        for button in window.findChildren(QPushButton)
        if button.isVisible() and not button.accessibleName()
    ]  # fmt: skip
    assert nameless == []


def test_tab_reaches_everything_that_takes_the_keyboard(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    shell.nav.call_opened.emit(call)
    window.activateWindow()
    panel = shell.workspace.page.panel
    wanted = {window.top_bar.field, window.top_bar.keypad_button, window.top_bar.line, panel.mute, panel.hold,
              panel.keys, panel.end, panel.notes.edit}  # fmt: skip
    seen: set[QWidget] = set()
    at: QWidget | None = window.top_bar.field
    while at is not None and at not in seen:
        seen.add(at)
        at = at.nextInFocusChain()
    reachable = {w for w in seen if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus}
    assert wanted <= reachable


def test_sentences_never_fail() -> None:
    for code in ErrorCode:
        assert error_sentence(AppError(code))
    assert error_sentence(AppError(ErrorCode.NUMBER_UNREADABLE, typed="{0} {x}")) == "“{0} {x}” is not a phone number."
    assert line_reason(LineReason.NONE) == ""
    assert all(line_reason(reason) for reason in LineReason if reason)


def test_theme_changes_repaint_everything(window: MainWindow, shell: Shell, fake: FakeDesk, look: Theme) -> None:
    shell.nav.call_wanted.emit(ANA, "", "")
    fake.lines.settings = replace(fake.lines.settings)
    for mode in (ThemeMode.DARK, ThemeMode.LIGHT, ThemeMode.SYSTEM):
        look.set_mode(mode)
        window.grab()


def test_a_click_does_not_land_on_what_slid_under_the_pointer(
    window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot
) -> None:
    fake.demo_numbers = ()
    shell.nav.call_wanted.emit(ANA, "", "")
    call = fake.calls.live()[0].id
    fake.calls.connect(call)
    qtbot.waitUntil(lambda: not shell.shield.is_up, timeout=2000)
    fake.calls.ring(BO)
    qtbot.waitUntil(lambda: shell.shield.is_up, timeout=2000)
    panel = shell.workspace.page.panel
    QTest.mouseClick(panel.end, Qt.MouseButton.LeftButton)
    assert len(fake.calls.live()) == 2
    qtbot.waitUntil(lambda: shell.banner.bar(fake.calls.live()[1].id) is not None)
    bar = shell.banner.bar(fake.calls.live()[1].id)
    assert bar is not None
    QTest.mouseClick(bar.reject, Qt.MouseButton.LeftButton)
    assert [live.id for live in fake.calls.live()] == [call]
    qtbot.waitUntil(lambda: not shell.shield.is_up, timeout=2000)
    QTest.mouseClick(panel.end, Qt.MouseButton.LeftButton)
    assert fake.calls.live() == ()


@pytest.mark.parametrize("numbers", [(), (("+14155550101", "answers and talks"),)])
def test_no_empty_page_floats_over_another(
    make_window: Make, fake: FakeDesk, numbers: tuple[tuple[str, str], ...]
) -> None:
    fake.demo_numbers = numbers
    page = make_window(fake).findChild(ConversationPage)
    assert page is not None
    assert [each for each in page.findChildren(EmptyState) if each.parent() is page] == []
