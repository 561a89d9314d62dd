"""From a finished sitting to "saved": attest, seal, file, one transaction (journey steps 4 to 7)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from rekam.abis.template_set import Template, TemplateSet
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import Modality, Slot
from rekam.enrolment.status import Status
from rekam.exchange.signed_correction import SignedCorrection
from rekam.packet.attestation import Attestation, attest
from rekam.packet.content import manifest_bytes, write_content
from rekam.packet.seal import Sealed, seal
from rekam.station.drafts import Drafts, remove
from rekam.station.key_ends import require_living
from rekam.station.legal_time import keep_anchor
from rekam.station.outing.noting import note_outing
from rekam.station.recordings import Recording, Recordings
from rekam.station.residents import Residents
from rekam.station.sitting import Sitting
from rekam.station.sizes import Sizes
from rekam.station.store import Identity, StationStore
from rekam.station.unlock import Unlocked
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import full_disk_told
from rekam.storage.errors import DiskFull
from rekam.trust import cbor
from rekam.trust.clock import Clock, LegalClock
from rekam.trust.random import Random

__all__ = ["Saving", "SupervisorMustSign"]

_PIECE = 1 << 20
_HEADROOM = 64 * 1024 * 1024
"""Free bytes beyond the disk's reserve that a new sitting asks for: its draft, its packet, its papers."""


class SupervisorMustSign(RekamError):
    """This sitting holds exceptions that {supervisor} confirmed, so it is saved with their PIN as well. It is kept.
    Ask {supervisor} to enter their PIN, then save again.
    """


