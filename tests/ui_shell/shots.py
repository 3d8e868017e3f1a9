"""Pictures of the window in its states, to look at: `python -m tests.ui_shell.shots DIR [NAME…]`. No test."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.call import CallState, Direction, EndReason, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import LineReason, LineState, Match
from app.domain.events import CrmStateChanged, LinesChanged, Troubled
from app.domain.message import Delivery
from app.errors import AppError, ErrorCode
from app.reads.rows import ConversationRow, LastContact, OutboxRow, RecentRow
from app.settings import Theme as ThemeSetting
from app.usecases.login import CrmState
from app.usecases.sign_in import Waiting
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_CARD, ANA_RECORD, BO, BO_RECORD, HOSTILE, LINE, NOON, SECOND
from ui.design.theme import Theme, ThemeMode
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell

Scene = Callable[[FakeDesk, MainWindow, Shell], "QWidget | None"]


def desk(folder: Path) -> FakeDesk:
    made = FakeDesk(folder, LINE)
    made.know(ANA_RECORD, BO_RECORD)
    made.cards.cards[ANA_RECORD.ref] = ANA_CARD
    made.reads.missed, made.reads.unread = 2, 3
    for at, (number, name, company, way, outcome) in enumerate(
        (
            (ANA, "Ana Flores", "Acme", Direction.IN, Outcome.ANSWERED),
            (BO, "Bo Lindqvist", "Nord Logistics", Direction.OUT, Outcome.ANSWERED),
            ("+15035550188", "", "", Direction.IN, Outcome.MISSED),
            ("+442079460958", "", "", Direction.OUT, Outcome.FAILED),
            ("+14155550133", "Priya Raman", "Cobalt", Direction.IN, Outcome.MISSED),
        )
    ):
        made.reads.rows.append(
            RecentRow(
                f"r{at}", "main", number, name, company, ANA_RECORD.ref if number == ANA else None, way, outcome,
                NOON - timedelta(hours=3 * at + 1), 134 * (outcome is Outcome.ANSWERED), at == 0, Synced.DONE, False,
            )
        )  # fmt: skip
    made.reads.threads.append(
        ConversationRow(
            "main", ANA, "Ana Flores", "Acme", ANA_RECORD.ref, NOON, "Can you send the quote?", Direction.IN,
            Delivery.DELIVERED, 3,
        )
    )  # fmt: skip
    made.text("Hi Riley, can you send me the renewal quote before our call?", 90)
    made.text("Sent just now. Page 2 has the three-year price.", 60, out=True)
    made.text("Perfect, thanks! Talk at noon.", 58)
    return made


def empty(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    return


def live(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shell.nav.call_wanted.emit(ANA, "", "")
    call = fake.calls.live()[0].id
    fake.calls.connect(call)
    fake.clock.forward(134)
    shell.workspace.page.panel.notes.edit.setPlainText("Wants the three-year price.\nLegal signs on Thursday.")
    shell.flush()
    shell._tick()


def two(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    live(fake, window, shell)
    second = fake.calls.ring(BO)
    fake.calls.answer(second)
    fake.clock.forward(12)
    shell.nav.thread_opened.emit("main", "+442079460958")
    shell._tick()


def incoming(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shell.nav.thread_opened.emit("main", ANA)
    fake.calls.ring(BO)


def past(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    live(fake, window, shell)
    call = fake.calls.live()[0].id
    fake.calls.end(call)
    fake.reads.logs[call] = replace(fake.reads.logs[call], synced=Synced.DONE, task_id="00T")
    shell.workspace.page.panel.refresh()


def failed(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shell.nav.call_wanted.emit("+442079460958", "", "")
    call = fake.calls.live()[0].id
    fake.calls.connect(call)
    fake.calls._calls[call] = replace(fake.calls._calls[call], answered=None, state=CallState.RINGING)
    fake.calls.end(call, 480, EndReason.NO_ANSWER)
    message = "Task Owner: this user is inactive. Ask the admin to change the owner."
    fake.reads.logs[call] = replace(
        fake.reads.logs[call], synced=Synced.FAILED, sync_error=message, notes="Try again on Monday"
    )
    fake.reads.outbox.append(OutboxRow(1, "call", call, True, "crm-refused", message, 1, NOON))
    shell.workspace.page.panel.refresh()
    shell.status.refresh()


def field_number(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    window.top_bar.field.setText("4155550142")
    window.top_bar.field.refresh()


def field_name(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    window.top_bar.field.setText("a")
    window.top_bar.field.refresh()


def field_bad(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    window.top_bar.field.setText("+1 415 555 0142 99999")
    window.top_bar.field.refresh()


def new_message(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shell.show_page(Page.MESSAGES)
    shell.workspace.conversations.start_new()
    field = shell.workspace.conversations.new_field.field
    field.setText("ana")
    field.refresh()


def no_line(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.lines.settings = replace(fake.lines.settings, line=())
    fake.hub.publish(LinesChanged())


def away(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.lines.become("main", LineState.FAILED, LineReason.UNREACHABLE)
    fake.set_crm(CrmState.OFFLINE, AppError(ErrorCode.CRM_OFFLINE))
    fake.hub.publish(CrmStateChanged())
    shell.nav.thread_opened.emit("main", ANA)
    shell.status.refresh()


def keypad(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    window.top_bar.keypad_button.click()


def tones(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    live(fake, window, shell)
    shell.workspace.page.panel.keys.click()
    shell.workspace.page.panel.tones._press("4")
    shell.workspace.page.panel.tones._press("2")


def settings(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shell.show_page(Page.SETTINGS)


def signed_out(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.sign_in.is_set_up = True
    fake.set_crm(CrmState.SIGNED_OUT, AppError(ErrorCode.SIGN_IN_ENDED))
    fake.hub.publish(CrmStateChanged())
    shell.status.refresh()
    _salesforce(shell)


def signing_in(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.sign_in.is_set_up = True
    fake.set_crm(CrmState.SIGNED_OUT)
    fake.sign_in.choose("acme")
    fake.sign_in.become(Waiting("https://acme.my.salesforce.com/services/oauth2/authorize?x=1"), None)
    shell.status.refresh()
    _salesforce(shell)


def sign_in_refused(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.sign_in.is_set_up = True
    fake.set_crm(CrmState.SIGNED_OUT)
    fake.reads.others = [("Jordan Brooks", 3)]
    fake.sign_in.become(None, AppError(ErrorCode.SIGN_IN_NETWORK))
    shell.status.refresh()
    _salesforce(shell)


def signed_in(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.reads.others = [("Jordan Brooks", 3)]
    fake.hub.publish(CrmStateChanged())
    _salesforce(shell)


def _salesforce(shell: Shell) -> None:
    shell.show_page(Page.SETTINGS)
    QApplication.processEvents()
    page = shell.workspace.settings
    page.ensureWidgetVisible(page.salesforce_group, 0, 200)


def banners(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    fake.lines.become("main", LineState.FAILED, LineReason.WRONG_PASSWORD)
    fake.set_crm(CrmState.OFFLINE, AppError(ErrorCode.CRM_OFFLINE))
    fake.reads.outbox.append(OutboxRow(1, "call", "c", False, "", "", 1, NOON))
    fake.hub.publish(CrmStateChanged())
    fake.hub.publish(Troubled("store-full"))
    shell.nav.thread_opened.emit("main", ANA)


def hostile(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    record = replace(ANA_RECORD, name=HOSTILE, company=HOSTILE)
    fake.reads.matches.clear()
    fake.reads.persons.clear()
    fake.know(record)
    live(fake, window, shell)
    shell.nav.thread_opened.emit("main", "+442079460958")
    fake.calls.ring(ANA, HOSTILE)


def asks(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    shy = replace(ANA_RECORD, do_not_call=True)
    fake.reads.matches[ANA] = Match((shy,), shy)
    shell.nav.call_wanted.emit(ANA, "", "")


def details(fake: FakeDesk, window: MainWindow, shell: Shell) -> None:
    live(fake, window, shell)
    window.top_bar.details.click()


def popup(fake: FakeDesk, window: MainWindow, shell: Shell) -> QWidget | None:
    fake.lines.add(SECOND)
    return shell.cards.card(fake.calls.ring(ANA))


def popup_unknown(fake: FakeDesk, window: MainWindow, shell: Shell) -> QWidget | None:
    return shell.cards.card(fake.calls.ring("+442079460958"))


def popup_many(fake: FakeDesk, window: MainWindow, shell: Shell) -> QWidget | None:
    fake.know(replace(BO_RECORD, name="Ben Ode"), number=ANA)
    fake.reads.last = LastContact("text", Direction.IN, NOON - timedelta(days=2), "Can you send the quote? Thanks")
    return shell.cards.card(fake.calls.ring(ANA))


def popup_hostile(fake: FakeDesk, window: MainWindow, shell: Shell) -> QWidget | None:
    return shell.cards.card(fake.calls.ring("+15035550177", HOSTILE))


SCENES: dict[str, Scene] = {
    name: scene
    for name, scene in globals().items()
    if callable(scene)
    and getattr(scene, "__module__", "") == __name__
    and name.islower()
    and name not in {"desk", "main", "shoot", "_salesforce"}
}


def shoot(folder: Path, names: list[str]) -> None:
    os.environ["TZ"] = "UTC"
    time.tzset()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    look = Theme.install(app, ThemeMode.LIGHT)
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        if names and name not in names:
            continue
        for mode in (ThemeMode.LIGHT, ThemeMode.DARK):
            for size in ((1280, 800), (800, 600)):
                with tempfile.TemporaryDirectory() as profile:
                    fake = desk(Path(profile))
                    fake.lines.set_theme(ThemeSetting(mode.value))
                    if name == "empty":
                        fake.is_demo = True
                        fake.demo_numbers = (
                            ("+14155550101", "answers and talks"),
                            ("+14155550102", "is busy"),
                            ("+14155550103", "rings, nobody answers"),
                            ("+14155550104", "voicemail"),
                            ("+14155550105", "echoes you"),
                        )
                    look.set_mode(mode)
                    window = MainWindow(look, None, lambda _: True)
                    window.resize(*size)
                    window.show()
                    window.attach(fake.desk, None)
                    window.activateWindow()
                    app.processEvents()
                    assert window.shell is not None
                    target = scene(fake, window, window.shell) or window
                    for _ in range(6):
                        app.processEvents()
                    target.grab().save(str(folder / f"{name}-{mode.value}-{size[0]}.png"))
                    window.quit()
                    window.deleteLater()
                    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    shoot(Path(sys.argv[1]), sys.argv[2:])
