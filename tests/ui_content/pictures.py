"""Pictures of the panes to look at: `python -m tests.ui_content.pictures DIR [NAME…]`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.counterpart import LineState, Match
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from tests.ui_content import samples
from tests.ui_content.fake_desk import ANA, LINE, NOON, FakeDesk
from ui.conversations import ConversationsList
from ui.design.theme import Theme, ThemeMode
from ui.design.tokens import ColourRole
from ui.navigator import Navigator
from ui.people import PeopleList
from ui.recents import RecentsList
from ui.sidebar import Sidebar
from ui.thread import ThreadView

SCENES: dict[str, Callable[[], QWidget]] = {}


def _scene(build: Callable[[], QWidget]) -> Callable[[], QWidget]:
    SCENES[build.__name__] = build
    return build


@_scene
def recents() -> QWidget:
    fake = FakeDesk()
    samples.calls(fake)
    samples.live(fake)
    pane = RecentsList(fake.desk, Navigator())
    pane.resize(320, 840)
    return pane


@_scene
def recents_empty() -> QWidget:
    pane = RecentsList(FakeDesk().desk, Navigator())
    pane.resize(320, 500)
    return pane


@_scene
def conversations() -> QWidget:
    fake = FakeDesk()
    samples.threads(fake)
    pane = ConversationsList(fake.desk, Navigator())
    pane.resize(320, 480)
    pane.start_new()
    return pane


@_scene
def people() -> QWidget:
    fake = FakeDesk()
    samples.people(fake)
    pane = PeopleList(fake.desk, Navigator())
    pane.resize(320, 480)
    return pane


@_scene
def thread() -> QWidget:
    fake = FakeDesk(LINE, replace(LINE, id="support", number="+14155550199"))
    samples.thread(fake)
    fake.reads.drafts["main", ANA] = "Attached is the quote we talked about yesterday. " * 3
    pane = ThreadView(fake.desk, Navigator())
    pane.resize(520, 780)
    pane.open("main", ANA)
    return pane


@_scene
def thread_away() -> QWidget:
    fake = FakeDesk()
    fake.lines.state = LineState.FAILED
    fake.messages.refuse = AppError(ErrorCode.TEXT_TOO_LONG, bytes=3211, most=3000)
    pane = ThreadView(fake.desk, Navigator())
    pane.resize(420, 420)
    pane.open("main", ANA)
    pane.insert_text("Hello")
    pane.composer.send()
    return pane


def _sidebar(fake: FakeDesk, height: int, number: str = ANA) -> QWidget:
    pane = Sidebar(fake.desk, Navigator())
    pane.resize(340, height)
    pane.show_number(number, "main")
    return pane


@_scene
def sidebar() -> QWidget:
    fake = FakeDesk()
    samples.card(fake)
    return _sidebar(fake, 800)


@_scene
def sidebar_offline() -> QWidget:
    fake = FakeDesk()
    samples.card(fake)
    samples.calls(fake)
    samples.thread(fake)
    fake.cards.cards.clear()
    fake.set_crm(CrmState.OFFLINE)
    return _sidebar(fake, 620)


@_scene
def sidebar_many() -> QWidget:
    fake = FakeDesk()
    samples.several(fake)
    return _sidebar(fake, 480)


@_scene
def sidebar_nobody() -> QWidget:
    fake = FakeDesk()
    samples.calls(fake)
    fake.reads.asked["+15035550188"] = NOON
    return _sidebar(fake, 480, "+15035550188")


@_scene
def sidebar_adding() -> QWidget:
    fake = FakeDesk()
    fake.reads.asked["+15035550188"] = NOON
    fake.cards.found = [samples.PERSON, samples.hostile()]
    pane = _sidebar(fake, 480, "+15035550188")
    assert isinstance(pane, Sidebar)
    pane.nobody.add_button.click()
    pane.nobody.field.setText("a")
    return pane


@_scene
def sidebar_hostile() -> QWidget:
    fake = FakeDesk()
    fake.reads.matches[ANA] = Match((samples.hostile(),), samples.hostile())
    return _sidebar(fake, 480)


@_scene
def sidebar_error() -> QWidget:
    fake = FakeDesk()
    samples.card(fake)
    fake.cards.cards.clear()
    fake.cards.problems[samples.REF] = AppError(ErrorCode.CRM_REFUSED, message="No access to this object.")
    return _sidebar(fake, 480)


@_scene
def sidebar_loading() -> QWidget:
    fake = FakeDesk()
    samples.card(fake)
    fake.cards.cards.clear()
    fake.cards.loading.add(samples.REF)
    return _sidebar(fake, 480)


@_scene
def sidebar_clear() -> QWidget:
    pane = Sidebar(FakeDesk().desk, Navigator())
    pane.resize(340, 400)
    return pane


def main() -> None:
    """Draw all scenes, light and dark, at 1 and 2."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["TZ"] = "UTC"
    time.tzset()
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    QLocale.setDefault(QLocale("en_US"))
    for mode, scale in ((ThemeMode.LIGHT, 1.0), (ThemeMode.DARK, 1.0), (ThemeMode.LIGHT, 2.0)):
        Theme.install(app, mode)
        for name, build in SCENES.items():
            if wanted and not any(name.startswith(part) for part in wanted):
                continue
            pane = build()
            pane.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            pane.show()
            QTest.qWait(600)
            pixmap = QPixmap(pane.size() * scale)
            pixmap.setDevicePixelRatio(scale)
            pixmap.fill(Theme.install(app, mode).colour(ColourRole.SURFACE))
            pane.render(pixmap, QPoint(0, 0))
            pixmap.save(str(folder / f"{name}-{mode.value}-{scale:g}x.png"))
            pane.hide()
            pane.deleteLater()


if __name__ == "__main__":
    main()
