"""A program for the tests: renews the sign-in of a profile once, when told to, with the real password store.

`python -m tests.signin.renew_once FOLDER`: says "ready", waits for a line, prints the access token's fingerprint.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from app.paths import Profile
from app.secret_store import KeyringSecrets
from app.usecases.tokens import Tokens
from crm.oauth_flow import BrowserSignIn


def main() -> None:
    """As the module says."""
    where = Profile(Path(sys.argv[1]))
    tokens = Tokens(KeyringSecrets(where.name), BrowserSignIn(), where.folder)
    grant = tokens.load()
    assert grant is not None
    print("ready", flush=True)
    sys.stdin.readline()
    fresh = tokens.access(grant.user_id).refresh(grant.access_token) or ""
    print(hashlib.sha256(fresh.encode()).hexdigest(), flush=True)


if __name__ == "__main__":
    main()
