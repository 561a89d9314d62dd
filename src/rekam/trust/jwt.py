"""Signed words of capture devices: RS256 JSON Web Tokens (RFC 7515, 7519) whose `x5c` leads to a trusted maker.

Nothing but RS256 is taken, whatever the header asks for: an algorithm chosen by the sender proves nothing. Expiry does
not refuse by itself, because clocks in the field are years off and makers renew a device's key every month over a
network that may be away; it is told (`Signed.in_force`), and a person decides (docs/adr/0043).
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from rekam.enrolment.errors import RekamError

__all__ = [
    "JwtAltered",
    "JwtUnreadable",
    "MakerUnreadable",
    "Makers",
    "NoSuchMaker",
    "Signed",
    "from_base64url",
    "to_base64url",
    "unsigned",
]

_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_CERTIFICATES: Final = 8
_LONGEST_PATH: Final = 4
_LEAST_KEY_BITS: Final = 2048


class JwtUnreadable(RekamError):
    """The device signed something that is no signed message ({reason}). Nothing was taken over.
    Capture again; if it comes back, plug the device in anew and report its serial number.
    """


class JwtAltered(RekamError):
    """What the device sent does not carry the device's own signature: it was changed on its way, or another program
    answers in the device's place. Nothing was taken over. Unplug the device, plug it in again and capture once more;
    if it comes back, use another device and report this one.
    """


class NoSuchMaker(RekamError):
    """The device's certificate ({subject}) comes from no maker that this station trusts. Nothing was taken over.
    Use a device from the office's list, or ask the office for the certificate of its maker.
    """


class MakerUnreadable(RekamError):
    """The maker's certificate {file} cannot be read. The other makers stay trusted; devices of this one are refused.
    Recordings are safe. Ask the office for the certificate again, as a PEM or DER file.
    """


@dataclass(frozen=True)
class Signed:
    """What was signed and by whom: `subject` and `issuer` as the certificate says them, `certificate` its SHA-256
    (hex).
    """

    payload: dict[str, Any] = field(repr=False)
    subject: str
    certificate: str
    issuer: str
    not_before: datetime
    not_after: datetime

    def in_force(self, at: datetime) -> bool:
        """Whether the certificate's dates cover `at`."""
        return self.not_before <= at <= self.not_after


class Makers:
    """The certificates of device makers that a station trusts: what signs devices' certificates, or a device's own."""

    def __init__(self, certificates: Iterable[x509.Certificate] = (), problems: Sequence[RekamError] = ()) -> None:
        self._anchors = tuple(certificates)
        self.problems = tuple(problems)

    def __len__(self) -> int:
        return len(self._anchors)

    @classmethod
    def of_folder(cls, folder: Path) -> "Makers":
        """Every ``.pem``, ``.crt``, ``.cer`` and ``.der`` file of `folder`; one that cannot be read is a problem."""
        found: list[x509.Certificate] = []
        problems: list[RekamError] = []
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        for file in files:
            if file.suffix.lower() in {".pem", ".crt", ".cer", ".der"}:
                try:
                    found.extend(_certificates(file.read_bytes()))
                except (OSError, ValueError):
                    problems.append(MakerUnreadable(file=file.name))
        return cls(found, problems)

    def verify(self, token: object) -> Signed:
        """The payload of `token`, signed by a key whose certificate leads to one of these makers.

        Raises `JwtUnreadable`, `NoSuchMaker`, `JwtAltered`.
        """
        header, body, signature, signed = _taken_apart(token)
        if header.get("alg") != "RS256":
            raise JwtUnreadable(reason="it is not RS256")
        chain = _chain(header.get("x5c"))
        leaf = _path(chain, self._anchors)
        key = leaf.public_key()
        if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_KEY_BITS:
            raise JwtUnreadable(reason="its key is no RSA key of 2048 bits")
        try:
            key.verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise JwtAltered from None
        return Signed(
            _json_object(body),
            leaf.subject.rfc4514_string(),
            hashlib.sha256(leaf.public_bytes(Encoding.DER)).hexdigest(),
            leaf.issuer.rfc4514_string(),
            leaf.not_valid_before_utc,
            leaf.not_valid_after_utc,
        )


def unsigned(token: object) -> dict[str, Any]:
    """The payload of a token whose signature nobody vouches for: unsigned (``payload`` alone) or of any kind. For
    finding a device, never for believing it. Raises `JwtUnreadable`.
    """
    if isinstance(token, dict):
        return token
    parts = token.split(".") if isinstance(token, str) and len(token) <= _MOST_BYTES else []
    if len(parts) not in {1, 3}:
        raise JwtUnreadable(reason="it has no payload")
    return _json_object(from_base64url(parts[len(parts) // 2]))


def from_base64url(text: object) -> bytes:
    """Base64 of RFC 4648 section 5, with or without padding. Raises `JwtUnreadable`."""
    if not isinstance(text, str):
        raise JwtUnreadable(reason="a field is no text")
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise JwtUnreadable(reason="a field is no base64url") from None


def to_base64url(data: bytes) -> str:
    """Without padding, as RFC 7515 writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _taken_apart(token: object) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    if not isinstance(token, str) or len(token) > _MOST_BYTES or token.count(".") != 2:
        raise JwtUnreadable(reason="it has not three parts")
    head, body, signature = token.split(".")
    header = _json_object(from_base64url(head))
    return header, from_base64url(body), from_base64url(signature), f"{head}.{body}".encode("ascii")


def _json_object(data: bytes) -> dict[str, Any]:
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        raise JwtUnreadable(reason="it holds no JSON") from None
    if not isinstance(held, dict):
        raise JwtUnreadable(reason="it holds no JSON object")
    return held


def _chain(x5c: object) -> tuple[x509.Certificate, ...]:
    """MOSIP's text shows one certificate, RFC 7515 an array: both are read."""
    encoded = [x5c] if isinstance(x5c, str) else x5c
    if not isinstance(encoded, list) or not 1 <= len(encoded) <= _MOST_CERTIFICATES:
        raise JwtUnreadable(reason="it names no certificate")
    return tuple(_certificate(one) for one in encoded)


def _certificate(encoded: object) -> x509.Certificate:
    try:
        return _loaded(encoded) if isinstance(encoded, str) else _loaded("")
    except ValueError:
        raise JwtUnreadable(reason="its certificate cannot be read") from None


@lru_cache(maxsize=64)
def _loaded(encoded: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode("".join(encoded.split()), altchars=None, validate=True))


def _path(chain: tuple[x509.Certificate, ...], anchors: tuple[x509.Certificate, ...]) -> x509.Certificate:
    """The first certificate of `chain`, if it leads to an anchor in at most four steps."""
    leaf = current = chain[0]
    for _ in range(_LONGEST_PATH):
        if current in anchors:
            return leaf
        issuer = next((one for one in (*anchors, *chain[1:]) if one != current and _issued(one, current)), None)
        if issuer is None:
            break
        current = issuer
    raise NoSuchMaker(subject=leaf.subject.rfc4514_string() or "?")


def _issued(issuer: x509.Certificate, issued: x509.Certificate) -> bool:
    try:
        if not issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False  # a device must not vouch for other devices
        issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return True


def _certificates(data: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in data:
        return x509.load_pem_x509_certificates(data)
    return [x509.load_der_x509_certificate(data)]
