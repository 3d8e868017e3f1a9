"""Account, Contact, Lead, User and Organization."""

from __future__ import annotations

from dataclasses import replace

from .fields import day, email, flag, long_text, name_shown, number, owner, phone, pick, ref, shown, system, text
from .person_fields import ACCOUNT_FIELDS, CONTACT_FIELDS, RECORD_TYPE
from .schema import Field, Kind, SObject

_INDUSTRIES = (
    "Agriculture",
    "Banking",
    "Consulting",
    "Education",
    "Electronics",
    "Energy",
    "Finance",
    "Healthcare",
    "Manufacturing",
    "Retail",
    "Technology",
    "Transportation",
    "Other",
)
_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")
_RATINGS = ("Hot", "Warm", "Cold")
_SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.")


def _address(prefix: str, label: str) -> tuple[Field, ...]:
    return (
        long_text(f"{prefix}Street", f"{label}Street", 255),
        text(f"{prefix}City", f"{label}City", 40),
        text(f"{prefix}State", f"{label}State/Province", 80),
        text(f"{prefix}PostalCode", f"{label}Zip/Postal Code", 20),
        text(f"{prefix}Country", f"{label}Country", 80),
    )


def _url(name: str, label: str) -> Field:
    return Field(name=name, label=label, kind=Kind.URL, length=255)


def _named(one: Field) -> Field:
    return replace(one, name_field=True)


_LAST_ACTIVITY = day("LastActivityDate", "Last Activity", writable=False)

ACCOUNT = SObject(
    "Account",
    "Account",
    "Accounts",
    "001",
    (
        *system("Account"),
        ref("MasterRecordId", "Master Record ID", "Account", createable=False, updateable=False),
        _named(text("Name", "Account Name", 255, required=True)),
        pick("Type", "Account Type", "Prospect", "Customer", "Partner", "Other"),
        ref("ParentId", "Parent Account ID", "Account", children="ChildAccounts"),
        *_address("Billing", "Billing "),
        phone("Phone", "Account Phone"),
        phone("Fax", "Account Fax"),
        text("AccountNumber", "Account Number", 40),
        _url("Website", "Website"),
        pick("Industry", "Industry", *_INDUSTRIES),
        number("AnnualRevenue", "Annual Revenue", Kind.CURRENCY, digits=18),
        number("NumberOfEmployees", "Employees"),
        long_text("Description", "Account Description", 32000),
        pick("Rating", "Account Rating", *_RATINGS),
        text("Site", "Account Site", 80),
        owner(),
        _LAST_ACTIVITY,
        *ACCOUNT_FIELDS,
    ),
)

CONTACT = SObject(
    "Contact",
    "Contact",
    "Contacts",
    "003",
    (
        *system("Contact"),
        ref("MasterRecordId", "Master Record ID", "Contact", createable=False, updateable=False),
        ref("AccountId", "Account ID", "Account", children="Contacts"),
        text("LastName", "Last Name", 80, required=True),
        text("FirstName", "First Name", 40),
        pick("Salutation", "Salutation", *_SALUTATIONS),
        name_shown("Full Name"),
        *_address("Mailing", "Mailing "),
        phone("Phone", "Business Phone"),
        phone("Fax", "Business Fax"),
        phone("MobilePhone", "Mobile Phone"),
        phone("HomePhone", "Home Phone"),
        phone("OtherPhone", "Other Phone"),
        phone("AssistantPhone", "Asst. Phone"),
        ref("ReportsToId", "Reports To ID", "Contact", children="ReportsTo"),
        email("Email", "Email"),
        text("Title", "Title", 128),
        text("Department", "Department", 80),
        text("AssistantName", "Assistant's Name", 40),
        pick("LeadSource", "Lead Source", *_SOURCES),
        day("Birthdate", "Birthdate"),
        long_text("Description", "Contact Description", 32000),
        owner(),
        flag("DoNotCall", "Do Not Call"),
        flag("HasOptedOutOfEmail", "Email Opt Out"),
        flag("HasOptedOutOfFax", "Fax Opt Out"),
        _LAST_ACTIVITY,
        *CONTACT_FIELDS,
    ),
)

