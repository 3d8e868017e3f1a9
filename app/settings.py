"""Settings: declared once, stored as TOML in the profile folder, secrets elsewhere.

The provisioning file has the same tables; `merge` lays one over the settings and tells apart what is secret.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from app.domain.counterpart import Line
from app.errors import AppError, ErrorCode
from app.paths import private_opener
from app.setting_words import SHOWN, Control, Section, Shown, shown

FILE = "settings.toml"


class Theme(StrEnum):
    """Which colours the window wears."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class AfterCall(StrEnum):
    """What the window shows when a call has ended."""

    PANEL = "panel"
    BACK = "back"


class RelationDefault(StrEnum):
    """What a call is usually linked to."""

    NONE = "none"
    OPPORTUNITY = "opportunity"
    CASE = "case"


class Language(StrEnum):
    """What the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    JAPANESE = "ja"


@dataclass(frozen=True, slots=True)
class SalesforceSettings:
    """Where Salesforce is. The access token is in the keyring."""

    login_url: str = field(
        default="https://login.salesforce.com", metadata=shown("Sign-in page", Section.SALESFORCE, Control.SIGN_IN)
    )
    client_id: str = field(default="", metadata=shown("Connected app", Section.SALESFORCE, Control.FACT))
    instance_url: str = field(default="", metadata=shown("Address", Section.SALESFORCE, Control.FACT))


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """The organisation's rules, as far as the user's files tighten them."""

    e911: bool = field(
        default=False,
        metadata=shown(
            "Emergency address", Section.RULES, Control.FACT, "Calls need a confirmed address for emergency services."
        ),
    )
    consent: bool = field(
        default=False,
        metadata=shown("Consent to texts", Section.RULES, Control.FACT, "People agree before they are texted."),
    )
    consent_text: str = field(default="", metadata=shown("Request for consent", Section.RULES, Control.FACT))
    redaction: tuple[str, ...] = field(
        default=(),
        metadata=shown(
            "Blacked out", Section.RULES, Control.FACT, "What is taken out of texts and notes before they are stored."
        ),
    )


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """The company's own list of colleagues, beside Salesforce's users. Its password is in the keyring."""

    csv: str = field(
        default="",
        metadata=shown("List of colleagues", Section.DIRECTORY, Control.FACT, "A CSV file, or its https address."),
    )
    carddav: str = field(
        default="",
        metadata=shown("Address book", Section.DIRECTORY, Control.FACT, "A CardDAV address book on a server."),
    )
    username: str = field(default="", metadata=shown("User name", Section.DIRECTORY, Control.FACT))
    presence: bool = field(
        default=False,
        metadata=shown(
            "Show who is on the phone",
            Section.DIRECTORY,
            Control.SWITCH,
            "Where your phone service tells: asked for the colleagues in sight only.",
        ),
    )

    @property
    def place(self) -> str:
        """Where colleagues are read from; empty for nowhere."""
        return self.carddav or self.csv


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Sound devices by name (`ringdown devices`), ``default`` or ``none``."""

    input: str = field(default="default", metadata=shown("Microphone", Section.SOUND, Control.INPUT))
    output: str = field(default="default", metadata=shown("Speaker", Section.SOUND, Control.OUTPUT))
    ringer: str = field(default="default", metadata=shown("Ringer", Section.SOUND, Control.OUTPUT))
    processing: bool = field(
        default=True,
        metadata=shown(
            "Clean the microphone",
            Section.SOUND,
            Control.SWITCH,
            "Takes out echo and noise and evens the loudness, from the next call on.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a rep or admin can set, with its default; fields that are tables are declared in their own class."""

    line: tuple[Line, ...] = field(default=(), metadata=shown("Lines", Section.LINES, Control.LINES))
    salesforce: SalesforceSettings = field(default_factory=SalesforceSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    audio: AudioSettings = field(default_factory=AudioSettings)
    directory: DirectorySettings = field(default_factory=DirectorySettings)
    theme: Theme = field(
        default=Theme.SYSTEM,
        metadata=shown(
            "Colours",
            Section.WINDOW,
            Control.CHOICE,
            choices=((Theme.SYSTEM, "As the system"), (Theme.LIGHT, "Light"), (Theme.DARK, "Dark")),
        ),
    )
    default_line: str = field(
        default="",
        metadata=shown(
            "Line for calls and texts", Section.LINES, Control.LINE, "Used unless you choose another one for a call."
        ),
    )
    dnd: bool = field(
        default=False,
        metadata=shown(
            "Do not disturb",
            Section.CALLS,
            Control.SWITCH,
            "Callers are turned away without a ring, and kept as missed.",
        ),
    )
    after_call: AfterCall = field(
        default=AfterCall.PANEL,
        metadata=shown(
            "When a call ends",
            Section.AFTER_CALLS,
            Control.CHOICE,
            "Notes, result and what it was about can be changed any time later too.",
            ((AfterCall.PANEL, "Wrap it up"), (AfterCall.BACK, "Straight back")),
        ),
    )
    relation_default: RelationDefault = field(
        default=RelationDefault.NONE,
        metadata=shown(
            "Calls belong to",
            Section.AFTER_CALLS,
            Control.CHOICE,
            "What is offered first when a call is linked to something in Salesforce.",
            (
                (RelationDefault.NONE, "Deals and cases"),
                (RelationDefault.OPPORTUNITY, "Deals"),
                (RelationDefault.CASE, "Cases"),
            ),
        ),
    )
    call_subject: str = field(
        default="",
        metadata=shown(
            "Subject",
            Section.AFTER_CALLS,
            Control.TEXT,
            "What calls are named: {person}, {company}, {number}, {direction}, {outcome} and {line} are filled in. "
            "Empty: as “Call to Ana Flores”.",
        ),
    )
    dispositions: tuple[str, ...] = field(
        default=(),
        metadata=shown(
            "Results",
            Section.AFTER_CALLS,
            Control.WORDS,
            "The results to choose from after a call, parted by commas. Empty: the usual ones.",
        ),
    )
    notify_preview: bool = field(
        default=True,
        metadata=shown(
            "Show what texts say",
            Section.NOTIFICATIONS,
            Control.SWITCH,
            "Off: a notification only tells who has texted.",
        ),
    )
    language: Language = field(
        default=Language.SYSTEM,
        metadata=shown(
            "Language",
            Section.WINDOW,
            Control.CHOICE,
            "The window speaks it at once; during a call, as soon as the call is over.",
            ((Language.SYSTEM, "As the system"), (Language.ENGLISH, "English"), (Language.JAPANESE, "日本語")),
        ),
    )

    def line_by_id(self, line_id: str) -> Line | None:
        """The line, None when there is none of this id."""
        return next((line for line in self.line if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting as declared: ``table`` is empty for the plain ones of `Settings`."""

    table: str
    name: str
    shown: Shown


def declared() -> tuple[Declared, ...]:
    """Every setting, in the order of declaration. The settings page and its tests are made from this."""
    found: list[Declared] = []
    hints = get_type_hints(Settings)
    for item in fields(Settings):
        if is_dataclass(hints[item.name]):
            found += [Declared(item.name, inner.name, inner.metadata[SHOWN]) for inner in fields(hints[item.name])]
        else:
            found.append(Declared("", item.name, item.metadata[SHOWN]))
    return tuple(found)


def plain_names() -> tuple[str, ...]:
    """The settings that are no tables."""
    return tuple(item.name for item in declared() if not item.table and item.name != "line")


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A provisioning file read: the settings it makes and the secrets for the keyring (name → value)."""

    settings: Settings
    secrets: Mapping[str, str]


def line_secret(line_id: str) -> str:
    """Keyring name of a line's SIP password."""
    return f"line:{line_id}"


def turn_secret(line_id: str) -> str:
    """Keyring name of a line's password at its TURN server."""
    return f"turn:{line_id}"


TOKEN_SECRET = "salesforce:access-token"  # noqa: S105 - a name, not a secret
GRANT_SECRET = "salesforce:sign-in"  # noqa: S105
DIRECTORY_SECRET = "directory:password"  # noqa: S105
DATABASE_SECRET = "database:key"  # noqa: S105
SPOOL_SECRET = "spool:key"  # noqa: S105


def load(folder: Path) -> Settings:
    """Settings of a profile; defaults where there is no file. Raises AppError SETTINGS_UNREADABLE."""
    path = folder / FILE
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AppError(ErrorCode.SETTINGS_UNREADABLE, path=str(path), detail=_plain(error)) from error
    return _merge(Settings(), data, str(path)).settings


def save(folder: Path, settings: Settings) -> None:
    """Write atomically (a crash leaves the old or the new file). Raises AppError STORE_FULL or STORE_READ_ONLY."""
    import tomli_w  # only a change of settings needs it

    path = folder / FILE
    fresh = path.with_suffix(".new")
    try:
        with open(fresh, "wb", opener=private_opener) as out:
            tomli_w.dump(_plain_table(settings), out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, path)
    except OSError as error:
        code = ErrorCode.STORE_READ_ONLY if error.errno in {13, 30} else ErrorCode.STORE_FULL
        raise AppError(code, path=str(path)) from error


def read_provisioning(path: Path, onto: Settings) -> Provisioned:
    """Read a provisioning file over ``onto``. Raises AppError FILE_UNREADABLE as `parse_provisioning`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AppError(ErrorCode.FILE_UNREADABLE, path=str(path), detail=_plain(error)) from error
    return parse_provisioning(text, str(path), onto)


def parse_provisioning(text: str, source: str, onto: Settings) -> Provisioned:
    """Lay a provisioning file over ``onto``: lines with the same id are replaced, others stay.

    Raises AppError FILE_UNREADABLE with what is wrong and where; nothing is changed then.
    """
    try:
        return _merge(onto, tomllib.loads(text), source)
    except tomllib.TOMLDecodeError as error:
        raise AppError(ErrorCode.FILE_UNREADABLE, path=source, detail=_plain(error)) from error
    except AppError as error:
        raise AppError(ErrorCode.FILE_UNREADABLE, **error.values) from error


def stale_secrets(before: Settings, provisioned: Provisioned) -> list[str]:
    """Secrets for a host the settings no longer name: they must not go to the one that has taken its place."""
    after = provisioned.settings
    moved = [
        (DIRECTORY_SECRET, before.directory.carddav, after.directory.carddav),
        (TOKEN_SECRET, before.salesforce.instance_url, after.salesforce.instance_url),
    ]
    stale = [name for name, was, now in moved if _host(was) not in {"", _host(now)}]
    for line in before.line:
        now = after.line_by_id(line.id)
        if now is not None and _servers(now) - _servers(line):
            stale.append(line_secret(line.id))
        if now is not None and line.turn and _sip_host(now.turn) not in {"", _sip_host(line.turn)}:
            stale.append(turn_secret(line.id))
    return [name for name in stale if name not in provisioned.secrets]


def _servers(line: Line) -> set[str]:
    """The hosts that may ask for the line's password."""
    return {host for address in (line.uri, line.registrar, line.proxy) if (host := _sip_host(address))}


def _sip_host(address: str) -> str:
    """The host of a SIP URI, or of ``host:port``, without its port."""
    rest = address.strip().strip("<>").lower().partition(";")[0]
    for scheme in ("sips:", "sip:"):
        rest = rest.removeprefix(scheme)
    rest = rest.rpartition("@")[2]
    return rest.partition("]")[0] if rest.startswith("[") else rest.partition(":")[0]


def _host(address: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(address).netloc.lower()


def _merge(base: Settings, data: Mapping[str, Any], path: str) -> Provisioned:
    secrets: dict[str, str] = {}
    lines = {line.id: line for line in base.line}
    tables = data.get("line", [])
    if not isinstance(tables, list):
        raise _bad(path, "[[line]] must be written with two brackets")
    for table in tables:
        if not isinstance(table, dict) or not isinstance(table.get("id"), str) or not table["id"]:
            raise _bad(path, "a [[line]] needs an id")
        if not isinstance(table.get("uri"), str) or not table["uri"].startswith(("sip:", "sips:")):
            raise _bad(path, f"line {table['id']!r} needs a uri that begins with sip:")
        values = dict(table)
        for name, value in values.items():
            if isinstance(value, str) and any(ord(c) < 32 or ord(c) == 127 for c in value):
                raise _bad(path, f"line {table['id']!r}: {name} must not hold line breaks or control characters")
        if isinstance(region := values.get("region"), str):
            values["region"] = region.upper()
        if (password := values.pop("password", None)) is not None:
            secrets[line_secret(table["id"])] = _secret(password, path, f"line {table['id']!r}: password")
        if (password := values.pop("turn_password", None)) is not None:
            secrets[turn_secret(table["id"])] = _secret(password, path, f"line {table['id']!r}: turn_password")
        lines[table["id"]] = _build(Line, values, path, f"line {table['id']!r}")
    crm = dict(_table(data, "salesforce", path))
    if (token := crm.pop("access_token", None)) is not None:
        secrets[TOKEN_SECRET] = _secret(token, path, "[salesforce]: access_token")
    for name in ("instance_url", "login_url"):
        if (url := crm.get(name)) and not _safe_url(str(url)):
            raise _bad(path, f"{name} must begin with https:// (http:// only for this computer)")
    directory = dict(_table(data, "directory", path))
    if (password := directory.pop("password", None)) is not None:
        secrets[DIRECTORY_SECRET] = _secret(password, path, "[directory]: password")
    if (url := directory.get("carddav")) and not _safe_url(str(url)):
        raise _bad(path, "carddav must begin with https:// (http:// only for this computer)")
    changed = replace(
        base,
        line=tuple(lines.values()),
        salesforce=_build(SalesforceSettings, {**asdict(base.salesforce), **crm}, path, "[salesforce]"),
        policy=_build(PolicySettings, {**asdict(base.policy), **_table(data, "policy", path)}, path, "[policy]"),
        audio=_build(AudioSettings, {**asdict(base.audio), **_table(data, "audio", path)}, path, "[audio]"),
        directory=_build(DirectorySettings, {**asdict(base.directory), **directory}, path, "[directory]"),
    )
    own = {name: data[name] for name in plain_names() if name in data}
    if own:
        changed = _build(Settings, {f.name: getattr(changed, f.name) for f in fields(changed)} | own, path, "settings")
    return Provisioned(changed, secrets)


def _build(kind: type[Any], values: Mapping[str, Any], path: str, where: str) -> Any:
    """A dataclass from a TOML table. Unknown keys are kept out (a newer file stays readable), wrong types refused."""
    hints = get_type_hints(kind)
    made: dict[str, Any] = {}
    for name, value in values.items():
        if name not in hints:
            continue
        wanted = hints[name]
        try:
            made[name] = _convert(wanted, value)
        except (ValueError, TypeError) as error:
            raise _bad(path, f"{where}: {name} cannot be {value!r}") from error
    return kind(**made)


def _convert(wanted: Any, value: Any) -> Any:
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(value)
    if wanted is str or wanted is bool or wanted is int:
        if type(value) is not wanted:
            raise TypeError
        return value
    if isinstance(value, list):
        if not all(isinstance(item, str) for item in value):
            raise TypeError
        return tuple(value)
    if not isinstance(value, tuple) and get_origin(wanted) is tuple:
        raise TypeError
    return value


def _secret(value: object, path: str, where: str) -> str:
    """A secret must be a string; the sentence names its place, never the value."""
    if not isinstance(value, str):
        raise _bad(path, f"{where} must be written in quotes")
    return value


def _table(data: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise _bad(path, f"[{name}] must be a table")
    return table


def _plain_table(settings: Settings) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, StrEnum):
            return value.value
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return value

    table: dict[str, Any] = plain(asdict(settings))
    return table


def _safe_url(url: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
    except ValueError:  # a host that is none
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    )


def _bad(path: str, detail: str) -> AppError:
    return AppError(ErrorCode.SETTINGS_UNREADABLE, path=path, detail=detail)


def _plain(error: Exception) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
