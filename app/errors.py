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


class Detail(StrEnum):
    """Why, within a sentence: a value of an `AppError` that is one of these is spelt out in the reader's language.

    Its own places are filled from the same values. What others say (Salesforce, a parser) is a plain str.
    """

    # what the system says of a file
    NO_SUCH_FILE = "no-such-file"
    NO_ACCESS = "no-access"
    NOT_PERMITTED = "not-permitted"
    IS_A_FOLDER = "is-a-folder"
    NOT_A_FOLDER = "not-a-folder"
    EXISTS = "exists"
    DISK_FULL = "disk-full"
    OVER_QUOTA = "over-quota"
    READ_ONLY = "read-only"
    TOO_MANY_FILES = "too-many-files"
    TOO_MANY_FILES_IN_ALL = "too-many-files-in-all"
    NAME_TOO_LONG = "name-too-long"
    TOO_MANY_LINKS = "too-many-links"
    DISK_FAULT = "disk-fault"
    NO_LOCKS = "no-locks"
    NETWORK_TIMEOUT = "network-timeout"
    UNKNOWN = "unknown"
    # the folder of a profile
    NO_FOLDER_NAMED = "no-folder-named"
    NO_SUCH_USER = "no-such-user"
    LINKS_IN_A_CIRCLE = "links-in-a-circle"
    NO_HOME = "no-home"
    OF_ANOTHER_USER = "of-another-user"
    OTHER_FILES = "other-files"
    # what is fetched
    ONLY_HTTPS = "only-https"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    SERVER_ANSWERED = "server-answered"
    BROKE_OFF = "broke-off"
    TOOK_TOO_LONG = "took-too-long"
    TOO_LARGE = "too-large"
    # what stands in settings and policies; ``where`` is the place, as the file has it
    TOO_LARGE_TO_BE_SETTINGS = "too-large-to-be-settings"
    NOT_TEXT = "not-text"
    MISWRITTEN = "miswritten"
    NESTED = "nested"
    NO_FILE_BY_LINK = "no-file-by-link"
    LINE_BRACKETS = "line-brackets"
    LINE_WITHOUT_ID = "line-without-id"
    LINE_WITHOUT_URI = "line-without-uri"
    CONTROL_CHARACTERS = "control-characters"
    NOT_HTTPS = "not-https"
    BAD_VALUE = "bad-value"
    NOT_QUOTED = "not-quoted"
    NOT_A_TABLE = "not-a-table"
    NO_FLAG = "no-flag"
    NO_NUMBER_FLAG = "no-number-flag"
    NO_LIST = "no-list"
    NO_HOST = "no-host"
    NO_PATTERN = "no-pattern"
    POLICY_OWNER = "policy-owner"
    POLICY_WRITABLE = "policy-writable"
    POLICY_FOLDER = "policy-folder"
    POLICY_NO_FILE = "policy-no-file"
    POLICY_TOO_LARGE = "policy-too-large"
    POLICY_UNREADABLE = "policy-unreadable"
    # the company directory
    NO_FILE = "no-file"
    GONE = "gone"
    LIST_TOO_LARGE = "list-too-large"
    NOT_UTF8 = "not-utf8"
    NO_NAME_COLUMN = "no-name-column"
    NO_CSV = "no-csv"
    ANSWER_UNREADABLE = "answer-unreadable"
    NOT_ADMITTED = "not-admitted"
    BOOK_TOO_LARGE = "book-too-large"
    NO_BOOK = "no-book"
    # links and the start at login
    PATH_CONTROL = "path-control"
    SANDBOX = "sandbox"
    NOT_INSTALLED = "not-installed"
    ONLY_INSTALLED = "only-installed"
    UNDECLARED = "undeclared"
    MACOS_STATUS = "macos-status"
    NO_INFO = "no-info"
    # signing in
    NO_REFRESH = "no-refresh"


class AppError(Exception):
    """An expected failure: shown to the rep as one sentence, never as a traceback.

    ``values`` fill the sentence. They may hold private data, so ``str()`` gives only the code: an exception that
    ends up in a log names nobody.
    """

    def __init__(self, code: ErrorCode, **values: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.values = values


_SYSTEM = {
    errno.ENOENT: Detail.NO_SUCH_FILE,
    errno.EACCES: Detail.NO_ACCESS,
    errno.EPERM: Detail.NOT_PERMITTED,
    errno.EISDIR: Detail.IS_A_FOLDER,
    errno.ENOTDIR: Detail.NOT_A_FOLDER,
    errno.EEXIST: Detail.EXISTS,
    errno.ENOSPC: Detail.DISK_FULL,
    errno.EDQUOT: Detail.OVER_QUOTA,
    errno.EROFS: Detail.READ_ONLY,
    errno.EMFILE: Detail.TOO_MANY_FILES,
    errno.ENFILE: Detail.TOO_MANY_FILES_IN_ALL,
    errno.ENAMETOOLONG: Detail.NAME_TOO_LONG,
    errno.ELOOP: Detail.TOO_MANY_LINKS,
    errno.EIO: Detail.DISK_FAULT,
    errno.ENOLCK: Detail.NO_LOCKS,
    errno.ETIMEDOUT: Detail.NETWORK_TIMEOUT,
}


def system_detail(error: OSError) -> str:
    """What the system has against a file: a `Detail`, or the system's own words where it is a rare one."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or Detail.UNKNOWN


def disk_code(error: OSError, otherwise: ErrorCode) -> ErrorCode:
    """What a disk that takes no file is short of: room, or the right; ``otherwise`` for anything else."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ErrorCode.STORE_FULL
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ErrorCode.STORE_READ_ONLY
        case _:
            return otherwise
