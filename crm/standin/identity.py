"""Who is signed in: the identity address and the OpenID user info."""

from __future__ import annotations

from typing import Any

from . import caller, times
from .org import ORG_ID, Org


def identity(org: Org) -> dict[str, Any]:
    """What `/id/<org>/<user>` gives."""
    user_id = caller.user_id()
    user = org.store.find(user_id) or {}
    offset = org.moment().astimezone(times.zone(org.user_zone())).utcoffset()
    rest = f"{org.url}/services/data/v{{version}}/"
    return {
        "id": f"{org.url}/id/{ORG_ID}/{user_id}",
        "asserted_user": True,
        "user_id": user_id,
        "organization_id": ORG_ID,
        "username": user.get("Username"),
        "nick_name": user.get("Alias"),
        "display_name": user.get("Name"),
        "email": user.get("Email"),
        "email_verified": True,
        "first_name": user.get("FirstName"),
        "last_name": user.get("LastName"),
        "timezone": user.get("TimeZoneSidKey"),
        "mobile_phone": user.get("MobilePhone"),
        "active": bool(user.get("IsActive")),
        "user_type": "STANDARD",
        "language": user.get("LanguageLocaleKey"),
        "locale": user.get("LocaleSidKey"),
        "utcOffset": int(offset.total_seconds() * 1000) if offset else 0,
        "last_modified_date": user.get("LastModifiedDate"),
        "is_app_installed": True,
        "urls": {
            "rest": rest,
            "sobjects": f"{rest}sobjects/",
            "search": f"{rest}search/",
            "query": f"{rest}query/",
            "recent": f"{rest}recent/",
            "profile": f"{org.url}/{user_id}",
            "custom_domain": org.url,
        },
    }


def user_info(org: Org) -> dict[str, Any]:
    """What `/services/oauth2/userinfo` gives."""
    who = identity(org)
    return {
        "sub": who["id"],
        "user_id": who["user_id"],
        "organization_id": who["organization_id"],
        "preferred_username": who["username"],
        "nickname": who["nick_name"],
        "name": who["display_name"],
        "email": who["email"],
        "email_verified": True,
        "given_name": who["first_name"],
        "family_name": who["last_name"],
        "zoneinfo": who["timezone"],
        "locale": who["locale"],
        "language": who["language"],
        "active": who["active"],
        "user_type": who["user_type"],
        "urls": who["urls"],
    }
