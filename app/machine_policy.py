"""The organisation's rules for this machine: a file or registry key that only an admin can write.

Linux ``/etc/ringdown/policy.toml``, macOS ``/Library/Application Support/Ringdown/policy.toml``, Windows
``HKEY_LOCAL_MACHINE\\Software\\Policies\\Ringdown`` with the same names as values. The file has one table:

    [policy]
    e911 = true
    consent = true
    consent_text = "…"
    redaction = ["card"]
    allowed_provisioning_hosts = ["phone.example.com", "phone.example.com:8443"]
    lines_read_only = true        # once there are lines, no file brings others
    index_all = true

A file somebody other than the admin could have written is refused as a whole. The rep's own files can only tighten
what stands here (`tighten`).
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.domain.counterpart import Line
from app.errors import AppError, Detail, ErrorCode
from app.log import logger
from app.settings import PolicySettings

REGISTRY_KEY = r"Software\Policies\Ringdown"
_LARGEST = 64 * 1024
_ADMIN_GROUP_MAC = 80
_HOST = re.compile(
    r"(?=.{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[1-9][0-9]{0,4})?"
)
_OWN = frozenset({"allowed_provisioning_hosts", "lines_read_only", "index_all"})
_NAMED_REDACTIONS = frozenset({"card", "ssn", "iban"})

log = logger("policy")

RegistryValues = Callable[[], Mapping[str, object] | None]
"""The values of `REGISTRY_KEY`, None when there is no such key. May raise OSError."""


class Refusal(StrEnum):
    """Why a policy is not honoured."""

    NOT_ADMIN_OWNED = "not-admin-owned"
    OTHERS_MAY_WRITE = "others-may-write"
    FOLDER_OPEN = "folder-open"
    NOT_A_FILE = "not-a-file"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    BAD_CONTENT = "bad-content"


_DETAILS = {
    Refusal.NOT_ADMIN_OWNED: Detail.POLICY_OWNER,
    Refusal.OTHERS_MAY_WRITE: Detail.POLICY_WRITABLE,
    Refusal.FOLDER_OPEN: Detail.POLICY_FOLDER,
    Refusal.NOT_A_FILE: Detail.POLICY_NO_FILE,
    Refusal.TOO_LARGE: Detail.POLICY_TOO_LARGE,
    Refusal.UNREADABLE: Detail.POLICY_UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class MachinePolicy:
    """What the admin demands. The default demands nothing."""

    policy: PolicySettings = field(default_factory=PolicySettings)
    allowed_provisioning_hosts: tuple[str, ...] = ()
    lines_read_only: bool = False
    index_all: bool = False
    """Every number of Salesforce is kept on this machine, not only those the rep works with."""

    def allows_lines(self, before: tuple[Line, ...], after: tuple[Line, ...]) -> bool:
        """May the lines become these? Where the admin keeps them, only the first ones are taken."""
        return not (self.lines_read_only and before and after != before)

    def allows_provisioning(self, url: str) -> bool:
        """May settings be fetched from here? Only by https, from a listed host on its port, without a login."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return False
        if parts.scheme != "https" or not host or "@" in parts.netloc or "\\" in url:
            return False
        # Browsers and proxies disagree on white space and control characters in a link.
        if any(c.isspace() or ord(c) < 33 or ord(c) > 126 for c in url):
            return False
        return (host if port in {None, 443} else f"{host}:{port}") in self.allowed_provisioning_hosts


