"""Lists that change in place: what is told to a view, and how pages are read."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.domain.events import CallFinished, MatchChanged
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.reads.rows import Page
from tests.ui_content.fake_desk import FakeDesk
from ui.components import RowData
from ui.models import DiffModel, PagedModel, Watch

pytestmark = pytest.mark.usefixtures("fake")


@dataclass(frozen=True)
class Item:
    """A row."""

    key: int
    word: str = ""


class Plain(DiffModel[Item]):
    """The bare list, with words for Qt's tester."""

    def __init__(self) -> None:
        super().__init__(lambda row: row.key)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self.row(index.row()).word if role == Qt.ItemDataRole.DisplayRole else None


class Source:
    """Pages by place, with a count of looks."""

    def __init__(self, count: int) -> None:
        self.rows = [Item(key) for key in range(count)]
        self.pinned: list[Item] = []
        self.looks = 0
        self.error: AppError | None = None

    def read(self, after: str, limit: int) -> Page[Item]:
        self.looks += 1
        if self.error is not None:
            raise self.error
        start = next((at + 1 for at, row in enumerate(self.rows) if str(row.key) == after), 0)
        found = self.rows[start : start + limit]
        return Page(tuple(found), str(found[-1].key) if start + limit < len(self.rows) else "")

    def model(self) -> PagedModel[Item]:
        made: PagedModel[Item] = PagedModel(
            self.read,
            lambda row: row.key,
            lambda row: RowData(str(row.key), row.word),
            pinned=lambda: self.pinned,
            page=10,
        )
        tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning, made)
        tester.setUseFetchMore(False)
        made.reload()
        return made


def _keys(model: DiffModel[Item]) -> list[int]:
    return [row.key for row in model.all_rows()]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([1, 2, 3], [0, 1, 2, 3]),
        ([1, 2, 3], [3, 1, 2]),
        ([1, 2, 3, 4], [2, 4]),
        ([1, 2, 3], [4, 3, 2, 1, 5]),
        ([], [1, 2]),
        ([1, 2], []),
        ([1, 2, 3, 4, 5], [9, 5, 8, 1, 7, 3]),
    ],
)
def test_rows_are_laid_over(before: list[int], after: list[int]) -> None:
    model = Plain()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.replace_all([Item(key) for key in before])
    reset = QSignalSpy(model.modelReset)
    kept = {key: QPersistentModelIndex(model.index(at)) for at, key in enumerate(before)}
    model.set_rows([Item(key) for key in after])
    assert _keys(model) == after
    assert reset.count() == 0
    for key, index in kept.items():
        assert index.row() == (after.index(key) if key in after else -1)


def test_a_changed_row_is_told_alone() -> None:
    model = Plain()
    model.replace_all([Item(1), Item(2), Item(3)])
    changed, moved = QSignalSpy(model.dataChanged), QSignalSpy(model.rowsMoved)
    model.set_rows([Item(1), Item(2, "new"), Item(3)])
    assert [(change[0].row(), change[1].row()) for change in (changed.at(0),)] == [(1, 1)]
    assert (changed.count(), moved.count()) == (1, 0)


def test_pages_are_read_as_needed() -> None:
    source = Source(25)
    model = source.model()
    assert model.rowCount() == 10
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert _keys(model) == list(range(25))
    assert not model.canFetchMore(QModelIndex())


def test_a_look_keeps_what_was_read(qtbot: QtBot) -> None:
    source = Source(35)
    model = source.model()
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    last = QPersistentModelIndex(model.index(29))
    removed = QSignalSpy(model.rowsRemoved)
    # The 21st moved up, one is new, one on the last page has other words.
    source.rows = [Item(99), source.rows[20], *source.rows[:20], *source.rows[21:]]
    source.rows[-6] = Item(29, "noted")
    model.refresh()
    assert _keys(model)[:3] == [99, 20, 0]
    assert len(model.all_rows()) == 31
    qtbot.waitUntil(lambda: model.row(model.find(29)).word == "noted")
    assert last.row() == model.find(29)
    assert removed.count() == 0


def test_rows_that_are_gone_leave_at_the_end_of_a_look(qtbot: QtBot) -> None:
    source = Source(30)
    model = source.model()
    model.fetchMore(QModelIndex())
    del source.rows[15]
    model.refresh()
    qtbot.waitUntil(lambda: model.find(15) == -1)
    assert _keys(model)[14:16] == [14, 16]


def test_pinned_rows_stand_on_top_and_hide_their_own() -> None:
    source = Source(3)
    source.pinned = [Item(2, "live")]
    model = source.model()
    assert [(row.key, row.word) for row in model.all_rows()] == [(2, "live"), (0, ""), (1, "")]
    source.pinned = []
    model.refresh_pinned()
    assert _keys(model) == [0, 1, 2]


def test_a_failed_look_leaves_the_rows() -> None:
    source = Source(3)
    model = source.model()
    told = QSignalSpy(model.failed)
    source.error = AppError(ErrorCode.STORE_UNREADABLE)
    model.refresh()
    assert told.count() == 1
    assert model.rowCount() == 3


def test_many_events_are_one_look(qtbot: QtBot, fake: FakeDesk) -> None:
    looks: list[int] = []
    owner = QObject()
    watch = Watch(fake.hub, lambda: looks.append(1), owner)
    watch.on(CallFinished).on(MatchChanged, when=lambda event: event.number == "+1")
    for _ in range(5):
        fake.hub.publish(CallFinished("c"))
    fake.hub.publish(MatchChanged("+1"))
    assert not looks
    qtbot.waitUntil(lambda: bool(looks))
    fake.hub.publish(MatchChanged("+2"))
    qtbot.wait(1)
    assert looks == [1]


def test_a_watch_ends_with_its_owner() -> None:
    hub, looks = Hub(), []
    owner = QObject()
    Watch(hub, lambda: looks.append(1), owner).on(CallFinished)
    delete(owner)
    hub.publish(CallFinished("c"))
    assert looks == []
