"""Links delivered as events."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from app.links import parse_link
from ui.desktop.open_events import LinkEvents


@pytest.fixture
def events(qapp: QApplication) -> Iterator[LinkEvents]:
    made = LinkEvents(qapp)
    yield made
    qapp.removeEventFilter(made)


def _open(app: QCoreApplication, url: QUrl) -> bool:
    return app.notify(app, QFileOpenEvent(url))


def test_links_wait_until_somebody_takes_them(events: LinkEvents, qapp: QApplication) -> None:
    got: list[str] = []
    assert _open(qapp, QUrl("tel:+14155550123"))
    events.deliver_to(got.append)
    _open(qapp, QUrl("sms:+14155550123?body=Hi%20you%26me"))
    _open(qapp, QUrl("RINGDOWN:call?to=%2B14155550123"))
    assert got == [
        "tel:+14155550123",
        "sms:+14155550123?body=Hi%20you%26me",
        "ringdown:call?to=%2B14155550123",
    ]
    assert parse_link(got[1]).body == "Hi you&me"
    assert parse_link(got[2]).to == "+14155550123"


def test_files_and_other_links_are_not_ours(events: LinkEvents, qapp: QApplication) -> None:
    got: list[str] = []
    events.deliver_to(got.append)
    for url in (QUrl.fromLocalFile("/etc/passwd"), QUrl("https://example.com"), QUrl("javascript:1"), QUrl("")):
        _open(qapp, url)
    assert got == []


def test_a_flood_before_the_window_is_ready_is_bounded(events: LinkEvents, qapp: QApplication) -> None:
    for number in range(1000):
        _open(qapp, QUrl(f"tel:{number}"))
    got: list[str] = []
    events.deliver_to(got.append)
    assert len(got) == 8