class MachinePolicyStore:
    """Where the policy of this machine is. ``path``, ``values`` and ``owner`` are for tests; nothing else moves it."""

    def __init__(self, path: Path | None = None, *, values: RegistryValues | None = None, owner: int = 0) -> None:
        self._path = path
        self._values = values
        self._owner = owner
        if path is None and values is None:
            if sys.platform == "win32":
                self._values = _machine_registry
            else:
                self._path = system_path()

    def read(self) -> MachinePolicy:
        """The policy in force; the default when there is none. Reads one small file: any thread.

        Raises AppError FILE_UNREADABLE (``path``, ``detail``, ``reason``: a `Refusal`) when there is one that must
        not be honoured: the rep is told, the refusal is logged, and the caller goes on with the default.
        """
        if self._path is not None:
            return self._from_file(self._path)
        assert self._values is not None
        where = f"HKEY_LOCAL_MACHINE\\{REGISTRY_KEY}"
        try:
            values = self._values()
        except OSError as error:
            raise _refused(where, Refusal.UNREADABLE) from error
        return MachinePolicy() if values is None else _build(_from_registry(values, where), where)

    def _from_file(self, path: Path) -> MachinePolicy:
        try:
            raw = self._trusted_bytes(path)
        except FileNotFoundError:
            return MachinePolicy()
        except OSError as error:
            code = Refusal.NOT_A_FILE if error.errno in {errno.ELOOP, errno.ENXIO} else Refusal.UNREADABLE
            raise _refused(str(path), code) from error
        try:
            data = tomllib.loads(raw.decode("utf-8"))
        except RecursionError as error:
            raise _bad(str(path), Detail.NESTED) from error
        except ValueError as error:  # no text, no TOML, a number of thousands of digits
            raise _bad(str(path), Detail.MISWRITTEN, said=str(error)) from error
        table = data.pop("policy", {})
        if not isinstance(table, dict):
            raise _bad(str(path), Detail.NOT_A_TABLE, where="[policy]")
        if data:
            log.warning("the machine's policy has %d settings outside of [policy], which do nothing", len(data))
        return _build(table, str(path))

    def _trusted_bytes(self, path: Path) -> bytes:
        """The content, from the very file whose owner and mode were checked."""
        # Never follow a link, never wait on a pipe, never open a device for good.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(path, flags)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise _refused(str(path), Refusal.NOT_A_FILE)
            if found.st_uid != self._owner:
                raise _refused(str(path), Refusal.NOT_ADMIN_OWNED)
            if found.st_mode & 0o022:
                raise _refused(str(path), Refusal.OTHERS_MAY_WRITE)
            # Who may write to a folder above could have put another admin's file here.
            if not all(map(self._is_closed, [folder := path.parent.resolve(strict=True), *folder.parents])):
                raise _refused(str(path), Refusal.FOLDER_OPEN)
            with open(handle, "rb", closefd=False) as file:
                raw = file.read(_LARGEST + 1)
        finally:
            os.close(handle)
        if len(raw) > _LARGEST:
            raise _refused(str(path), Refusal.TOO_LARGE)
        return raw

    def _is_closed(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid not in {0, self._owner}:
            return False
        if found.st_mode & stat.S_ISVTX:  # as in /tmp, where nobody moves another's files
            return True
        admins = {0, _ADMIN_GROUP_MAC} if sys.platform == "darwin" else {0}
        return not found.st_mode & 0o002 and (not found.st_mode & 0o020 or found.st_gid in admins)


def system_path() -> Path:
    """Where the file is on Linux and macOS. No variable moves it."""
    if sys.platform == "darwin":
        return Path("/Library/Application Support/Ringdown/policy.toml")
    return Path("/etc/ringdown/policy.toml")


def tighten(machine: PolicySettings, user: PolicySettings) -> PolicySettings:
    """Both together, the stricter of the two in each. The machine's words stand where it has any."""
    return PolicySettings(
        e911=machine.e911 or user.e911,
        consent=machine.consent or user.consent,
        consent_text=machine.consent_text or user.consent_text,
        redaction=tuple(dict.fromkeys((*machine.redaction, *user.redaction))),
    )


MACHINE_POLICY = "machine-policy"  # the last known policy's name among the store's small facts


def remember_policy(machine: MachinePolicy) -> str:
    """The policy as text, to hold when its file cannot be read later."""
    return json.dumps(asdict(machine))


def recall_policy(text: str) -> MachinePolicy:
    """The policy of `remember_policy`; the default when there never was one."""
    if not text:
        return MachinePolicy()
    kept = json.loads(text)
    policy = kept.pop("policy")
    return MachinePolicy(
        policy=PolicySettings(**{**policy, "redaction": tuple(policy["redaction"])}),
        allowed_provisioning_hosts=tuple(kept["allowed_provisioning_hosts"]),
        lines_read_only=bool(kept["lines_read_only"]),
        index_all=bool(kept.get("index_all")),
    )


def _build(table: Mapping[str, Any], where: str) -> MachinePolicy:
    known = {item.name for item in fields(PolicySettings)} | _OWN
    for name in table.keys() - known:
        log.warning("the machine's policy has a setting this version does not know: %s", name)
    made = MachinePolicy(
        policy=PolicySettings(
            e911=_flag(table, "e911", where),
            consent=_flag(table, "consent", where),
            consent_text=_text(table, "consent_text", where),
            redaction=_texts(table, "redaction", where),
        ),
        allowed_provisioning_hosts=tuple(
            _host(item, where) for item in _texts(table, "allowed_provisioning_hosts", where)
        ),
        lines_read_only=_flag(table, "lines_read_only", where),
        index_all=_flag(table, "index_all", where),
    )
    for pattern in made.policy.redaction:
        if pattern not in _NAMED_REDACTIONS:
            try:
                re.compile(pattern)
            except re.error as error:
                raise _bad(where, Detail.NO_PATTERN, where=f"redaction: {pattern!r}") from error
    return made


def _flag(table: Mapping[str, Any], name: str, where: str) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise _bad(where, Detail.NO_FLAG, where=name)
    return value


def _text(table: Mapping[str, Any], name: str, where: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise _bad(where, Detail.NOT_QUOTED, where=name)
    return value


def _texts(table: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _bad(where, Detail.NO_LIST, where=name)
    return tuple(value)


def _host(text: str, where: str) -> str:
    host = text.strip().lower()
    if not _HOST.fullmatch(host):
        raise _bad(where, Detail.NO_HOST, where=f"allowed_provisioning_hosts: {text!r}")
    return host.removesuffix(":443")


def _from_registry(values: Mapping[str, object], where: str) -> dict[str, object]:
    """Names without case, numbers as flags, as the registry has them."""
    flags = {"e911", "consent", "lines_read_only", "index_all"}
    made: dict[str, object] = {}
    for name, value in values.items():
        plain = name.lower()
        if plain in flags:
            if value not in (0, 1) or not isinstance(value, int):
                raise _bad(where, Detail.NO_NUMBER_FLAG, where=plain)
            made[plain] = bool(value)
        else:
            made[plain] = list(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else value
    return made


def _machine_registry() -> Mapping[str, object] | None:
    """The real values; only an admin may write below this key."""
    if sys.platform == "win32":
        import winreg

        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, REGISTRY_KEY, 0, access) as key:
                rows = [winreg.EnumValue(key, at) for at in range(winreg.QueryInfoKey(key)[1])]
        except FileNotFoundError:
            return None
        return {name: value for name, value, _ in rows if name}
    raise NotImplementedError("there is a registry on Windows only")


def _bad(path: str, detail: Detail, **places: str) -> AppError:
    return _refused(path, Refusal.BAD_CONTENT, detail, **places)


def _refused(path: str, reason: Refusal, detail: Detail | None = None, **places: str) -> AppError:
    log.error("the machine's policy is not honoured: %s", reason.value)
    detail = detail or _DETAILS[reason]
    return AppError(ErrorCode.FILE_UNREADABLE, path=path, detail=detail, reason=reason.value, **places)
