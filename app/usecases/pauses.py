"""When the next round may go: rests after failures, the distance between rounds, and how much goes at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.policies import next_attempt
from app.errors import AppError, ErrorCode
from app.usecases.outgoing import words_of

MOST = 200
# Salesforce was not reached at all, or something stands in front of it: the size of the request is not to blame.
_UNREACHED = {"connection", "timeout", "certificate", "reply", "http-502", "http-503", "http-504"}


class Pauses:
    """Main thread. Only a rest for a used-up allowance outlives a restart: see `stored`."""

    def __init__(self, stored: str) -> None:
        """``stored`` is what the property gave last time."""
        self.size = MOST
        self.last: datetime | None = None  # when the last round ended
        self.until: datetime | None = datetime.fromisoformat(stored) if stored else None
        self.why: ErrorCode | None = ErrorCode.CRM_LIMIT if stored else None
        self._failures = 0

    @property
    def stored(self) -> str:
        """Until when the company's allowance is used up; empty when it is not."""
        limited = self.until if self.why is ErrorCode.CRM_LIMIT else None
        return limited.astimezone(UTC).isoformat() if limited else ""

    def is_resting(self, now: datetime) -> bool:
        """May nothing go now?"""
        return self.until is not None and now < self.until

    def signed_in(self) -> None:
        """Salesforce is there: only a used-up allowance still counts."""
        if self.why is not ErrorCode.CRM_LIMIT:
            self.until, self.why, self._failures = None, None, 0

    def waived(self) -> None:
        """The rep wants it now: no rest, no distance."""
        self.until, self.why, self.last = None, None, None

    def succeeded(self) -> None:
        """Something got through."""
        self.until, self.why, self._failures = None, None, 0
        self.size = min(MOST, self.size * 2)

    def failed(self, error: AppError, now: datetime) -> None:
        """Nothing gets through: all rest."""
        if error.code is ErrorCode.INTERNAL:
            self.size = 1  # a fact that we cannot deal with shows itself only when it goes alone
        elif error.code is ErrorCode.CRM_OFFLINE and words_of(error)[1] not in _UNREACHED:
            self.size = max(1, self.size // 2)
        seconds = next_attempt(self._failures, error.code, asked(error)).seconds or 0.0
        self._failures += 1
        self.until, self.why = now + timedelta(seconds=seconds), error.code

    def earliest(self, due: datetime, pace: float) -> datetime:
        """When something due then may go, in rounds that are ``pace`` seconds apart."""
        at = due if self.last is None else max(due, self.last + timedelta(seconds=pace))
        return at if self.until is None else max(at, self.until)


def asked(error: AppError) -> float | None:
    """Seconds Salesforce asked to wait; None when it did not."""
    after = error.values.get("retry_after")
    return float(after) if isinstance(after, int | float) else None
