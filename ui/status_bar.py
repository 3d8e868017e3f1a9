"""The quiet bars below the top bar: what is wrong, what still works, what waits, and the one thing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.counterpart import LineReason, LineState
from app.domain.events import (
    CrmStateChanged,
    DevicesListed,
    LinesChanged,
    LineStateChanged,
    OutboxChanged,
    PhoneBack,
    PhoneLost,
    Troubled,
)
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from ui import present
from ui.components import Banner, BannerKind, clean_line
from ui.outbox_words import rest_text
from ui.words import error_sentence, line_reason, trouble_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.reads.rows import OutboxRow
    from ui.navigator import Navigator

_SOON = 60  # milliseconds: many changes make one look at the store
_MOST = 3  # bars in sight; the less urgent wait for room
_STORE = {ErrorCode.KEYRING_LOCKED, ErrorCode.KEYRING_MISSING}
_AWAY = {LineReason.UNREACHABLE, LineReason.TIMEOUT}


class Matter(StrEnum):
    """What a bar is about, the most urgent first."""

    QUESTION = "question"
    TROUBLE = "trouble"
    PHONE = "phone"
    NO_LINE = "no-line"
    LINE = "line"
    SOUND = "sound"
    FAILED = "failed"
    SALESFORCE = "salesforce"
    WRAP_UP = "wrap-up"
    OFFER = "offer"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class _Bar:
    kind: BannerKind
    text: str
    action: str = ""
    act: Callable[[], None] = lambda: None
    closable: bool = False


class StatusBars(QWidget):
    """Main thread. `matters` tells what shows."""

    def __init__(
        self,
        desk: Desk,
        nav: Navigator,
        import_file: Callable[[], None],
        open_settings: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._import = import_file
        self._settings = open_settings
        self._lost: PhoneLost | None = None
        self._trouble = ""
        self._passing = False
        self._question: _Bar | None = None
        self._notice = ""
        self._offered: _Bar | None = None
        self._wrap_up: _Bar | None = None
        self._first_step = False
        self._bars: dict[Matter, tuple[Banner, _Bar]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON)
        self._timer.timeout.connect(self.refresh)
        for kind in (CrmStateChanged, DevicesListed, LinesChanged, LineStateChanged, OutboxChanged):
            desk.hub.subscribe(kind, lambda _: self._timer.start())
        desk.hub.subscribe(PhoneLost, self._phone_lost)
        desk.hub.subscribe(PhoneBack, lambda _: self._phone_back())
        desk.hub.subscribe(Troubled, lambda event: self.tell(trouble_sentence(event.code, dict(event.values))))
        nav.trouble.connect(lambda error: self.tell(error_sentence(error), passing=True))
        self.refresh()

    @property
    def matters(self) -> tuple[Matter, ...]:
        """What shows now, top first."""
        return tuple(matter for matter in Matter if matter in self._bars)

    def bar(self, matter: Matter) -> Banner | None:
        """The bar of a matter, None when it does not show."""
        found = self._bars.get(matter)
        return found[0] if found else None

    def text(self, matter: Matter) -> str:
        """What the bar of a matter says; empty when it does not show."""
        found = self._bars.get(matter)
        return found[1].text if found else ""

    def tell(self, sentence: str, *, passing: bool = False) -> None:
        """Say what went wrong; it stays until it is closed or something else goes wrong.

        ``passing``: it was about one wish of the rep, and the next one that works ends it.
        """
        self._trouble = sentence
        self._passing = passing
        self.refresh()

    def ask(self, sentence: str, yes: str, act: Callable[[], None]) -> None:
        """Ask before something is done: ``yes`` does it. To close it, or to do something else, is a no."""

        def said_yes() -> None:
            self._question = None
            act()
            self.refresh()

        self._question = _Bar(BannerKind.ERROR, clean_line(sentence), yes, said_yes, closable=True)
        self.refresh()

    def notice(self, sentence: str) -> None:
        """Say something that is no trouble; it stays until it is closed."""
        self._notice = sentence
        self.refresh()

    def offer(self, sentence: str, action: str, act: Callable[[], None]) -> None:
        """Tell something with one thing to do about it; an empty sentence takes it away."""
        self._offered = _Bar(BannerKind.INFO, clean_line(sentence), action, act, closable=True) if sentence else None
        self.refresh()

    def wrap_up(self, sentence: str, action: str, act: Callable[[], None]) -> None:
        """A call waits to be wrapped up, and the rep is at something else; an empty sentence takes it away."""
        bar = _Bar(BannerKind.INFO, clean_line(sentence), action, act) if sentence else None
        if (bar is None) != (self._wrap_up is None) or (bar and self._wrap_up and bar.text != self._wrap_up.text):
            self._wrap_up = bar
            self.refresh()

    def set_first_step(self, shown: bool) -> None:
        """The page below says itself that no line is set up, and what to do: no bar need repeat it."""
        if shown != self._first_step:
            self._first_step = shown
            self.refresh()

    def settle(self) -> None:
        """The rep has gone on to something else that worked: what went wrong before is history."""
        if self._question is not None or (self._trouble and self._passing):
            self._question = None
            self._trouble = "" if self._passing else self._trouble
            self.refresh()

    def refresh(self) -> None:
        """Look at everything again."""
        self._timer.stop()
        wanted = dict(list(self._wanted().items())[:_MOST])
        for gone in set(self._bars) - set(wanted):
            banner, _ = self._bars.pop(gone)
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        for at, (matter, bar) in enumerate(wanted.items()):
            self._show(at, matter, bar)
        self.setVisible(bool(wanted))

    def _show(self, at: int, matter: Matter, bar: _Bar) -> None:
        found = self._bars.get(matter)
        if found is None:
            banner = Banner(bar.kind, bar.text, self, action=bar.action, closable=bar.closable)
            banner.acted.connect(lambda: self._acted(matter))
            banner.closed.connect(lambda: self._closed(matter))
        else:
            banner = found[0]
            if (found[1].kind, found[1].text, found[1].action) != (bar.kind, bar.text, bar.action):
                banner.show_text(bar.kind, bar.text, bar.action)
        self._bars[matter] = (banner, bar)
        if self._column.indexOf(banner) != at:
            self._column.insertWidget(at, banner)

    def _acted(self, matter: Matter) -> None:
        self._bars[matter][1].act()  # looked up now: what a bar does changes with what it says

    def _closed(self, matter: Matter) -> None:
        if matter is Matter.QUESTION:
            self._question = None
        elif matter is Matter.TROUBLE:
            self._trouble = ""
        elif matter is Matter.OFFER:
            self._offered = None
        elif matter is Matter.NOTICE:
            self._notice = ""
        self.refresh()

    def _wanted(self) -> dict[Matter, _Bar]:
        found: dict[Matter, _Bar | None] = {
            Matter.QUESTION: self._question,
            Matter.TROUBLE: _Bar(BannerKind.ERROR, self._trouble, closable=True) if self._trouble else None,
            Matter.PHONE: self._of_phone(),
            Matter.NO_LINE: self._of_no_line(),
            Matter.LINE: None,
            Matter.SOUND: self._of_sound(),
        }
        try:
            found[Matter.LINE] = self._of_lines()
            found[Matter.FAILED] = self._of_failed()
            found[Matter.SALESFORCE] = self._of_salesforce() or self._of_limit()
        except AppError as error:
            found[Matter.TROUBLE] = found[Matter.TROUBLE] or _Bar(BannerKind.ERROR, error_sentence(error))
        found[Matter.WRAP_UP] = self._wrap_up
        found[Matter.OFFER] = self._offered
        found[Matter.NOTICE] = _Bar(BannerKind.INFO, self._notice, closable=True) if self._notice else None
        return {matter: bar for matter, bar in found.items() if bar is not None}

    def _of_phone(self) -> _Bar | None:
        if self._lost is None:
            return None
        if self._lost.final:
            text = self.tr("The phone stopped and could not be started again. Notes are safe. Start Ringdown again.")
            return _Bar(BannerKind.ERROR, text)
        return _Bar(BannerKind.OFFLINE, self.tr("The phone is restarting. Notes are safe."))

    def _of_no_line(self) -> _Bar | None:
        if self._desk.lines.all() or self._first_step:
            return None
        text = self.tr("No line is set up yet. Import the provisioning file from your admin.")
        return _Bar(BannerKind.INFO, text, self.tr("Import provisioning file…"), self._import)

    def _of_lines(self) -> _Bar | None:
        bad = [
            status
            for status in self._desk.lines.all()
            if status.state is LineState.FAILED and status.reason is not LineReason.ENGINE_DOWN
        ]
        if not bad or self._lost is not None:
            return None
        if self._all_away():
            text = self.tr("No connection to the phone service or to Salesforce. Trying again.")
            waits = self._waits()
            return self._waiting_bar(f"{text} {waits}".strip(), bool(waits))
        first = bad[0]
        line = first.line
        name = present.number_text(line.number, line.region) if line.number else clean_line(line.id)
        text = self.tr("Registration failed on {line}. {why}").format(line=name, why=line_reason(first.reason.value))
        if len(bad) > 1:
            text += " " + self.tr("{count} lines are not connected.").format(count=len(bad))
        if first.reason in {LineReason.NO_PASSWORD, LineReason.BAD_ADDRESS}:
            return _Bar(BannerKind.ERROR, text, self.tr("Import provisioning file…"), self._import)
        return _Bar(BannerKind.ERROR, text)

    def _of_sound(self) -> _Bar | None:
        if not self._desk.lines.devices.problem:
            return None
        text = self.tr("No microphone or speaker could be opened. Calls connect, but without sound.")
        return _Bar(BannerKind.ERROR, text, self.tr("Settings"), self._settings)

    def _of_failed(self) -> _Bar | None:
        if not self._desk.reads.outbox_count().failed:
            return None
        rows = [row for row in self._desk.reads.outbox_rows(20) if row.failed]
        if not rows:
            return None
        text = self.tr("Not written to Salesforce: {what}.").format(what=self._counted(rows))
        why = self._words_of(rows[0])
        return _Bar(BannerKind.ERROR, f"{text} {why}".strip(), self.tr("Show"), self._nav.outbox_wanted.emit)

    def _counted(self, rows: list[OutboxRow]) -> str:
        calls = sum(row.kind == "call" for row in rows)
        days = len(rows) - calls
        said = []
        if calls:
            said.append(self.tr("one call") if calls == 1 else self.tr("{count} calls").format(count=calls))
        if days:
            said.append(
                self.tr("one day of texts") if days == 1 else self.tr("{count} days of texts").format(count=days)
            )
        return ", ".join(said)

    def _words_of(self, row: OutboxRow) -> str:
        return trouble_sentence(row.code, {"message": clean_line(row.message)}) if row.code else clean_line(row.message)

    def _of_salesforce(self) -> _Bar | None:
        status, sign_in = self._desk.login.status, self._desk.sign_in
        if status.state is CrmState.SIGNED_IN or not (status.instance or sign_in.is_set_up):
            return None
        if self._all_away() or sign_in.waiting is not None or sign_in.problem is not None:
            return None  # the bar of the lines says both; that of the sign-in says its own
        waits = self._waits()
        if status.state is CrmState.OFFLINE and status.problem and status.problem.code is ErrorCode.CRM_LIMIT:
            return self._waiting_bar(error_sentence(status.problem), bool(waits))
        if status.state is CrmState.OFFLINE:
            text = self.tr("Salesforce cannot be reached. Calls and texts work; names come from this computer.")
            return self._waiting_bar(f"{text} {waits}".strip(), bool(waits))
        if status.problem is None and not (sign_in.is_set_up and status.asked):
            return None  # the keyring has not answered yet
        if status.problem is None:
            text = self.tr("Signed out of Salesforce. Calls and texts work.")
        elif status.problem.code is ErrorCode.CRM_SIGNED_OUT:
            text = self.tr("Salesforce no longer accepts the sign-in. Calls and texts work.")
        else:
            text = error_sentence(status.problem)
        if status.problem is not None and status.problem.code in _STORE:
            return _Bar(BannerKind.OFFLINE, f"{text} {waits}".strip(), self.tr("Try again"), self._desk.login.start)
        if sign_in.is_set_up:
            return _Bar(
                BannerKind.OFFLINE, f"{text} {waits}".strip(), self.tr("Sign in"), self._nav.sign_in_wanted.emit
            )
        return _Bar(BannerKind.OFFLINE, f"{text} {waits}".strip(), self.tr("Import provisioning file…"), self._import)

    def _of_limit(self) -> _Bar | None:
        """Signed in, and yet nothing goes out: the company's requests of the day are used up."""
        state = self._desk.sync.state
        if state.why is not ErrorCode.CRM_LIMIT or state.resting_until is None:
            return None
        return self._waiting_bar(f"{rest_text(state, self._desk.clock.now())} {self._waits()}".strip(), True)

    def _waiting_bar(self, text: str, waits: bool) -> _Bar:
        if not waits:
            return _Bar(BannerKind.OFFLINE, text)
        return _Bar(BannerKind.OFFLINE, text, self.tr("Show"), self._nav.outbox_wanted.emit)

    def _all_away(self) -> bool:
        """Neither the phone service nor Salesforce can be reached: that is one matter, the network."""
        reasons = {status.reason for status in self._desk.lines.all() if status.state is LineState.FAILED}
        offline = self._desk.login.status.state is CrmState.OFFLINE
        return self._lost is None and offline and bool(reasons) and reasons <= _AWAY

    def _waits(self) -> str:
        waiting = self._desk.reads.outbox_count().waiting
        return self.tr("{count} waiting to be sent.").format(count=waiting) if waiting else ""

    def _phone_lost(self, event: PhoneLost) -> None:
        self._lost = event
        self.refresh()

    def _phone_back(self) -> None:
        self._lost = None
        self.refresh()
