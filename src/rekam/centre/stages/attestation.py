"""Stage 3: the operator, and the supervisor where exceptions were confirmed, signed exactly this enrolment."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import cbor2
from psycopg import Connection

from rekam.centre.case import Case
from rekam.centre.verdict import Pass, Reject, Verdict
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.enrolment.status import Status
from rekam.exchange.key_ended import every_key_of
from rekam.packet.attestation import Attestation as Signed
from rekam.packet.attestation import check_attestations
from rekam.trust.keys import VerifyKey
from rekam.web.i18n import error_text

__all__ = ["Attestation"]

Confirmed = Callable[[Connection[Any], str, Sequence[str]], None]
"""Told a packet and what confirmed it: key ids (hex), and of each person `every_key_of`."""


class Attestation:
    """Signatures and certificate chains up to the root key; staff of another office cannot attest."""

    name: ClassVar[str] = "attestation"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def __init__(self, root: VerifyKey, confirmed: Confirmed = lambda _tx, _packet_id, _keys: None) -> None:
        """`confirmed` hears whose keys signed, in the transaction that passes the case: a key may have ended."""
        self._root = root
        self._confirmed = confirmed

    def run(self, case: Case) -> Verdict:
        manifest = case.read("manifest")
        said = cbor2.loads(manifest)
        signed = [Signed(signature, tuple(chain)) for signature, chain in cbor2.loads(case.read("attestations"))]
        try:
            by = check_attestations(
                manifest,
                signed,
                operator=said["operator"],
                supervisor=said["supervisor"],
                station=StationId(case.facts.station),
                root=self._root,
            )
        except RekamError as error:
            return Reject(error_text(error))
        people = [one for one in (by.operator, by.supervisor) if one is not None]
        keys = [key for one in people for key in (one.signing.key_id.hex(), every_key_of(one.subject))]
        return Pass(following=(lambda tx: self._confirmed(tx, case.packet_id, keys),))
