"""Whether the log that a place witnesses is the very log that its receipts speak of: `LoggedReceipts`.

Each acceptance was proved against the checkpoint within it when it came. A centre with two logs could still show one of
them to this office alone; so every checkpoint within a receipt must be a beginning of the witnessed log, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.log import LogSource
from rekam.exchange.witness import WitnessStore, contradiction
from rekam.trust import receipts
from rekam.trust.keys import VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import ProofInvalid
from rekam.trust.log.note import Note, NoteKey
from rekam.trust.log.proof import LogProof
from rekam.trust.log.tiles import node_reader

__all__ = ["Compared", "LoggedReceipts", "ReceiptShelf"]

AT_ONCE: Final = 200
"""Receipts in one round: some hundred hashes each, and a dozen tiles for all of them."""


class ReceiptShelf(Protocol):
    """The acceptances that a place keeps. Adapters: `InMemoryReceiptShelf`, `PgReceiptShelf`."""

    def uncompared(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """Packet ids with their acceptance receipts, oldest first, of those not noted yet."""

    def note_compared(self, packet_id: str, *, agrees: bool) -> None:
        """For good: whether this receipt's checkpoint is a beginning of the witnessed log."""


@dataclass(frozen=True)
class Compared:
    """One round: receipts that agree with the witnessed log, that deny it, and what stood in the way."""

    agreed: int = 0
    denied: int = 0
    problem: RekamError | None = None


class LoggedReceipts:
    """Compares in the background; `centre` signed the receipts, `log` is the key of its checkpoints."""

    def __init__(
        self, shelf: ReceiptShelf, store: WitnessStore, source: LogSource, centre: VerifyKey, log: NoteKey
    ) -> None:
        self._shelf = shelf
        self._store = store
        self._source = source
        self._centre = centre
        self._log = log

    def run_once(self, limit: int = AT_ONCE) -> Compared:
        """One round. A receipt whose checkpoint is newer than the witnessed one waits; nothing is raised."""
        kept = self._store.newest()
        waiting = self._shelf.uncompared(limit) if kept is not None else []
        if kept is None or not waiting:
            return Compared()
        size = Checkpoint.parse(kept.text).size
        read = lru_cache(maxsize=1 << 14)(node_reader(size, self._source.tile))
        agreed = denied = 0
        try:
            for packet_id, data in waiting:
                within = self._checkpoint(data)
                if Checkpoint.of(within, self._log).size > size:
                    continue
                evidence = contradiction(within, kept, self._log, self._source.tile, read)
                if evidence is not None:
                    self._store.raise_alarm(evidence.judge(self._log), evidence)
                self._shelf.note_compared(packet_id, agrees=evidence is None)
                agreed, denied = agreed + (evidence is None), denied + (evidence is not None)
        except RekamError as error:
            return Compared(agreed, denied, error)
        return Compared(agreed, denied)

    def _checkpoint(self, receipt: bytes) -> Note:
        proof = receipts.verify(receipt, self._centre).log
        if proof is None:
            raise ProofInvalid(reason="the receipt has none")
        return LogProof.parse(proof).checkpoint