LEAD = SObject(
    "Lead",
    "Lead",
    "Leads",
    "00Q",
    (
        *system("Lead"),
        ref("MasterRecordId", "Master Record ID", "Lead", createable=False, updateable=False),
        text("LastName", "Last Name", 80, required=True),
        text("FirstName", "First Name", 40),
        pick("Salutation", "Salutation", *_SALUTATIONS),
        name_shown("Full Name"),
        text("Title", "Title", 128),
        text("Company", "Company", 255, required=True),
        *_address("", ""),
        phone("Phone", "Phone"),
        phone("MobilePhone", "Mobile Phone"),
        phone("Fax", "Fax"),
        email("Email", "Email"),
        _url("Website", "Website"),
        long_text("Description", "Description", 32000),
        pick("LeadSource", "Lead Source", *_SOURCES),
        pick(
            "Status",
            "Status",
            "Open - Not Contacted",
            "Working - Contacted",
            "Closed - Converted",
            "Closed - Not Converted",
            default="Open - Not Contacted",
            required=True,
        ),
        pick("Industry", "Industry", *_INDUSTRIES),
        pick("Rating", "Rating", *_RATINGS),
        number("NumberOfEmployees", "Employees"),
        owner("Group", "User"),
        flag("IsConverted", "Converted", writable=False),
        day("ConvertedDate", "Converted Date", writable=False),
        ref("ConvertedAccountId", "Converted Account ID", "Account", createable=False, updateable=False),
        ref("ConvertedContactId", "Converted Contact ID", "Contact", createable=False, updateable=False),
        ref("ConvertedOpportunityId", "Converted Opportunity ID", "Opportunity", createable=False, updateable=False),
        flag("DoNotCall", "Do Not Call"),
        flag("HasOptedOutOfEmail", "Email Opt Out"),
        flag("HasOptedOutOfFax", "Fax Opt Out"),
        _LAST_ACTIVITY,
    ),
)

USER = SObject(
    "User",
    "User",
    "Users",
    "005",
    (
        *(one for one in system("User") if one.name != "IsDeleted"),
        text("Username", "Username", 80, required=True),
        text("LastName", "Last Name", 80, required=True),
        text("FirstName", "First Name", 40),
        name_shown("Full Name"),
        text("Alias", "Alias", 8),
        email("Email", "Email"),
        text("Title", "Title", 80),
        text("Department", "Department", 80),
        text("CompanyName", "Company Name", 80),
        flag("IsActive", "Active", default=True),
        phone("Phone", "Phone"),
        phone("MobilePhone", "Mobile"),
        phone("Fax", "Fax"),
        phone("Extension", "Extension"),
        pick("TimeZoneSidKey", "Time Zone", default="America/Los_Angeles", required=True),
        pick("LocaleSidKey", "Locale", default="en_US", required=True),
        pick("LanguageLocaleKey", "Language", default="en_US", required=True),
        pick("EmailEncodingKey", "Email Encoding", default="UTF-8", required=True),
        pick("UserType", "User Type", default="Standard"),
        ref("ManagerId", "Manager ID", "User", children="ManagedUsers"),
        shown("CallCenterId", "Call Center ID", Kind.STRING, 18),
    ),
    deletable=False,
)

ORGANIZATION = SObject(
    "Organization",
    "Organization",
    "Organizations",
    "00D",
    (
        *(one for one in system("Organization") if one.name != "IsDeleted"),
        _named(shown("Name", "Name", Kind.STRING, 80)),
        shown("OrganizationType", "Edition", Kind.PICKLIST, 40),
        shown("InstanceName", "Instance Name", Kind.STRING, 40),
        shown("TimeZoneSidKey", "Time Zone", Kind.PICKLIST, 40),
        shown("DefaultLocaleSidKey", "Locale", Kind.PICKLIST, 40),
        flag("IsSandbox", "Is Sandbox", writable=False),
    ),
    createable=False,
    deletable=False,
    searchable=False,
)

PEOPLE = (ACCOUNT, CONTACT, LEAD, USER, ORGANIZATION, RECORD_TYPE)