@dataclass(frozen=True)
class Saving:
    """The one way a recording comes into being. Safe to repeat: a sitting is sealed once and answered for ever.

    `scratch` opens a file without a name for the ciphertext until it is complete.
    """

    store: StationStore
    blobs: BlobStore
    drafts: Drafts
    recordings: Recordings
    clock: Clock
    legal: LegalClock
    random: Random
    scratch: Callable[[], BinaryIO]
    sizes: Sizes
    residents: Residents

    def check_room(self) -> None:
        """Raises `DiskReserveReached` before capture begins, while everything saved is still safe (never 15)."""
        self.blobs.check_reserve(_HEADROOM)

    def save(self, sitting_id: str, operator: Unlocked, supervisor: Unlocked | None, *, consent: bool) -> Recording:
        """Returns when the recording is durable; only then may a screen say "saved" (never 1).

        Raises `KeyHasEnded`, `UnknownSitting`, `IncompleteEnrolment`, `RecordingTooLarge`, `DiskReserveReached`,
        `DiskFull`; the draft stays.
        """
        with self.store.tx():  # one saving at a time: the chain has one head
            known = self.recordings.of_sitting(sitting_id)
            if known is not None:
                return known
            sitting = self.drafts.find(sitting_id)
            enrolment = sitting.enrolment(
                operator=operator.operator.subject,
                consent=consent,
                recorded_at=self.legal.now().at.isoformat(timespec="seconds"),
            )
            require_living(self.store, operator, supervisor)
            _require_supervisor(enrolment, supervisor)
            identity = self.store.identity()
            enrolment = replace(enrolment, correction=self._correction(enrolment.biodata, identity))
            epoch, sequence, previous = self.store.rows("SELECT epoch, sequence, packet FROM chain_head")[0]
            number = PacketNumber(identity.station, epoch, sequence + 1)
            manifest = manifest_bytes(enrolment)
            self.sizes.check_recording(enrolment, manifest)
            signed = _attestations(enrolment, manifest, operator, supervisor)
            sealed = self._seal(write_content(enrolment, signed, manifest), number, previous, identity)
            try:
                self._commit(sitting, enrolment, sealed)
            except DiskFull:
                self.blobs.remove(sealed.packet_id)  # nobody was told of it, and the disk needs the room
                raise
        return self.recordings.find(sealed.packet_id)

    def _correction(self, biodata: Biodata, identity: Identity) -> bytes | None:
        """The office's word on these biodata, for a centre whose register does not have them yet."""
        signed = self.residents.signed(biodata)
        return None if signed is None else SignedCorrection(signed, identity.chain[1:]).to_bytes()

    def _seal(
        self,
        content: Iterable[bytes],
        number: PacketNumber,
        previous: bytes,
        identity: Identity,
    ) -> Sealed:
        with full_disk_told(self.blobs.folder), self.scratch() as out:
            sealed = seal(
                content,
                number=number,
                previous=previous,
                signer=identity.signing,
                recipient=identity.recipient,
                stamp=self.clock.stamp(),
                random=self.random,
                out=out,
            )
            out.seek(0)
            self.blobs.put(_pieces(out))
        return sealed

    def _commit(self, sitting: Sitting, enrolment: Enrolment, sealed: Sealed) -> None:
        packet_id, number = sealed.packet_id, sealed.header.number
        photo = enrolment.sample(Slot(Modality.PHOTO))
        summary = {
            "biodata": enrolment.biodata.to_map(),
            "photo": photo.image if photo else None,
            "exceptions": [
                [str(held.slot), held.reason, held.attempts, held.best_quality, held.confirmed_by, held.note]
                for held in enrolment.exceptions
            ],
        }
        at = enrolment.recorded_at
        head = (packet_id, str(number), number.sequence, sitting.sitting_id, sitting.nik, enrolment.biodata.name)
        body = (enrolment.operator, at, sealed.header.salt, sealed.size, cbor.encode(summary))
        with self.store.tx() as tx:
            tx.execute(
                "INSERT INTO recording (packet_id, number, sequence, sitting_id, nik, name, operator, saved_at, salt,"
                " size, summary, status, status_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*head, *body, Status.PROCESSING, at),
            )
            tx.execute(
                "INSERT INTO outbox (packet_id, since_ms) VALUES (?, ?)", (packet_id, self.clock.stamp().wall_ms)
            )
            tx.execute("UPDATE chain_head SET sequence = ?, packet = ?", (number.sequence, bytes.fromhex(packet_id)))
            tx.execute("INSERT INTO template VALUES (?, ?)", (packet_id, _templates(sitting).to_bytes()))
            tx.execute("INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?)", _tally(sitting, enrolment, sealed))
            note_outing(tx, packet_id, sitting.nik, at)
            keep_anchor(self.store, self.legal)
            remove(tx, sitting.sitting_id)


def _tally(sitting: Sitting, enrolment: Enrolment, sealed: Sealed) -> tuple[str | int, ...]:
    """This recording's line of the day's counts."""
    forced = sum(sample.forced for sample in enrolment.samples)
    head = (sealed.packet_id, sealed.header.number.sequence, enrolment.operator)
    missing = sum(held.slot.modality is not Modality.HAND for held in enrolment.exceptions)
    return (*head, sitting.opened_at, enrolment.recorded_at, missing, forced)


def _require_supervisor(enrolment: Enrolment, present: Unlocked | None) -> None:
    if enrolment.supervisor and (present is None or present.operator.subject != enrolment.supervisor):
        raise SupervisorMustSign(supervisor=enrolment.supervisor)


def _attestations(
    enrolment: Enrolment, manifest: bytes, operator: Unlocked, supervisor: Unlocked | None
) -> list[Attestation]:
    signed = [attest(manifest, operator.signing, operator.chain)]
    if supervisor is not None and enrolment.supervisor == supervisor.operator.subject:
        signed.append(attest(manifest, supervisor.signing, supervisor.chain, role="supervisor"))
    return signed


def _templates(sitting: Sitting) -> TemplateSet:
    found: dict[str, Template] = {}
    for capture in sitting.captures.values():
        if capture.template is not None and capture.good:
            found |= dict(TemplateSet.from_bytes(capture.template))
    return TemplateSet(found)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
