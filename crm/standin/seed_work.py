"""The deals, cases, past calls and quick texts of the seeded org."""

from __future__ import annotations

from typing import NamedTuple


class Deal(NamedTuple):
    """An Opportunity; `close` is days from today, `contact` has the primary role in it."""

    account: str
    contact: str
    name: str
    stage: str
    amount: int
    close: int


class Trouble(NamedTuple):
    """A Case opened `ago` days ago."""

    account: str
    contact: str
    subject: str
    status: str
    priority: str
    ago: int


class PastCall(NamedTuple):
    """A completed call Task: `ago` hours ago, with a Contact or Lead, by the user at that place of the list."""

    who: str
    kind: str
    subject: str
    seconds: int
    result: str
    ago: int
    user: int
    notes: str


DEALS = (
    Deal("Acme Logistics", "Ana Flores", "Renewal 2027", "Negotiation/Review", 42_000, 21),
    Deal("Nordlys Energy", "Bo Lindqvist", "Wind farm monitoring", "Proposal/Price Quote", 96_500, 40),
    Deal("Harbor Analytics", "Maya Okafor", "Seats expansion", "Qualification", 18_000, 60),
    Deal("Sakura Denki 株式会社", "田中 美咲", "東京本社 導入", "Value Proposition", 120_000, 75),
    Deal("Spreewerk GmbH", "Jonas Weber", "Pilot Berlin", "Needs Analysis", 24_000, 55),
    Deal("Cedar & Finch Retail", "Carla Finch", "Store rollout", "Closed Won", 63_000, -12),
    Deal("Bluepeak Software", "Marcus Doyle", "Reseller agreement", "Id. Decision Makers", 35_000, 33),
    Deal("Juniper Medical Group", "Ruth Abrams", "Front office phones", "Prospecting", 15_500, 90),
    Deal("Kestrel Manufacturing", "Dana Kowalski", "Support plan", "Closed Lost", 9_800, -30),
    Deal("Tidewater Foods", "Elise Tran", "Dispatch lines", "Perception Analysis", 27_250, 28),
)

CASES = (
    Trouble("Acme Logistics", "Ana Flores", "Login fails after update", "Working", "High", 2),
    Trouble("Acme Logistics", "Owen Marsh", "Invoice shows the wrong address", "Closed", "Low", 25),
    Trouble("Harbor Analytics", "Victor Reyes", "Export stops at 10,000 rows", "New", "Medium", 1),
    Trouble("Cedar & Finch Retail", "Sam Whitfield", "Add two users", "Closed", "Medium", 14),
    Trouble("Sakura Denki 株式会社", "佐藤 健", "請求書の宛名変更", "New", "Low", 3),
    Trouble("Kestrel Manufacturing", "Dana Kowalski", "Report is empty on Mondays", "Escalated", "High", 6),
    Trouble("Tidewater Foods", "Luis Ortega", "Question about shipping labels", "Working", "Low", 4),
    Trouble("Bluepeak Software", "Marcus Doyle", "API sandbox access", "Closed", "Medium", 40),
)

CALLS = (
    PastCall("Ana Flores", "Outbound", "Renewal terms", 612, "Connected", 20, 0, "Wants a two-year price."),
    PastCall("Ana Flores", "Inbound", "Login trouble", 245, "Connected", 46, 2, "Opened a case."),
    PastCall("Bo Lindqvist", "Outbound", "Proposal walk-through", 1430, "Connected", 50, 0, "Board meets next week."),
    PastCall("Bo Lindqvist", "Outbound", "Follow-up", 0, "No answer", 26, 0, ""),
    PastCall("Maya Okafor", "Inbound", "Seats and pricing", 380, "Connected", 72, 0, "Send a quote for 40 seats."),
    PastCall("田中 美咲", "Outbound", "導入スケジュールの確認", 905, "Connected", 95, 4, "来月に現地訪問。"),
    PastCall("Jonas Weber", "Outbound", "Pilot kick-off", 760, "Connected", 120, 0, ""),
    PastCall(
        "Carla Finch", "Inbound", "Signed contract", 190, "Connected", 290, 0, "Very happy with the rollout plan."
    ),
    PastCall("Sam Whitfield", "Inbound", "Two more users", 155, "Connected", 340, 2, ""),
    PastCall("Marcus Doyle", "Outbound", "Reseller margins", 820, "Connected", 150, 1, "Draft goes to legal."),
    PastCall("Ruth Abrams", "Outbound", "Introduction", 95, "Left voicemail", 170, 0, ""),
    PastCall("Ruth Abrams", "Outbound", "Introduction", 410, "Connected", 140, 0, "Call again in January."),
    PastCall("Dana Kowalski", "Inbound", "Empty report", 505, "Connected", 144, 2, "Reproduced, passed on."),
    PastCall("Elise Tran", "Outbound", "Dispatch lines", 330, "Connected", 200, 0, ""),
    PastCall("Priya Nair", "Outbound", "Check-in", 120, "Connected", 98, 0, ""),
    PastCall("Luis Ortega", "Outbound", "Shipping labels", 60, "Left voicemail", 90, 2, ""),
    PastCall("Tom Becker", "Outbound", "Schedule", 0, "Busy", 75, 0, ""),
    PastCall("Dev Patel", "Inbound", "Asked for a demo", 275, "Connected", 30, 0, "Three clinics, 25 phones."),
    PastCall("Omar Farouk", "Outbound", "First contact", 145, "Connected", 55, 0, ""),
    PastCall("Clara Jensen", "Outbound", "First contact", 0, "No answer", 60, 0, ""),
)

# name, message, category, channels, folder
QUICK_TEXTS = (
    (
        "On my way",
        "Hi {!Contact.FirstName}, running five minutes late. Talk soon. {!User.FirstName}",
        "Follow-up",
        "Messaging;Phone",
        "Sales",
    ),
    (
        "Missed you",
        "Hi {!Contact.FirstName}, sorry I missed your call. When is a good time to talk?",
        "Follow-up",
        "Messaging;Phone",
        "Sales",
    ),
    (
        "Thanks",
        "Thank you for your time today, {!Contact.FirstName}. I will send the details this afternoon.",
        "Closings",
        "Messaging;Email;Phone",
        "Sales",
    ),
    (
        "Case update",
        "Hi {!Contact.FirstName}, a short update: we are working on your case and will call you tomorrow.",
        "FAQ",
        "Messaging;Phone",
        "Support",
    ),
    (
        "お礼",
        "{!Contact.LastName}様、本日はお時間をいただきありがとうございました。",
        "Greetings",
        "Messaging",
        "Japan",
    ),
)
