"""A bundle's outer frame: magic, version, signed manifest before the contents; trailer after them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from rekam.exchange.courier.errors import (
    BundleAltered,
    BundleEmpty,
    BundleTorn,
    BundleUnreadable,
    ForeignBundle,
    NotABundle,
    UnknownBundleVersion,
)
from rekam.exchange.courier.manifest import VERSION, Manifest
from rekam.trust import cbor
from rekam.trust.certificates import KIND as CERTIFICATE
from rekam.trust.certificates import (
    Certificate,
    CertificateForbidden,
    CertificateUnreadable,
    ChainBroken,
    verify_chain,
)
from rekam.trust.cose import EnvelopeUnreadable, Parts, SignedByAnother, WrongKind, peek1, sign1
from rekam.trust.keys import KeyUnreadable, SignatureInvalid, SigningKey, VerifyKey

__all__ = ["FILE_LIMIT", "TRAILER_BYTES", "Head", "head_bytes", "read_head", "trailer_bytes"]

# As the packet's: the high bit shows a 7-bit channel, CR LF one that rewrites line ends.
MAGIC: Final = b"\x89RKUSB\r\n"
END: Final = b"RKUSBEND"
KIND: Final = "rekam/courier"
MAX_MANIFEST_BYTES: Final = 8 * 1024 * 1024
FILE_LIMIT: Final = (1 << 32) - 1
"""The longest file of FAT32."""
TRAILER_BYTES: Final = 48
_PREAMBLE: Final = MAGIC + VERSION.to_bytes(2, "big")


@dataclass(frozen=True)
class Head:
    """A verified manifest with the certificates of its writer, leaf first, and the bytes of the file up to there."""

    manifest: Manifest
    certificates: Sequence[Certificate]
    raw: bytes

    @property
    def length(self) -> int:
        """Bytes of the whole file, trailer included."""
        return len(self.raw) + self.manifest.contents + TRAILER_BYTES


def head_bytes(manifest: Manifest, signer: SigningKey) -> bytes:
    """Everything before the contents, signed."""
    signed = sign1(manifest.to_bytes(), signer, kind=KIND, external_aad=_PREAMBLE)
    if len(signed) > MAX_MANIFEST_BYTES:
        raise ValueError(f"a manifest of {len(signed)} bytes")  # the planner cuts long before
    return _PREAMBLE + len(signed).to_bytes(4, "big") + signed


def trailer_bytes(head: bytes, contents: int) -> bytes:
    """What ends the file: its length and the digest of the signed manifest."""
    length = len(head) + contents + TRAILER_BYTES
    return END + length.to_bytes(8, "big") + hashlib.sha256(head[len(_PREAMBLE) + 4 :]).digest()


def read_head(stream: BinaryIO, root: VerifyKey, path: object) -> Head:
    """Read and verify up to the contents; `path` names the file in errors.

    Raises BundleEmpty, NotABundle, UnknownBundleVersion, BundleTorn, BundleUnreadable, BundleAltered, ForeignBundle.
    """
    preamble = stream.read(len(_PREAMBLE))
    if not preamble:
        raise BundleEmpty(path=path)
    if preamble[: len(MAGIC)] != MAGIC[: len(preamble)]:
        raise NotABundle(path=path)
    if len(preamble) < len(_PREAMBLE):
        raise BundleTorn(path=path)
    if preamble != _PREAMBLE:
        raise UnknownBundleVersion(path=path, version=int.from_bytes(preamble[len(MAGIC) :], "big"))
    length = _exactly(stream, 4, path)
    size = int.from_bytes(length, "big")
    if size > MAX_MANIFEST_BYTES:
        raise BundleUnreadable(path=path, reason="its length")
    signed = _exactly(stream, size, path)
    manifest, certificates = _verified(signed, root, path)
    return Head(manifest, certificates, preamble + length + signed)


def _verified(signed: bytes, root: VerifyKey, path: object) -> tuple[Manifest, Sequence[Certificate]]:
    try:
        parts = peek1(signed, kind=KIND)
    except EnvelopeUnreadable as unreadable:
        raise BundleUnreadable(path=path, **unreadable.facts) from None
    except WrongKind as wrong:
        raise BundleUnreadable(path=path, reason=f"a signed {wrong.facts['found']}") from None
    manifest = Manifest.from_bytes(parts.payload, path)
    _check_signature(parts, manifest, path)
    try:
        certificates = verify_chain(manifest.chain, root)
    except (ChainBroken, CertificateForbidden, CertificateUnreadable) as error:
        raise ForeignBundle(path=path, reason=error.code) from error
    leaf = certificates[0]
    if leaf.subject != manifest.sender or leaf.kind not in {"station", "office", "centre"}:
        raise ForeignBundle(path=path, reason=f"the certificate of {leaf.kind} {leaf.subject}")
    return manifest, certificates


def _check_signature(parts: Parts, manifest: Manifest, path: object) -> None:
    """By the key that the certificate claims, before that is believed: a flipped bit is no stranger's work."""
    try:
        fields = cbor.decode(peek1(manifest.chain[0], kind=CERTIFICATE).payload)
        parts.verify(VerifyKey(fields["signing"]), _PREAMBLE)
    except (IndexError, EnvelopeUnreadable, WrongKind, cbor.CborUnreadable, KeyError, TypeError, KeyUnreadable):
        raise BundleUnreadable(path=path, reason="its certificates") from None
    except (SignedByAnother, SignatureInvalid):
        raise BundleAltered(path=path) from None


def _exactly(stream: BinaryIO, count: int, path: object) -> bytes:
    data = bytearray()
    while len(data) < count and (more := stream.read(count - len(data))):
        data += more
    if len(data) < count:
        raise BundleTorn(path=path)
    return bytes(data)
