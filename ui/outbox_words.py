"""The words of the outbox page: where a fact stands, what Salesforce said, and what the rep can do about it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.advice import Advice, advice_for
from app.errors import ErrorCode
from app.ports.crm import OrgFinding
from app.reads.rows import OutboxRow
from app.usecases.budget import Allowance
from app.usecases.sync_state import SyncState
from ui import present
from ui.components import clean_line
from ui.words import trouble_sentence

_OUR_OWN = {ErrorCode.INTERNAL, ErrorCode.STORE_FULL, ErrorCode.STORE_READ_ONLY, ErrorCode.STORE_UNREADABLE}


def state_text(row: OutboxRow, state: SyncState, now: datetime, *, connected: bool) -> str:
    """Where a row stands: being sent, waiting and till when, or refused."""
    if (row.kind, row.ref) in state.sending:
        return QCoreApplication.translate("Outbox", "Sending…")
    if row.failed:
        return QCoreApplication.translate("Outbox", "Not written")
    if row.code == ErrorCode.CRM_PACKAGE_MISSING.value:
        return QCoreApplication.translate("Outbox", "Waits for Ringdown's package in Salesforce")
    if not connected:
        return QCoreApplication.translate("Outbox", "Waits until Salesforce is back")
    if row.kind == "day" and state.allowance is Allowance.CALLS:
        return QCoreApplication.translate("Outbox", "Waits: the company has nearly used up its requests of the day")
    at = max(row.due, state.resting_until) if state.resting_until is not None else row.due
    if (at - now).total_seconds() < 1:
        return QCoreApplication.translate("Outbox", "Goes out now")
    if row.tries == 0 and state.resting_until is None:
        return QCoreApplication.translate("Outbox", "Goes out at {time}").format(time=present.time_text(at, now))
    return QCoreApplication.translate("Outbox", "Tried again at {time}").format(time=present.time_text(at, now))


def why_text(row: OutboxRow) -> str:
    """What came back the last time, in Salesforce's own words where it had any; empty before the first try."""
    if not row.code:
        return ""
    return clean_line(trouble_sentence(row.code, {"message": clean_line(row.message)}))


def advice_text(row: OutboxRow) -> str:
    """What the rep can do about it; empty when there is nothing to do but wait."""
    match advice_for(row.reason, failed=row.failed):
        case Advice.PERMISSION:
            return QCoreApplication.translate(
                "Outbox", "You lack a permission in Salesforce. Ask your admin for the permission set Ringdown User."
            )
        case Advice.RULE:
            return QCoreApplication.translate(
                "Outbox",
                "A rule of your company stands against it. Change the subject, the result or the notes, then retry.",
            )
        case Advice.REQUIRED:
            return QCoreApplication.translate(
                "Outbox", "Your company demands a field that Ringdown does not fill. Ask your admin, then retry."
            )
        case Advice.PARENT:
            return QCoreApplication.translate(
                "Outbox", "The record it belongs to was deleted or is hidden from you. Choose another one, then retry."
            )
        case Advice.AUTOMATION:
            return QCoreApplication.translate(
                "Outbox", "An automation of your company failed. Show these words to your admin, then retry."
            )
        case Advice.HIDDEN:
            return QCoreApplication.translate(
                "Outbox", "You can no longer see this task in Salesforce. The notes stay here."
            )
        case Advice.PACKAGE:
            return QCoreApplication.translate(
                "Outbox", "Your admin has to install Ringdown's package first. Nothing is lost meanwhile."
            )
        case Advice.NONE:
            return QCoreApplication.translate("Outbox", "Retry, or show these words to your admin.")
        case Advice.WAIT:
            return ""


def rest_text(state: SyncState, now: datetime) -> str:
    """Why nothing goes out at the moment; empty when something may."""
    if state.resting_until is None or state.why is None:
        return ""
    time = present.time_text(state.resting_until, now)
    if state.why is ErrorCode.CRM_LIMIT:
        return QCoreApplication.translate(
            "Outbox", "Your company has used up its Salesforce requests of the day. Ringdown rests until {time}."
        ).format(time=time)
    if state.why in _OUR_OWN:
        return QCoreApplication.translate("Outbox", "Ringdown has trouble of its own. Tried again at {time}.").format(
            time=time
        )
    return QCoreApplication.translate("Outbox", "Salesforce cannot be reached. Tried again at {time}.").format(
        time=time
    )


def usage_text(state: SyncState) -> str:
    """What Salesforce was asked today, by this app and by the whole company."""
    mine = QCoreApplication.translate("Outbox", "Ringdown has asked Salesforce {count} times today.").format(
        count=QLocale().toString(state.today)
    )
    if not state.total or state.used is None:
        return mine
    all_ = QCoreApplication.translate(
        "Outbox", "Everybody in your company together has used {share} % of the requests of a day."
    ).format(share=round(100 * state.used / state.total))
    match state.allowance:
        case Allowance.CALLS:
            rest = QCoreApplication.translate("Outbox", "Only call logs go out until that is less.")
        case Allowance.WRITES:
            rest = QCoreApplication.translate("Outbox", "Changes made in Salesforce are not read until that is less.")
        case Allowance.ALL:
            rest = ""
    return " ".join(part for part in (mine, all_, rest) if part)


def finding_text(found: OrgFinding) -> str:
    """Something of the org worth knowing, as a sentence."""
    name = clean_line(found.name)
    match found.code:
        case "package-missing":
            return QCoreApplication.translate(
                "Outbox",
                "Ringdown's package is not installed, or you may not use it. Calls are logged as plain tasks; "
                "days of texts wait here.",
            )
        case "field-hidden":
            return QCoreApplication.translate(
                "Outbox", "You may not write the field “{name}” of a task, so it stays empty."
            ).format(name=name)
        case "field-required":
            return QCoreApplication.translate(
                "Outbox", "Your company demands the field “{name}” in every task, which Ringdown cannot fill."
            ).format(name=name)
        case "record-type":
            return QCoreApplication.translate("Outbox", "New tasks get the record type “{name}”.").format(name=name)
        case _:
            return name
