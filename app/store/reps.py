"""Whose the facts are when several reps sign in to Salesforce on one profile. Nothing goes out in another's name.

1. What has no rep's mark is the rep's of now: the one who signed in last. While that one is offline or was signed out
   by Salesforce, it stays so.
2. A rep who signs out is done here: calls and texts from then on are nobody's until somebody signs in.
3. Another rep signs in: everything of the last one gets that one's mark, and what waits goes on waiting for them.
   Texts carry the mark too: a day of texts with one number is told by each rep for their own part, so the waiting
   row of such a day is set aside under a kind of its own.
4. They come back: their marks are taken off again, the others' put on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.store import outbox
from app.store.progress import get_meta, set_meta
from app.store.schema import call_log, follow_up, message, meta
from app.store.schema import outbox as waiting

CURRENT = "rep"
LEFT = "rep-left"
_NAME = "rep-name:"
_DAY = "day"


def current(s: Session) -> str:
    """The user id of the rep of now, also after they left; empty before the first sign-in."""
    return get_meta(s, CURRENT)


def has_left(s: Session) -> bool:
    """Has the rep of now signed out?"""
    return bool(get_meta(s, LEFT))


def set_left(s: Session, at: datetime) -> None:
    """The rep signs out: what comes after ``at`` is nobody's yet."""
    if not has_left(s):
        set_meta(s, LEFT, at.isoformat())


def arrived(s: Session, user_id: str, name: str) -> None:
    """This rep is signed in; the name is for telling others whom something waits for."""
    set_meta(s, CURRENT, user_id)
    set_meta(s, LEFT, "")
    set_meta(s, f"{_NAME}{user_id}", name)


def hand_over(s: Session, last: str, new: str, now: datetime) -> None:
    """``new`` takes the place of ``last``. Called before `arrived`."""
    left = get_meta(s, LEFT)
    until = datetime.fromisoformat(left) if left else None
    _mark_texts(s, last, new, until)
    _set_aside(s, last, until, now)
    for ref in s.execute(select(waiting.c.ref).where(waiting.c.kind == _aside(new))).scalars().all():
        outbox.drop(s, _aside(new), ref)
        outbox.put(s, _DAY, ref, now)


def leave_to_owner(s: Session, kind: str, ref: str, owner: str) -> None:
    """A fact of ``owner`` was put by another rep's doing (an edit, a delivery report): it waits for ``owner``."""
    s.execute(update(waiting).where(waiting.c.kind == kind, waiting.c.ref == ref).values(user=owner))


def waiting_for_others(s: Session) -> tuple[tuple[str, int], ...]:
    """(name, how much) for each other rep something waits for here, by name."""
    names = select(meta.c.value).where(meta.c.key == _NAME + waiting.c.user).scalar_subquery()
    rows = s.execute(
        select(func.coalesce(names, waiting.c.user).label("name"), func.count().label("rows"))
        .where(waiting.c.user != "", waiting.c.user != current(s))
        .group_by(waiting.c.user)
        .order_by("name")
    )
    return tuple((str(row.name), int(row.rows)) for row in rows)


def _mark_texts(s: Session, last: str, new: str, until: datetime | None) -> None:
    unmarked = message.c.rep == ""
    mine = unmarked if until is None else (unmarked & (message.c.time <= until))
    s.execute(update(message).where(mine).values(rep=last))
    s.execute(update(message).where(message.c.rep == new).values(rep=""))


def _set_aside(s: Session, last: str, until: datetime | None, now: datetime) -> None:
    """Mark what waits as the last one's."""
    rows = s.execute(
        select(waiting.c.kind, waiting.c.ref).where(
            or_(waiting.c.user == "", waiting.c.user == last), ~waiting.c.kind.startswith(f"{_DAY}@")
        )
    ).all()
    for row in rows:
        if row.kind == _DAY:
            _set_day_aside(s, row.ref, last, now)
        elif until is None or not _is_after(s, row.kind, row.ref, until):
            leave_to_owner(s, row.kind, row.ref, last)


def _set_day_aside(s: Session, ref: str, last: str, now: datetime) -> None:
    number, day = ref.rsplit("|", 1)
    that_day = (message.c.number == number) & (message.c.day == day)
    reps = set(s.execute(select(message.c.rep).where(that_day).distinct()).scalars())
    outbox.drop(s, _DAY, ref)
    if last in reps:
        outbox.put(s, _aside(last), ref, now)
        leave_to_owner(s, _aside(last), ref, last)
    if "" in reps:
        outbox.put(s, _DAY, ref, now)


def _is_after(s: Session, kind: str, ref: str, until: datetime) -> bool:
    """Is it about a call of after ``until``?"""
    call_id = ref if kind == "call" else select(follow_up.c.call).where(follow_up.c.id == ref).scalar_subquery()
    started: datetime | None = s.execute(select(call_log.c.started).where(call_log.c.id == call_id)).scalar()
    return started is not None and started > until


def _aside(user_id: str) -> str:
    return f"{_DAY}@{user_id}"


def put_day_of_another(s: Session, number: str, day: str, now: datetime) -> bool:
    """A day without a text of the rep of now, but with others': it waits for them. False when there is none at all."""
    that_day = (message.c.number == number) & (message.c.day == day) & (message.c.rep != "")
    owners = s.execute(select(message.c.rep).where(that_day).distinct()).scalars().all()
    for owner in owners:
        outbox.put(s, _aside(owner), f"{number}|{day}", now)
        leave_to_owner(s, _aside(owner), f"{number}|{day}", owner)
    return bool(owners)
