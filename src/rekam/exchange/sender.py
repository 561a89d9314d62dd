"""Sending packets: ask what is lacking, resume, and believe only a verified receipt: `Sender`."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rekam.enrolment.errors import RekamError
from rekam.exchange.chunk_size import LARGEST, ChunkSize
from rekam.exchange.errors import (
    PacketRefused,
    ReceiptWrong,
    RemoteBusy,
    RemoteUnreachable,
    UploadTooLarge,
)
from rekam.exchange.lanes import Lanes, Task, one_lane
from rekam.exchange.outbox import OutboxStore, ReceiptCheck, Waiting, check_receipt
from rekam.exchange.remote import Remote
from rekam.exchange.roll_call import RollCaller, RollCheck
from rekam.exchange.second_chances import SecondChances
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged, BlobMissing, OffsetMismatch
from rekam.trust.clock import Clock, SystemClock
from rekam.trust.cose import KeyLookup
from rekam.trust.keys import VerifyKey

__all__ = ["Progress", "Sender"]

_RESUMES = 5
"""An upload whose offset disagrees is taken up again so often in one run: a dropped response costs one."""

_TURN_S = 30.0
"""After so long one run begins no further packet: what comes down never waits behind a long queue on a slow line."""

_FIRST_ROLL_PAUSE_S, _LONGEST_ROLL_PAUSE_S = 15.0, 3600.0

_OF_ITS_OWN = (PacketRefused, ReceiptWrong, UploadTooLarge, BlobMissing, BlobDamaged)
"""Failures that one packet causes; anything else concerns the remote and ends the run."""


@dataclass
class Progress:
    """What one run did. `rolled`: acknowledged by a roll call; `acknowledged` counts them, too. `stopped_by`: why it
    ended early, to be shown and tried again later; None when it did not. `more`: packets wait whose turn did not come.
    """

    acknowledged: int = 0
    rolled: int = 0
    set_aside: int = 0
    bytes_sent: int = 0
    more: bool = False
    stopped_by: RekamError | None = None

    def then(self, later: "Progress") -> "Progress":
        """Of two runs, one after the other."""
        return Progress(
            self.acknowledged + later.acknowledged,
            self.rolled + later.rolled,
            self.set_aside + later.set_aside,
            self.bytes_sent + later.bytes_sent,
            self.more or later.more,
            later.stopped_by,
        )


class Sender:
    """Delivers what waits in an outbox to one remote place, oldest first.

    `verify` is the receiving place's key, or finds it by key id; `kind` the kind of receipt it must give; `check` looks
    further into it: at the office, for the packet's place in the public log; `check_roll` likewise into the answer of
    a roll call. `lanes` runs the deliveries: one at a time, or several in threads.
    A packet that fails for a reason of its own is set aside, tried again after a growing pause, and the next goes on; a
    remote that cannot be reached, is busy or full ends the run and everything waits; a busy one is left alone for as
    long as it asked. Patience lives in a wrapper (`PatientRemote`), not here.
    """

    def __init__(
        self,
        outbox: OutboxStore,
        blobs: BlobStore,
        remote: Remote,
        verify: VerifyKey | KeyLookup,
        *,
        kind: Literal["custody", "acceptance"],
        chunk_bytes: int = LARGEST,
        stop: Callable[[], bool] = lambda: False,
        check: ReceiptCheck = lambda _receipt: None,
        check_roll: RollCheck = lambda _roll: None,
        lanes: Lanes = one_lane,
        clock: Clock | None = None,
    ) -> None:
        self._outbox = outbox
        self._blobs = blobs
        self._remote = remote
        self._verify = verify
        self._kind = kind
        self._chunk = ChunkSize(chunk_bytes)
        self._stop = stop
        self._look_further = check
        self._lanes = lanes
        self._clock = clock or SystemClock()
        self._roll = RollCaller(outbox, remote, verify, kind=kind, check=check_roll)
        self._roll_due = True
        self._roll_pause_s = _FIRST_ROLL_PAUSE_S
        self._roll_after_ns = 0
        self._second_chances = SecondChances(
            lambda: [each.packet_id for each in outbox.set_aside()], outbox.retry, self._clock
        )
        self._busy: RemoteBusy | None = None
        self._busy_until_ns = 0
        self._counting = threading.Lock()

    def run_once(self, limit: int = 50) -> Progress:
        """Send up to `limit` packets, beginning none after half a minute; returns early when told to stop or when the
        remote cannot take more.
        """
        progress = Progress()
        if self._busy is not None and self._now_ns() < self._busy_until_ns:
            progress.stopped_by = self._busy
            return progress
        try:
            self._second_chances.give()
            self._lanes(self._deliveries(limit, progress))
        except RekamError as error:
            progress.stopped_by = error
            if isinstance(error, RemoteBusy):
                self._busy_until_ns = self._now_ns() + int(float(error.facts["retry_after_s"]) * 1e9)
        self._busy = progress.stopped_by if isinstance(progress.stopped_by, RemoteBusy) else None
        return progress

    def _deliveries(self, limit: int, progress: Progress) -> Iterator[Task]:
        batch = self._outbox.waiting(limit)
        if self._roll_due and len(batch) == limit and self._now_ns() >= self._roll_after_ns:
            self._call_roll(progress)
            batch = self._outbox.waiting(limit)
        lacking = self._remote.lacking([packet.packet_id for packet in batch]) if batch else {}
        # all of them known there: there may be many more such
        self._roll_due = self._roll_due or (len(batch) == limit and not lacking)
        progress.more = len(batch) == limit
        turn_ends_ns = self._now_ns() + int(_TURN_S * 1e9)
        for packet in batch:
            if self._stop():
                return
            if self._now_ns() >= turn_ends_ns:
                progress.more = True
                return
            yield partial(self._deliver, packet, lacking.get(packet.packet_id), progress)

    def _call_roll(self, progress: Progress) -> None:
        """A short cut: where it fails, for whatever reason, the packets go one by one, and it is tried again later."""
        try:
            progress.rolled = self._roll.run_once()
        except RekamError:
            self._roll_pause_s = min(2 * self._roll_pause_s, _LONGEST_ROLL_PAUSE_S)
            self._roll_after_ns = self._now_ns() + int(self._roll_pause_s * 1e9)
        else:
            self._roll_due = False
            progress.acknowledged += progress.rolled

    def _deliver(self, packet: Waiting, offset: int | None, progress: Progress) -> None:
        """Send one packet from `offset` on, or only fetch its receipt when the remote lacks nothing (None)."""
        try:
            receipt = self._receipt_for(packet, packet.size if offset is None else offset, progress)
            check_receipt(packet, receipt, self._verify, kind=self._kind, check=self._look_further)
        except OffsetMismatch:
            return  # the line's bad luck, not the packet's: it waits, and the next run takes it up again
        except _OF_ITS_OWN as error:
            self._outbox.failed(packet.packet_id, error.code, str(error))
            with self._counting:
                progress.set_aside += 1
        else:
            self._outbox.acknowledged(packet.packet_id, receipt)
            with self._counting:
                progress.acknowledged += 1

    def _receipt_for(self, packet: Waiting, offset: int, progress: Progress) -> bytes:
        for _ in range(_RESUMES - 1):
            try:
                return self._upload(packet, offset, progress)
            except OffsetMismatch:
                offset = self._remote.offset(packet.packet_id)
        return self._upload(packet, offset, progress)

    def _upload(self, packet: Waiting, offset: int, progress: Progress) -> bytes:
        """Piece after piece; the last one brings the receipt back."""
        while True:
            piece = self._piece(packet.packet_id, offset)
            began_ns = self._now_ns()
            receipt = None
            try:
                if piece and offset + len(piece) < packet.size:
                    offset = self._remote.append(packet.packet_id, offset, piece)
                else:
                    receipt = self._complete(packet.packet_id, packet.chain, offset, piece)
            except RemoteUnreachable:
                self._chunk.lost()
                raise
            self._chunk.took(len(piece), (self._now_ns() - began_ns) / 1e9)
            with self._counting:
                progress.bytes_sent += len(piece)
            if receipt is not None:
                return receipt

    def _complete(self, packet_id: str, chain: Sequence[bytes], offset: int, tail: bytes) -> bytes:
        return (
            self._remote.complete(packet_id, chain, offset, tail) if tail else self._remote.complete(packet_id, chain)
        )

    def _piece(self, packet_id: str, offset: int) -> bytes:
        try:
            with self._blobs.open(packet_id) as file:
                file.seek(offset)
                return file.read(self._chunk.bytes)
        except OSError as error:  # a bad sector is this packet's own trouble, not its followers'
            raise BlobDamaged(blob_id=packet_id) from error

    def _now_ns(self) -> int:
        return self._clock.stamp().monotonic_ns
