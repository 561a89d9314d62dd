"""What a station without keys and its office say to one another until it has new ones: `Reveal`, `Offer`, `Bundle`.

1. station -> office: which station, and a commitment to its new keys. 2. office -> station: `Offer`: a random number,
its certificates, the root. 3. station -> office: `Reveal`, signed by the new key. Both now know the code
(`trust.pairing`); people compare it, two officials approve. 4. office -> station: the bundle, sealed to the new key.
Nothing here is secret but the bundle, and nothing is believed before people have compared (docs/adr/0032).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SealingKey, SigningKey, VerifyKey
from rekam.trust.pairing import NONCE_BYTES, Pairing, commitment

__all__ = [
    "BUNDLE_KIND",
    "CodeWrong",
    "NotYourStation",
    "Offer",
    "Progress",
    "RecoveryClosed",
    "RecoveryUnknown",
    "RecoveryUnreadable",
    "Reveal",
    "SignedReveal",
    "StationUnknown",
]

SIGNED_AS: Final = "rekam/recovery"
BUNDLE_KIND: Final = "recovery"
"""The kind of the parcel that carries the bundle."""


class RecoveryUnreadable(RekamError):
    """A message of the recovery cannot be read ({reason}). Nothing was changed. Check that station and office run the
    same version of Rekam, then run rekam station recover again.
    """


class StationUnknown(RekamError):
    """This office has no station {station}. Nothing was changed. Check the number on the station's label, and whether
    --office names the office that it belongs to.
    """


class RecoveryUnknown(RekamError):
    """The office knows no such request for recovery. Nothing was changed. Run rekam station recover --anew."""


class RecoveryClosed(RekamError):
    """The office has closed this request for recovery ({reason}). Nothing was changed here; what was recorded stays
    where it is. Speak with the office, then run rekam station recover --anew.
    """


class CodeWrong(RekamError):
    """The letters are not those that the other side shows. Nothing was approved. Read them again, letter by letter. If
    they differ still, somebody may be listening in between: close the request and begin anew over another line.
    """


class NotYourStation(RekamError):
    """Station {station} may not ask this: it was not set up anew here, or a newer installation took its place. Nothing
    was changed.
    """


@dataclass(frozen=True)
class Reveal:
    """What the station says of itself once the office has answered: its new public keys (`signing` for packets and
    requests, `document` for papers, `sealing` for the bundle) and 32 random bytes.
    """

    station: str
    signing: VerifyKey
    document: VerifyKey
    sealing: SealingKey
    nonce: bytes

    def to_bytes(self) -> bytes:
        """What is committed to, and what is signed."""
        return cbor.encode(
            {
                "station": self.station,
                "signing": self.signing.to_bytes(),
                "document": self.document.to_bytes(),
                "sealing": self.sealing.to_bytes(),
                "nonce": self.nonce,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read `to_bytes`. Raises `RecoveryUnreadable`."""
        try:
            fields: Any = cbor.decode(data)
            match fields:
                case {
                    "station": str() as station,
                    "signing": bytes() as signing,
                    "document": bytes() as document,
                    "sealing": bytes() as sealing,
                    "nonce": bytes() as nonce,
                    **rest,
                } if not rest and len(nonce) == NONCE_BYTES:
                    return cls(station, VerifyKey(signing), VerifyKey(document), SealingKey.from_bytes(sealing), nonce)
        except RekamError as error:
            raise RecoveryUnreadable(reason=error.code) from None
        raise RecoveryUnreadable(reason="its fields")


@dataclass(frozen=True)
class SignedReveal:
    """A reveal with the proof that whoever sent it holds the new signing key."""

    data: bytes

    @classmethod
    def by(cls, reveal: Reveal, key: SigningKey) -> Self:
        """Signed by the new key itself."""
        return cls(sign1(reveal.to_bytes(), key, kind=SIGNED_AS))

    def opened(self, committed: bytes) -> Reveal:
        """What it says, if it is what was committed to and its own key signed. Raises `RecoveryUnreadable`."""
        try:
            parts = peek1(self.data, kind=SIGNED_AS)
            reveal = Reveal.from_bytes(parts.payload)
            parts.verify(reveal.signing)
        except RekamError as error:
            raise RecoveryUnreadable(reason=error.code) from None
        if commitment(parts.payload) != committed:
            raise RecoveryUnreadable(reason="not what was committed to")
        return reveal


@dataclass(frozen=True)
class Offer:
    """The office's answer to a commitment. Nothing of it is believed before people have compared the code."""

    request: str
    nonce: bytes
    chain: tuple[bytes, ...]
    root: bytes
    name: str

    def to_bytes(self) -> bytes:
        """As it travels."""
        fields = {"request": self.request, "nonce": self.nonce, "chain": list(self.chain)}
        return cbor.encode(fields | {"root": self.root, "name": self.name})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read `to_bytes`. Raises `RecoveryUnreadable`."""
        try:
            fields: Any = cbor.decode(data)
        except cbor.CborUnreadable as error:
            raise RecoveryUnreadable(reason=error.code) from None
        match fields:
            case {
                "request": str() as request,
                "nonce": bytes() as nonce,
                "chain": [*chain],
                "root": bytes() as root,
                "name": str() as name,
            } if len(nonce) == NONCE_BYTES and all(isinstance(one, bytes) for one in chain):
                return cls(request, nonce, tuple(chain), root, name)
        raise RecoveryUnreadable(reason="its fields")

    def pairing(self, reveal: Reveal) -> Pairing:
        """What both sides compute the codes over."""
        return Pairing(reveal.to_bytes(), self.nonce, self.chain, self.root)


@dataclass(frozen=True)
class Progress:
    """How far a request is: `approvals` of two, `closed` with a reason, and once issued the bundle's id and size."""

    approvals: int
    closed: str = ""
    bundle: str = ""
    size: int = 0

    def to_map(self) -> dict[str, Any]:
        """For JSON."""
        return {"approvals": self.approvals, "closed": self.closed, "bundle": self.bundle, "size": self.size}

    @classmethod
    def from_map(cls, fields: Mapping[str, Any]) -> Self:
        """Read `to_map`. Raises `RecoveryUnreadable`."""
        match fields:
            case {
                "approvals": int() as approvals,
                "closed": str() as closed,
                "bundle": str() as bundle,
                "size": int() as n,
            }:
                return cls(approvals, closed, bundle, n)
        raise RecoveryUnreadable(reason="its fields")
