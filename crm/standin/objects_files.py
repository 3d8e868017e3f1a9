"""Files: ContentVersion (one upload), ContentDocument (the file), ContentDocumentLink (where it is shown)."""

from __future__ import annotations

from dataclasses import replace

from .fields import flag, long_text, number, owner, pick, ref, shown, system, text
from .schema import Field, Kind, SObject

_LINKED = (
    "Account",
    "Case",
    "Contact",
    "Lead",
    "Opportunity",
    "Organization",
    "QuickText",
    "Ringdown_Day__c",
    "Task",
    "User",
)


def _create_only(one: Field) -> Field:
    return replace(one, updateable=False)


VERSION = SObject(
    "ContentVersion",
    "Content Version",
    "Content Versions",
    "068",
    (
        *system("ContentVersion"),
        _create_only(ref("ContentDocumentId", "ContentDocument ID", "ContentDocument", children="ContentVersions")),
        flag("IsLatest", "Is Latest", default=True, writable=False),
        shown("VersionNumber", "Version Number", Kind.STRING, 20),
        replace(text("Title", "Title", 255), name_field=True),
        long_text("Description", "Description", 1000),
        long_text("ReasonForChange", "Reason For Change", 1000),
        _create_only(text("PathOnClient", "Path On Client", 500, required=True)),
        shown("FileType", "File Type", Kind.STRING, 20),
        shown("FileExtension", "File Extension", Kind.STRING, 40),
        number("ContentSize", "Size", writable=False),
        shown("Checksum", "Checksum", Kind.STRING, 50),
        _create_only(Field(name="VersionData", label="Version Data", kind=Kind.BASE64)),
        _create_only(ref("FirstPublishLocationId", "First Publish Location ID", *_LINKED)),
        _create_only(pick("Origin", "Content Origin", "C", "H", default="C", restricted=True)),
        _create_only(pick("ContentLocation", "Content Location", "S", "E", "L", default="S", restricted=True)),
        owner(),
    ),
    searchable=True,
)

DOCUMENT = SObject(
    "ContentDocument",
    "ContentDocument",
    "ContentDocuments",
    "069",
    (
        *system("ContentDocument"),
        replace(text("Title", "Title", 255), name_field=True, createable=False),
        long_text("Description", "Description", 1000),
        shown("FileType", "File Type", Kind.STRING, 20),
        shown("FileExtension", "File Extension", Kind.STRING, 40),
        number("ContentSize", "Size", writable=False),
        ref(
            "LatestPublishedVersionId",
            "Latest Published Version ID",
            "ContentVersion",
            createable=False,
            updateable=False,
        ),
        owner(),
    ),
    createable=False,
)

LINK = SObject(
    "ContentDocumentLink",
    "Content Document Link",
    "Content Document Link",
    "06A",
    (
        *(one for one in system("ContentDocumentLink")),
        _create_only(
            ref("LinkedEntityId", "Linked Entity ID", *_LINKED, children="ContentDocumentLinks", required=True)
        ),
        _create_only(
            ref(
                "ContentDocumentId",
                "ContentDocument ID",
                "ContentDocument",
                children="ContentDocumentLinks",
                required=True,
            )
        ),
        pick("ShareType", "Share Type", "V", "C", "I", default="V", restricted=True),
        pick(
            "Visibility",
            "Visibility",
            "AllUsers",
            "InternalUsers",
            "SharedUsers",
            default="AllUsers",
            restricted=True,
        ),
    ),
    searchable=False,
)

FILES = (VERSION, DOCUMENT, LINK)
