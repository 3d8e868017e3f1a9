"""Follow-ups on their way to Salesforce: made ready from the store, sent, and remembered. For `sync`.

The key a follow-up will have for ever is stored before its first request, so that sending again makes no second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.call_log import CallLog
from app.domain.external_ids import KEY_FIELD, follow_up_key
from app.domain.follow_up import FollowUp
from app.ports.crm import CrmGateway, CrmUser, TaskReceipt
from app.store import records
from app.store.database import Session


@dataclass(frozen=True, slots=True)
class FollowUpJob:
    """One follow-up to send. ``sent`` is what Salesforce is known to hold, empty before the first confirmed write.

    ``tried_at``: when an earlier try may have reached Salesforce without its answer being known.
    """

    one: FollowUp
    log: CallLog
    key: str
    sent: Mapping[str, object]
    tried_at: datetime | None = None


def follow_up_job(s: Session, id: str, user: CrmUser, tried_at: datetime | None = None) -> FollowUpJob | None:
    """What to send of a follow-up; None when there is nothing to tell. Store thread."""
    one = records.get_follow_up(s, id)
    log = records.get_call_log(s, one.call_id) if one is not None else None
    if one is None or log is None:
        return None
    sent = records.get_follow_up_sent(s, id)
    if one.removed and not sent and not one.task_id:
        return None  # taken back before anything of it had left
    key = str(sent.pop(KEY_FIELD, "")) or follow_up_key(user.id, one.id)
    records.set_follow_up_sent(s, id, {**sent, KEY_FIELD: key})
    return FollowUpJob(one, log, key, sent, tried_at)


def send_follow_up(gateway: CrmGateway, job: FollowUpJob) -> TaskReceipt:
    """Make, change or take back its Task. Crm thread; raises AppError CRM_*."""
    return gateway.log_follow_up(job.one, job.log, key=job.key, sent=job.sent, tried_at=job.tried_at)


def keep_follow_up(s: Session, job: FollowUpJob, receipt: TaskReceipt) -> None:
    """Remember what Salesforce confirmed. Store thread."""
    records.set_follow_up_sent(s, job.one.id, {**receipt.sent, KEY_FIELD: job.key}, task_id=receipt.task_id)
