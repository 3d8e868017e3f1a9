"""Codes → English sentences, Qt-free: for the command line, the log and as source text of the window."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping

from app.domain.call import CallState, EndReason
from app.domain.counterpart import LineReason
from app.errors import AppError, Detail, ErrorCode

_ERRORS: dict[ErrorCode, str] = {
    ErrorCode.NUMBER_EMPTY: "Type a number first.",
    ErrorCode.NUMBER_UNREADABLE: "“{typed}” is not a phone number.",
    ErrorCode.NUMBER_TOO_SHORT: "“{typed}” is too short for a phone number.",
    ErrorCode.NUMBER_TOO_LONG: "“{typed}” is too long for a phone number.",
    ErrorCode.NUMBER_IMPOSSIBLE: "“{typed}” cannot be a phone number: no country has such a number.",
    ErrorCode.NUMBER_NOT_ALLOWED: "International calls are not allowed on line {line}.",
    ErrorCode.NUMBER_EMERGENCY_DEMO: "The demo never calls an emergency number. Use a real phone.",
    ErrorCode.TEXT_EMERGENCY: "Texting emergency services is not supported here. Call instead.",
    ErrorCode.TEXT_EMPTY: "There is no text to send.",
    ErrorCode.TEXT_TOO_LONG: "The text is too long: {bytes} bytes, and {most} fit.",
    ErrorCode.TEXT_FAILED: "The text could not be sent: {reason}",
    ErrorCode.NO_LINE: "No line is set up yet. Import your provisioning file first.",
    ErrorCode.LINE_UNKNOWN: "There is no line “{line}”.",
    ErrorCode.LINE_NOT_READY: "Line {line} is not registered: {reason}",
    ErrorCode.CALLER_ID_UNKNOWN: "“{caller_id}” is not a caller ID of line {line}.",
    ErrorCode.CALL_UNKNOWN: "There is no live call “{call}”.",
    ErrorCode.CALL_NONE: "There is no live call.",
    ErrorCode.CALL_SEVERAL: "There are several live calls: say which one.",
    ErrorCode.CALL_WRONG_STATE: "The call is {state}: that is not possible now.",
    ErrorCode.CALL_LIMIT: "There are already {most} calls. End one first.",
    ErrorCode.CALL_NOT_WANTED: "{name} asked not to be called. To call all the same, add --anyway.",
    ErrorCode.DIGITS_BAD: "Only 0-9, *, #, A-D and commas can be sent as tones.",
    ErrorCode.PHONE_DOWN: "The phone engine is just starting. Try again in a moment.",
    ErrorCode.CALL_FAILED: "The call failed: {reason}",
    ErrorCode.LOG_UNKNOWN: "There is no call “{call}”.",
    ErrorCode.KEYRING_MISSING: (
        "This computer has no usable password store. Start GNOME Keyring, KWallet or another "
        "Secret Service, then start Ringdown again."
    ),
    ErrorCode.KEYRING_LOCKED: "The password store is locked. Unlock it, then try again.",
    ErrorCode.KEY_LOST: (
        "The key of the local data is not in this computer's password store. The data ({path}) was left untouched. "
        "Log in to the desktop that set Ringdown up, or move that file away to start afresh."
    ),
    ErrorCode.STORE_UNREADABLE: (
        "The local data ({path}) cannot be opened: it is damaged, or the key in the password store is not its own. "
        "It was left untouched. Restart the computer; if that does not help, ask your admin: without that file "
        "Ringdown starts afresh, and what still waits in it is lost."
    ),
    ErrorCode.STORE_NEWER: "The local data was written by a newer Ringdown. Update this one.",
    ErrorCode.STORE_FULL: "The disk is full. Make room: what you type now may not be kept.",
    ErrorCode.STORE_READ_ONLY: (
        "Ringdown may not write to its folder ({path}). Ask your admin to let you write there."
    ),
    ErrorCode.CRM_OFFLINE: "Salesforce cannot be reached. Everything waits here and is sent later.",
    ErrorCode.CRM_SIGNED_OUT: "Salesforce no longer accepts the sign-in. Sign in again; everything waits here.",
    ErrorCode.CRM_BUSY: "Salesforce is busy with this record. It is tried again.",
    ErrorCode.CRM_LIMIT: "Your organisation has used up its Salesforce requests for now. Everything waits here.",
    ErrorCode.CRM_REFUSED: "Salesforce refused it: {message}",
    ErrorCode.CRM_NOT_FOUND: "Salesforce no longer has this record: {message}",
    ErrorCode.CRM_PACKAGE_MISSING: (
        "The Ringdown package is not installed in Salesforce, so days of texts cannot be kept there. Ask your admin."
    ),
    ErrorCode.CRM_DUPLICATE: "Salesforce may already have this one: {message}",
    ErrorCode.CRM_CHANGED: "Somebody changed this record in Salesforce just now. Look again.",
    ErrorCode.SIGN_IN_NOT_SET_UP: (
        "Your admin has not set up the sign-in yet: the provisioning file names no Salesforce app (client_id)."
    ),
    ErrorCode.SIGN_IN_ADDRESS: (
        "“{typed}” is not the address of a Salesforce sign-in page. Type it as in acme.my.salesforce.com."
    ),
    ErrorCode.SIGN_IN_UNREACHABLE: (
        "{host} cannot be reached. Check the network and the address, then sign in again. Calls and texts work."
    ),
    ErrorCode.SIGN_IN_PROXY: "Your network's proxy does not let Ringdown through to {host}. Ask your admin.",
    ErrorCode.SIGN_IN_CERTIFICATE: (
        "The connection to {host} is not safe: this computer does not trust its certificate. Ask your admin; do not "
        "sign in on a network you do not know."
    ),
    ErrorCode.SIGN_IN_WRONG_DOMAIN: "{host} is not a Salesforce sign-in page. Check the address of your domain.",
    ErrorCode.SIGN_IN_PORTS: (
        "Other programs use every port the sign-in can come back to ({ports}). Close them or restart the computer, "
        "then sign in again."
    ),
    ErrorCode.SIGN_IN_NO_BROWSER: "No browser could be opened. Copy the address and open it in one yourself.",
    ErrorCode.SIGN_IN_TIMED_OUT: (
        "No answer came from the browser in time. Sign in again; if the browser shows an error, tell your admin "
        "what it says."
    ),
    ErrorCode.SIGN_IN_CANCELLED: "The sign-in was cancelled.",
    ErrorCode.SIGN_IN_MISMATCH: (
        "What the browser answered belongs to another sign-in and was not used. Close its old tabs, then sign in again."
    ),
    ErrorCode.SIGN_IN_DENIED: "Access was not allowed. Sign in again and choose Allow.",
    ErrorCode.SIGN_IN_STALE: "The sign-in page was too old or was used twice. Sign in again.",
    ErrorCode.SIGN_IN_UNKNOWN_APP: (
        "Salesforce does not know the app this computer names. Ask your admin to check the client_id."
    ),
    ErrorCode.SIGN_IN_NOT_INSTALLED: "Ringdown is not installed in your Salesforce. Ask your admin to install the app.",
    ErrorCode.SIGN_IN_REDIRECT: (
        "The app in Salesforce does not list the address {address}. Ask your admin to add it as a callback URL."
    ),
    ErrorCode.SIGN_IN_INACTIVE: "Your Salesforce user or organisation is not active. Ask your admin; everything waits.",
    ErrorCode.SIGN_IN_BLOCKED: "Your organisation has blocked Ringdown in Salesforce. Ask your admin.",
    ErrorCode.SIGN_IN_NOT_ALLOWED: "Your admin has not given you the Ringdown app in Salesforce yet. Ask for it.",
    ErrorCode.SIGN_IN_NETWORK: (
        "Salesforce does not allow a sign-in from this network or at this hour. Use the office network or VPN, or ask "
        "your admin."
    ),
    ErrorCode.SIGN_IN_NO_API: (
        "Salesforce does not let Ringdown use its API for you. Ask your admin for the permission “API Enabled”, and "
        "whether the app is blocked."
    ),
    ErrorCode.SIGN_IN_REFUSED: "Salesforce refused the sign-in: {message}",
    ErrorCode.SIGN_IN_ENDED: (
        "Salesforce has ended this sign-in: after a long absence, by your admin, or because you signed in on more "
        "than four other computers. Sign in again; everything waits here."
    ),
    ErrorCode.SIGN_IN_LOST: "The sign-in could not be renewed safely. Sign in again; everything waits here.",
    ErrorCode.SIGN_OUT_UNTOLD: (
        "You are signed out here, but Salesforce could not be told. Your admin can end the sign-in there."
    ),
    ErrorCode.LINK_NOT_ALLOWED: "Settings from {host} are not allowed: your admin has not listed it.",
    ErrorCode.DOWNLOAD_FAILED: "The settings could not be fetched: {detail}.",
    ErrorCode.POLICY_REFUSED: "Your organisation manages the lines of this computer. Ask your admin.",
    ErrorCode.PROFILE_UNUSABLE: (
        "The folder {path} cannot be used: {detail}. Put that right, or ask your admin; then start Ringdown again."
    ),
    ErrorCode.PROFILE_BUSY: (
        "Ringdown is running already, but does not answer: it may be just starting or ending. Wait a moment, then "
        "start it again; if that does not help, restart the computer."
    ),
    ErrorCode.SETTINGS_UNREADABLE: (
        "The settings ({path}) cannot be read: {detail}. Correct them, or move that file away and import your "
        "provisioning file again."
    ),
    ErrorCode.FILE_UNREADABLE: "{path} cannot be used: {detail}",
    ErrorCode.DIRECTORY_UNREADABLE: "The company directory cannot be read: {detail}. Colleagues stay as they were.",
    ErrorCode.LINK_UNREADABLE: "“{link}” is not a link Ringdown understands.",
    ErrorCode.NO_RUNNING_APP: "Ringdown is not running on this profile.",
    ErrorCode.TIMED_OUT: "Nothing happened within {seconds} seconds.",
    ErrorCode.OUTBOX_FAILED: "{failed} could not be sent to Salesforce, {waiting} still wait.",
    ErrorCode.DEMO_BROKEN: (
        "The demo's far end or Salesforce could not be started. Start the demo again; if that does not help, what is "
        "in {path} says why."
    ),
    ErrorCode.NO_DISPLAY: "There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).",
    ErrorCode.INTERNAL: "Ringdown made a mistake of its own. Nothing you wrote is lost; try again.",
    ErrorCode.USAGE: "{detail}",
}

_DETAILS: dict[Detail, str] = {
    Detail.NO_SUCH_FILE: "No such file or directory",
    Detail.NO_ACCESS: "Permission denied",
    Detail.NOT_PERMITTED: "Operation not permitted",
    Detail.IS_A_FOLDER: "Is a directory",
    Detail.NOT_A_FOLDER: "Not a directory",
    Detail.EXISTS: "File exists",
    Detail.DISK_FULL: "No space left on device",
    Detail.OVER_QUOTA: "Disk quota exceeded",
    Detail.READ_ONLY: "Read-only file system",
    Detail.TOO_MANY_FILES: "Too many open files",
    Detail.TOO_MANY_FILES_IN_ALL: "Too many open files in system",
    Detail.NAME_TOO_LONG: "File name too long",
    Detail.TOO_MANY_LINKS: "Too many levels of symbolic links",
    Detail.DISK_FAULT: "Input/output error",
    Detail.NO_LOCKS: "No locks available",
    Detail.NETWORK_TIMEOUT: "Connection timed out",
    Detail.UNKNOWN: "unknown",
    Detail.NO_FOLDER_NAMED: "no folder is named",
    Detail.NO_SUCH_USER: "there is no such user",
    Detail.LINKS_IN_A_CIRCLE: "its links lead in a circle",
    Detail.NO_HOME: "this user has no home folder",
    Detail.OF_ANOTHER_USER: "it belongs to another user",
    Detail.OTHER_FILES: "it holds other files, and a demo throws its folder away",
    Detail.ONLY_HTTPS: "only https addresses are read",
    Detail.UNREACHABLE: "it cannot be reached",
    Detail.CERTIFICATE: "its certificate cannot be trusted",
    Detail.SERVER_ANSWERED: "the server answered {status}",
    Detail.BROKE_OFF: "its answer broke off",
    Detail.TOOK_TOO_LONG: "it took too long",
    Detail.TOO_LARGE: "it is too large",
    Detail.TOO_LARGE_TO_BE_SETTINGS: "it is too large to be settings",
    Detail.NOT_TEXT: "it is not text",
    Detail.MISWRITTEN: "{said}",
    Detail.NESTED: "it is nested too deeply",
    Detail.NO_FILE_BY_LINK: "{where}: a link cannot name a file",
    Detail.LINE_BRACKETS: "[[line]] must be written with two brackets",
    Detail.LINE_WITHOUT_ID: "a [[line]] needs an id",
    Detail.LINE_WITHOUT_URI: "{where} needs a uri that begins with sip:",
    Detail.CONTROL_CHARACTERS: "{where} must not hold line breaks or control characters",
    Detail.NOT_HTTPS: "{where} must begin with https:// (http:// only for this computer)",
    Detail.BAD_VALUE: "{where} cannot be {value}",
    Detail.NOT_QUOTED: "{where} must be written in quotes",
    Detail.NOT_A_TABLE: "{where} must be a table",
    Detail.NO_FLAG: "{where} must be true or false",
    Detail.NO_NUMBER_FLAG: "{where} must be 0 or 1",
    Detail.NO_LIST: "{where} must be a list of words in quotes",
    Detail.NO_HOST: "{where} is no host name",
    Detail.NO_PATTERN: "{where} is no pattern",
    Detail.POLICY_OWNER: "the organisation's policy must belong to the administrator",
    Detail.POLICY_WRITABLE: "the organisation's policy may be writable by the administrator only",
    Detail.POLICY_FOLDER: "the folder of the organisation's policy may be writable by the administrator only",
    Detail.POLICY_NO_FILE: "the organisation's policy must be a plain file",
    Detail.POLICY_TOO_LARGE: "the organisation's policy is too large",
    Detail.POLICY_UNREADABLE: "the organisation's policy cannot be read",
    Detail.NO_FILE: "it is no file",
    Detail.GONE: "there is no such file",
    Detail.LIST_TOO_LARGE: "the list is too large",
    Detail.NOT_UTF8: "the list is not written in UTF-8",
    Detail.NO_NAME_COLUMN: "its first line names no column “name”",
    Detail.NO_CSV: "it is no CSV list",
    Detail.ANSWER_UNREADABLE: "the server's answer cannot be read",
    Detail.NOT_ADMITTED: "it does not accept the user name or password",
    Detail.BOOK_TOO_LARGE: "the address book is too large",
    Detail.NO_BOOK: "there is no address book at this address",
    Detail.PATH_CONTROL: "its path has a control character",
    Detail.SANDBOX: "the sandbox does not allow this",
    Detail.NOT_INSTALLED: "Ringdown must be installed for this",
    Detail.ONLY_INSTALLED: "only the installed app can take links",
    Detail.UNDECLARED: "it does not declare {scheme}: links",
    Detail.MACOS_STATUS: "macOS error {status}",
    Detail.NO_INFO: "its Info.plist cannot be read",
    Detail.NO_REFRESH: "the app may not stay signed in (scope refresh_token)",
}

_END: dict[EndReason, str] = {
    EndReason.NONE: "the call ended.",
    EndReason.NOT_FOUND: "this number does not exist.",
    EndReason.BUSY: "busy.",
    EndReason.DECLINED: "the call was declined.",
    EndReason.NO_ANSWER: "no answer.",
    EndReason.UNAVAILABLE: "not available now.",
    EndReason.TIMEOUT: "the other side does not respond.",
    EndReason.FORBIDDEN: "your phone service does not allow this call.",
    EndReason.NOT_ACCEPTABLE: "the two phones could not agree on sound or encryption.",
    EndReason.NETWORK: "the network connection failed.",
    EndReason.SERVER: "the phone service has a problem.",
    EndReason.ENGINE_LOST: "the phone engine stopped. Call again.",
    EndReason.APP_STOPPED: "Ringdown was closed during the call.",
    EndReason.REFUSED: "the phone service refused it.",
    EndReason.BAD_ADDRESS: "the phone service's address is wrong.",
    EndReason.TOO_MANY: "there are too many calls at once.",
}

_LINE: dict[LineReason, str] = {
    LineReason.NONE: "",
    LineReason.NO_REGISTRAR: "Ready; this line needs no registration.",
    LineReason.WRONG_PASSWORD: "The phone service does not accept the user name or password. Ask your admin.",
    LineReason.NO_PASSWORD: "The password of this line is missing. Import your provisioning file again.",
    LineReason.PASSWORD_STORE: "Your password store does not give this line's password. Trying again.",
    LineReason.FORBIDDEN: "The phone service does not allow this line.",
    LineReason.UNKNOWN_USER: "The phone service does not know this line.",
    LineReason.UNREACHABLE: "The phone service cannot be reached. Trying again.",
    LineReason.TIMEOUT: "The phone service does not respond. Trying again.",
    LineReason.CERTIFICATE: "The phone service's certificate cannot be trusted.",
    LineReason.CERTIFICATE_NAME: "The phone service's certificate is made out to another name. Ask your admin.",
    LineReason.CERTIFICATE_CA: "The phone service's certificate comes from an authority this computer does not trust.",
    LineReason.CERTIFICATE_EXPIRED: "The phone service's certificate has expired, or this computer's clock is wrong.",
    LineReason.BAD_ADDRESS: "The phone service's address is wrong.",
    LineReason.IPV6: "The phone service's address is IPv6, which Ringdown cannot use yet. Ask your admin for a name.",
    LineReason.PORT_TAKEN: "Another program uses this line's port. Trying again.",
    LineReason.SERVER: "The phone service has a problem. Trying again.",
    LineReason.ENGINE_DOWN: "The phone engine is restarting.",
}
_REGISTERING = "it is still registering."


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def sentence(error: AppError) -> str:
    """One English sentence for an expected failure.

    Where a password store is at fault its technical name follows in brackets: whoever reads this can look it up,
    a rep in front of the window could not.
    """
    said = filled(_ERRORS[error.code], error.values)
    return f"{said} ({error.values['backend']})" if "backend" in error.values else said


def filled(template: str, values: Mapping[str, object], say: Callable[[str], str] = str) -> str:
    """The sentence in its language, with its places filled: ``say`` translates.

    A ``reason_code`` and every `Detail` and `CallState` among the values are spelt out.
    """
    places = _Blank(values)
    if "reason_code" in values:
        places["reason"] = say(line_reason(str(values["reason_code"])) or _REGISTERING)
    for name, value in values.items():
        if isinstance(value, Detail | CallState):  # no lookup by words: what somebody typed may read like a code
            places[name] = _placed(say(_DETAILS[value] if isinstance(value, Detail) else value.value), places)
    return closed(_placed(say(template), places))


def _placed(template: str, places: _Blank) -> str:
    try:
        return template.format_map(places)
    except (ValueError, IndexError):
        # A translator's typing error must not hide what happened.
        return template


def complain(error: AppError) -> None:
    """The sentence on stderr. Whoever has closed it, or never had one, does not want to know."""
    if sys.stderr is not None:  # a window of Windows has none
        with contextlib.suppress(OSError):
            sys.stderr.write(one_line(sentence(error)) + "\n")


def one_line(text: str) -> str:
    """Without line breaks and whatever else could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def closed(text: str) -> str:
    """A sentence that was to go on with words nobody said ends before them."""
    if not text.endswith((": ", "：")):
        return text
    return text.rstrip(" :：") + ("." if text.isascii() else "。")


def end_reason(code: str) -> str:
    """How a call ended, as the second half of a sentence."""
    return _END[EndReason(code)]


def line_reason(code: str) -> str:
    """Why a line is in its state, as a sentence."""
    return _LINE[LineReason(code)]


def template(code: ErrorCode) -> str:
    """The sentence with its places still open, for translation."""
    return _ERRORS[code]


def all_templates() -> dict[str, str]:
    """Every sentence by code, so that a translation can be checked for completeness."""
    return {
        **{code.value: text for code, text in _ERRORS.items()},
        **{f"end-{code.value or 'none'}": text for code, text in _END.items()},
        **{f"line-{code.value or 'none'}": text for code, text in _LINE.items() if text},
        "line-registering": _REGISTERING,
        **{f"detail-{code.value}": text for code, text in _DETAILS.items()},
        **{f"state-{state.value}": state.value for state in CallState},
    }
