"""The files agree with each other: every name one of them uses is one that another, or Salesforce itself, declares."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from app.links import parse_link
from tests.package.metadata import NAMESPACE, SOURCE, fields, named, read, text, texts, values

DAY = "Ringdown_Day__c"
STANDARD = {"Account", "Case", "Contact", "Lead", "Opportunity"}
# What Salesforce calls these columns itself.
DAY_STANDARD = {"Name", "Owner", "OwnerId", "CreatedBy", "CreatedById", "CreatedDate", "LastModifiedBy",
                "LastModifiedById", "LastModifiedDate"}  # fmt: skip
ACTIVITY_STANDARD = {"Subject", "ActivityDate", "Owner", "Who", "What", "Account", "CallType", "CallDurationInSeconds",
                     "CallDisposition", "Description", "Status", "TaskSubtype", "IsTask", "IsClosed", "Id",
                     "CreatedDate", "CreatedBy", "LastModifiedDate"}  # fmt: skip
LIST_STANDARD = {"NAME", "OWNER.ALIAS"}
# The words the Metadata API takes where it does not take any text (its developer guide, enumerations).
WORDS = {
    "aggregate": {"Sum"},
    "aggregateTypes": {"Sum"},
    "availability": {"online"},
    "axisBinding": {"x", "y"},
    "behavior": {"Edit", "Readonly", "Required"},
    "cacheControl": {"Public", "Private"},
    "category": {"activities", "other"},
    "chartType": {"HorizontalBar", "HorizontalBarStacked", "VerticalColumnStacked", "Donut"},
    "columnSize": {"Narrow", "Medium", "Wide"},
    "componentType": {"Bar", "BarStacked", "Column", "ColumnStacked", "Donut", "Table", "Metric"},
    "dashboardType": {"SpecifiedUser", "LoggedInUser", "MyTeamUser"},
    "dateGranularity": {"Day", "Week", "Month"},
    "deleteConstraint": {"SetNull", "Restrict", "Cascade"},
    "deploymentStatus": {"Deployed"},
    "displayType": {"button", "link", "massActionButton"},
    "displayUnits": {"Auto", "Integer"},
    "encodingKey": {"UTF-8"},
    "filterScope": {"Everything", "Mine"},
    "format": {"Matrix", "Summary", "Tabular"},
    "interval": {"INTERVAL_LAST30"},
    "legendPosition": {"Right", "Bottom", "OnChart"},
    "linkType": {"url", "page"},
    "location": {"CHART_TOP", "CHART_BOTTOM"},
    "openType": {"newWindow", "noSidebar", "replace", "sidebar"},
    "operation": {"equals", "greaterOrEqual", "notEqual"},
    "operator": {"equals", "notEqual"},
    "scope": {"organization"},
    "sharingModel": {"Private"},
    "size": {"Small", "Medium", "Large"},
    "sortBy": {"RowLabelAscending", "RowLabelDescending", "RowValueAscending", "RowValueDescending"},
    "sortOrder": {"Asc", "Desc"},
    "style": {"OneColumn", "TwoColumnsTopToBottom", "TwoColumnsLeftToRight"},
    "type": {"AutoNumber", "Date", "DateTime", "LongTextArea", "Lookup", "Number", "Text", "Url"},
    "visibility": {"Visible", "Available"},
}
PERMISSION_SETS = named("permissionsets/*.permissionset-meta.xml")
REPORTS = named("reports/Ringdown/*.report-meta.xml")


def columns_of(report_type: str) -> set[str]:
    root = read(Path(f"reportTypes/{report_type}.reportType-meta.xml"))
    columns = root.iterfind(f"{NAMESPACE}sections/{NAMESPACE}columns")
    return {f"{text(one, 'table')}${text(one, 'field')}" for one in columns}


@pytest.mark.parametrize("path", named("**/*.xml"), ids=str)
def test_every_file_is_well_formed_and_named_after_what_it_declares(path: Path) -> None:
    root = read(path)
    assert root.tag.startswith(NAMESPACE)
    if declared := text(root, "fullName"):
        assert path.name.split(".")[0] == declared


@pytest.mark.parametrize("path", named("**/*.xml"), ids=str)
def test_enumerated_values_are_ones_the_api_knows(path: Path) -> None:
    for one in read(path).iter():
        allowed = WORDS.get(one.tag.removeprefix(NAMESPACE))
        assert allowed is None or one.text in allowed, f"{one.tag.removeprefix(NAMESPACE)}: {one.text}"


@pytest.mark.parametrize("owner", ["Activity", DAY])
def test_names_stay_within_what_salesforce_takes(owner: str) -> None:
    for one in fields(owner).values():
        assert len(one.name.removesuffix("__c")) <= 40
        assert len(one.values["label"]) <= 40
        assert len(one.values["description"]) <= 1000
        assert "__" not in one.name.removesuffix("__c")


def test_lookups_point_at_real_objects_and_never_hold_up_a_deletion() -> None:
    lookups = {one.name: one.values for one in fields(DAY).values() if one.values["type"] == "Lookup"}
    assert set(lookups) == {"Contact__c", "Lead__c", "Account__c"}
    for name, one in lookups.items():
        assert one["referenceTo"] == name.removesuffix("__c")
        assert one["deleteConstraint"] == "SetNull"
        assert one["relationshipName"] == "Ringdown_Days"


def test_no_field_is_required_because_a_person_may_not_see_it() -> None:
    for owner in ("Activity", DAY):
        assert {one.values.get("required", "false") for one in fields(owner).values()} == {"false"}


def test_keys_are_external_ids_and_unique() -> None:
    task, day = fields("Activity")["Ringdown_Key__c"].values, fields(DAY)["Key__c"].values
    for one in (task, day):
        assert (one["type"], one["externalId"], one["unique"]) == ("Text", "true", "true")
    # A SIP Call-ID tells small letters from capitals; a number or a user id does not.
    assert (task["caseSensitive"], day["caseSensitive"]) == ("true", "false")


def test_days_are_private_and_belong_to_the_rep() -> None:
    root = read(Path(f"objects/{DAY}/{DAY}.object-meta.xml"))
    assert (text(root, "sharingModel"), text(root, "enableReports"), text(root, "enableSearch")) == (
        "Private",
        "true",
        "true",
    )
    assert text(root, "nameField/type") == "AutoNumber"
    assert text(root, "compactLayoutAssignment") in {one.name.split(".")[0] for one in named(f"objects/{DAY}/**/*")}
    shown = {name for step in ("customTabList", "lookupDialogs", "searchResults")
             for name in texts(root, f"searchLayouts/{step}AdditionalFields")}  # fmt: skip
    assert shown <= {*fields(DAY), "OWNER.ALIAS"}


@pytest.mark.parametrize("path", PERMISSION_SETS, ids=str)
def test_permission_sets_name_every_field_and_nothing_else(path: Path) -> None:
    root = read(path)
    expected = {f"Task.{name}" for name in fields("Activity")} | {f"{DAY}.{name}" for name in fields(DAY)}
    listed = texts(root, "fieldPermissions/field")
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    assert set(texts(root, "fieldPermissions/readable")) == {"true"}
    assert texts(root, "objectPermissions/object") == [DAY]
    assert texts(root, "tabSettings/tab") == [DAY]
    for page in texts(root, "pageAccesses/apexPage"):
        assert (SOURCE / "pages" / f"{page}.page").is_file()


def test_reps_write_days_and_delete_none_and_viewers_only_read() -> None:
    def rights(name: str) -> dict[str, str]:
        root = read(Path(f"permissionsets/{name}.permissionset-meta.xml"))
        found = root.find(f"{NAMESPACE}objectPermissions")
        assert found is not None
        return {**values(found), "fields": ",".join(sorted(set(texts(root, "fieldPermissions/editable"))))}

    nothing = {"allowDelete": "false", "viewAllRecords": "false", "modifyAllRecords": "false", "object": DAY}
    assert rights("Ringdown_User") == {
        **nothing, "allowCreate": "true", "allowEdit": "true", "allowRead": "true", "fields": "true",
    }  # fmt: skip
    assert rights("Ringdown_Viewer") == {
        **nothing, "allowCreate": "false", "allowEdit": "false", "allowRead": "true", "fields": "false",
    }  # fmt: skip


def test_the_layout_shows_everything_and_lets_people_change_nothing() -> None:
    root = read(Path(f"layouts/{DAY}-Ringdown Day Layout.layout-meta.xml"))
    assert {"Edit", "Delete", "Clone", "ChangeOwnerOne"} <= set(texts(root, "excludeButtons"))
    items = "layoutSections/layoutColumns/layoutItems"
    assert set(texts(root, f"{items}/behavior")) == {"Readonly"}
    shown = set(texts(root, f"{items}/field"))
    assert set(fields(DAY)) <= shown <= set(fields(DAY)) | DAY_STANDARD
    buttons = {one.name.split(".")[0] for one in named(f"objects/{DAY}/webLinks/*")}
    assert set(texts(root, "customButtons")) == buttons


def test_lists_and_the_compact_layout_name_real_fields() -> None:
    views = named(f"objects/{DAY}/listViews/*")
    assert views
    for path in views:
        root = read(path)
        assert set(texts(root, "columns")) <= set(fields(DAY)) | LIST_STANDARD
        assert set(texts(root, "filters/field")) <= set(fields(DAY))
    for path in named(f"objects/{DAY}/compactLayouts/*"):
        assert set(texts(read(path), "fields")) <= set(fields(DAY)) | DAY_STANDARD


def test_nothing_of_the_customers_own_is_overwritten() -> None:
    assert [path.name.split("-")[0] for path in named("layouts/*")] == [DAY]
    for path in named("objects/**/*.xml"):
        owner, folder = path.parts[1], path.parts[2]
        assert owner in {DAY, "Activity"} or (owner in STANDARD and folder == "webLinks")
    kinds = {path.parts[0] for path in named("**/*.xml")}
    assert not kinds & {"profiles", "applications", "flexipages", "standardValueSets", "settings", "quickActions"}


def test_report_types_offer_fields_that_exist() -> None:
    assert {text(read(path), "baseObject") for path in named("reportTypes/*")} == {"Activity", DAY}
    known = {f"Activity${name}" for name in ACTIVITY_STANDARD | set(fields("Activity"))}
    assert columns_of("Ringdown_Calls") <= known
    assert {f"Activity${name}" for name in fields("Activity")} <= columns_of("Ringdown_Calls")
    known = {f"{DAY}${name}" for name in DAY_STANDARD | set(fields(DAY))}
    assert columns_of("Ringdown_Days") <= known
    assert {f"{DAY}${name}" for name in fields(DAY)} <= columns_of("Ringdown_Days")


@pytest.mark.parametrize("path", REPORTS, ids=str)
def test_reports_use_columns_of_their_report_type(path: Path) -> None:
    root = read(path)
    offered = columns_of(text(root, "reportType").removesuffix("__c"))
    groups = [*texts(root, "groupingsDown/field"), *texts(root, "groupingsAcross/field")]
    used = {
        *texts(root, "columns/field"),
        *texts(root, "filter/criteriaItems/column"),
        *texts(root, "timeFrameFilter/dateColumn"),
        *groups,
    }
    assert used <= offered
    assert not set(groups) & set(texts(root, "columns/field")), "a column that is grouped by is no column any more"
    charted = {*texts(root, "chart/groupingColumn"), *texts(root, "chart/secondaryGroupingColumn")}
    assert charted <= set(groups)
    summed = {text(one, "field") for one in root.iterfind(f"{NAMESPACE}columns") if text(one, "aggregateTypes")}
    assert set(texts(root, "chart/chartSummaries/column")) <= summed | {"RowCount"}
    assert len(text(root, "name")) <= 40
    assert text(root, "format") == ("Matrix" if texts(root, "groupingsAcross/field") else "Summary")


def test_the_dashboard_shows_reports_of_the_package_by_their_own_groups() -> None:
    (path,) = named("dashboards/Ringdown/*")
    parts = list(read(path).iter(f"{NAMESPACE}components"))
    assert parts
    for one in parts:
        report = read(Path(f"reports/{text(one, 'report')}.report-meta.xml"))
        groups = {*texts(report, "groupingsDown/field"), *texts(report, "groupingsAcross/field")}
        assert set(texts(one, "groupingColumn")) <= groups
        columns = report.iterfind(f"{NAMESPACE}columns")
        summed = {text(column, "field") for column in columns if text(column, "aggregateTypes")}
        assert set(texts(one, "chartSummary/column")) <= summed | {"RowCount"}
    shown = {text(one, "report").split("/")[1] for one in parts}
    assert shown == {path.name.split(".")[0] for path in REPORTS}


def test_the_call_centre_opens_our_page_with_our_script() -> None:
    root = read(Path("callCenters/Ringdown.callCenter-meta.xml"))
    page = text(root, "adapterUrl").removeprefix("/apex/")
    items = dict(zip(texts(root, "sections/items/name"), texts(root, "sections/items/value"), strict=True))
    assert items["reqAdapterUrl"] == text(root, "adapterUrl")
    assert (items["reqUseApi"], items["reqSalesforceCompatibilityMode"]) == ("true", "Lightning")
    source = (SOURCE / "pages" / f"{page}.page").read_text(encoding="utf-8")
    assert ElementTree.fromstring(source.replace("apex:", "")).tag == "page", "Visualforce is XML"
    assert "$Resource.Ringdown_CTI" in source
    version = text(read(Path(f"pages/{page}.page-meta.xml")), "apiVersion")
    assert f"/support/api/{version}/lightning/opencti_min.js" in source
    assert (SOURCE / "staticresources" / "Ringdown_CTI.js").is_file()


@pytest.mark.parametrize("path", named("objects/*/webLinks/*"), ids=str)
def test_buttons_make_links_the_app_takes(path: Path) -> None:
    button = values(read(path))
    url = button["url"]
    merged = url
    while "{!" in merged:  # what Salesforce puts in: a number, encoded, or the record's id
        field = merged[merged.index("{!") : merged.index("}") + 1]
        merged = merged.replace(field, "%2B1%20%28415%29%20555-0123" if "URLENCODE" in field else "006000000000001AAA")
    link = parse_link(merged)
    assert link.to == unquote("%2B1%20%28415%29%20555-0123")
    owner = path.parts[1]
    assert link.about == ("" if owner == DAY else "006000000000001AAA")
    assert link.messages == button["fullName"].startswith("Text")
    assert f"{{!{owner}.Id}}" in url or owner == DAY
    assert (button["displayType"], button["linkType"]) == ("button", "url")
    assert len(url) <= 2048
