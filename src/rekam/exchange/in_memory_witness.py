"""What a witness keeps, in memory: for simulations and tests, held to the same contract suites as PostgreSQL."""

from collections.abc import Mapping

from rekam.exchange.log_evidence import Breach, Evidence
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note

__all__ = ["InMemoryReceiptShelf", "InMemoryWitnessStore"]


class InMemoryWitnessStore:
    """`WitnessStore` in memory."""

    def __init__(self) -> None:
        self.kept: dict[int, Note] = {}
        self.signed: dict[int, Note] = {}
        self.alarms: dict[tuple[Breach, int], Evidence] = {}
        self._delivered = -1

    def newest(self) -> Note | None:
        return self.kept[max(self.kept)] if self.kept else None

    def keep(self, note: Note) -> None:
        size = Checkpoint.parse(note.text).size
        if self.kept and size <= max(self.kept):
            raise ValueError(f"a checkpoint of {size} does not follow one of {max(self.kept)}")
        self.kept[size] = note

    def cosigned(self) -> Note | None:
        return self.signed[max(self.signed)] if self.signed else None

    def keep_cosigned(self, note: Note) -> None:
        size = Checkpoint.parse(note.text).size
        if size in self.signed or self.kept[size].text != note.text:
            raise ValueError(f"not a cosignature of the checkpoint of {size}, or a second one")
        self.signed[size] = note

    def delivered(self) -> int:
        return self._delivered

    def note_delivered(self, size: int) -> None:
        self._delivered = max(self._delivered, size)

    def raise_alarm(self, breach: Breach, evidence: Evidence) -> bool:
        mark = (breach, Checkpoint.parse(evidence.kept.text).size)
        return self.alarms.setdefault(mark, evidence) is evidence


class InMemoryReceiptShelf:
    """`ReceiptShelf` over a mapping from packet ids to acceptance receipts, oldest first; it may grow."""

    def __init__(self, receipts: Mapping[str, bytes]) -> None:
        self._receipts = receipts
        self.compared: dict[str, bool] = {}

    def uncompared(self, limit: int) -> list[tuple[str, bytes]]:
        waiting = [(packet_id, data) for packet_id, data in self._receipts.items() if packet_id not in self.compared]
        return waiting[:limit]

    def note_compared(self, packet_id: str, *, agrees: bool) -> None:
        self.compared.setdefault(packet_id, agrees)
