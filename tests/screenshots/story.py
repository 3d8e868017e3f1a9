"""A rep's last days, as the pictures show them: who called, what was said, who wrote what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog, Synced
from app.domain.message import Delivery, Message
from app.store import records
from app.store.database import Session
from tests.bench.profile import Fill, Known

ZONE = "America/Los_Angeles"
# A Tuesday morning; the pictures' clock stands here.
NOW = datetime(2026, 11, 17, 10, 42, tzinfo=ZoneInfo(ZONE))

ANA, BO, MISAKI = "Ana Flores", "Bo Lindqvist", "田中 美咲"
STRANGER = "+15035550188"
IN, OUT = Direction.IN, Direction.OUT


class PastCall(NamedTuple):
    """``who`` is a person of the org or a number, ``ago`` minutes before `NOW`."""

    who: str
    direction: Direction
    outcome: Outcome
    ago: int
    seconds: int = 0
    notes: str = ""
    name: str = ""


class PastText(NamedTuple):
    """One text, ``ago`` minutes before `NOW`."""

    who: str
    direction: Direction
    ago: int
    body: str
    delivery: Delivery = Delivery.SENT
    reason: str = ""


CALLS = (
    PastCall(ANA, OUT, Outcome.ANSWERED, 62, 734, "Wants a two-year price. Legal reads the draft until Friday."),
    PastCall(STRANGER, IN, Outcome.MISSED, 81),
    PastCall("Dev Patel", IN, Outcome.ANSWERED, 104, 275, "Three clinics, 25 phones. Demo on Thursday at two."),
    PastCall("Clara Jensen", OUT, Outcome.CANCELLED, 118),
    PastCall("Marcus Doyle", OUT, Outcome.ANSWERED, 1_160, 418, "Draft goes to legal."),
    PastCall("Ruth Abrams", IN, Outcome.MISSED, 1_205),
    PastCall("Ruth Abrams", OUT, Outcome.ANSWERED, 1_190, 203),
    PastCall(MISAKI, OUT, Outcome.ANSWERED, 1_050, 905, "来月に現地訪問。見積もりを金曜日までに送る。"),
    PastCall("Jonas Weber", OUT, Outcome.BUSY, 1_390),
    PastCall("Jonas Weber", OUT, Outcome.ANSWERED, 1_378, 760, "Pilot startet am 1. Dezember."),
    PastCall("Omar Farouk", OUT, Outcome.FAILED, 2_640),
    PastCall(BO, OUT, Outcome.ANSWERED, 2_700, 1_430, "Board meets next week. Send the uptime figures before."),
    PastCall("Grace Kim", IN, Outcome.ANSWERED, 2_790, 96),
    PastCall("+13125550142", IN, Outcome.DECLINED, 2_815, name="SURVEY CENTER"),
    PastCall("Carla Finch", IN, Outcome.ANSWERED, 5_730, 190, "Very happy with the rollout plan."),
    PastCall("Owen Marsh", IN, Outcome.ELSEWHERE, 5_790),
    PastCall("Elise Tran", OUT, Outcome.ANSWERED, 7_020, 330),
    PastCall("Sam Whitfield", IN, Outcome.ANSWERED, 7_110, 155, "Two more users from December."),
    PastCall("Yuki Mori", OUT, Outcome.ANSWERED, 8_400, 512),
)

TEXTS = (
    PastText(ANA, IN, 1_520, "Hi Riley, quick one: does the renewal include the new reporting seats?"),
    PastText(ANA, OUT, 1_514, "Hi Ana! Yes, all 40 seats, at this year's price if we sign before December."),
    PastText(ANA, IN, 1_511, "Great 🙌"),
    PastText(ANA, IN, 48, "Good talking just now. Can you send the two-year quote before my budget meeting at noon?"),
    PastText(ANA, OUT, 44, "On it. You will have it within the hour, page 2 has the price for both years."),
    PastText(ANA, OUT, 43, "And the case about the login: fixed this morning, please try again 👍"),
    PastText(ANA, IN, 39, "Works again, thank you! 🎉"),
    PastText(MISAKI, IN, 1_020, "本日はお電話ありがとうございました。お見積もりはいつ頃いただけますでしょうか。"),
    PastText(MISAKI, OUT, 1_012, "田中様、こちらこそありがとうございました。金曜日までにお送りいたします。"),
    PastText(MISAKI, IN, 55, "承知いたしました。社内でも楽しみにしております😊"),
    PastText("Dev Patel", OUT, 96, "Thanks for calling, Dev. The demo is booked: Thursday, 2 pm. See you then!"),
    PastText("Dev Patel", IN, 92, "Perfect, I bring our office lead."),
    PastText(BO, OUT, 2_650, "Uptime figures for your board: 99.98 % over twelve months. Details by e-mail."),
    PastText("Omar Farouk", OUT, 2_630, "Hi Omar, I missed you. When suits you?", Delivery.FAILED, "not-found"),
    PastText(STRANGER, IN, 78, "Hello, this is about your ad, are you still open on Saturdays?"),
    PastText("Carla Finch", IN, 5_700, "The stores love it ❤️"),
)  # fmt: skip


def fill(people: Sequence[Known]) -> Fill:
    """Put the story into a store."""
    by_name = {person.record.name: person for person in people}

    def number(who: str) -> str:
        return who if who.startswith("+") else by_name[who].number

    def write(s: Session) -> None:
        records.save_people(s, [person.record for person in people], "US")
        for index, past in enumerate(CALLS):
            records.save_call_log(s, _call(index, past, number(past.who), by_name.get(past.who)))
        for index, text in enumerate(sorted(TEXTS, key=lambda one: -one.ago)):
            records.save_message(s, _text(index, text, number(text.who)))
            # Only the two newest conversations are still unread.
            if text.who not in {MISAKI, STRANGER}:
                records.mark_read(s, "main", number(text.who))
        records.set_calls_seen(s, NOW - timedelta(minutes=90))

    return write


def _call(index: int, past: PastCall, number: str, person: Known | None) -> CallLog:
    started = NOW - timedelta(minutes=past.ago)
    answered = started + timedelta(seconds=7) if past.outcome is Outcome.ANSWERED else None
    ended = answered + timedelta(seconds=past.seconds) if answered else started + timedelta(seconds=20)
    call = Call(
        id=f"story-call-{index}",
        line="main",
        direction=past.direction,
        number=number,
        name=past.name,
        state=CallState.ENDED,
        started=started,
        sip_call_id=f"story-call-{index}@story",
        answered=answered,
        ended=ended,
        outcome=past.outcome,
        reason="not-found" if past.outcome is Outcome.FAILED else "",
    )
    return CallLog(
        call,
        notes=past.notes,
        who=person.record.ref if person else None,
        person=person.record.name if person else "",
        task_id=f"00T{index:012d}AAA",
        synced=Synced.DONE,
    )


def _text(index: int, text: PastText, number: str) -> Message:
    at = NOW - timedelta(minutes=text.ago)
    return Message(
        id=f"story-text-{index}",
        line="main",
        number=number,
        direction=text.direction,
        body=text.body,
        time=at,
        day=at.date().isoformat(),
        zone=ZONE,
        delivery=text.delivery if text.direction is OUT else Delivery.DELIVERED,
        reason=text.reason,
        carrier_id=f"story-text-{index}@story",
    )
