"""The people and companies of the seeded org. Every US number is in a range reserved for fiction."""

from __future__ import annotations

from typing import Any, NamedTuple


class Person(NamedTuple):
    """A Contact or Lead: `company` is the Account's name, or a Lead's own company."""

    first: str
    last: str
    title: str
    company: str
    fields: dict[str, str]


USERS: tuple[dict[str, Any], ...] = (
    {
        "FirstName": "Riley",
        "LastName": "Chen",
        "Username": "riley.chen@ringdown.example",
        "Title": "Account Executive",
        "Alias": "rchen",
        "Phone": "+1 415 555 0100",
        "Extension": "200",
    },
    {
        "FirstName": "Jordan",
        "LastName": "Brooks",
        "Username": "jordan.brooks@ringdown.example",
        "Title": "Sales Manager",
        "Alias": "jbroo",
        "Phone": "(415) 555-0150",
        "Extension": "201",
    },
    {
        "FirstName": "Amara",
        "LastName": "Singh",
        "Username": "amara.singh@ringdown.example",
        "Title": "Support Lead",
        "Alias": "asing",
        "Phone": "(415) 555-0151",
        "MobilePhone": "628-555-0151",
        "Extension": "202",
    },
    {
        "FirstName": "Felix",
        "LastName": "Moreau",
        "Username": "felix.moreau@ringdown.example",
        "Title": "Solutions Engineer",
        "Alias": "fmore",
        "Phone": "(415) 555-0152",
        "Extension": "203",
    },
    {
        "FirstName": "Hana",
        "LastName": "Sato",
        "Username": "hana.sato@ringdown.example",
        "Title": "Account Executive, Japan",
        "Alias": "hsato",
        "Phone": "+81 3-5555-0190",
        "Extension": "204",
        "TimeZoneSidKey": "Asia/Tokyo",
        "LocaleSidKey": "ja_JP",
        "LanguageLocaleKey": "ja",
    },
)

ACCOUNTS: tuple[dict[str, Any], ...] = (
    {
        "Name": "Acme Logistics",
        "Phone": "(415) 555-0106",
        "Industry": "Transportation",
        "Type": "Customer",
        "BillingCity": "San Francisco",
        "BillingState": "CA",
        "BillingCountry": "USA",
        "NumberOfEmployees": 420,
        "Website": "https://acme-logistics.example",
    },
    {
        "Name": "Nordlys Energy",
        "Phone": "503-555-0190",
        "Industry": "Energy",
        "Type": "Prospect",
        "BillingCity": "Portland",
        "BillingState": "OR",
        "BillingCountry": "USA",
        "NumberOfEmployees": 130,
    },
    {
        "Name": "Harbor Analytics",
        "Phone": "206.555.0150",
        "Industry": "Technology",
        "Type": "Customer",
        "BillingCity": "Seattle",
        "BillingState": "WA",
        "BillingCountry": "USA",
    },
    {
        "Name": "Sakura Denki 株式会社",
        "Phone": "+81 3-5555-0120",
        "Industry": "Electronics",
        "Type": "Customer",
        "BillingCity": "東京都",
        "BillingCountry": "Japan",
    },
    {
        "Name": "Spreewerk GmbH",
        "Phone": "+49 30 23125 010",
        "Industry": "Manufacturing",
        "Type": "Prospect",
        "BillingCity": "Berlin",
        "BillingCountry": "Germany",
    },
    {
        "Name": "Cedar & Finch Retail",
        "Phone": "(312) 555-0170",
        "Industry": "Retail",
        "Type": "Customer",
        "BillingCity": "Chicago",
        "BillingState": "IL",
    },
    {
        "Name": "Bluepeak Software",
        "Phone": "+1 (720) 555-0161",
        "Industry": "Technology",
        "Type": "Partner",
        "BillingCity": "Denver",
        "BillingState": "CO",
    },
    {
        "Name": "Juniper Medical Group",
        "Phone": "617 555 0134",
        "Industry": "Healthcare",
        "Type": "Prospect",
        "BillingCity": "Boston",
        "BillingState": "MA",
    },
    {
        "Name": "Kestrel Manufacturing",
        "Phone": "1-414-555-0188",
        "Industry": "Manufacturing",
        "Type": "Customer",
        "BillingCity": "Milwaukee",
        "BillingState": "WI",
    },
    {
        "Name": "Tidewater Foods",
        "Phone": "757.555.0145",
        "Industry": "Agriculture",
        "Type": "Prospect",
        "BillingCity": "Norfolk",
        "BillingState": "VA",
    },
)

