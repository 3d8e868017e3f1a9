"""Another language is spoken at once: a new window at the same place, nothing typed is lost, never during a call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.domain.events import CallChanged, LinesChanged
from app.settings import Language
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.design.theme import Theme
from ui.language import speak
from ui.rail import Page
from ui.shell import Shell
from ui.window_keeper import WindowKeeper


@pytest.fixture
def keeper(qapp: QApplication, look: Theme, fake: FakeDesk) -> Iterator[WindowKeeper]:
    speak(qapp, Language.ENGLISH)
    made = WindowKeeper(qapp, look, None)
    made.window.show()
    made.attach(fake.desk, None)
    yield made
    made.window.quit()
    made.window.deleteLater()
    made.deleteLater()
    speak(qapp, Language.ENGLISH)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def inside(keeper: WindowKeeper) -> Shell:
    assert keeper.window.shell is not None
    return keeper.window.shell


def test_it_speaks_at_once_at_the_same_place(keeper: WindowKeeper, fake: FakeDesk) -> None:
    old = keeper.window
    inside(keeper).workspace.open_thread("main", ANA)
    inside(keeper).show_page(Page.SETTINGS)
    assert old.rail.button(Page.SETTINGS).word == "Settings"
    fake.lines.set_language(Language.JAPANESE)
    fresh = keeper.window
    assert fresh is not old
    assert fresh.isVisible()
    assert not old.isVisible()
    assert fresh.rail.button(Page.SETTINGS).word != "Settings"
    assert inside(keeper).page is Page.SETTINGS
    assert inside(keeper).workspace.page.thread_of == ("main", ANA)
    fake.lines.set_language(Language.ENGLISH)
    assert keeper.window.rail.button(Page.SETTINGS).word == "Settings"


def test_the_old_window_hears_nothing_any_more(
    keeper: WindowKeeper, fake: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(inside(keeper).workspace.settings, "refresh", lambda: heard.append("old"))
    fake.lines.set_language(Language.JAPANESE)
    heard.clear()
    fake.hub.publish(LinesChanged())
    assert heard == []


def test_never_during_a_call(keeper: WindowKeeper, fake: FakeDesk) -> None:
    old = keeper.window
    call = fake.calls.ring(ANA)
    fake.lines.set_language(Language.JAPANESE)
    assert keeper.window is old
    fake.calls.answer(call)
    fake.hub.publish(CallChanged(call))
    assert keeper.window is old
    fake.calls.end(call)
    assert keeper.window is not old
    assert keeper.window.rail.button(Page.CALLS).word != "Calls"


def test_notes_are_stored_first(keeper: WindowKeeper, fake: FakeDesk) -> None:
    inside(keeper).nav.call_wanted.emit(ANA, "", "")
    call = fake.calls.live()[0].id
    fake.calls.connect(call)
    fake.calls.end(call)
    inside(keeper).workspace.page.panel.notes.edit.setPlainText("said yes")
    fake.lines.set_language(Language.JAPANESE)
    assert fake.reads.logs[call].notes == "said yes"
    assert inside(keeper).workspace.page.call_id == call
    assert inside(keeper).workspace.page.panel.notes.edit.toPlainText() == "said yes"
    assert fake.calls.get(call) is not None


def test_closing_the_new_window_ends_the_app(keeper: WindowKeeper, fake: FakeDesk) -> None:
    ended: list[bool] = []
    keeper.closed.connect(lambda: ended.append(True))
    fake.lines.set_language(Language.JAPANESE)
    assert ended == []
    keeper.window.quit()
    assert ended == [True]


def test_the_meters_of_the_new_window_move(keeper: WindowKeeper, fake: FakeDesk) -> None:
    inside(keeper).show_page(Page.SETTINGS)
    assert fake.lines.watching
    fake.lines.set_language(Language.JAPANESE)
    assert fake.lines.watching
