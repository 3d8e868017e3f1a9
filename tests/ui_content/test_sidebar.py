"""The sidebar in all its states."""

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.call import CallState
from app.domain.call_log import CallLog, Synced
from app.domain.counterpart import CrmRecord, Match, RecordRef, TimelineEntry
from app.domain.events import CallLogChanged, CardChanged, CrmStateChanged, MatchChanged
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from tests.ui_content import samples
from tests.ui_content.fake_desk import ANA, NOON, FakeDesk
from tests.ui_content.samples import CARD, REF
from ui.components import BannerKind, IconButton
from ui.navigator import Navigator
from ui.sidebar import Sidebar

STRANGER = "+15035550188"


def _sidebar(qtbot: QtBot, fake: FakeDesk, nav: Navigator, number: str = "") -> Sidebar:
    pane = Sidebar(fake.desk, nav)
    qtbot.addWidget(pane)
    pane.resize(340, 800)
    pane.show()
    qtbot.waitExposed(pane)
    if number:
        pane.show_number(number, "main")
    return pane


def _titles(pane: Sidebar) -> dict[str, list[str]]:
    groups = {"deals": pane.card.deals, "cases": pane.card.cases, "timeline": pane.card.timeline}
    return {name: [row.entry.title for row in group.rows] for name, group in groups.items()}


def _shown_numbers(pane: Sidebar) -> list[str]:
    return [row.findChildren(QLabel)[0].text() for row in pane.card.numbers.rows]


