"""A maker of simulated devices: its own root, and devices that sign as SBI devices do: `UnsafeDeviceMaker`.

Whoever trusts this root believes anything that a simulator says: for demo, tests and training, never at a counter that
records real people.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import NameOID

from rekam.trust.jwt import to_base64url

__all__ = ["MADE_UP", "UnsafeDeviceKey", "UnsafeDeviceMaker"]

MADE_UP: Final = "NOT FOR REAL RESIDENTS"
"""Stands in the name of a maker whose devices show people who do not exist."""

_KEY_BITS: Final = 2048
_EXPONENT: Final = 65537
_EARLIER: Final = timedelta(days=3650)
"""Certificates begin ten years ago: a simulator is no test of clocks unless it is asked to be one."""
_ROOT_LIFE: Final = timedelta(days=7300)


@dataclass(frozen=True)
class UnsafeDeviceKey:
    """One device's key with its certificate; signs RS256 with `x5c` in the header."""

    serial: str
    key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate

    def sign(self, payload: Mapping[str, Any]) -> str:
        """A JSON Web Token of `payload`."""
        encoded = base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode("ascii")
        head = to_base64url(json.dumps({"alg": "RS256", "typ": "JWT", "x5c": [encoded]}).encode())
        body = to_base64url(json.dumps(dict(payload)).encode())
        signature = self.key.sign(f"{head}.{body}".encode("ascii"), PKCS1v15(), SHA256())
        return f"{head}.{body}.{to_base64url(signature)}"


@dataclass(frozen=True)
class UnsafeDeviceMaker:
    """The maker: `root` goes into a station's folder of trusted makers."""

    key: rsa.RSAPrivateKey = field(repr=False)
    root: x509.Certificate

    @classmethod
    def create(cls, now: datetime, name: str = f"Rekam simulated devices, {MADE_UP}") -> Self:
        """A new maker with a key of its own (about 0.1 s)."""
        key = rsa.generate_private_key(_EXPONENT, _KEY_BITS)
        subject = _name(name)
        builder = _builder(subject, subject, key.public_key(), now - _EARLIER, now + _ROOT_LIFE)
        root = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True).sign(key, SHA256())
        return cls(key, root)

    @classmethod
    def from_bytes(cls, key: bytes, root: bytes) -> Self:
        """Read `key_bytes` and `root_pem`."""
        held = load_der_private_key(key, None)
        if not isinstance(held, rsa.RSAPrivateKey):
            raise TypeError("a maker's key is an RSA key")
        return cls(held, x509.load_pem_x509_certificate(root))

    @property
    def key_bytes(self) -> bytes:
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def device(self, serial: str, begins: datetime, ends: datetime) -> UnsafeDeviceKey:
        """A device's key, certified by this maker from `begins` to `ends`."""
        key = rsa.generate_private_key(_EXPONENT, _KEY_BITS)
        builder = _builder(_name(serial), self.root.subject, key.public_key(), begins, ends)
        certificate = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        return UnsafeDeviceKey(serial, key, certificate.sign(self.key, SHA256()))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
