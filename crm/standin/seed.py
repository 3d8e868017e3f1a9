"""Plants the believable org: the same ids every time, dates relative to now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from . import records, times
from .objects_work import TASK_STATUSES
from .org import ORG_ID, Org
from .seed_people import ACCOUNTS, CONTACTS, LEADS, USERS, Person
from .seed_work import CALLS, CASES, DEALS, QUICK_TEXTS

_YEAR = timedelta(days=365)
_RELATED_DEAL = {"Renewal terms": "Renewal 2027", "Proposal walk-through": "Wind farm monitoring"}


def plant(org: Org, *, people: bool = True) -> None:
    """Fills an empty org; without `people` only with its users and value lists."""
    with org.store.transaction():
        _Planter(org).plant(people=people)
        org.store.all_indexed()


class _Planter:
    def __init__(self, org: Org) -> None:
        self._org = org
        self._now = org.now()
        self._users: list[str] = []
        self._ids: dict[str, str] = {}

    def plant(self, *, people: bool) -> None:
        self._plant_org()
        if people:
            self._plant_people()
            self._plant_deals()
            self._plant_cases()
            self._plant_calls()
            self._plant_texts()

    def _load(self, name: str, rows: list[dict[str, Any]]) -> list[str]:
        sobject = self._org.schema.find(name)
        assert sobject is not None
        return records.load(self._org, sobject, rows)

    def _ago(self, **since: float) -> str:
        return times.wire(self._now - timedelta(**since))

    def _day(self, moment: datetime) -> str:
        return moment.astimezone(times.zone(self._org.user_zone())).date().isoformat()

    def _plant_org(self) -> None:
        long_ago = times.wire(self._now - 2 * _YEAR)
        self._load(
            "Organization",
            [
                {
                    "Id": ORG_ID,
                    "Name": "Ringdown Demo",
                    "OrganizationType": "Enterprise Edition",
                    "InstanceName": "STANDIN",
                    "TimeZoneSidKey": "America/Los_Angeles",
                    "DefaultLocaleSidKey": "en_US",
                    "CreatedDate": long_ago,
                }
            ],
        )
        self._users = self._load(
            "User",
            [
                {**one, "Email": one["Username"], "CompanyName": "Ringdown Demo", "CreatedDate": long_ago}
                for one in USERS
            ],
        )
        self._load(
            "TaskStatus",
            [
                {
                    "MasterLabel": name,
                    "ApiName": name,
                    "SortOrder": place,
                    "IsDefault": place == 1,
                    "IsClosed": closed,
                    "CreatedDate": long_ago,
                }
                for place, (name, closed) in enumerate(TASK_STATUSES.items(), start=1)
            ],
        )

    def _plant_people(self) -> None:
        accounts = self._load(
            "Account", [{**one, "CreatedDate": self._ago(days=300 - place)} for place, one in enumerate(ACCOUNTS)]
        )
        self._ids |= {str(one["Name"]): made for one, made in zip(ACCOUNTS, accounts, strict=True)}
        self._named(
            "Contact",
            [
                {**_person(one), "AccountId": self._ids[one.company], "CreatedDate": self._ago(days=200)}
                for one in CONTACTS
            ],
        )
        self._named(
            "Lead",
            [{**_person(one), "Company": one.company, "CreatedDate": self._ago(days=20)} for one in LEADS],
        )

    def _named(self, sobject: str, rows: list[dict[str, Any]]) -> None:
        for made in self._load(sobject, rows):
            row = self._org.store.find(made)
            assert row is not None
            self._ids[str(row["Name"])] = made

    def _plant_deals(self) -> None:
        made = self._load(
            "Opportunity",
            [
                {
                    "AccountId": self._ids[deal.account],
                    "ContactId": self._ids[deal.contact],
                    "Name": deal.name,
                    "StageName": deal.stage,
                    "Amount": deal.amount,
                    "CloseDate": self._day(self._now + timedelta(days=deal.close)),
                    "CreatedDate": self._ago(days=80),
                }
                for deal in DEALS
            ],
        )
        self._ids |= {deal.name: one for deal, one in zip(DEALS, made, strict=True)}
        self._load(
            "OpportunityContactRole",
            [
                {
                    "OpportunityId": self._ids[deal.name],
                    "ContactId": self._ids[deal.contact],
                    "Role": "Decision Maker",
                    "IsPrimary": True,
                    "CreatedDate": self._ago(days=80),
                }
                for deal in DEALS
            ],
        )

    def _plant_cases(self) -> None:
        self._load(
            "Case",
            [
                {
                    "AccountId": self._ids[case.account],
                    "ContactId": self._ids[case.contact],
                    "Subject": case.subject,
                    "Status": case.status,
                    "Priority": case.priority,
                    "Origin": "Phone",
                    "OwnerId": self._users[2],
                    "CreatedDate": self._ago(days=case.ago),
                    **({"ClosedDate": self._ago(days=case.ago - 1)} if case.status == "Closed" else {}),
                }
                for case in CASES
            ],
        )

    def _plant_calls(self) -> None:
        rows: list[dict[str, Any]] = []
        for call in sorted(CALLS, key=lambda one: -one.ago):
            ended = self._now - timedelta(hours=call.ago)
            rows.append(
                {
                    "WhoId": self._ids[call.who],
                    "WhatId": self._ids.get(_RELATED_DEAL.get(call.subject, "")),
                    "OwnerId": self._users[call.user],
                    "Subject": f"Call: {call.subject}",
                    "Status": "Completed",
                    "TaskSubtype": "Call",
                    "Type": "Call",
                    "CallType": call.kind,
                    "CallDurationInSeconds": call.seconds,
                    "CallDisposition": call.result,
                    "Description": call.notes,
                    "ActivityDate": self._day(ended),
                    "CompletedDateTime": times.wire(ended),
                    "CreatedDate": times.wire(ended),
                }
            )
        self._load("Task", rows)

    def _plant_texts(self) -> None:
        self._load(
            "QuickText",
            [
                {
                    "Name": name,
                    "Message": message,
                    "Category": category,
                    "Channel": channel,
                    "FolderName": folder,
                    "CreatedDate": self._ago(days=100),
                }
                for name, message, category, channel, folder in QUICK_TEXTS
            ],
        )


def _person(person: Person) -> dict[str, Any]:
    return {"FirstName": person.first, "LastName": person.last, "Title": person.title, **person.fields}
