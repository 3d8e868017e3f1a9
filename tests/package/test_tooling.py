"""Salesforce's own command line library takes the package: every file, every element, and what a deployment sends."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.package.metadata import NAMESPACE, ROOT, SOURCE, fields, named, texts
from tests.package.tooling import Verdict, check

DAY = "Ringdown_Day__c"


@pytest.fixture(scope="module")
def verdict(npm_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    return check(ROOT / "force-app", tmp_path_factory.mktemp("converted") / "mdapi", npm_modules)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source folder to spoil."""
    return Path(shutil.copytree(ROOT / "force-app", tmp_path / "force-app"))


def test_every_file_belongs_to_a_component_and_every_element_is_known(verdict: Verdict) -> None:
    assert verdict.unclaimed == []
    assert verdict.problems == []


def test_the_components_are_the_ones_we_mean(verdict: Verdict) -> None:
    buttons = [f"WebLink:{owner}.{verb}_with_Ringdown"
               for owner in ("Account", "Case", "Contact", "Lead", "Opportunity")
               for verb in ("Call", "Text")]  # fmt: skip
    reports = ("Calls_by_Outcome", "Calls_by_Rep_and_Day", "Missed_Calls", "Talk_Time", "Texts_by_Day")
    assert verdict.components == sorted([
        "ApexPage:Ringdown_CTI", "CallCenter:Ringdown", "CustomObject:Ringdown_Day__c", "CustomTab:Ringdown_Day__c",
        "Dashboard:Ringdown/Calls_and_Texts", "DashboardFolder:Ringdown",
        "Layout:Ringdown_Day__c-Ringdown Day Layout", "PermissionSet:Ringdown_User", "PermissionSet:Ringdown_Viewer",
        "ReportFolder:Ringdown", "ReportType:Ringdown_Calls", "ReportType:Ringdown_Days",
        "StaticResource:Ringdown_CTI", *buttons,
        *(f"CustomField:Activity.{name}" for name in fields("Activity")),
        *(f"Report:Ringdown/{name}" for name in reports),
    ])  # fmt: skip
    assert verdict.children == sorted([
        f"CompactLayout:{DAY}.Ringdown_Day", f"WebLink:{DAY}.Call_with_Ringdown", f"WebLink:{DAY}.Text_with_Ringdown",
        *(f"CustomField:{DAY}.{name}" for name in fields(DAY)),
        *(f"ListView:{DAY}.{path.name.split('.')[0]}" for path in named(f"objects/{DAY}/listViews/*")),
    ])  # fmt: skip


def test_a_deployment_sends_each_of_them_and_no_layout_of_a_standard_object(verdict: Verdict) -> None:
    assert "package.xml" in verdict.converted
    layouts = [name for name in verdict.converted if name.startswith("layouts/")]
    assert layouts == ["layouts/Ringdown_Day__c-Ringdown Day Layout.layout"]
    root = ElementTree.fromstring(verdict.manifest)
    assert root.findtext(f"{NAMESPACE}version") == "66.0"
    listed = {}
    for one in root.iterfind(f"{NAMESPACE}types"):
        (kind,) = texts(one, "name")
        listed[kind] = texts(one, "members")
    assert set(listed["CustomField"]) == {f"{owner}.{name}" for owner in ("Activity", DAY) for name in fields(owner)}
    assert listed["CustomObject"] == [DAY]
    assert listed["CallCenter"] == ["Ringdown"]
    assert listed["Report"] == ["Ringdown/", *(f"Ringdown/{p.name.split('.')[0]}" for p in named("reports/Ringdown/*"))]


def test_standard_objects_are_sent_with_our_buttons_only(verdict: Verdict, npm_modules: Path, tmp_path: Path) -> None:
    assert {name for name in verdict.converted if name.startswith("objects/")} == {
        "objects/Account.object", "objects/Activity.object", "objects/Case.object", "objects/Contact.object",
        "objects/Lead.object", "objects/Opportunity.object", "objects/Ringdown_Day__c.object",
    }  # fmt: skip
    check(SOURCE, tmp_path / "mdapi", npm_modules)
    for name in ("Account", "Case", "Contact", "Lead", "Opportunity"):
        root = ElementTree.parse(tmp_path / "mdapi" / "objects" / f"{name}.object").getroot()
        assert {one.tag for one in root} == {f"{NAMESPACE}webLinks"}
    root = ElementTree.parse(tmp_path / "mdapi" / "objects" / "Activity.object").getroot()
    assert {one.tag for one in root} == {f"{NAMESPACE}fields"}


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("objects/Activity/fields/Ringdown_Key__c.field-meta.xml", "</unique>", "</uniqe>", "Expected closing tag"),
        ("objects/Activity/fields/Ringdown_Key__c.field-meta.xml", "unique>", "uniqe>", "CustomField has no uniqe"),
        ("objects/Ringdown_Day__c/fields/Key__c.field-meta.xml", "true</unique>", "yes</unique>", "neither true nor"),
        ("objects/Ringdown_Day__c/fields/Key__c.field-meta.xml", "255", "long", "long is no number"),
        ("permissionsets/Ringdown_User.permissionset-meta.xml", "allowEdit>", "canEdit>", "has no canEdit"),
        ("permissionsets/Ringdown_User.permissionset-meta.xml", "<label>Ringdown User</label>", "", "label is missing"),
        ("reports/Ringdown/Talk_Time.report-meta.xml", "<format>Summary</format>", "<format/><format/>", "2 times"),
        ("callCenters/Ringdown.callCenter-meta.xml", "CallCenter", "CallCentre", "knows no CallCentre"),
    ],
)
def test_a_broken_file_is_found(
    copy: Path, npm_modules: Path, tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    path = copy / "main" / "default" / file
    whole = path.read_text(encoding="utf-8")
    assert old in whole
    path.write_text(whole.replace(old, new), encoding="utf-8")
    try:
        found = check(copy, tmp_path / "mdapi", npm_modules).problems
    except AssertionError as error:  # so broken that the tooling itself gives up
        found = [f"{file}: {error}"]
    assert any(complaint in one for one in found), found
    assert all(path.name in one for one in found)


def test_a_misplaced_file_is_found(copy: Path, npm_modules: Path, tmp_path: Path) -> None:
    stray = copy / "main" / "default" / "permissionsets" / "Other.xml"
    stray.write_text("<PermissionSet/>", encoding="utf-8")
    assert check(copy, tmp_path / "mdapi", npm_modules).unclaimed == ["main/default/permissionsets/Other.xml"]
