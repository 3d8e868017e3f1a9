"""What the app writes fits into the package: every field is there, is long enough, and reps may write it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.counterpart import RecordRef
from app.domain.external_ids import KEY_FIELD, LIMIT, day_key
from app.ports.crm import DayRecord
from crm.mapping import day_values, task_values
from tests.crm.samples import ALICE, call_log
from tests.package.metadata import FieldFile, fields, read, texts

ROOT = Path(__file__).resolve().parents[2]
OURS = re.compile(r"""["'](Ringdown_\w+__c)["']""")
LONG = "x" * 300
DAY = "Ringdown_Day__c"
RECORDS = (RecordRef("Contact", "003000000000001AAA"), RecordRef("Lead", "00Q000000000001EAA"),
           RecordRef("Account", "001000000000001AAA"))  # fmt: skip


def writable() -> set[str]:
    """The fields reps may change by the permission set, `Task.X__c` as Salesforce calls them."""
    return set(texts(read(Path("permissionsets/Ringdown_User.permissionset-meta.xml")), "fieldPermissions/field"))


def fits(field: FieldFile, value: object) -> bool:
    match field.values["type"]:
        case "Text" | "LongTextArea" | "Url":
            return isinstance(value, str) and len(value) <= field.length
        case "Number":
            return isinstance(value, int) and field.values["scale"] == "0"
        case "Date":
            return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None
        case "DateTime":
            return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value) is not None
        case "Lookup":
            return value is None or (isinstance(value, str) and len(value) == 18)
        case other:
            raise AssertionError(f"a kind of field nobody thought of: {other}")


def test_every_task_field_the_app_writes_is_in_the_package() -> None:
    made = task_values(call_log(), zone=ALICE.zone, line_number=LONG)
    ours = {name: value for name, value in made.items() if name.endswith("__c")}
    assert ours
    for name, value in ours.items():
        assert fits(fields("Activity")[name], value), name
        assert f"Task.{name}" in writable()


@pytest.mark.parametrize("who", RECORDS)
def test_every_day_field_the_app_writes_is_in_the_package(who: RecordRef) -> None:
    record = DayRecord("k", "2026-11-20", f"sip:{'b' * 240}@x.test", "America/Argentina/ComodRivadavia", 2, 300,
                       "text", who, "001000000000001AAA")  # fmt: skip
    made = {**day_values(record), "Key__c": day_key(ALICE.id, record.number, record.day, record.part)}
    assert set(made) == set(fields(DAY))
    for name, value in made.items():
        assert fits(fields(DAY)[name], value), name
        assert f"{DAY}.{name}" in writable()


def test_every_name_of_ours_in_the_code_is_in_the_package() -> None:
    sources = [
        path for folder in ("app", "crm", "ui") for path in (ROOT / folder).rglob("*.py") if "standin" not in path.parts
    ]
    named = {name for path in sources for name in OURS.findall(path.read_text(encoding="utf-8"))}
    assert "Ringdown_Key__c" in named
    assert named - {DAY} <= set(fields("Activity"))


def test_keys_are_as_long_as_their_fields() -> None:
    assert fields("Activity")[KEY_FIELD].length == fields(DAY)["Key__c"].length == LIMIT