def test_everything_in_its_order(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    parts = (pane.card.who, pane.card.numbers, pane.card.deals, pane.card.cases, pane.card.timeline)
    assert [part.y() for part in parts] == sorted(part.y() for part in parts)
    assert all(part.isVisible() for part in parts)
    assert pane.card.who.name.word == "Ana Flores"
    assert _shown_numbers(pane) == ["(415) 555-0100", "(628) 555-0143", "+49 1512 3456789 ext. 123"]
    assert _titles(pane)["cases"] == ["00001042 Cannot log in since Monday"]
    assert [row.entry.end for row in pane.card.deals.rows] == ["$42k", "$1.2m"]
    assert [row.entry.end for row in pane.card.timeline.rows] == ["9:41\u00a0AM", "Yesterday", "Tuesday", "Oct 2"]
    assert fake.matching.looked == [(ANA, False)]
    assert fake.cards.loads == [(REF, False)]


def test_clicks(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    records, calls, texts = (QSignalSpy(signal) for signal in (nav.record_wanted, nav.call_wanted, nav.text_wanted))
    pane.card.who.name.click()
    pane.card.who.company.click()
    pane.card.deals.rows[0].click()
    pane.card.cases.rows[0].click()
    pane.card.timeline.rows[1].click()
    kinds = [records.at(at)[0].kind for at in range(records.count())]
    assert kinds == ["Contact", "Account", "Opportunity", "Case", "Ringdown_Day__c"]
    call, text = pane.card.numbers.rows[1].findChildren(IconButton)
    call.click()
    text.click()
    assert (calls.at(0), texts.at(0)) == (["+1 628 555 0143", "main", REF.id], ["+1 628 555 0143", "main"])
    pane.card.deals.rows[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pane.card.deals.rows[0], Qt.Key.Key_Return)
    assert records.count() == 6


def test_what_is_cached_shows_at_once_and_stays(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    card = fake.cards.cards.pop(REF)
    fake.cards.loading.add(REF)
    pane = _sidebar(qtbot, fake, nav, ANA)
    assert pane.card.who.isVisible()
    assert not pane.card.deals.isVisible()
    assert not pane.card.skeleton.isVisible()
    qtbot.waitUntil(pane.card.skeleton.isVisible)
    fake.cards.loading.clear()
    fake.cards.cards[REF] = card
    fake.hub.publish(CardChanged(REF))
    qtbot.waitUntil(pane.card.deals.isVisible)
    assert not pane.card.skeleton.isVisible()
    kept = pane.card.deals.rows[0]
    fake.cards.cards[REF] = replace(CARD, cases=())
    fake.hub.publish(CardChanged(REF))
    qtbot.waitUntil(lambda: not pane.card.cases.rows)
    assert pane.card.deals.rows[0] is kept  # what did not change is not touched
    assert fake.cards.loads == [(REF, False)]


def test_the_keyboard_stays_on_a_line_that_stays(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    first, here = pane.card.deals.rows[:2]
    here.setFocus()
    other = replace(CARD.deals[1], stage="Closed Won")
    fake.cards.cards[REF] = replace(CARD, deals=(other, replace(CARD.deals[0], id="006new")))
    fake.hub.publish(CardChanged(REF))
    qtbot.waitUntil(lambda: first not in pane.card.deals.rows)
    assert pane.card.deals.rows[0] is here
    assert here.hasFocus()
    assert here.entry.detail.startswith("Closed Won")
    assert "Closed Won" in here.accessibleName()


def test_days_are_those_of_the_rep_in_salesforce(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.login.zone = lambda: "Pacific/Auckland"  # there it is the 21st already
    called = TimelineEntry("00T1", "call", "Call to Ana Flores", "2026-11-21", "Mia Tran")
    samples.card(fake)
    fake.cards.cards[REF] = replace(CARD, timeline=(called, replace(called, id="00T2", when="2026-11-20")))
    pane = _sidebar(qtbot, fake, nav, ANA)
    assert [row.entry.end for row in pane.card.timeline.rows] == ["Today", "Yesterday"]
    assert pane.card.deals.rows[0].entry.detail == "Negotiation · closes Dec 15"


def test_the_parts_of_a_day_of_texts_say_which_they_are(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    first = TimelineEntry("a011", "texts", "", "2026-11-20", "Mia Tran", ANA, texts=81)
    parts = (replace(first, id="a013", texts=1, part=3), replace(first, id="a012", texts=10, part=2), first)
    fake.cards.cards[REF] = replace(CARD, timeline=parts)
    pane = _sidebar(qtbot, fake, nav, ANA)
    said = [row.entry.title for row in pane.card.timeline.rows]
    assert said == ["1 text, part 3", "10 texts, part 2", "81 texts"]


def test_several_people(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.several(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    assert not pane.card.isVisible()
    refs = list(pane.who.rows)
    assert pane.who.rows[refs[0]].word == "Ana Flores"
    pane.who.rows[refs[1]].click()
    assert fake.matching.chosen == [(ANA, refs[1])]
    qtbot.waitUntil(pane.card.isVisible)
    assert pane.card.who.name.word.startswith("Benjamin")
    assert list(pane.who.rows) == refs  # nothing moves under the pointer
    assert [row.isChecked() for row in pane.who.rows.values()] == [False, True, False]
    pane.show_number(STRANGER, "main")
    pane.show_number(ANA, "main")
    assert next(iter(pane.who.rows)) == refs[1]  # the remembered one first


def test_nobody(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.calls(fake)
    fake.reads.asked[STRANGER] = NOON
    pane = _sidebar(qtbot, fake, nav, STRANGER)
    urls, opened = QSignalSpy(nav.url_wanted), QSignalSpy(nav.call_opened)
    assert pane.nobody.isVisible()
    assert [row.entry.title for row in pane.nobody.local.rows] == ["Call in"]
    pane.nobody.local.rows[0].click()
    assert opened.at(0) == ["3"]
    pane.nobody.new_button.click()
    pane.form.browser.click()
    assert urls.at(0) == [f"https://acme.example/new?phone={STRANGER}"]
    QApplication.sendEvent(pane, QEvent(QEvent.Type.WindowActivate))
    assert fake.matching.looked[-1] == (STRANGER, True)
    pane.form.cancel.click()
    fake.set_crm(CrmState.SIGNED_OUT)
    fake.hub.publish(CrmStateChanged())
    qtbot.waitUntil(lambda: not pane.nobody.new_button.isVisible())
    assert pane.note.text().startswith("Not signed in")
    assert not pane.banner.isVisible()


def test_a_first_look_up_is_waited_for(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.matching.asking.add(STRANGER)
    pane = _sidebar(qtbot, fake, nav, STRANGER)
    assert not pane.nobody.isVisible()
    qtbot.waitUntil(pane.skeleton.isVisible)
    fake.matching.answered("+15035550199")  # somebody else
    fake.hub.publish(MatchChanged(""))
    qtbot.wait(1)
    assert not pane.nobody.isVisible()
    fake.matching.answered(STRANGER)  # also when the look-up failed
    qtbot.waitUntil(pane.nobody.isVisible)
    fake.reads.asked[STRANGER] = NOON
    fake.matching.asking.add(STRANGER)
    fake.hub.publish(MatchChanged(STRANGER))
    qtbot.wait(1)
    assert pane.nobody.isVisible()  # asked again: the last answer stays meanwhile


def test_offline_keeps_what_is_known(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    fake.set_crm(CrmState.OFFLINE)
    fake.hub.publish(CrmStateChanged())
    qtbot.waitUntil(pane.note.isVisible)
    assert not pane.banner.isVisible()  # the window has one
    assert pane.card.deals.isVisible()
    fake.set_crm(CrmState.SIGNED_IN)
    fake.hub.publish(CrmStateChanged())
    qtbot.waitUntil(lambda: not pane.note.isVisible())
    assert len(fake.cards.loads) == 2  # back again: old cards are asked for


def test_an_error_can_be_tried_again(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    del fake.cards.cards[REF]
    fake.cards.problems[REF] = AppError(ErrorCode.CRM_REFUSED, message="<b>no</b>")
    pane = _sidebar(qtbot, fake, nav, ANA)
    assert pane.banner.kind is BannerKind.ERROR
    assert "<b>no</b>" in pane.banner.accessibleName()
    pane.banner.acted.emit()
    assert fake.cards.loads[-1] == (REF, True)


def test_it_is_read_again_by_wish(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    pane.card.who.refresh.click()
    assert fake.matching.looked[-1] == (ANA, True)
    assert fake.cards.loads[-1] == (REF, True)
    assert pane.card.deals.isVisible(), "what is known stays meanwhile"


def test_a_call_that_was_logged_comes_onto_the_timeline(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.card(fake)
    samples.live(fake)
    pane = _sidebar(qtbot, fake, nav, ANA)
    log = CallLog(replace(fake.live[1], state=CallState.ENDED), task_id="00T1", synced=Synced.DONE)
    fake.reads.logs = {"mine": log, "waits": replace(log, synced=Synced.WAITING), "other": CallLog(fake.live[0])}
    for call_id in ("waits", "other", "nobody"):
        fake.hub.publish(CallLogChanged(call_id))
    qtbot.wait(20)
    assert fake.cards.loads == [(REF, False)]
    fake.hub.publish(CallLogChanged("mine"))
    qtbot.waitUntil(lambda: fake.cards.loads[-1] == (REF, True))
    fake.hub.publish(CallLogChanged("mine"))
    qtbot.wait(20)
    assert len(fake.cards.loads) == 2
    assert pane.card.deals.isVisible()


def test_a_record_without_a_number(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _sidebar(qtbot, fake, nav)
    assert pane.nothing.isVisible()
    fake.cards.loading.add(REF)
    pane.show_record(REF)
    assert not pane.card.isVisible()
    fake.cards.cards[REF] = CARD
    fake.hub.publish(CardChanged(REF))
    qtbot.waitUntil(pane.card.isVisible)
    pane.clear()
    assert pane.nothing.isVisible()
    pane.show_number("", "main")
    assert pane.nobody.isVisible()
    assert not pane.nobody.new_button.isVisible()


def test_a_hostile_record(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    trap = samples.hostile()
    fake.reads.matches[ANA] = Match((trap, replace(trap, ref=RecordRef("Lead", "2"))), trap)
    fake.cards.cards[trap.ref] = replace(CARD, record=trap)
    pane = _sidebar(qtbot, fake, nav, ANA)
    pane.grab()
    assert pane.card.width() <= 340
    assert "\u202e" not in pane.card.who.name.accessibleName()
    assert "ext. 99" in _shown_numbers(pane)[0]
    assert pane.card.who._no_calls.isVisible()


def test_an_empty_record(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    bare = CrmRecord(REF, "")
    fake.reads.matches[ANA] = Match((bare,), bare)
    fake.cards.cards[REF] = replace(CARD, record=bare, deals=(), cases=(), timeline=())
    pane = _sidebar(qtbot, fake, nav, ANA)
    assert pane.card.who.name.word == "No name"
    assert _titles(pane) == {"deals": [], "cases": [], "timeline": []}
    assert pane.card.deals.isVisible()
