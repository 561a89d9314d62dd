"""A little certificate authority for TLS between places of one country on one machine or in one network.

TLS hides from the line who talks to whom and what about; who may do what is decided by the request's own signature and
the certificates of Rekam (ADR 0003, 0026). Validity spans all dates, because clocks in the field are years off: a
certificate ends by being replaced.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["TlsAuthority", "TlsIdentity"]

_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""RFC 5280 section 4.1.2.5: no well-defined expiration date."""


@dataclass(frozen=True)
class TlsIdentity:
    """A certificate and its private key, both PEM (P-256, which every TLS library speaks)."""

    certificate: bytes
    key: bytes


class TlsAuthority:
    """Signs certificates of servers; `identity.certificate` is what clients trust."""

    def __init__(self, identity: TlsIdentity) -> None:
        self.identity = identity
        self._certificate = x509.load_pem_x509_certificate(identity.certificate)
        key = serialization.load_pem_private_key(identity.key, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("an authority's key is P-256")
        self._key = key

    @classmethod
    def create(cls, name: str) -> "TlsAuthority":
        """A new authority, able to sign servers and nothing else."""
        key, subject = ec.generate_private_key(ec.SECP256R1()), _named(name)
        built = _builder(subject, subject, key.public_key()).add_extension(
            x509.BasicConstraints(True, 0), critical=True
        )
        built = built.add_extension(_usage(signs_certificates=True), critical=True)
        built = built.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        return cls(_identity(built.sign(key, hashes.SHA256()), key))

    def issue(self, name: str, hosts: Sequence[str]) -> TlsIdentity:
        """For the server `name` at `hosts`: IP addresses or DNS names."""
        key = ec.generate_private_key(ec.SECP256R1())
        built = _builder(_named(name), self._certificate.subject, key.public_key())
        built = built.add_extension(x509.SubjectAlternativeName([_host(each) for each in hosts]), critical=False)
        built = built.add_extension(x509.BasicConstraints(False, None), critical=True)
        built = built.add_extension(_usage(signs_certificates=False), critical=True)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        built = built.add_extension(above, critical=False)
        return _identity(built.sign(self._key, hashes.SHA256()), key)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FIRST)
        .not_valid_after(_LAST)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _identity(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> TlsIdentity:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return TlsIdentity(certificate.public_bytes(serialization.Encoding.PEM), private)
