"""Presence: is a colleague free to talk (RFC 3856, its states by RFC 3863 and RFC 4480)?"""

from __future__ import annotations

from enum import StrEnum


class Presence(StrEnum):
    """What the phone service says of somebody."""

    UNKNOWN = "unknown"  # it says nothing
    AVAILABLE = "available"
    ON_THE_PHONE = "on-the-phone"
    AWAY = "away"
    OFFLINE = "offline"
