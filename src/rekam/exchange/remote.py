"""Another place as seen from here: a port, and the adapter for one that lives in the same process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import FeedForbidden, PacketRefused
from rekam.exchange.feed import FeedSource
from rekam.exchange.inbox import Inbox
from rekam.exchange.parts import PartMissing, PartSource
from rekam.packet.errors import PacketError
from rekam.storage.hashed import Hashed
from rekam.trust.certificates import CertificateForbidden, CertificateUnreadable, ChainBroken

__all__ = ["REFUSALS", "LocalRemote", "Remote", "RemoteFeed"]

REFUSALS: tuple[type[RekamError], ...] = (PacketError, CertificateUnreadable, CertificateForbidden, ChainBroken)
"""What an inbox says of a packet that no repetition will mend; a remote tells its sender as `PacketRefused`."""


class Remote(Protocol):
    """A receiving place. Adapters: `LocalRemote`, `HttpRemote`; wrappers: `PatientRemote`, `LossyRemote`.

    Every call may be repeated: the same call gives the same answer and changes nothing more. Each may raise
    `RemoteUnreachable`, `RemoteBusy`, `RemoteFull` or `RequestRefused`.
    """

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """The packets it gave no receipt for, each with the number of bytes it has of it."""

    def offset(self, packet_id: str) -> int:
        """How many bytes of the packet it has."""

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """Hand over the bytes from `offset` on and return the new offset. Raises `OffsetMismatch`."""

    def complete(self, packet_id: str, chain: Sequence[bytes], offset: int = 0, tail: bytes = b"") -> bytes:
        """The receipt for a packet that it has completely, or has with `tail`, the bytes from `offset` to the end.

        Raises `PacketRefused`, `BlobDamaged`, `BlobMissing`; with a tail `OffsetMismatch`, too.
        """

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts of those among `packet_ids` that it holds."""

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """Its one signed answer that says which of `packet_ids` it holds (`rekam.trust.roll_call`)."""

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """The signed batch that follows entry `n`, None when there is none yet. Raises `FeedForbidden`."""

    def part(self, part_id: str, offset: int) -> bytes:
        """Up to `PIECE_BYTES` of a part from `offset` on. Raises `PartMissing`."""


class LocalRemote:
    """A place in the same process: an inbox, the feed it serves and the parts that the feed announces.

    `by` is the sender to whom its unfinished uploads belong (`seen_by`).
    """

    def __init__(
        self,
        inbox: Inbox | None = None,
        feed: FeedSource | None = None,
        parts: PartSource | None = None,
        *,
        by: str = "",
    ) -> None:
        self._inbox = inbox
        self._feed = feed
        self._parts = parts
        self._by = by

    def seen_by(self, key_id: str) -> "LocalRemote":
        """The same place for the sender with this key (hex), who goes on with its own uploads and touches no others."""
        return LocalRemote(self._inbox, self._feed, self._parts, by=key_id)

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """What the inbox lacks."""
        return self._receiving().lacking(packet_ids, by=self._by)

    def offset(self, packet_id: str) -> int:
        """What the inbox has of the packet, in bytes."""
        return self._receiving().offset(packet_id, by=self._by)

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """Straight into the inbox."""
        return self._receiving().append(packet_id, offset, data, by=self._by)

    def complete(self, packet_id: str, chain: Sequence[bytes], offset: int = 0, tail: bytes = b"") -> bytes:
        """The inbox's receipt, its refusals told as `PacketRefused`."""
        if tail and not offset:
            return self.take_in(packet_id, chain, Hashed.of(tail))
        inbox = self._receiving()
        with _refusals_of(packet_id):
            if tail:
                inbox.append(packet_id, offset, tail, by=self._by)
            return inbox.complete(packet_id, chain, by=self._by)

    def take_in(self, packet_id: str, chain: Sequence[bytes], whole: Hashed) -> bytes:
        """`complete` of a packet that came in one piece, hashed on its way."""
        with _refusals_of(packet_id):
            return self._receiving().take_in(packet_id, chain, whole, by=self._by)

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts that the inbox gave."""
        return self._receiving().receipts(packet_ids)

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """The inbox's signed answer."""
        return self._receiving().roll_call(packet_ids)

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """Straight from the feed."""
        if self._feed is None:
            raise FeedForbidden(subject="-", feed=feed)
        return self._feed.after(feed, n)

    def part(self, part_id: str, offset: int) -> bytes:
        """Straight from the store."""
        if self._parts is None:
            raise PartMissing(part_id=part_id, place="-")
        return self._parts.part(part_id, offset)

    def _receiving(self) -> Inbox:
        if self._inbox is None:
            raise RuntimeError("this place takes no packets in")
        return self._inbox


@contextmanager
def _refusals_of(packet_id: str) -> Iterator[None]:
    try:
        yield
    except REFUSALS as error:
        raise PacketRefused(packet_id=packet_id, code=error.code, detail=str(error)) from error


class RemoteFeed:
    """A remote seen as a `FeedSource`."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def after(self, feed: str, n: int, limit: int = 0) -> bytes | None:
        """The remote's next batch; how long it is, the remote decides."""
        del limit
        return self._remote.feed_after(feed, n)
