"""Receiving packets: bytes durable, row committed, and only then the signed receipt (docs/adr/0006)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.continuity import Link
from rekam.exchange.errors import RemoteBusy, UploadTooLarge
from rekam.exchange.pressure import NoPressure
from rekam.packet.frame import VerifyWith
from rekam.packet.header import Header
from rekam.packet.inspect import Inspection, inspect, inspect_whole
from rekam.packet.limits import MAX_PACKET_BYTES
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged
from rekam.storage.hashed import Hashed
from rekam.storage.scrub import ScrubBook
from rekam.trust import receipts, roll_call
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.log.note import Note
from rekam.trust.log.proof import LogProof

__all__ = ["Arrival", "CertificateChain", "Fork", "Inbox", "Issue", "Register", "VerifySender"]

CertificateChain = tuple[bytes, ...]
"""Certificates as they travel, leaf first (`rekam.trust.certificates`)."""

VerifySender = Callable[[Sequence[bytes]], VerifyWith]
"""From the sealing station's certificate chain to the key its packets must be signed with.

At every place: `lambda chain: station_key(chain, root)` of `rekam.packet.signer`.
"""


Issue = Callable[[LogProof | None], bytes]
"""Makes the receipt of an arrival, given its place in the public log where this place keeps it (the centre does)."""


@dataclass(frozen=True)
class Arrival:
    """A packet whose bytes are durable here and were inspected; `chain` certifies the station that sealed it."""

    header: Header
    packet_id: str
    size: int
    chain: CertificateChain

    @property
    def number(self) -> PacketNumber:
        """Its place in its station's chain."""
        return self.header.number


@dataclass(frozen=True)
class Fork:
    """One number under which different bytes arrived; all of them are kept."""

    number: PacketNumber
    packet_ids: tuple[str, ...]


