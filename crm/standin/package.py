"""What the admin package adds: the day object, and the Ringdown fields on activities."""

from __future__ import annotations

from dataclasses import replace

from .fields import day, long_text, moment, name_shown, number, owner, ref, system, text
from .schema import Field, Kind, SObject


def _ours(one: Field) -> Field:
    return replace(one, package=True)


def _key(name: str, label: str) -> Field:
    return replace(text(name, label, 255), unique=True, external_id=True)


ACTIVITY_FIELDS = (
    _ours(_key("Ringdown_Key__c", "Ringdown Key")),
    _ours(text("Ringdown_Line__c", "Ringdown Line", 80)),
    _ours(moment("Ringdown_Started__c", "Ringdown Started")),
    _ours(moment("Ringdown_Ended__c", "Ringdown Ended")),
    _ours(text("Ringdown_Outcome__c", "Ringdown Outcome", 40)),
)

DAY = SObject(
    "Ringdown_Day__c",
    "Ringdown Day",
    "Ringdown Days",
    "a00",
    (
        *system("Record"),
        name_shown("Ringdown Day", 80, auto_number="RD-{:06d}"),
        owner("Group", "User"),
        _key("Key__c", "Key"),
        day("Day__c", "Day"),
        text("Zone__c", "Zone", 64),
        text("Counterpart__c", "Counterpart", 255),
        ref("Contact__c", "Contact", "Contact", children="Ringdown_Days__r"),
        ref("Lead__c", "Lead", "Lead", children="Ringdown_Days__r"),
        ref("Account__c", "Account", "Account", children="Ringdown_Days__r"),
        number("Messages__c", "Messages", Kind.DOUBLE, digits=18),
        number("Part__c", "Part", Kind.DOUBLE, digits=18),
        long_text("Body__c", "Body", 131072),
    ),
    package=True,
)
