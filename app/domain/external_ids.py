"""External ids: by them Salesforce knows a record of ours again, however often it is sent. Pure.

Each is `<18-character user id>|<what it is>`, at most 255 characters. The far side chooses the Call-ID and the address
of an incoming call or text, and may make them as long as it likes: where there is no room, a hash stands instead.
"""

from __future__ import annotations

import hashlib

KEY_FIELD = "Ringdown_Key__c"
"""The field of a Task. A key stands under this name, too, among what is stored of the values sent."""
LIMIT = 255
"""Characters the fields hold."""


def call_key(user_id: str, sip_call_id: str) -> str:
    """Of a call's Task."""
    return _key(user_id, sip_call_id)


def call_key_again(key: str) -> str:
    """Of the next Task of a call whose Task with ``key`` was deleted."""
    user, _, rest = key.partition("|")
    first, _, times = rest.rpartition("|again-")
    count = int(times) + 1 if first and times.isdigit() else 2
    return _key(user, f"{first or rest}|again-{count}")


def day_key(user_id: str, number: str, day: str, part: int) -> str:
    """Of one part of a day of texts. ``number``: E.164, short code or SIP URI; ``day``: ``YYYY-MM-DD``."""
    return _key(user_id, f"{number.lower()}|{day}|{part}")


def follow_up_key(user_id: str, follow_up_id: str) -> str:
    """Of a follow-up's Task."""
    return _key(user_id, f"followup|{follow_up_id}")


def owner(key: str) -> str:
    """The id of the user whose record it is."""
    return key.partition("|")[0]


def _key(user_id: str, rest: str) -> str:
    key = f"{user_id}|{rest}"
    return key if len(key) <= LIMIT else f"{user_id}|sha256:{hashlib.sha256(rest.encode()).hexdigest()}"
