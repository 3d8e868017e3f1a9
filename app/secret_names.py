"""What the app's secrets are called in the password store."""

from __future__ import annotations

TOKEN_SECRET = "salesforce:access-token"  # noqa: S105 - a name, not a secret
GRANT_SECRET = "salesforce:sign-in"  # noqa: S105
DIRECTORY_SECRET = "directory:password"  # noqa: S105
DATABASE_SECRET = "database:key"  # noqa: S105
SPOOL_SECRET = "spool:key"  # noqa: S105


def line_secret(line_id: str) -> str:
    """Keyring name of a line's SIP password."""
    return f"line:{line_id}"


def turn_secret(line_id: str) -> str:
    """Keyring name of a line's password at its TURN server."""
    return f"turn:{line_id}"
