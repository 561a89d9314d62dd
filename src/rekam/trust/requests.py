"""Signed requests between places: RFC 9421 with Ed25519, the signer's certificate chain in a header.

Covered are method, path, query, content digest, the chain and, where there is a body, its length: so a receiver knows
who asks before it reads a byte of the body (`verify_head`, then `SignedRequest.check_body`). ``created`` is noted, not
judged: stations' clocks are years off. A replay is refused by `ReplayGuard` where it matters and changes no state
anyway, since every request of the exchange is idempotent.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.trust.certificates import Certificate, chain_from_bytes, chain_to_bytes, verify_chain
from rekam.trust.clock import Clock
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey
from rekam.trust.message_signatures import content_digest, derived_components, digest_field, signature_base
from rekam.trust.random import Random

__all__ = [
    "CHAIN_HEADER",
    "ReplayGuard",
    "RequestAltered",
    "RequestReplayed",
    "RequestUnsigned",
    "SignedRequest",
    "sign_request",
    "verify_head",
    "verify_request",
]

CHAIN_HEADER: Final = "rekam-certificate"
_LENGTH: Final = "content-length"
_COVERED: Final = '"@method" "@path" "@query" "content-digest" "rekam-certificate"'
_INPUT: Final = re.compile(
    re.escape(f"rekam=({_COVERED}")
    + r'( "content-length")?\);created=([0-9]{1,12});keyid="([0-9a-f]{32})";alg="ed25519";'
    r'nonce="([A-Za-z0-9+/]{22}==)"'
)
_MAX_HEADER: Final = 16 * 1024
_MARK_BYTES: Final = 16
_DECIMAL: Final = re.compile("[1-9][0-9]{0,15}")


class RequestUnsigned(RekamError):
    """The request carries no signature that can be read ({reason}). Nothing was changed.
    Check that both places run the same version of Rekam and that no proxy between them removes headers.
    """


class RequestAltered(RekamError):
    """The request was changed on its way, or signed by another key than its certificate's. Nothing was changed here.
    The sender tries again by itself; report it if it comes back.
    """


class RequestReplayed(RekamError):
    """The very same request was received before. Nothing was changed.
    The sender signs anew when it tries again; report it if it comes back.
    """


@dataclass(frozen=True)
class SignedRequest:
    """Who asked: `certificates` (leaf first, verified up to the root), the leaf's `key_id`, the request's `nonce`
    and the sender's own time `created` (seconds since 1970, unaided). The body is `length` bytes long and hashes to
    `digest` (Content-Digest), if it is the one that was signed: `check_body`.
    """

    certificates: tuple[Certificate, ...]
    key_id: bytes
    nonce: str
    created: int
    digest: str
    length: int

    @property
    def signer(self) -> Certificate:
        """The leaf: whose key signed."""
        return self.certificates[0]

    def check_body(self, body: bytes) -> None:
        """Raises RequestAltered unless `body` is what was signed."""
        self.check_hashed(len(body), hashlib.sha256(body).digest())

    def check_hashed(self, length: int, sha256: bytes) -> None:
        """`check_body` for a body that was hashed while it came."""
        if length != self.length or not hmac.compare_digest(self.digest.encode(), digest_field(sha256).encode()):
            raise RequestAltered


def sign_request(
    method: str, url: str, body: bytes, *, key: SigningKey, chain: Sequence[bytes], clock: Clock, random: Random
) -> dict[str, str]:
    """The headers to add: content-digest, rekam-certificate, signature-input, signature and, with a body,
    content-length (names in lower case).
    """
    digest, certificate = content_digest(body), base64.b64encode(chain_to_bytes(chain)).decode()
    nonce = base64.b64encode(random.bytes(16)).decode()
    created = clock.stamp().wall_ms // 1000
    length = {_LENGTH: str(len(body))} if body else {}
    covered = f'({_COVERED} "{_LENGTH}")' if body else f"({_COVERED})"
    parameters = f'{covered};created={created};keyid="{key.key_id.hex()}";alg="ed25519";nonce="{nonce}"'
    signature = key.sign(_base(method, url, digest, certificate, parameters, length))
    return length | {
        "content-digest": digest,
        CHAIN_HEADER: certificate,
        "signature-input": f"rekam={parameters}",
        "signature": f"rekam=:{base64.b64encode(signature).decode()}:",
    }


def verify_request(method: str, url: str, headers: Mapping[str, str], body: bytes, *, root: VerifyKey) -> SignedRequest:
    """`verify_head` and `check_body` at once, where the body is at hand; it may be empty."""
    request = verify_head(method, url, headers, root=root)
    request.check_body(body)
    return request


def verify_head(method: str, url: str, headers: Mapping[str, str], *, root: VerifyKey) -> SignedRequest:
    """Who signed this request, of whose body nothing was read yet. `headers` in any case of letters.

    Raises RequestUnsigned, RequestAltered, or what `verify_chain` raises.
    """
    given = {name.lower(): value for name, value in headers.items()}
    match = _INPUT.fullmatch(_header(given, "signature-input"))
    if match is None:
        raise RequestUnsigned(reason="signature-input")
    _, created, key_id, nonce = match.groups()
    digest, certificate = _header(given, "content-digest"), _header(given, CHAIN_HEADER)
    length = {_LENGTH: _header(given, _LENGTH)} if match[1] else {}
    if length and not _DECIMAL.fullmatch(length[_LENGTH]):
        raise RequestUnsigned(reason=_LENGTH)
    signature = _signature(_header(given, "signature"))
    chain = verify_chain(chain_from_bytes(_base64(certificate, CHAIN_HEADER)), root)
    signer = chain[0].signing
    if signer.key_id.hex() != key_id:
        raise RequestAltered
    try:
        parameters = match[0].removeprefix("rekam=")
        signer.verify(signature, _base(method, url, digest, certificate, parameters, length))
    except SignatureInvalid:
        raise RequestAltered from None
    return SignedRequest(chain, signer.key_id, nonce, int(created), digest, int(length.get(_LENGTH, "0")))


class ReplayGuard:
    """Remembers at least the last `size` nonces of this process and refuses one that comes again."""

    def __init__(self, size: int = 65_536) -> None:
        self._size = size
        # two generations of digests: a fifth of the memory that an ordered map of the nonces themselves takes
        self._recent: set[bytes] = set()
        self._before: set[bytes] = set()

    def check(self, request: SignedRequest) -> None:
        """Raises RequestReplayed."""
        mark = hashlib.sha256(request.key_id + request.nonce.encode()).digest()[:_MARK_BYTES]
        if mark in self._recent or mark in self._before:
            raise RequestReplayed
        self._recent.add(mark)
        if len(self._recent) >= self._size:
            self._before, self._recent = self._recent, set()


def _base(method: str, url: str, digest: str, certificate: str, parameters: str, length: Mapping[str, str]) -> bytes:
    headers = {"content-digest": digest, CHAIN_HEADER: certificate, **length}
    return signature_base([*derived_components(method, url), *headers.items()], parameters)


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    if not value or len(value) > _MAX_HEADER:
        raise RequestUnsigned(reason=name)
    return value


def _signature(value: str) -> bytes:
    if not (value.startswith("rekam=:") and value.endswith(":")):
        raise RequestUnsigned(reason="signature")
    return _base64(value[7:-1], "signature")


def _base64(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # ValueError: characters outside ASCII
        raise RequestUnsigned(reason=name) from None
