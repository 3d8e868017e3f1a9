"""The pages of the gallery: believable content, and the hostile kind."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.components import (
    AutoGrowTextEdit,
    Avatar,
    Banner,
    BannerKind,
    BubbleData,
    BubbleKind,
    BubbleList,
    BubbleRole,
    Button,
    ButtonKind,
    Card,
    Chip,
    DotState,
    EmptyState,
    FlowLayout,
    IconButton,
    PlainLabel,
    RowAction,
    RowData,
    RowList,
    RowMark,
    RowModel,
    SearchField,
    SectionTitle,
    Separator,
    Skeleton,
    StateDot,
    StripBar,
    StripState,
    Tick,
    Tone,
)
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

__all__ = ["PAGES", "ThreadModel", "sample_bubbles", "sample_rows"]

_ACTIONS = (RowAction("call", "phone", "Call"), RowAction("text", "message", "Text"))
_NOTE = RowMark("note", "Has notes")


class ThreadModel(QAbstractListModel):
    """Bubbles in memory, for the gallery and tests."""

    def __init__(self, bubbles: list[BubbleData]) -> None:
        super().__init__()
        self._bubbles = bubbles

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._bubbles)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == BubbleRole.DATA:
            return self._bubbles[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._bubbles[index.row()].accessible()
        return None


def sample_rows() -> list[RowData]:
    """Rows as recents and conversations have them, and a few that try to break the list."""
    red = ColourRole.DANGER_TEXT
    return [
        RowData("0", "Mika Laine", "Connected · Main line", "02:14", icon="phone-out", actions=_ACTIONS, current=True),
        RowData("1", "Ana Flores", "Acme · 12 min", "10:42", icon="phone-in", marks=(_NOTE,), actions=_ACTIONS),
        RowData("2", "Bo Lindqvist", "Nord Logistics · 3 min", "Tue 9:10", icon="phone-out", actions=_ACTIONS),
        RowData("3", "+1 503 555 0188", "Portland, US", "Mon 16:21", "phone-missed", red, alert="Missed",
                number=True, actions=_ACTIONS),
        RowData("4", "田中 美咲", "株式会社あおぞら · 5分", "月 9:02", icon="phone-in", actions=_ACTIONS),
        RowData("5", "Priya Raman", "Can you send the quote before the call at four?", "10:40", unread=3,
                actions=_ACTIONS),
        RowData("6", "佐藤 健", "了解しました 🙏 明日お送りします。", "9:58", unread=120, actions=_ACTIONS),
        RowData("7", "Émile d’Aubigné-Featherstonehaugh of the Northern Office", "You: Thanks 👍🏽 see you there",
                "12 Oct 2025", marks=(RowMark("pin", "Pinned"), _NOTE), actions=_ACTIONS),
        RowData("8", "<b>Bold</b> \u202egnp.exe <img src=x>", "line one\nline two \x07\x1b[31m red?", "Sun",
                alert="Not sent", actions=_ACTIONS),
        RowData("9", "+44 20 7946 0958", "No one with this number", "8:15", avatar="", number=True, actions=_ACTIONS),
    ]  # fmt: skip


def sample_bubbles() -> list[BubbleData]:
    """A thread with everything a thread has."""
    done = Tick.DELIVERED
    return [
        BubbleData("0", "Outgoing call · 12 min", kind=BubbleKind.EVENT, icon="phone-out", time="16:20",
                   day="Yesterday"),
        BubbleData("1", "Hi, it's Ana. Could you send the renewal quote?", last=False, day="Today"),
        BubbleData("2", "Legal wants to see it before Thursday.", time="10:38", first=False),
        BubbleData("3", "Sent just now. Page 2 has the three-year price you asked about, and the part on support "
                   "hours is on page 4. Tell me if Legal needs the terms as a separate file.", True, last=False,
                   tick=done),
        BubbleData("4", "👍", True, time="10:41", first=False, tick=done),
        BubbleData("5", "ありがとうございます。確認して折り返しご連絡いたします 🙇‍♀️", time="10:44", unread_line="New"),
        BubbleData("6", "<b>not bold</b> <script>alert(1)</script> https://acme.example/very/long/path/without/any/"
                   "blanks/" + "x" * 60, time="10:45"),
        BubbleData("7", "", time="10:46", attachment="Photo · image/heic · 2.1 MB"),
        BubbleData("8", "On its way", True, time="10:47", tick=Tick.WAITING, last=False),
        BubbleData("9", "Does 3 pm still work?", True, time="10:48", tick=Tick.SENT),
        BubbleData("10", "See you there", True, time="10:49", tick=Tick.FAILED, retry="Retry",
                   failure="Not delivered: this number cannot receive texts"),
    ]  # fmt: skip


def _line(*widgets: QWidget, gap: int = SPACE.inside) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(gap)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch()
    return line


def _column(page: QWidget, width: int) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
    column.setSpacing(SPACE.gap)
    page.setMinimumWidth(width)
    return column


def _focused(widget: QWidget) -> QWidget:
    widget.setProperty("focused", True)
    return widget


def _disabled(widget: QWidget) -> QWidget:
    widget.setEnabled(False)
    return widget


def _checked(button: IconButton | Chip) -> QWidget:
    button.setChecked(True)
    return button


def _controls(page: QWidget) -> None:
    column = _column(page, 720)
    column.addWidget(SectionTitle("Buttons"))
    kinds = {k: Button(k.value.title(), k) for k in ButtonKind}
    column.addLayout(_line(*kinds.values()))
    column.addLayout(
        _line(
            Button("Call", ButtonKind.ANSWER, "phone"),
            Button("Reply with text", icon="message"),
            Button("Reject", ButtonKind.DANGER, "phone-off"),
            Button("Small", small=True),
            Button("Retry", ButtonKind.GHOST, "retry", small=True),
            _disabled(Button("Disabled", ButtonKind.PRIMARY)),
            _disabled(Button("Disabled")),
            _focused(Button("Focused", ButtonKind.PRIMARY)),
        )
    )
    column.addWidget(SectionTitle("Icon buttons"))
    mute = IconButton("mic-off", "Mute", show_word=True, checkable=True)
    hold = IconButton("pause", "Hold", show_word=True, checkable=True, tone=Tone.WAIT)
    column.addLayout(
        _line(
            IconButton("phone", "Call"),
            IconButton("message", "Text"),
            IconButton("more", "More"),
            _checked(IconButton("pin", "Pin", checkable=True)),
            _disabled(IconButton("record", "Record")),
            Separator(vertical=True),
            _checked(mute),
            _checked(hold),
            IconButton("keypad", "Keypad", show_word=True),
            IconButton("transfer", "Transfer", show_word=True),
            IconButton("record", "Record", show_word=True),
            gap=SPACE.unit,
        )
    )
    column.addWidget(SectionTitle("Chips"))
    wrap = QWidget()
    flow = FlowLayout(wrap)
    chips = ("All", "Missed", "Voicemail", "Main line", "Ana Flores, Acme", "Ana Flores, Nord")
    for at, word in enumerate(chips):
        chip = Chip(word, icon="building" if at > 3 else None)
        chip.setChecked(at in (0, 4))
        flow.addWidget(chip)
    wrap.setMinimumHeight(28)
    column.addWidget(wrap)
    column.addWidget(SectionTitle("Marks"))
    column.addLayout(
        _line(
            *(StateDot(state, state.value) for state in DotState),
            Separator(vertical=True),
            *(Avatar(name) for name in ("Ana Flores", "田中 美咲", "김민준", "bo", "+1 503 555 0188")),
            Avatar("Ana Flores", 48),
        )
    )
    column.addWidget(SectionTitle("Fields"))
    column.addWidget(SearchField("Name or number", shortcut_hint="Ctrl K"))
    typed = SearchField("Name or number")
    typed.setText("Ana Fl")
    column.addWidget(typed)
    empty = AutoGrowTextEdit("Text…")
    column.addWidget(empty)
    grown = AutoGrowTextEdit("Text…")
    grown.setPlainText("Sent just now 👍\nPage 2 has the price,\n三ページ目にサポート時間があります。")
    column.addWidget(_focused(grown))
    page.setFixedHeight(760)


def _type(page: QWidget) -> None:
    column = _column(page, 560)
    column.addWidget(SectionTitle("Type"))
    column.addWidget(PlainLabel("Ana Flores 田中 美咲 👋", size=TYPE.call, weight=Weight.STRONG))
    column.addWidget(PlainLabel("Ana Flores · name, 15", size=TYPE.name, weight=Weight.MEDIUM))
    column.addWidget(PlainLabel("Body 13.5: Can you send the quote? 見積書を送ってください。🙏"))
    column.addWidget(PlainLabel("Muted 12: VP Operations, Acme", size=TYPE.muted, role=ColourRole.MUTED))
    column.addWidget(PlainLabel("10:41  11:11  +1 415 555 0100", tabular=True))
    column.addWidget(PlainLabel("08:58  00:00  +1 628 555 0177", tabular=True))
    narrow = PlainLabel("Émile d’Aubigné-Featherstonehaugh of the Northern Office")
    narrow.setFixedWidth(200)
    column.addWidget(narrow)
    column.addWidget(PlainLabel("<b>markup</b> &amp; \u202ereversed\u202c \x00\x07 control"))
    column.addWidget(SectionTitle("Strips"))
    calls = (
        (StripState.LIVE, "", "Ana Flores", "Acme", "02:14"),
        (StripState.HELD, "On hold", "Bo Lindqvist", "Nord Logistics", "14:06"),
        (StripState.DIALING, "Calling…", "+1 503 555 0188", "Portland, US", ""),
    )
    for state, word, name, detail, time in calls:
        strip = StripBar()
        strip.set_state(state, word)
        strip.set_call(name, detail, number=name.startswith("+"))
        strip.set_time(time)
        strip.add_button(IconButton("mic", "Mute", checkable=True))
        strip.add_button(IconButton("pause", "Hold", checkable=True))
        column.addWidget(strip)
    column.addWidget(SectionTitle("Banners"))
    column.addWidget(Banner(BannerKind.INFO, "Out of office is on until Monday.", action="Turn off", closable=True))
    column.addWidget(Banner(BannerKind.OFFLINE, "No network. Notes and texts are kept and go out when it is back."))
    column.addWidget(
        Banner(BannerKind.ERROR, "Registration failed: the password was refused. Check it in Settings.",
               action="Open Settings")
    )  # fmt: skip
    column.addWidget(SectionTitle("Cards"))
    card = Card()
    card.body.addWidget(PlainLabel("Renewal 2026", weight=Weight.MEDIUM))
    card.body.addWidget(PlainLabel("$42,000 · Negotiation · closes 30 Nov", role=ColourRole.MUTED, size=TYPE.muted))
    floating = Card(floating=True)
    floating.body.addWidget(PlainLabel("Ana Flores", size=TYPE.call, weight=Weight.STRONG))
    floating.body.addWidget(PlainLabel("Acme · Renewal, $42k in negotiation", role=ColourRole.MUTED))
    floating.body.addLayout(
        _line(Button("Answer", ButtonKind.ANSWER, "phone"), Button("Reject", ButtonKind.DANGER, "phone-off"))
    )
    column.addLayout(_line(card, floating))
    page.setFixedHeight(860)


def _rows(page: QWidget) -> None:
    line = QHBoxLayout(page)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(0)
    for at in range(2):
        view = RowList("Recent calls", title_links=at == 0)
        model = RowModel(sample_rows(), view)
        view.setModel(model)
        view.setFixedSize(METRICS.list, METRICS.row * 10)
        if at == 0:
            view.setCurrentIndex(model.index(1))
            view.rows.focus.hover_row = 3
            view.rows.focus.hover_action = 0
        else:
            _focused(view)
            view.setCurrentIndex(model.index(5))
            view.rows.focus.key_action = 1
        line.addWidget(view)
        line.addWidget(Separator(vertical=True))
    side = QVBoxLayout()
    skeleton = Skeleton(4)
    skeleton.setFixedSize(METRICS.list, METRICS.row * 4)
    skeleton.show()
    side.addWidget(skeleton)
    side.addWidget(Separator())
    side.addWidget(
        EmptyState("phone", "No calls yet", "Calls you make and take appear here.", action="Call a number"), 1
    )
    line.addLayout(side)


def _thread(page: QWidget) -> None:
    line = QHBoxLayout(page)
    line.setContentsMargins(0, 0, 0, 0)
    view = BubbleList("Texts with Ana Flores")
    model = ThreadModel(sample_bubbles())
    model.setParent(view)
    view.setModel(model)
    view.setFixedSize(520, 820)
    view.bubbles.hover_retry = 10
    line.addWidget(view)


PAGES: dict[str, Callable[[QWidget], None]] = {
    "controls": _controls,
    "type": _type,
    "rows": _rows,
    "thread": _thread,
}
