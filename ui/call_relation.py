"""What a call is related to, in one line of its page: the deal or case, changed or removed with one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.call_log import CallLog
from app.domain.counterpart import RecordRef
from app.domain.new_record import Related
from app.domain.record_ids import kind_of_id
from app.settings import RelationDefault
from app.usecases.relation import Bar
from ui.components import IconButton, PlainLabel
from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, draw_line, focus_ring, rounded, text_width
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.relation_card import ICONS, RelationCard

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class LinkButton(Pressable):
    """What the call is related to, or the invitation to choose; cut when it is long, and told whole by its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._icon = "plus"
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_word(self, icon: str, word: str) -> None:
        """Show this."""
        self._icon = icon
        self.set_word(word)
        self.setToolTip(plain_tip(self.word))

    def sizeHint(self) -> QSize:
        words = text_width(self._word, theme().font(TYPE.body, Weight.MEDIUM))
        return QSize(round(words + 0.5) + METRICS.icon_small + 6 + 2 * SPACE.inside, METRICS.control_small)

    def minimumSizeHint(self) -> QSize:
        return QSize(METRICS.rail, METRICS.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        rounded(painter, rect, METRICS.radius, self.ground(ColourRole.RAISED), ColourRole.BORDER)
        ink = ColourRole.TEXT if self.isEnabled() else ColourRole.DISABLED
        side = METRICS.icon_small
        draw_icon(painter, self._icon, QRectF(SPACE.inside, 0, side, rect.height()), ink, side)
        words = rect.adjusted(SPACE.inside + side + 6, 0, -SPACE.inside + 1, 0)
        draw_line(painter, words, self._word, theme().font(TYPE.body, Weight.MEDIUM), ink)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()


class RelationRow(QWidget):
    """One line of the call page."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._log: CallLog | None = None
        self._related: Related | None = None
        self.button = LinkButton(self)
        self.browser = IconButton(
            "external-link", self.tr("Open in Salesforce"), self, size=METRICS.control_small, icon_size=16
        )
        self.remove = IconButton("close", self.tr("Remove the link"), self, size=METRICS.control_small, icon_size=14)
        self._why = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        self.card = RelationCard(desk, self.button)
        row = QHBoxLayout()
        row.setSpacing(SPACE.unit)
        row.addWidget(self.button)
        row.addWidget(self.browser)
        row.addWidget(self.remove)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.half)
        column.addLayout(row)
        column.addWidget(self._why)
        self.button.clicked.connect(self._open)
        self.browser.clicked.connect(self._browse)
        self.remove.clicked.connect(lambda: self._choose(None))
        self.card.chosen.connect(self._choose)

    @property
    def related(self) -> Related | None:
        """What the call is related to, as shown."""
        return self._related

    @property
    def why(self) -> str:
        """Why nothing can be chosen; empty when it can."""
        return self._why.text()

    def show_log(self, log: CallLog | None) -> None:
        """Show what a call is related to."""
        if log is None or (self._log is not None and log.id != self._log.id):
            self.card.close_overlay()
        self._log = log
        if log is None:
            return
        barred = self._desk.relation.bar(log) is Bar.LEAD
        self._related = None if barred else self._desk.relation.now(log)
        if self._related is not None and not self._related.name:
            self._desk.relation.name(log)
        kind = _kind(self._related) if self._related is not None else ""
        icon = ICONS.get(kind, "list") if self._related is not None else "plus"
        self.button.show_word(icon, self._word(self._related))
        self.button.setEnabled(not barred)
        self.browser.setVisible(bool(kind))
        self.remove.setVisible(self._related is not None)
        self._why.setText(
            self.tr("Salesforce links deals and cases to contacts only, not to a lead.") if barred else ""
        )
        self._why.setVisible(barred)

    def _word(self, related: Related | None) -> str:
        if related is not None:
            return related.name or self.tr("A record in Salesforce")
        match self._desk.lines.settings.relation_default:
            case RelationDefault.OPPORTUNITY:
                return self.tr("Link to a deal…")
            case RelationDefault.CASE:
                return self.tr("Link to a case…")
            case _:
                return self.tr("Link to a deal or case…")

    def _open(self) -> None:
        if self.card.is_open:
            self.card.close_overlay()
        elif self._log is not None:
            self.card.open_for(self._log)

    def _browse(self) -> None:
        if self._related is not None:
            self._nav.record_wanted.emit(RecordRef(_kind(self._related), self._related.ref.id))

    def _choose(self, related: Related | None) -> None:
        if self._log is not None:
            self._desk.relation.choose(self._log.id, related, lambda: None, self._nav.trouble.emit)


def _kind(related: Related) -> str:
    """The record's object; of one known by its id alone as far as the id tells."""
    return related.ref.kind or kind_of_id(related.ref.id)
