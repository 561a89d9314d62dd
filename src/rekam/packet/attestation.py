"""Attestations: operator and supervisor sign, with their own keys, what was recorded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, verify_chain
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = [
    "Attestation",
    "AttestationInvalid",
    "AttestationMissing",
    "AttestedElsewhere",
    "Role",
    "Signatories",
    "attest",
    "check_attestations",
]

Role = Literal["operator", "supervisor"]

KIND: Final = "rekam/attestation"
_MAY_ACT_AS: Final[dict[Role, frozenset[str]]] = {
    "operator": frozenset({"operator", "supervisor"}),
    "supervisor": frozenset({"supervisor"}),
}


class AttestationMissing(RekamError):
    """The recording is not signed by its {role} {who}. The packet is kept;
    the office has it confirmed or rejects it.
    """


class AttestationInvalid(RekamError):
    """A signature on the recording does not fit it ({reason}). The packet is kept; report it to the office."""


class AttestedElsewhere(RekamError):
    """The recording of station {station} was signed by staff of office {office}. The packet is kept;
    report it to both offices.
    """


@dataclass(frozen=True)
class Attestation:
    """A COSE_Sign1 over the manifest's SHA-256 and the role, and the signer's certificates, leaf first."""

    signature: bytes
    chain: tuple[bytes, ...]


@dataclass(frozen=True)
class Signatories:
    """Who signed a recording, proved up to the centre's root."""

    operator: Certificate
    supervisor: Certificate | None


def attest(manifest: bytes, key: SigningKey, chain: Sequence[bytes], *, role: Role = "operator") -> Attestation:
    """Sign `manifest` (`content.manifest_bytes`) as `role`; `chain` certifies `key`."""
    payload = cbor.encode({"manifest": hashlib.sha256(manifest).digest(), "role": role})
    return Attestation(sign1(payload, key, kind=KIND), tuple(chain))


def check_attestations(
    manifest: bytes,
    attestations: Sequence[Attestation],
    *,
    operator: str,
    supervisor: str | None,
    station: StationId,
    root: VerifyKey,
) -> Signatories:
    """Who signed `manifest`, if they are the `operator` and, where one is named, the `supervisor` of the enrolment.

    Both must be staff of the office of `station`, and different persons. Raises AttestationMissing,
    AttestationInvalid, AttestedElsewhere, or what `verify_chain` raises.
    """
    signed = dict(_signed(manifest, attestation, station, root) for attestation in attestations)
    if len(signed) != len(attestations):
        raise AttestationInvalid(reason="one role twice")
    by_operator = _by(signed, "operator", operator)
    by_supervisor = _by(signed, "supervisor", supervisor) if supervisor is not None else None
    if by_supervisor is None and "supervisor" in signed:
        raise AttestationInvalid(reason="a supervisor whom the recording does not name")
    if by_supervisor and (by_supervisor.signing == by_operator.signing or supervisor == operator):
        raise AttestationInvalid(reason="operator and supervisor are the same person")
    return Signatories(by_operator, by_supervisor)


def _by(signed: dict[Role, Certificate], role: Role, who: str) -> Certificate:
    certificate = signed.get(role)
    if certificate is None or certificate.subject != who:
        raise AttestationMissing(role=role, who=who)
    return certificate


def _signed(manifest: bytes, attestation: Attestation, station: StationId, root: VerifyKey) -> tuple[Role, Certificate]:
    chain = verify_chain(attestation.chain, root)
    try:
        fields = cbor.decode(verify1(attestation.signature, chain[0].signing, kind=KIND))
    except (EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, cbor.CborUnreadable) as problem:
        raise AttestationInvalid(reason=str(problem.facts.get("reason", problem.code))) from None
    role: Role
    match fields:
        case {"manifest": bytes() as digest, "role": "operator" | "supervisor" as role, **rest} if not rest:
            pass
        case _:
            raise AttestationInvalid(reason="its fields")
    if digest != hashlib.sha256(manifest).digest():
        raise AttestationInvalid(reason="it signs another recording")
    if chain[0].kind not in _MAY_ACT_AS[role]:
        raise AttestationInvalid(reason=f"a {chain[0].kind} signed as {role}")
    if chain[-1].subject != station.office:
        raise AttestedElsewhere(station=station, office=chain[-1].subject)
    return role, chain[0]
