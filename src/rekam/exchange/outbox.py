"""Sending packets: ask what is lacking, resume, and believe only a verified receipt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import PacketRefused, ReceiptWrong, UploadTooLarge
from rekam.exchange.inbox import CertificateChain
from rekam.exchange.remote import Remote
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged, BlobMissing, OffsetMismatch
from rekam.trust import receipts
from rekam.trust.cose import KeyLookup, SignedByAnother
from rekam.trust.keys import SignatureInvalid, VerifyKey

__all__ = ["OutboxStore", "Progress", "ReceiptCheck", "Sender", "SetAside", "Waiting", "check_receipt"]

_RESUMES = 5
"""An upload whose offset disagrees is taken up again so often in one run: a dropped response costs one."""


_OF_ITS_OWN = (PacketRefused, ReceiptWrong, UploadTooLarge, BlobMissing, BlobDamaged)
"""Failures that one packet causes; anything else concerns the remote and ends the run."""


ReceiptCheck = Callable[[receipts.Receipt], None]
"""What a receipt must hold beyond its signature; raises a `RekamError` where it does not."""


@dataclass(frozen=True)
class Waiting:
    """A packet that waits to be sent.

    `number`: ``317401-01/1/000042``; `size`: bytes; `since_ms`: when it was queued, for showing only; `chain`: the
    certificates of the station that sealed it.
    """

    packet_id: str
    number: str
    size: int
    since_ms: int
    chain: CertificateChain = field(repr=False)


@dataclass(frozen=True)
class SetAside:
    """A packet that could not be delivered for a reason of its own; `reason` is a sentence, `code` an error's name."""

    packet_id: str
    number: str
    code: str
    reason: str


class OutboxStore(Protocol):
    """The packets that a place still has to deliver. Adapters: `InMemoryOutbox`, `PgOutbox`, the station's own.

    A packet is waiting, set aside or acknowledged. Every call is one durable transaction.
    """

    def waiting(self, limit: int) -> list[Waiting]:
        """The packets to send, in the order they were queued, those set aside left out."""

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        """Keep the verified receipt; the packet waits no longer. Again with any receipt: the first one stays."""

    def failed(self, packet_id: str, code: str, reason: str) -> None:
        """Set the packet aside for people to look at; one that was acknowledged meanwhile stays acknowledged."""

    def set_aside(self) -> list[SetAside]:
        """The packets set aside, oldest first: a work list on the outbox page."""

    def retry(self, packet_id: str | None = None) -> int:
        """Let one packet, or all that were set aside, wait again; returns how many. Called at every start, too."""


@dataclass
class Progress:
    """What one run did. `stopped_by`: why it ended early, to be shown and tried again later; None when it did not."""

    acknowledged: int = 0
    set_aside: int = 0
    bytes_sent: int = 0
    stopped_by: RekamError | None = None


class Sender:
    """Delivers what waits in an outbox to one remote place, oldest first.

    `verify` is the receiving place's key, or finds it by key id; `kind` the kind of receipt it must give; `check` looks
    further into it: at the office, for the packet's place in the public log.
    A packet that fails for a reason of its own is set aside and the next goes on; a remote that cannot be reached,
    is busy or full ends the run and everything waits. Patience lives in a wrapper (`PatientRemote`), not here.
    """

    def __init__(
        self,
        outbox: OutboxStore,
        blobs: BlobStore,
        remote: Remote,
        verify: VerifyKey | KeyLookup,
        *,
        kind: Literal["custody", "acceptance"],
        chunk_bytes: int = 1 << 20,
        stop: Callable[[], bool] = lambda: False,
        check: ReceiptCheck = lambda _receipt: None,
    ) -> None:
        self._outbox = outbox
        self._blobs = blobs
        self._remote = remote
        self._verify = verify
        self._kind = kind
        self._chunk_bytes = chunk_bytes
        self._stop = stop
        self._look_further = check

    def run_once(self, limit: int = 50) -> Progress:
        """Send up to `limit` packets; returns early when told to stop or when the remote cannot take more."""
        progress = Progress()
        try:
            batch = self._outbox.waiting(limit)
            lacking = self._remote.lacking([packet.packet_id for packet in batch]) if batch else {}
            for packet in batch:
                if self._stop():
                    break
                self._deliver(packet, lacking.get(packet.packet_id), progress)
        except RekamError as error:
            progress.stopped_by = error
        return progress

    def _deliver(self, packet: Waiting, offset: int | None, progress: Progress) -> None:
        """Send one packet from `offset` on, or only fetch its receipt when the remote lacks nothing (None)."""
        try:
            if offset is not None:
                self._upload(packet, offset, progress)
            receipt = self._remote.complete(packet.packet_id, packet.chain)
            check_receipt(packet, receipt, self._verify, kind=self._kind, check=self._look_further)
        except OffsetMismatch:
            return  # the line's bad luck, not the packet's: it waits, and the next run takes it up again
        except _OF_ITS_OWN as error:
            self._outbox.failed(packet.packet_id, error.code, str(error))
            progress.set_aside += 1
        else:
            self._outbox.acknowledged(packet.packet_id, receipt)
            progress.acknowledged += 1

    def _upload(self, packet: Waiting, offset: int, progress: Progress) -> None:
        for attempt in range(_RESUMES):
            try:
                for chunk in self._chunks(packet.packet_id, offset):
                    offset = self._remote.append(packet.packet_id, offset, chunk)
                    progress.bytes_sent += len(chunk)
            except OffsetMismatch:
                if attempt == _RESUMES - 1:
                    raise
                offset = self._remote.offset(packet.packet_id)
            else:
                return

    def _chunks(self, packet_id: str, offset: int) -> Iterator[bytes]:
        try:
            with self._blobs.open(packet_id) as file:
                file.seek(offset)
                while chunk := file.read(self._chunk_bytes):
                    yield chunk
        except OSError as error:  # a bad sector is this packet's own trouble, not its followers'
            raise BlobDamaged(blob_id=packet_id) from error


def check_receipt(
    packet: Waiting,
    data: bytes,
    verify: VerifyKey | KeyLookup,
    *,
    kind: Literal["custody", "acceptance"],
    check: ReceiptCheck = lambda _receipt: None,
) -> receipts.Receipt:
    """The receipt, if it proves that this very packet arrived, whoever brought it: the line or a courier.

    Raises `ReceiptWrong`.
    """
    try:
        receipt = receipts.verify(data, verify)
    except (receipts.ReceiptUnreadable, SignedByAnother, SignatureInvalid) as error:
        raise ReceiptWrong(packet_id=packet.packet_id, reason=str(error)) from error
    said = (receipt.kind, receipt.packet_id, receipt.number, receipt.size)
    if said != (kind, packet.packet_id, packet.number, packet.size):
        raise ReceiptWrong(packet_id=packet.packet_id, reason=f"it says {said}")
    try:
        check(receipt)
    except RekamError as error:
        raise ReceiptWrong(packet_id=packet.packet_id, reason=str(error)) from error
    return receipt
