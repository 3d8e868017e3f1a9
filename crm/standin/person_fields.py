"""What person accounts add to an org that has them: the person's fields on Account, record types."""

from __future__ import annotations

from dataclasses import replace

from .fields import day, email, flag, phone, pick, ref, shown, system, text
from .schema import Field, Kind, SObject

PERSON_TYPE_NAME = "PersonAccount"


def _person(one: Field) -> Field:
    return replace(one, person=True)


ACCOUNT_FIELDS = tuple(
    _person(one)
    for one in (
        flag("IsPersonAccount", "Is Person Account", writable=False),
        ref("PersonContactId", "Contact ID", "Contact", createable=False, updateable=False),
        ref("RecordTypeId", "Record Type ID", "RecordType"),
        text("LastName", "Last Name", 80),
        text("FirstName", "First Name", 40),
        pick("Salutation", "Salutation", "Mr.", "Ms.", "Mrs.", "Dr.", "Prof."),
        email("PersonEmail", "Email"),
        phone("PersonMobilePhone", "Mobile"),
        phone("PersonHomePhone", "Home Phone"),
        phone("PersonOtherPhone", "Other Phone"),
        phone("PersonAssistantPhone", "Asst. Phone"),
        text("PersonTitle", "Title", 80),
        day("PersonBirthdate", "Birthdate"),
        flag("PersonDoNotCall", "Do Not Call"),
        flag("PersonHasOptedOutOfEmail", "Email Opt Out"),
        flag("PersonHasOptedOutOfFax", "Fax Opt Out"),
    )
)

CONTACT_FIELDS = (_person(flag("IsPersonAccount", "Is Person Account", writable=False)),)

# Account field: field of the Contact behind it.
SHADOWED = {
    "LastName": "LastName",
    "FirstName": "FirstName",
    "Salutation": "Salutation",
    "Phone": "Phone",
    "Fax": "Fax",
    "PersonEmail": "Email",
    "PersonMobilePhone": "MobilePhone",
    "PersonHomePhone": "HomePhone",
    "PersonOtherPhone": "OtherPhone",
    "PersonAssistantPhone": "AssistantPhone",
    "PersonTitle": "Title",
    "PersonBirthdate": "Birthdate",
    "PersonDoNotCall": "DoNotCall",
    "PersonHasOptedOutOfEmail": "HasOptedOutOfEmail",
    "PersonHasOptedOutOfFax": "HasOptedOutOfFax",
    "OwnerId": "OwnerId",
}

RECORD_TYPE = SObject(
    "RecordType",
    "Record Type",
    "Record Types",
    "012",
    (
        *(one for one in system("Record Type") if one.name != "IsDeleted"),
        replace(shown("Name", "Name", Kind.STRING, 80), name_field=True),
        shown("DeveloperName", "Developer Name", Kind.STRING, 80),
        shown("SobjectType", "SObject Type Name", Kind.PICKLIST, 40),
        flag("IsActive", "Active", writable=False),
        _person(flag("IsPersonType", "Is Person Type", writable=False)),
    ),
    createable=False,
    deletable=False,
    searchable=False,
)
