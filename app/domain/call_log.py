"""CallLog: a call as kept here and as synced to Salesforce."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.call import Call, Direction, Outcome
from app.domain.counterpart import RecordRef


class Synced(StrEnum):
    """Where a fact stands on its way to Salesforce."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CallLog:
    """A call with what the rep added. ``who`` is a Contact or Lead, ``what`` an Account, Case or Opportunity.

    ``about`` is the record the rep said the call is about when dialling (``--about``, a link). ``task_id`` is set
    once Salesforce holds it; ``task_gone`` says that somebody deleted it there, where it stays deleted until the rep
    makes it anew. ``subject`` empty means the generated one. ``what_name`` is how people know ``what``.
    """

    call: Call
    notes: str = ""
    subject: str = ""
    disposition: str = ""
    who: RecordRef | None = None
    what: RecordRef | None = None
    person: str = ""
    task_id: str = ""
    synced: Synced = Synced.WAITING
    sync_error: str = ""
    about: str = ""
    what_name: str = ""
    task_gone: bool = False

    @property
    def id(self) -> str:
        """The call's id; a log and its call are one."""
        return self.call.id


UNKNOWN = "Unknown"
"""Who a call was with that nobody knows anything of."""


def default_subject(direction: Direction, outcome: Outcome | None, person: str) -> str:
    """Subject of the Task (255 characters at most in Salesforce): what happened, and with whom."""
    match direction, outcome:
        case Direction.OUT, Outcome.ANSWERED | None:
            what = "Call to"
        case Direction.OUT, Outcome.BUSY:
            what = "Busy: call to"
        case Direction.OUT, _:
            what = "Unanswered call to"
        case Direction.IN, Outcome.MISSED:
            what = "Missed call from"
        case Direction.IN, Outcome.DECLINED:
            what = "Declined call from"
        case _:
            what = "Call from"
    return f"{what} {person or UNKNOWN}"[:255]