class Register(Protocol):
    """The rows that say which packets this place holds. Adapters: `InMemoryRegister`, `PgRegister`."""

    def record(self, arrival: Arrival, issue: Issue) -> bytes:
        """Commit the arrival and its receipt in one transaction and return the receipt on record.

        Recording a packet again changes nothing and returns the first receipt. A number that is already taken by
        other bytes is recorded all the same, with a fork alarm in the same transaction.
        """

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts of those among `packet_ids` that are recorded."""

    def held(self, packet_ids: Sequence[str]) -> dict[str, int | None]:
        """Which of `packet_ids` are recorded, each with its position in the public log, None where there is no log."""

    def chains(self) -> list[tuple[str, int]]:
        """Every (station, epoch) that a packet came from, sorted."""

    def links(self, station: str, epoch: int) -> list[Link]:
        """What was received of one (station, epoch); `chain_report` tells its gaps."""

    def forks(self) -> list[Fork]:
        """All fork alarms, oldest first."""


class Inbox:
    """Takes packets in: which are lacking, resumable upload, receipt.

    `kind` is what this place's receipts say: "custody" at an office, "acceptance" at the centre; `place` is its id.
    `pressure` tells how many seconds new uploads should wait; begun ones are always let through, and a complete packet
    is never refused for it. `checkpoint` is the public log's, at the place that keeps one. `book`
    tells what the reading of stored packets found damaged: that is lacking again, and its receipt stays. An unfinished
    upload belongs to `by`, the key (hex) that began it: another sender of the same packet begins its own, so none can
    spoil what another one brings. Safe for threads of one process.
    """

    def __init__(
        self,
        blobs: BlobStore,
        register: Register,
        *,
        signer: SigningKey,
        clock: Clock,
        kind: Literal["custody", "acceptance"],
        place: str,
        verify_sender: VerifySender,
        limit_bytes: int = MAX_PACKET_BYTES,
        pressure: NoPressure | None = None,
        checkpoint: Callable[[], Note] | None = None,
        book: ScrubBook | None = None,
    ) -> None:
        self._blobs = blobs
        self._register = register
        self._signer = signer
        self._clock = clock
        self._kind: Literal["custody", "acceptance"] = kind
        self._place = place
        self._verify_sender = verify_sender
        self._limit_bytes = limit_bytes
        self._pressure = pressure or NoPressure()
        self._checkpoint = checkpoint
        self._book = book

    def lacking(self, packet_ids: Sequence[str], *, by: str = "") -> dict[str, int]:
        """Those that no receipt was given for, or whose bytes went bad here, each with the number of its bytes that
        are here already.
        """
        known = self._register.receipts(packet_ids).keys() - self._damaged()
        return {each: self._blobs.offset(each, by=by) for each in packet_ids if each not in known}

    def offset(self, packet_id: str, *, by: str = "") -> int:
        """How many bytes of this packet are here."""
        return self._blobs.offset(packet_id, by=by)

    def append(self, packet_id: str, offset: int, data: bytes, *, by: str = "") -> int:
        """Take in the next bytes and return the new offset.

        Raises `OffsetMismatch`, `UploadTooLarge`, `DiskReserveReached`, `DiskFull` or `RemoteBusy`.
        """
        self._let_in(packet_id, offset, len(data), by)
        self._pressure.touched(packet_id)
        return self._blobs.append(packet_id, offset, data, by=by)

    def _let_in(self, packet_id: str, offset: int, size: int, by: str) -> None:
        if offset + size > self._limit_bytes:
            if offset == self._blobs.offset(packet_id, by=by):
                self._blobs.discard(packet_id, by=by)
            raise UploadTooLarge(packet_id=packet_id, limit=self._limit_bytes)
        if offset == 0 and (wait_s := self._pressure.wait_s()):
            raise RemoteBusy(place=self._place, retry_after_s=wait_s)

    def complete(self, packet_id: str, chain: Sequence[bytes], *, by: str = "") -> bytes:
        """The receipt for a packet that is here completely; asked again, the very same receipt.

        Raises `BlobMissing`, `BlobDamaged`, a `PacketError` or a certificate error; then nothing was acknowledged and
        the upload starts anew.
        """
        self._pressure.over(packet_id)
        known = self._register.receipts([packet_id]).get(packet_id)
        if known is not None and packet_id not in self._damaged():
            return known
        key_of = self._verify_sender(chain)
        inspections: list[Inspection] = []

        def accept(file: BinaryIO) -> str:
            inspections.append(inspect(file, key_of))
            return inspections[-1].packet_id

        self._blobs.finish(packet_id, accept=accept, by=by)
        if not inspections:  # an earlier attempt ended between the file and the row
            self._require_sound(packet_id)
            with self._blobs.open(packet_id) as file:
                accept(file)
        return self._received(inspections[0], chain, known)

    def take_in(self, packet_id: str, chain: Sequence[bytes], whole: Hashed, *, by: str = "") -> bytes:
        """The receipt for a packet that came in one piece: what `append` and `complete` do, without a second look; sent
        again, the very same receipt.

        Raises what they raise; then nothing was acknowledged, and nothing of it is here.
        """
        self._let_in(packet_id, 0, len(whole.data), by)
        self._pressure.over(packet_id)
        if whole.sha256 != packet_id:
            raise BlobDamaged(blob_id=packet_id)
        known = self._register.receipts([packet_id]).get(packet_id)
        if known is not None and packet_id not in self._damaged():
            return known
        found = inspect_whole(whole, self._verify_sender(chain))
        self._blobs.keep(whole, by=by)
        return self._received(found, chain, known)

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts given for those among `packet_ids` that are held here."""
        return self._register.receipts(packet_ids)

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """One signed answer that says which of `packet_ids` a receipt was given for."""
        damaged = self._damaged()
        held = {each: place for each, place in self._register.held(packet_ids).items() if each not in damaged}
        checkpoint = None
        if self._checkpoint is not None:
            checkpoint = str(self._checkpoint())  # signed after the positions were read: it is longer than all of them
            held = {packet_id: position for packet_id, position in held.items() if position is not None}
        at_ms = self._clock.stamp().wall_ms
        roll = roll_call.RollCall(self._kind, self._place, at_ms, held, checkpoint)
        return roll_call.issue(roll, packet_ids, self._signer)

    def _received(self, found: Inspection, chain: Sequence[bytes], known: bytes | None) -> bytes:
        """The receipt, once the bytes are durable; `known` is the one given before they went bad."""
        if known is not None and self._book is not None:
            self._book.restored(found.packet_id)
            return known
        return self._record(Arrival(found.header, found.packet_id, found.size, tuple(chain)))

    def _require_sound(self, packet_id: str) -> None:
        """A file without a row is read again by nobody: if it went bad meanwhile, the upload begins anew."""
        try:
            self._blobs.verify(packet_id)
        except BlobDamaged:
            self._blobs.set_aside(packet_id)
            raise

    def _damaged(self) -> set[str]:
        return {damage.blob_id for damage in self._book.damaged()} if self._book is not None else set()

    def _record(self, arrival: Arrival) -> bytes:
        def issue(proof: LogProof | None) -> bytes:
            receipt = receipts.Receipt(
                kind=self._kind,
                packet_id=arrival.packet_id,
                number=str(arrival.number),
                size=arrival.size,
                place=self._place,
                at_ms=self._clock.stamp().wall_ms,
                log=None if proof is None else str(proof),
            )
            return receipts.issue(receipt, self._signer)

        return self._register.record(arrival, issue)
