"""A correction as its office signed it: `SignedCorrection`, evidence that travels with a recording (docs/adr/0057).

A COSE_Sign1 of kind ``rekam/correction`` by the office's key over what `Correction.to_bytes` gives. An office signs
each correction by itself, so that a station can hand the centre the one that a recording rests on and nobody else's.
"""

from dataclasses import dataclass, field
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.corrections import Correction, CorrectionsUnreadable
from rekam.exchange.inbox import CertificateChain
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, verify_chain
from rekam.trust.cose import sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["SignedCorrection", "open_correction", "sign_correction"]

_SIGNED_AS: Final = "rekam/correction"


def sign_correction(correction: Correction, key: SigningKey) -> bytes:
    """`correction` in its office's words; Ed25519 is deterministic, so the same correction is the same bytes."""
    return sign1(correction.to_bytes(), key, kind=_SIGNED_AS)


def open_correction(data: bytes, office: VerifyKey) -> Correction:
    """Read `sign_correction`, if `office` signed it. Raises `CorrectionsUnreadable`."""
    try:
        return Correction.from_bytes(verify1(data, office, kind=_SIGNED_AS))
    except CorrectionsUnreadable:
        raise
    except RekamError as error:
        raise CorrectionsUnreadable(reason=error.code) from None


@dataclass(frozen=True)
class SignedCorrection:
    """`data` as the office signed it, with the certificates that lead to the root, leaf first: whoever holds this needs
    nothing else to know who said it.
    """

    data: bytes
    chain: CertificateChain = field(repr=False)

    def to_bytes(self) -> bytes:
        """As it stands in a packet's manifest: CBOR [signed correction, [certificate, ...]]."""
        return cbor.encode([self.data, list(self.chain)])

    @classmethod
    def from_bytes(cls, data: bytes) -> "SignedCorrection":
        """Read `to_bytes`; nothing is verified yet. Raises `CorrectionsUnreadable`."""
        try:
            fields = cbor.decode(data)
        except cbor.CborUnreadable as error:
            raise CorrectionsUnreadable(reason=error.code) from None
        match fields:
            case [bytes() as said, [*certificates]] if all(isinstance(item, bytes) for item in certificates):
                return cls(said, tuple(certificates))
        raise CorrectionsUnreadable(reason="not a signed correction")

    def verified(self, root: VerifyKey) -> tuple[Correction, Certificate]:
        """What it says, and the office that said so; whether that office may is the caller's question. Raises
        `CorrectionsUnreadable`.
        """
        try:
            office = verify_chain(self.chain, root)[0]
        except RekamError as error:
            raise CorrectionsUnreadable(reason=error.code) from None
        if office.kind != "office":
            raise CorrectionsUnreadable(reason=f"signed by a {office.kind}")
        return open_correction(self.data, office.signing), office
