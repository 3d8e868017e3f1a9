"""The Open CTI adapter in a real browser: a clicked number becomes a link, opened as the system opens links."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.links import Link, parse_link
from tests.browser import Browser, missing_programs
from tests.package.lightning_server import Lightning
from tests.peers.child import until

DEAL, CASE = "006000000000001AAA", "500000000000001AAA"
CONTACT, LEAD = "003000000000001AAA", "00Q000000000001EAA"
NUMBER = "+1 (415) 555-0123"


@pytest.fixture(scope="module")
def lightning() -> Iterator[Lightning]:
    with Lightning() as server:
        yield server


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file every link the system was asked to open is written to."""
    return tmp_path_factory.mktemp("opened") / "links"


@pytest.fixture(scope="module", params=["en-US"])
def browser(
    request: pytest.FixtureRequest, lightning: Lightning, opened: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose user has allowed the call centre to open Ringdown."""
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("browser")
    programs = folder / "bin"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >>"{opened}"\n')
    opener.chmod(0o755)
    allowed = {"protocol_handler.allowed_origin_protocol_pairs": {lightning.adapter_origin: {"ringdown": True}}}
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder)}
    with Browser(folder / "chromium", env=env, preferences=allowed, language=request.param) as running:
        yield running


@pytest.fixture
def links(opened: Path) -> Callable[[int], list[str]]:
    """Waits for so many links to have been opened since the test began, and gives them."""
    before = len(_lines(opened))

    def since(count: int) -> list[str]:
        return until(lambda: found if len(found := _lines(opened)[before:]) >= count else None, 10, "a link")

    return since


def _lines(opened: Path) -> list[str]:
    return opened.read_text().splitlines() if opened.exists() else []


def show(browser: Browser, lightning: Lightning, query: str = "") -> None:
    """Open the page and wait for the adapter."""
    browser.open(f"{lightning.url}{query}")
    until(lambda: browser.text("#state") != "off", 10, "the adapter")


def softphone(browser: Browser, selector: str) -> str:
    """The text of an element of the adapter."""
    browser.enter("#softphone")
    try:
        return browser.text(selector)
    finally:
        browser.leave()


Links = Callable[[int], list[str]]


def test_a_clicked_number_is_opened_with_the_record_it_belongs_to(
    browser: Browser, lightning: Lightning, links: Links
) -> None:
    show(browser, lightning)
    assert softphone(browser, "#status") == "Click a phone number in Salesforce to open it in Ringdown."
    browser.click("#contact")
    assert links(1) == [f"ringdown:call?to=%2B1%20(415)%20555-0123&about={CONTACT}"]
    assert parse_link(links(1)[0]) == Link(NUMBER, about=CONTACT)
    assert softphone(browser, "#number") == NUMBER


@pytest.mark.parametrize(("view", "about"), [("Opportunity", DEAL), ("Case", CASE)])
def test_a_number_clicked_on_a_deal_or_case_is_about_that(
    browser: Browser, lightning: Lightning, links: Links, view: str, about: str
) -> None:
    show(browser, lightning, f"?view={view}:{about}")
    browser.click("#contact")
    assert parse_link(links(1)[0]) == Link(NUMBER, about=about)


def test_a_number_clicked_on_another_page_is_about_its_own_record(
    browser: Browser, lightning: Lightning, links: Links
) -> None:
    show(browser, lightning, "?view=Account:001000000000001AAA")
    browser.click("#contact")
    assert parse_link(links(1)[0]) == Link(NUMBER, about=CONTACT)


def test_a_page_that_does_not_answer_holds_nothing_up(browser: Browser, lightning: Lightning, links: Links) -> None:
    show(browser, lightning, "?silent=1")
    browser.click("#contact")
    assert parse_link(links(1)[0]) == Link(NUMBER, about=CONTACT)


def test_signs_of_links_in_a_number_stay_in_the_number(browser: Browser, lightning: Lightning, links: Links) -> None:
    show(browser, lightning)
    browser.click("#extension")
    assert parse_link(links(1)[0]) == Link("415-555-0123 x12 & #3", about=LEAD)


def test_a_number_without_a_record_and_a_record_that_is_none(
    browser: Browser, lightning: Lightning, links: Links
) -> None:
    show(browser, lightning)
    browser.click("#bare")
    assert parse_link(links(1)[0]) == Link("030 901820")
    browser.click("#odd")
    assert links(2)[1:] == ["ringdown:call?to=4155550123"]


def test_every_click_is_one_link_and_the_page_stays(browser: Browser, lightning: Lightning, links: Links) -> None:
    show(browser, lightning)
    for count in (1, 2, 3):
        browser.click("#contact")
        assert len(links(count)) == count
    assert browser.url == lightning.url
    assert browser.text("#state") == "on"
    assert not [line for line in browser.console() if "Uncaught" in line]


def test_the_links_in_the_softphone_open_the_same_again(browser: Browser, lightning: Lightning, links: Links) -> None:
    show(browser, lightning)
    browser.click("#contact")
    (first,) = links(1)
    browser.enter("#softphone")
    try:
        assert (browser.text("#call"), browser.text("#text")) == ("Open in Ringdown", "Text")
        browser.click("#call")
        browser.click("#text")
    finally:
        browser.leave()
    assert links(3) == [first, first, first.replace("ringdown:call?", "ringdown:text?")]


def test_when_click_to_dial_is_refused_it_says_so(browser: Browser, lightning: Lightning) -> None:
    show(browser, lightning, "?refuse=1")
    assert softphone(browser, "#status") == "Salesforce could not switch click-to-dial on."


def test_outside_a_call_centre_it_says_so(browser: Browser, lightning: Lightning) -> None:
    browser.open(f"{lightning.adapter_origin}/apex/Ringdown_CTI?absent=1")
    assert browser.text("#status").startswith("This page works inside Salesforce")


@pytest.mark.parametrize("browser", ["ja"], indirect=True)
def test_it_speaks_japanese(browser: Browser, lightning: Lightning) -> None:
    show(browser, lightning)
    assert "電話番号をクリック" in softphone(browser, "#status")
