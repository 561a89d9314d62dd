"""What the next place had acknowledged and says on a stick that it holds no longer: `LostAbove`."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from rekam.exchange.offering import Kept
from rekam.exchange.outbox import Waiting
from rekam.exchange.roll_call import PAGE
from rekam.storage.blobs import BlobStore
from rekam.trust.roll_call import RollCall

__all__ = ["InMemoryLostBook", "LostAbove", "LostBook"]


class LostBook(Protocol):
    """The ids that are known to be lost. Adapters: `InMemoryLostBook`, the station's own."""

    def ids(self) -> frozenset[str]: ...
    def note(self, ids: frozenset[str]) -> None: ...


class InMemoryLostBook:
    """Known until the process ends; the next stick asks again."""

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()

    def ids(self) -> frozenset[str]:
        """See `LostBook`."""
        return self._ids

    def note(self, ids: frozenset[str]) -> None:
        """See `LostBook`."""
        self._ids = ids


class LostAbove:
    """Over the line lost packets are offered again once a day (`OfferAgain`); where none goes, sticks ask instead, and
    what the answer lacks travels with the next stick. Receipts that were given stay.

    `kept` are the packets that the next place acknowledged and whose bytes should be here; `verify(answer, asked)`
    reads the signed answer to a roll call, or raises; `book` keeps what is known to be lost.
    """

    def __init__(
        self,
        kept: Kept,
        blobs: BlobStore,
        verify: Callable[[bytes, Sequence[str]], RollCall],
        book: LostBook,
    ) -> None:
        self._page = kept
        self._blobs = blobs
        self._verify = verify
        self._book = book
        self.ids = book.ids

    def asked(self) -> list[str]:
        """What the next place is asked for: all that it acknowledged and that is kept here; what travels to it again on
        the same stick is answered by its receipt.
        """
        lost = self.ids()
        kept = (packet.packet_id for packet in self._kept())
        return [packet_id for packet_id in kept if packet_id not in lost or not self._blobs.has(packet_id)]

    def nowhere(self) -> list[str]:
        """Numbers of those whose file is not here either."""
        return [packet.number for packet in self.waiting(PAGE) if not self._blobs.has(packet.packet_id)]

    def told(self, asked: Sequence[str], answer: bytes) -> int:
        """Take the signed answer to a roll call; returns how many of the packets asked for are lost there and kept
        here.

        Raises what `verify` raises: then nothing is noted.
        """
        held = self._verify(answer, asked).held
        absent = {packet_id for packet_id in asked if packet_id not in held}
        lost = {packet.packet_id for packet in self._kept() if packet.packet_id in absent} if absent else set()
        self._keep((self.ids() - set(asked)) | lost)
        return len(lost)

    def waiting(self, limit: int) -> list[Waiting]:
        """Those that are kept here, to be brought again."""
        lost = self.ids()
        return [packet for packet in self._kept() if packet.packet_id in lost][:limit] if lost else []

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        """The next place has it again; its first receipt stays."""
        del receipt
        self.found([packet_id])

    def found(self, packet_ids: Collection[str]) -> None:
        """The next place holds these, as the line says."""
        self._keep(self.ids() - set(packet_ids))

    def retry(self) -> int:
        """Nothing of it is ever set aside."""
        return 0

    def _keep(self, lost: frozenset[str]) -> None:
        if lost != self.ids():
            self._book.note(lost)

    def _kept(self) -> Iterator[Waiting]:
        after = ""
        while page := self._page(after, PAGE):
            yield from page
            after = page[-1].packet_id