CONTACTS = (
    Person(
        "Ana",
        "Flores",
        "VP Operations",
        "Acme Logistics",
        {"Phone": "(415) 555-0142", "MobilePhone": "+1 628 555 0117", "Email": "ana.flores@acme-logistics.example"},
    ),
    Person(
        "Bo",
        "Lindqvist",
        "CFO",
        "Nordlys Energy",
        {"Phone": "503-555-0199", "Email": "bo.lindqvist@nordlys.example"},
    ),
    Person("Maya", "Okafor", "Head of Data", "Harbor Analytics", {"Phone": "(206) 555-0155"}),
    Person(
        "美咲",
        "田中",
        "営業部長",
        "Sakura Denki 株式会社",
        {"Phone": "+81 3-5555-0123", "Email": "misaki.tanaka@sakura-denki.example"},
    ),
    Person("Jonas", "Weber", "Einkaufsleiter", "Spreewerk GmbH", {"Phone": "+49 30 23125 014"}),
    Person("Priya", "Nair", "Operations Analyst", "Acme Logistics", {"Phone": "+1 415 555 0101"}),
    Person("Tom", "Becker", "Dispatcher", "Kestrel Manufacturing", {"Phone": "(415) 555-0102"}),
    Person("Grace", "Kim", "Procurement Manager", "Bluepeak Software", {"Phone": "415-555-0103"}),
    Person("Luis", "Ortega", "Warehouse Manager", "Tidewater Foods", {"Phone": "415.555.0104"}),
    Person("Echo", "Test", "Echo line", "Bluepeak Software", {"Phone": "4155550105"}),
    Person("Front", "Desk", "Reception", "Acme Logistics", {"Phone": "(415) 555-0106"}),
    Person("Sam", "Whitfield", "IT Director", "Cedar & Finch Retail", {"Phone": "1 (415) 555-0107"}),
    Person("Nadia", "Haddad", "Controller", "Acme Logistics", {"Phone": "(415) 555-0143 x12"}),
    Person(
        "Owen", "Marsh", "Fleet Manager", "Acme Logistics", {"Phone": "415.555.0163", "MobilePhone": "(628) 555-0164"}
    ),
    Person("Ingrid", "Solberg", "Plant Director", "Nordlys Energy", {"Phone": "+1 503 555 0192"}),
    Person("Victor", "Reyes", "Data Engineer", "Harbor Analytics", {"Phone": "206-555-0156 ext. 31"}),
    Person("健", "佐藤", "購買課長", "Sakura Denki 株式会社", {"Phone": "03-5555-0124"}),
    Person("Lena", "Hoffmann", "Geschäftsführerin", "Spreewerk GmbH", {"MobilePhone": "+49 30 23125 015"}),
    Person("Carla", "Finch", "Owner", "Cedar & Finch Retail", {"Phone": "(312) 555-0171"}),
    Person("Marcus", "Doyle", "Partner Manager", "Bluepeak Software", {"Phone": "+1 (720) 555-0162"}),
    Person("Ruth", "Abrams", "Practice Manager", "Juniper Medical Group", {"Phone": "617 555 0135"}),
    Person("Samir", "Aziz", "Chief of Staff", "Juniper Medical Group", {"Phone": "6175550136"}),
    Person("Dana", "Kowalski", "Quality Lead", "Kestrel Manufacturing", {"Phone": "1-414-555-0189"}),
    Person("Elise", "Tran", "Buyer", "Tidewater Foods", {"Phone": "757.555.0146;ext=7"}),
)

LEADS = (
    Person("Dev", "Patel", "Office Manager", "Brightside Clinics", {"Phone": "312 555 0128", "Rating": "Hot"}),
    Person("Mia", "Okafor", "Founder", "Okafor Studio", {"Phone": "(206) 555-0155", "Rating": "Warm"}),
    Person("Hugo", "Barnes", "Director", "Lakeside Schools", {"Phone": "(612) 555-0121"}),
    Person("Yuki", "Mori", "Producer", "Studio Mori", {"Phone": "+81 3-5555-0131"}),
    Person("Clara", "Jensen", "COO", "Fjord Coffee", {"Phone": "503.555.0174", "Rating": "Cold"}),
    Person("Omar", "Farouk", "Engineer", "Sunline Solar", {"Phone": "+1 602 555 0139", "Rating": "Hot"}),
    Person("Tess", "Callahan", "Manager", "Callahan & Sons", {"Phone": "617-555-0181"}),
    Person("Ian", "Mercer", "Buyer", "Mercer Outdoor", {"MobilePhone": "(720) 555-0148"}),
)
