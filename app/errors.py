"""AppError: what can go wrong and is expected. A code with its values; words are made at the edges."""

from __future__ import annotations

import errno
from enum import StrEnum


class ErrorCode(StrEnum):
    """Every expected failure. `app.words` and the window hold one sentence for each."""

    # numbers
    NUMBER_EMPTY = "number-empty"
    NUMBER_UNREADABLE = "number-unreadable"
    NUMBER_TOO_SHORT = "number-too-short"
    NUMBER_TOO_LONG = "number-too-long"
    NUMBER_IMPOSSIBLE = "number-impossible"
    NUMBER_NOT_ALLOWED = "number-not-allowed"
    NUMBER_EMERGENCY_DEMO = "number-emergency-demo"
    TEXT_EMERGENCY = "text-emergency"
    TEXT_EMPTY = "text-empty"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_FAILED = "text-failed"
    # lines and calls
    NO_LINE = "no-line"
    LINE_UNKNOWN = "line-unknown"
    LINE_NOT_READY = "line-not-ready"
    CALLER_ID_UNKNOWN = "caller-id-unknown"
    CALL_UNKNOWN = "call-unknown"
    CALL_NONE = "call-none"
    CALL_SEVERAL = "call-several"
    CALL_WRONG_STATE = "call-wrong-state"
    CALL_LIMIT = "call-limit"
    CALL_NOT_WANTED = "call-not-wanted"
    DIGITS_BAD = "digits-bad"
    PHONE_DOWN = "phone-down"
    CALL_FAILED = "call-failed"
    # store and secrets
    LOG_UNKNOWN = "log-unknown"
    KEYRING_MISSING = "keyring-missing"
    KEYRING_LOCKED = "keyring-locked"
    KEY_LOST = "key-lost"
    STORE_UNREADABLE = "store-unreadable"
    STORE_NEWER = "store-newer"
    STORE_FULL = "store-full"
    STORE_READ_ONLY = "store-read-only"
    # Salesforce
    CRM_OFFLINE = "crm-offline"
    CRM_SIGNED_OUT = "crm-signed-out"
    CRM_BUSY = "crm-busy"
    CRM_LIMIT = "crm-limit"
    CRM_REFUSED = "crm-refused"
    CRM_NOT_FOUND = "crm-not-found"
    CRM_PACKAGE_MISSING = "crm-package-missing"
    CRM_DUPLICATE = "crm-duplicate"
    CRM_CHANGED = "crm-changed"
    # signing in
    SIGN_IN_NOT_SET_UP = "sign-in-not-set-up"
    SIGN_IN_ADDRESS = "sign-in-address"
    SIGN_IN_UNREACHABLE = "sign-in-unreachable"
    SIGN_IN_PROXY = "sign-in-proxy"
    SIGN_IN_CERTIFICATE = "sign-in-certificate"
    SIGN_IN_WRONG_DOMAIN = "sign-in-wrong-domain"
    SIGN_IN_PORTS = "sign-in-ports"
    SIGN_IN_NO_BROWSER = "sign-in-no-browser"
    SIGN_IN_TIMED_OUT = "sign-in-timed-out"
    SIGN_IN_CANCELLED = "sign-in-cancelled"
    SIGN_IN_MISMATCH = "sign-in-mismatch"
    SIGN_IN_DENIED = "sign-in-denied"
    SIGN_IN_STALE = "sign-in-stale"
    SIGN_IN_UNKNOWN_APP = "sign-in-unknown-app"
    SIGN_IN_NOT_INSTALLED = "sign-in-not-installed"
    SIGN_IN_REDIRECT = "sign-in-redirect"
    SIGN_IN_INACTIVE = "sign-in-inactive"
    SIGN_IN_BLOCKED = "sign-in-blocked"
    SIGN_IN_NOT_ALLOWED = "sign-in-not-allowed"
    SIGN_IN_NETWORK = "sign-in-network"
    SIGN_IN_NO_API = "sign-in-no-api"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_IN_ENDED = "sign-in-ended"
    SIGN_IN_LOST = "sign-in-lost"
    SIGN_OUT_UNTOLD = "sign-out-untold"
    # files, commands
    LINK_NOT_ALLOWED = "link-not-allowed"
    DOWNLOAD_FAILED = "download-failed"
    POLICY_REFUSED = "policy-refused"
    PROFILE_UNUSABLE = "profile-unusable"
    PROFILE_BUSY = "profile-busy"
    SETTINGS_UNREADABLE = "settings-unreadable"
    FILE_UNREADABLE = "file-unreadable"
    DIRECTORY_UNREADABLE = "directory-unreadable"
    LINK_UNREADABLE = "link-unreadable"
    NO_RUNNING_APP = "no-running-app"
    TIMED_OUT = "timed-out"
    OUTBOX_FAILED = "outbox-failed"
    DEMO_BROKEN = "demo-broken"
    NO_DISPLAY = "no-display"
    INTERNAL = "internal"
    USAGE = "usage"


class AppError(Exception):
    """An expected failure: shown to the rep as one sentence, never as a traceback.

    ``values`` fill the sentence. They may hold private data, so ``str()`` gives only the code: an exception that
    ends up in a log names nobody.
    """

    def __init__(self, code: ErrorCode, **values: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.values = values


def disk_code(error: OSError, otherwise: ErrorCode) -> ErrorCode:
    """What a disk that takes no file is short of: room, or the right; ``otherwise`` for anything else."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ErrorCode.STORE_FULL
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ErrorCode.STORE_READ_ONLY
        case _:
            return otherwise
