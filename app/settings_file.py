"""Settings as TOML: the file in the profile's folder and the provisioning file, which has the same tables.

A provisioning file is laid over the settings there are, and what is secret in it told apart.
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
from app.errors import AppError, Detail, ErrorCode, disk_code, system_detail
from app.paths import private_opener
from app.secret_names import DIRECTORY_SECRET, TOKEN_SECRET, line_secret, turn_secret
from app.settings import AudioSettings, DirectorySettings, PolicySettings, SalesforceSettings, Settings, plain_names

FILE = "settings.toml"
_LARGEST = 64 * 1024  # bytes of a provisioning file, as of one that is downloaded


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A provisioning file read: the settings it makes and the secrets for the keyring (name → value)."""

    settings: Settings
    secrets: Mapping[str, str]
    before: Settings = field(default_factory=Settings)

    def over(self, now: Settings) -> Settings:
        """What the file changes of ``before``, laid over the settings of now: what was changed since stays."""
        changed: Settings = _carried(self.before, self.settings, now)
        return changed


def load(folder: Path) -> Settings:
    """Settings of a profile; defaults where there is no file. Raises AppError SETTINGS_UNREADABLE."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise _bad(str(path), system_detail(error)) from error
    except UnicodeDecodeError as error:
        raise _bad(str(path), Detail.MISWRITTEN, said=str(error)) from error
    return _merge(Settings(), _tables(text, str(path)), str(path)).settings


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
        raise AppError(disk_code(error, ErrorCode.STORE_READ_ONLY), path=str(path)) from error


def provisioning_text(path: Path) -> str:
    """What stands in a provisioning file; waits for a pipe to end. Raises AppError FILE_UNREADABLE."""
    where, bad = str(path), ErrorCode.FILE_UNREADABLE
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) <= _LARGEST:
            return content.decode("utf-8")
    except OSError as error:
        raise AppError(bad, path=where, detail=system_detail(error)) from error
    except UnicodeDecodeError as error:
        raise AppError(bad, path=where, detail=Detail.MISWRITTEN, said=str(error)) from error
    raise AppError(bad, path=where, detail=Detail.TOO_LARGE_TO_BE_SETTINGS)


def parse_provisioning(text: str, source: str, onto: Settings) -> Provisioned:
    """Lay a provisioning file over ``onto``: lines with the same id are replaced, others stay.

    Raises AppError FILE_UNREADABLE with what is wrong and where; nothing is changed then.
    """
    try:
        return _merge(onto, _tables(text, source), source)
    except AppError as error:
        raise AppError(ErrorCode.FILE_UNREADABLE, **error.values) from error


def _tables(text: str, path: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _bad(path, Detail.NESTED) from error
    except ValueError as error:  # besides what TOML forbids: a number of thousands of digits
        raise _bad(path, Detail.MISWRITTEN, said=str(error)) from error


def _merge(base: Settings, data: Mapping[str, Any], path: str) -> Provisioned:
    secrets: dict[str, str] = {}
    lines = {line.id: line for line in base.line}
    tables = data.get("line", [])
    if not isinstance(tables, list):
        raise _bad(path, Detail.LINE_BRACKETS)
    for table in tables:
        if not isinstance(table, dict) or not isinstance(table.get("id"), str) or not table["id"]:
            raise _bad(path, Detail.LINE_WITHOUT_ID)
        if not isinstance(table.get("uri"), str) or not table["uri"].startswith(("sip:", "sips:")):
            raise _bad(path, Detail.LINE_WITHOUT_URI, where=f"line {table['id']!r}")
        values = dict(table)
        for name, value in values.items():
            if isinstance(value, str) and any(ord(c) < 32 or ord(c) == 127 for c in value):
                raise _bad(path, Detail.CONTROL_CHARACTERS, where=f"line {table['id']!r}: {name}")
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
            raise _bad(path, Detail.NOT_HTTPS, where=name)
    directory = dict(_table(data, "directory", path))
    if (password := directory.pop("password", None)) is not None:
        secrets[DIRECTORY_SECRET] = _secret(password, path, "[directory]: password")
    if (url := directory.get("carddav")) and not _safe_url(str(url)):
        raise _bad(path, Detail.NOT_HTTPS, where="carddav")
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
    return Provisioned(changed, secrets, base)


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
            raise _bad(path, Detail.BAD_VALUE, where=f"{where}: {name}", value=repr(value)) from error
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
        raise _bad(path, Detail.NOT_QUOTED, where=where)
    return value


def _carried(before: Any, after: Any, now: Any) -> Any:
    changed: dict[str, Any] = {}
    for name in (item.name for item in fields(now)):
        was, becomes, stands = getattr(before, name), getattr(after, name), getattr(now, name)
        if is_dataclass(stands):
            changed[name] = _carried(was, becomes, stands)
        elif becomes != was:
            changed[name] = becomes
    return replace(now, **changed)


def _table(data: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise _bad(path, Detail.NOT_A_TABLE, where=f"[{name}]")
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


def _bad(path: str, detail: str, **places: str) -> AppError:
    return AppError(ErrorCode.SETTINGS_UNREADABLE, path=path, detail=detail, **places)
