"""Which users there are to sign in, and whether one may use the app."""

from __future__ import annotations

from . import ids
from .oauth_policy import OAuthError
from .org import Org
from .schema import Row


def every_user(org: Org) -> list[Row]:
    """All users, in the order they were made."""
    sobject = org.full_schema.find("User")
    assert sobject is not None
    return org.store.rows(sobject)


def user_named(org: Org, name: str) -> Row | None:
    """The user with this user name or id."""
    full = ids.normalise(name)
    for row in every_user(org):
        if row["Id"] == full or str(row.get("Username")).lower() == name.lower():
            return row
    return None


def refuse_user(org: Org, user_id: str) -> None:
    """Raises OAuthError when this user may not use the app now."""
    policy = org.policy
    if not policy.org_active:
        raise OAuthError("inactive_org", "organization is inactive or locked")
    if not policy.installed:
        raise OAuthError("invalid_client", "app must be installed into org")
    if policy.blocked:
        raise OAuthError("OAUTH_APP_BLOCKED", "this app is blocked by admin")
    user = org.store.find(user_id)
    if user is None or not may_sign_in(org, user_id):
        raise OAuthError("inactive_user", "user is inactive")
    if {user_id, user_id[:15], str(user.get("Username"))} & set(policy.denied_users):
        raise OAuthError("OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app")
    if policy.ip_restricted:
        raise OAuthError("invalid_grant", "ip restricted")


def may_sign_in(org: Org, user_id: str) -> bool:
    """Whether the user is there and active."""
    user = org.store.find(user_id)
    return user is not None and user.get("IsActive") is True
