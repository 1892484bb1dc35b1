"""Certificates made on the spot: an authority of our own, and what it, or nobody, vouches for."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


@cache
def _key(_whose: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _make(whose: str, by: str, host: x509.GeneralName | None = None, *, days: tuple[int, int] = (-1, 1)) -> bytes:
    now = datetime.now(UTC)
    public, signer = _key(whose).public_key(), _key(by)
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(whose))
        .issuer_name(_named(by))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * _DAY)
        .not_valid_after(now + days[1] * _DAY)
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if host is not None:
        made = made.add_extension(x509.SubjectAlternativeName([host]), critical=False)
    return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def trusting() -> ssl.SSLContext:
    """Give a client's context that trusts our authority and no other."""
    return ssl.create_default_context(cadata=_make("authority", "authority").decode())


def presenting(folder: Path, fault: str = "") -> ssl.SSLContext:
    """Give a server's context for 127.0.0.1 whose certificate is good, or bears this one fault."""
    here: x509.GeneralName = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = {
        "": lambda: _make("server", "authority", here),
        "expired": lambda: _make("server", "authority", here, days=(-9, -2)),
        "not yet": lambda: _make("server", "authority", here, days=(2, 9)),
        "other name": lambda: _make("server", "authority", x509.DNSName("other.example")),
        "self-signed": lambda: _make("server", "server", here),
        "unknown authority": lambda: _make("server", "stranger", here),
    }[fault]()
    key = _key("server").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
