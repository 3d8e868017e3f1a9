"""Opportunity, OpportunityContactRole, Case, Task, TaskStatus and QuickText."""

from __future__ import annotations

from dataclasses import replace

from .fields import day, flag, long_text, moment, number, owner, pick, ref, shown, system, text
from .package import ACTIVITY_FIELDS, RELATED
from .schema import Field, Kind, SObject

# stage: closed, won, probability, forecast
STAGES: dict[str, tuple[bool, bool, int, str]] = {
    "Prospecting": (False, False, 10, "Pipeline"),
    "Qualification": (False, False, 10, "Pipeline"),
    "Needs Analysis": (False, False, 20, "Pipeline"),
    "Value Proposition": (False, False, 50, "Pipeline"),
    "Id. Decision Makers": (False, False, 60, "Pipeline"),
    "Perception Analysis": (False, False, 70, "Pipeline"),
    "Proposal/Price Quote": (False, False, 75, "Best Case"),
    "Negotiation/Review": (False, False, 90, "Commit"),
    "Closed Won": (True, True, 100, "Closed"),
    "Closed Lost": (True, False, 0, "Omitted"),
}
CLOSED_CASE = frozenset({"Closed"})
# status: closed
TASK_STATUSES = {
    "Not Started": False,
    "In Progress": False,
    "Completed": True,
    "Waiting on someone else": False,
    "Deferred": False,
}
TASK_SUBTYPES = ("Task", "Email", "ListEmail", "Call", "LinkedIn", "Cadence", "Note")

OPPORTUNITY = SObject(
    "Opportunity",
    "Opportunity",
    "Opportunities",
    "006",
    (
        *system("Opportunity"),
        ref("AccountId", "Account ID", "Account", children="Opportunities"),
        replace(text("Name", "Name", 120, required=True), name_field=True),
        long_text("Description", "Description", 32000),
        pick("StageName", "Stage", *STAGES, required=True),
        number("Amount", "Amount", Kind.CURRENCY, digits=16),
        number("Probability", "Probability (%)", Kind.PERCENT, digits=3),
        number("ExpectedRevenue", "Expected Amount", Kind.CURRENCY, digits=16, writable=False),
        day("CloseDate", "Close Date", required=True),
        pick("Type", "Opportunity Type", "New Customer", "Existing Customer - Upgrade", "Renewal"),
        text("NextStep", "Next Step", 255),
        pick("LeadSource", "Lead Source", "Web", "Phone Inquiry", "Partner Referral", "Other"),
        flag("IsClosed", "Closed", writable=False),
        flag("IsWon", "Won", writable=False),
        shown("ForecastCategoryName", "Forecast Category", Kind.PICKLIST, 40),
        ref("ContactId", "Contact ID", "Contact", updateable=False),
        owner(),
        day("LastActivityDate", "Last Activity", writable=False),
    ),
)

CONTACT_ROLE = SObject(
    "OpportunityContactRole",
    "Opportunity Contact Role",
    "Opportunity Contact Role",
    "00K",
    (
        *system("Contact Role"),
        ref(
            "OpportunityId",
            "Opportunity ID",
            "Opportunity",
            children="OpportunityContactRoles",
            required=True,
            updateable=False,
        ),
        ref("ContactId", "Contact ID", "Contact", children="OpportunityContactRoles", required=True),
        pick("Role", "Role", "Business User", "Decision Maker", "Economic Buyer", "Evaluator", "Influencer", "Other"),
        flag("IsPrimary", "Primary"),
    ),
    searchable=False,
)

