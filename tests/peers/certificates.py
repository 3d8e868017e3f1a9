"""Certificates for a test server, good ones and every kind of bad one."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


class Flaw(StrEnum):
    """What is wrong with the server's certificate."""

    NONE = "none"
    OTHER_NAME = "other-name"
    OTHER_AUTHORITY = "other-authority"
    SELF_SIGNED = "self-signed"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"


def make(folder: Path, flaw: Flaw = Flaw.NONE, host: str = "127.0.0.1") -> None:
    """``ca.crt`` (made once) and ``server.crt`` with ``server.key`` for ``host`` and localhost, with this flaw."""
    now = datetime.now(UTC)
    authority = _authority(folder / "ca.crt", folder / "ca.key")
    if flaw is Flaw.OTHER_AUTHORITY:
        authority = _authority(folder / "other-ca.crt", folder / "other-ca.key")
    key = _key()
    start = {Flaw.EXPIRED: now - 9 * _DAY, Flaw.NOT_YET_VALID: now + 3 * _DAY}.get(flaw, now - _DAY)
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(host))]
    if flaw is Flaw.OTHER_NAME:
        names = [x509.DNSName("other.example")]
    subject = _name("sip.test")
    issuer, signing = (subject, key) if flaw is Flaw.SELF_SIGNED else (authority[0].subject, authority[1])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + 5 * _DAY)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signing, hashes.SHA256())
    )
    _write(folder / "server.crt", folder / "server.key", made, key)


def _authority(crt: Path, key: Path) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    if crt.exists():
        kept = serialization.load_pem_private_key(key.read_bytes(), None)
        assert isinstance(kept, rsa.RSAPrivateKey)
        return x509.load_pem_x509_certificate(crt.read_bytes()), kept
    now, name, own = datetime.now(UTC), _name(f"Test {crt.stem}"), _key()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 5 * _DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(own, hashes.SHA256())
    )
    _write(crt, key, made, own)
    return made, own


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _write(crt: Path, key: Path, certificate: x509.Certificate, private: rsa.RSAPrivateKey) -> None:
    crt.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
