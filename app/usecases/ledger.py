"""The outbox's side of a round, on the store thread: what is to go, and what became of it. For `sync`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.call_log import Synced
from app.domain.policies import next_attempt
from app.errors import AppError
from app.store import outbox, records, tasks
from app.store.database import Session
from app.usecases.outgoing import CALL, Job, Kind, Result, Sender, is_gone, is_unanswered, words_of
from app.usecases.pauses import asked
from app.usecases.trip import Jobs, to_look_at

MISTAKEN = timedelta(hours=1)
"""So long a fact waits that a mistake of ours keeps from being made ready."""


def claim(
    s: Session,
    to: Sender,
    kinds: Sequence[Kind],
    *,
    names: Sequence[str],
    now: datetime,
    ahead: timedelta,
    most: int,
    looked: frozenset[str],
) -> tuple[Jobs, dict[str, str]]:
    """What to send, and the Tasks to look at first (call id → Task id): with any of these, nothing is sent yet.

    ``names``: only these kinds. ``ahead``: who goes anyway takes along what is due within that. ``looked``: calls
    whose Tasks have been looked at.
    """
    items = outbox.claim(s, now, most, user=to.user.id, kinds=names)
    if items:
        items = outbox.claim(s, now + ahead, most, user=to.user.id, kinds=names)
    jobs: dict[str, list[Job]] = {kind.name: [] for kind in kinds}
    by_name = {kind.name: kind for kind in kinds}
    for item in items:
        job = by_name[item.kind].prepare(s, item, to)
        if job is not None:
            jobs[item.kind].append(job)
        elif outbox.is_of(s, item, to.user.id):
            outbox.done(s, item)  # the fact is gone: nothing to tell
    first = to_look_at(to, jobs[CALL], looked)
    if not first:
        outbox.trying(s, [job.item for some in jobs.values() for job in some], now)
    return jobs, first


def put_off_first(s: Session, user: str, names: Sequence[str], error: AppError, now: datetime) -> None:
    """The fact that comes first cannot be made ready: the others must not wait behind it."""
    for item in outbox.claim(s, now, 1, user=user, kinds=names):
        outbox.postpone(s, item, now + MISTAKEN, error.code, tried_at=item.tried_at)


def settle(s: Session, result: Result, to: Sender, kind: Kind, now: datetime) -> None:
    """What became of a job: its row goes, waits on, or has failed for good."""
    kind.remember(s, result, to.user)
    item, error = result.job.item, result.error
    if error is None:
        _sent(s, result, to, now)
        return
    if item.kind == CALL and is_gone(error):
        tasks.set_task_gone(s, item.ref, True)
        outbox.drop(s, item.kind, item.ref)
        return
    words, reason = words_of(error)
    pause = next_attempt(item.tries, error.code, asked(error)).seconds
    if pause is None:
        if outbox.fail(s, item, error.code, words, reason=reason) and item.kind == CALL:
            records.set_synced(s, item.ref, Synced.FAILED, error=words or error.code.value)
        return
    # An earlier try without an answer goes on counting; and so does this one, if it has none either.
    tried = now if is_unanswered(error) and reason != "unsure" else item.tried_at
    due = now + timedelta(seconds=pause)
    outbox.postpone(s, item, due, error.code, words, reason=reason, tried_at=tried)


def _sent(s: Session, result: Result, to: Sender, now: datetime) -> None:
    """It was sent in full: the row goes unless the fact changed meanwhile.

    It stays a while, unseen, when an earlier request without an answer may yet come through.
    """
    item = result.job.item
    over = item.tried_at + timedelta(seconds=to.gateway.request_limit) if item.tried_at is not None else now
    is_done = outbox.doubt(s, item, over) if item.tried_at is not None and now < over else outbox.done(s, item)
    if result.receipt is not None and result.job.call is not None:
        state = Synced.DONE if is_done else Synced.WAITING
        records.set_synced(s, item.ref, state, task_id=result.receipt.task_id)
