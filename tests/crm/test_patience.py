"""A server that answers a byte now and then: every request has an end, and nothing half is taken for the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.domain.people_index import IndexScope
from app.errors import AppError, ErrorCode
from crm.gateway import SalesforceGateway
from tests.crm.standin_process import Standin

PAUSE = 0.05  # between two bytes: far within the time-out of a read
READ = 0.3


@pytest.fixture
def hasty(org: Standin) -> Iterator[SalesforceGateway]:
    """A gateway that gives a request 1.2 seconds in all, and a page of a bulk job 6."""
    made = SalesforceGateway(org.url, lambda: org.token, timeout=(5.0, READ))
    made.sign_in()
    yield made
    made.close()


def _error(work: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as raised:
        work()
    return raised.value


def test_a_dripping_answer_has_an_end(org: Standin, hasty: SalesforceGateway) -> None:
    contact = org.load("Contact", {"LastName": "Stone"})[0]
    org.fault("POST .*/composite", "drip", seconds=PAUSE)
    error = _error(lambda: hasty.related("Stone", who=None))
    assert (error.code, error.values["reason"], error.values["unanswered"]) == (ErrorCode.CRM_OFFLINE, "slow", True)
    # And the next request has a connection of its own.
    assert [one.ref.id for one in hasty.search("Stone")] == [contact]


def test_a_page_of_a_bulk_job_may_take_longer_but_not_for_ever(org: Standin, hasty: SalesforceGateway) -> None:
    org.load("Contact", {"LastName": "Stone"}, {"LastName": "Bell"})
    org.fault("GET .*/results", "drip", seconds=PAUSE, count=None)

    def read_all() -> None:
        mark = ""
        while True:
            page = hasty.index_page(IndexScope(everything=True), mark)
            assert not any(person.ref.kind == "Contact" for person in page.people)
            mark = page.next

    error = _error(read_all)
    assert (error.code, error.values["reason"]) == (ErrorCode.CRM_OFFLINE, "slow")
