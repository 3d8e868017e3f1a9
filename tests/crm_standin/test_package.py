"""The package as the stand-in reads it: from the very files an admin deploys."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crm.standin import package
from crm.standin.schema import Kind
from tests.crm_standin.client import Client

DAY_FIELDS = {
    "Key__c", "Day__c", "Zone__c", "Counterpart__c", "Contact__c", "Lead__c", "Account__c", "Messages__c", "Part__c",
    "Body__c",
}  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the package to spoil."""
    return Path(shutil.copytree(package.SOURCE, tmp_path / "default"))


def permission_file(source: Path) -> Path:
    return source / "permissionsets" / f"{package.PERMISSION_SET}.permissionset-meta.xml"


def without(source: Path, field: str, **changed: str) -> None:
    """Takes a field out of the permission set, or changes what it says of it."""
    tree = ElementTree.parse(permission_file(source))
    root = tree.getroot()
    for one in root.findall("{*}fieldPermissions"):
        if one.findtext("{*}field") == field:
            if not changed:
                root.remove(one)
            for name, text in changed.items():
                child = one.find(f"{{*}}{name}")
                assert child is not None
                child.text = text
    tree.write(permission_file(source))


def test_every_field_file_is_a_field_of_the_org(client: Client) -> None:
    for folder, sobject in (("Activity", "Task"), ("Ringdown_Day__c", "Ringdown_Day__c")):
        files = {one.name.partition(".")[0] for one in (package.SOURCE / "objects" / folder / "fields").iterdir()}
        described = client.api("GET", f"/sobjects/{sobject}/describe").body["fields"]
        assert files == {one["name"] for one in described if one["custom"]}


def test_what_the_files_say_is_what_describe_says(client: Client) -> None:
    day = client.api("GET", "/sobjects/Ringdown_Day__c/describe").body
    assert (day["label"], day["labelPlural"], day["keyPrefix"]) == ("Ringdown Day", "Ringdown Days", "a00")
    assert (day["createable"], day["deletable"], day["searchable"]) == (True, False, True)
    fields = {one["name"]: one for one in day["fields"]}
    assert set(fields) >= DAY_FIELDS
    key = fields["Key__c"]
    assert (key["externalId"], key["unique"], key["caseSensitive"], key["length"]) == (True, True, False, 255)
    assert (fields["Name"]["autoNumber"], fields["Name"]["createable"]) == (True, False)
    assert (fields["Contact__c"]["relationshipName"], fields["Contact__c"]["referenceTo"]) == (
        "Contact__r",
        ["Contact"],
    )
    assert [fields[name]["type"] for name in ("Day__c", "Messages__c", "Body__c")] == ["date", "double", "textarea"]
    task = {one["name"]: one for one in client.api("GET", "/sobjects/Task/describe").body["fields"]}
    assert task["Ringdown_Key__c"]["caseSensitive"] is True
    assert task["Ringdown_Started__c"]["type"] == "datetime"
    assert client.api("DELETE", f"/sobjects/Ringdown_Day__c/{client.create('Ringdown_Day__c')}").code == (
        "INSUFFICIENT_ACCESS_OR_READONLY"
    )


def test_a_task_is_about_an_object_only_if_that_has_activities(client: Client) -> None:
    allowed = "Ringdown_Day__c" in package.with_activities(package.SOURCE)
    task = {one["name"]: one for one in client.api("GET", "/sobjects/Task/describe").body["fields"]}
    assert ("Ringdown_Day__c" in task["WhatId"]["referenceTo"]) is allowed


def test_a_field_without_permission_is_invisible(source: Path) -> None:
    without(source, "Task.Ringdown_Line__c")
    without(source, "Task.Ringdown_Outcome__c", readable="false")
    without(source, "Task.Ringdown_Ended__c", editable="false")
    fields = {one.name: one for one in package.activity_fields(source)}
    assert "Ringdown_Key__c" in fields
    assert not {"Ringdown_Line__c", "Ringdown_Outcome__c"} & set(fields)
    assert (fields["Ringdown_Ended__c"].createable, fields["Ringdown_Ended__c"].updateable) == (False, False)


def test_an_object_without_permission_is_invisible(source: Path) -> None:
    text = permission_file(source).read_text()
    permission_file(source).write_text(text.replace("<object>Ringdown_Day__c</object>", "<object>Other__c</object>"))
    assert package.custom_objects(source) == ()


def test_no_folder_is_no_package(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert [*package.activity_fields(gone), *package.custom_objects(gone), *package.with_activities(gone)] == []


def test_other_types_of_field(source: Path) -> None:
    fields = source / "objects" / "Ringdown_Day__c" / "fields"
    head = '<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">'
    (fields / "Key__c.field-meta.xml").write_text(
        f"{head}<fullName>Key__c</fullName><label>K</label><type>Picklist</type><required>true</required><valueSet>"
        "<restricted>true</restricted><valueSetDefinition><value><fullName>A</fullName></value>"
        "<value><fullName>B</fullName></value></valueSetDefinition></valueSet></CustomField>"
    )
    (fields / "Day__c.field-meta.xml").write_text(
        f"{head}<fullName>Day__c</fullName><label>D</label><type>Checkbox</type>"
        "<defaultValue>true</defaultValue></CustomField>"
    )
    (day,) = package.custom_objects(source)
    key, flag = day.fields["key__c"], day.fields["day__c"]
    assert (key.kind, key.values, key.restricted, key.required) == (Kind.PICKLIST, ("A", "B"), True, True)
    assert (flag.kind, flag.default) == (Kind.BOOLEAN, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<CustomField", "Key__c.field-meta.xml"),
        ("<CustomField><fullName>Key__c</fullName><type>Location</type></CustomField>", "type Location"),
    ],
)
def test_files_that_make_no_sense_are_named(source: Path, text: str, message: str) -> None:
    (source / "objects" / "Ringdown_Day__c" / "fields" / "Key__c.field-meta.xml").write_text(text)
    with pytest.raises(package.PackageError, match=message):
        package.custom_objects(source)