CASE = SObject(
    "Case",
    "Case",
    "Cases",
    "500",
    (
        *system("Case"),
        Field(
            name="CaseNumber",
            label="Case Number",
            kind=Kind.STRING,
            length=30,
            createable=False,
            updateable=False,
            name_field=True,
            auto_number="{:08d}",
        ),
        ref("ContactId", "Contact ID", "Contact", children="Cases"),
        ref("AccountId", "Account ID", "Account", children="Cases"),
        ref("ParentId", "Parent Case ID", "Case", children="Cases"),
        text("SuppliedName", "Web Name", 80),
        text("SuppliedEmail", "Web Email", 80),
        text("SuppliedPhone", "Web Phone", 40),
        text("SuppliedCompany", "Web Company", 80),
        pick("Type", "Case Type", "Problem", "Feature Request", "Question"),
        pick("Status", "Status", "New", "Working", "Escalated", "Closed", default="New"),
        pick("Reason", "Case Reason", "User didn't attend training", "Complex functionality", "Other"),
        pick("Origin", "Case Origin", "Phone", "Email", "Web"),
        text("Subject", "Subject", 255),
        pick("Priority", "Priority", "High", "Medium", "Low", default="Medium"),
        long_text("Description", "Description", 32000),
        flag("IsClosed", "Closed", writable=False),
        moment("ClosedDate", "Closed Date", writable=False),
        flag("IsEscalated", "Escalated"),
        owner("Group", "User"),
        shown("ContactPhone", "Contact Phone", Kind.PHONE, 40, via=("ContactId", "Phone")),
        shown("ContactMobile", "Contact Mobile", Kind.PHONE, 40, via=("ContactId", "MobilePhone")),
        shown("ContactEmail", "Contact Email", Kind.EMAIL, 80, via=("ContactId", "Email")),
    ),
)

TASK = SObject(
    "Task",
    "Task",
    "Tasks",
    "00T",
    (
        *system("Activity"),
        ref("WhoId", "Name ID", "Contact", "Lead", children="Tasks"),
        ref("WhatId", "Related To ID", "Account", "Case", "Opportunity", *RELATED, children="Tasks"),
        Field(name="Subject", label="Subject", kind=Kind.COMBOBOX, length=255, name_field=True),
        day("ActivityDate", "Due Date Only"),
        pick("Status", "Status", *TASK_STATUSES, required=True, default="Not Started"),
        pick("Priority", "Priority", "High", "Normal", "Low", required=True, default="Normal"),
        flag("IsHighPriority", "High Priority", writable=False),
        owner("Group", "User"),
        long_text("Description", "Description", 32000),
        pick("Type", "Type", "Call", "Email", "Meeting", "Other"),
        ref("AccountId", "Account ID", "Account", createable=False, updateable=False),
        flag("IsClosed", "Closed", writable=False),
        flag("IsArchived", "Archived", writable=False),
        number("CallDurationInSeconds", "Call Duration"),
        pick("CallType", "Call Type", "Internal", "Inbound", "Outbound", restricted=True),
        text("CallDisposition", "Call Result", 255),
        text("CallObject", "Call Object Identifier", 255),
        moment("ReminderDateTime", "Reminder Date/Time"),
        flag("IsReminderSet", "Reminder Set"),
        moment("CompletedDateTime", "Completed Date", writable=False),
        replace(pick("TaskSubtype", "Task Subtype", *TASK_SUBTYPES, restricted=True, default="Task"), updateable=False),
        *ACTIVITY_FIELDS,
    ),
)

TASK_STATUS = SObject(
    "TaskStatus",
    "Task Status Value",
    "Task Status Value",
    "01J",
    (
        *(one for one in system("Task Status Value") if one.name != "IsDeleted"),
        replace(shown("MasterLabel", "Master Label", Kind.STRING, 255), name_field=True),
        shown("ApiName", "API Name", Kind.STRING, 255),
        number("SortOrder", "Sort Order", writable=False),
        flag("IsDefault", "Is Default", writable=False),
        flag("IsClosed", "Closed", writable=False),
    ),
    createable=False,
    deletable=False,
    searchable=False,
)

QUICK_TEXT = SObject(
    "QuickText",
    "Quick Text",
    "Quick Text",
    "574",
    (
        *system("Quick Text"),
        replace(text("Name", "Quick Text Name", 255, required=True), name_field=True),
        long_text("Message", "Message", 4096, required=True),
        pick("Category", "Category", "Greetings", "FAQ", "Closings", "Follow-up"),
        Field(
            name="Channel",
            label="Channel",
            kind=Kind.MULTIPICKLIST,
            length=4099,
            values=("Email", "Phone", "Messaging", "Task", "Event", "Portal", "Internal", "Social", "Live Agent"),
        ),
        text("FolderName", "Folder Name", 40),
        flag("IsInsertable", "Insertable", default=True),
        pick("SourceType", "Source Type", "Standard"),
        text("Shortcode", "Shortcode", 11),
        owner(),
    ),
)

WORK = (OPPORTUNITY, CONTACT_ROLE, CASE, TASK, TASK_STATUS, QUICK_TEXT)
