"""Stage 1: open the packet, once, into a working copy under the centre's own key."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import cbor2

from rekam.centre.case import Case
from rekam.centre.nik_hashes import NikHashes
from rekam.centre.verdict import Effect, Pass, Reject, Verdict
from rekam.enrolment.errors import RekamError
from rekam.enrolment.manifest import ManifestVersionUnknown
from rekam.enrolment.status import Status
from rekam.packet.content import Content, read_content
from rekam.packet.errors import SealedToAnotherCentre, UnknownPacketVersion
from rekam.packet.header import Header
from rekam.packet.signer import station_key
from rekam.packet.unseal import unseal
from rekam.trust.certificates import chain_from_bytes
from rekam.trust.keys import OpeningKey, VerifyKey
from rekam.web.i18n import error_text

__all__ = ["Unsealing"]


class Unsealing:
    """The only place that opens packets. A packet whose content breaks the format is rejected with its reason.
    What is not the packet's fault is a technical matter, tried again and then quarantined: a key not at hand,
    a version from the future, bytes that went bad on this disk.
    """

    name: ClassVar[str] = "unsealing"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def __init__(self, opening_keys: Sequence[OpeningKey], root: VerifyKey, hashes: NikHashes) -> None:
        self._opening_keys = opening_keys
        self._root = root
        self._hashes = hashes

    def run(self, case: Case) -> Verdict:
        with case.sealed() as stream:
            try:
                content = read_content(unseal(stream, self._opening_keys, self._signer(case)))
            except (SealedToAnotherCentre, UnknownPacketVersion, ManifestVersionUnknown):
                raise
            except RekamError as error:
                case.require_intact()
                return Reject(error_text(error))
        return Pass(
            (
                case.keep("manifest", content.manifest_bytes),
                case.keep("attestations", cbor2.dumps([[a.signature, list(a.chain)] for a in content.attestations])),
                *(case.keep(str(sample.slot), sample.image) for sample in content.enrolment.samples),
                self._note(case, content),
            )
        )

    def _signer(self, case: Case) -> Callable[[Header], VerifyKey]:
        (chain,) = case.row("station_chain") or (b"",)
        return station_key(chain_from_bytes(bytes(chain)), self._root)

    def _note(self, case: Case, content: Content) -> Effect:
        biodata = content.enrolment.biodata
        return case.note(
            nik_hash=self._hashes.registry(biodata.nik),
            portal_key=self._hashes.portal(biodata.nik, biodata.birth_date),
            check_hash=self._hashes.check(biodata.nik),
            nik_shard=biodata.nik[:4],
            operator=content.enrolment.operator,
        )
