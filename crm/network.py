"""How Salesforce is reached: certificates from the system's store, the system's proxy, nothing unverified.

The system's store knows the authorities a company has added, also those of a proxy that looks inside. Where a system
has no store at all (a bare container), certifi's list stands in. `requests` itself asks for the proxy: the environment
on Linux, the registry on Windows, the system preferences on macOS (`urllib.request.getproxies`).
"""

from __future__ import annotations

import ssl
import sys
from pathlib import Path
from typing import Any

import requests

from crm.patience import Connections, CuttableAdapter

# Where `truststore` looks when OpenSSL's own places are empty.
_BUNDLES = (
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/ca-bundle.pem",
)


def use_system_trust(session: requests.Session, connections: Connections | None = None) -> None:
    """Let ``session`` verify by the system's store. ``REQUESTS_CA_BUNDLE`` still names another one.

    ``connections`` gets those the session opens.
    """
    session.mount("https://", _SystemTrust(connections or Connections()))


def trust() -> ssl.SSLContext:
    """A context that verifies certificates and names by the system's store."""
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not _has_store():
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _has_store() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    places = ssl.get_default_verify_paths()
    if places.cafile or any(Path(bundle).is_file() for bundle in _BUNDLES):
        return True
    return bool(places.capath) and any(Path(places.capath or "").glob("????????.[0-9]"))


class _SystemTrust(CuttableAdapter):
    """Hands the context to every connection, through a proxy or not."""

    def __init__(self, connections: Connections) -> None:
        self._context = trust()
        super().__init__(connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if isinstance(verify, str):
            super().cert_verify(conn, url, verify, cert)
            return
        # Not certifi's list on top of the system's: what the system distrusts is not trusted. Never unverified.
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        return super().build_connection_pool_key_attributes(request, verify or True, cert)
