"""Which kept secrets must go when settings name another host."""

from __future__ import annotations

from app.domain.counterpart import Line
from app.secret_names import DIRECTORY_SECRET, TOKEN_SECRET, line_secret, turn_secret
from app.settings import Settings
from app.settings_file import Provisioned


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
    if rest.startswith("["):
        return rest[1:].partition("]")[0]
    return rest if rest.count(":") > 1 else rest.partition(":")[0]  # an IPv6 address without its brackets


def _host(address: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(address).netloc.lower()
