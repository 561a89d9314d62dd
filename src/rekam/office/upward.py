"""The office's way to the centre, and what goes over it both ways: `Upward`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rekam.exchange.announced import OnceARound, Shelf
from rekam.exchange.courier.lost_above import InMemoryLostBook, LostAbove
from rekam.exchange.downloads import Downloads
from rekam.exchange.feed import Batch, FeedFollower
from rekam.exchange.lanes import Lanes
from rekam.exchange.offering import OfferAgain
from rekam.exchange.outbox import SetAside
from rekam.exchange.pg.feed_sink import PgFeedSink
from rekam.exchange.pg.outbox import PgOutbox
from rekam.exchange.pg.statements import PgStatementOutbox
from rekam.exchange.remote import Remote, RemoteFeed
from rekam.exchange.roll_call import check_positions
from rekam.exchange.saying_again import SayAgain
from rekam.exchange.sender import Sender
from rekam.exchange.statement_sender import StatementSender
from rekam.exchange.statements import StatementRemote
from rekam.office.relay import Errand, OfficeRelay
from rekam.storage.blobs import BlobStore
from rekam.trust import roll_call
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey
from rekam.trust.receipts import Receipt

__all__ = ["Upward", "Ways"]


@dataclass(frozen=True)
class Ways:
    """The ways to the centre, each None where there is none yet: then what would go over it waits. `remote` takes
    packets and gives the feed, `statements` hears what the office says.
    """

    remote: Remote | None
    statements: StatementRemote | None


@dataclass(frozen=True)
class Upward:
    """What the office sends and fetches: made when first asked for, run by `relay`.

    `check` raises unless the public log bears an acceptance out; `heard` is told each batch of the feed that took
    effect; `shelves` are filled from what the feed `announced`, for this office's stations.
    """

    ways: Ways
    centre: VerifyKey
    clock: Clock
    lanes: Lanes
    outbox: PgOutbox
    statements: PgStatementOutbox
    packets: BlobStore
    parts: BlobStore
    announced: OnceARound
    shelves: Sequence[Shelf]
    feed: str
    sink: PgFeedSink
    check: Callable[[Receipt], None]
    heard: Callable[[Batch], None]

    @cached_property
    def relay(self) -> OfficeRelay:
        """The loop between `relay.start()` and `relay.stop()`."""
        return OfficeRelay(
            self.sender, self.follower, self.outbox, self.clock, errands=self.errands, downloads=self.downloads
        )

    @cached_property
    def errands(self) -> tuple[Errand, ...]:
        """What else each round does at the centre: statements are delivered; what it lost comes again."""
        errands: list[Errand] = []
        if self.ways.statements is not None:
            statements = (self.statements, self.ways.statements, self.centre, self.clock)
            errands += [StatementSender(*statements).run_once, SayAgain(*statements).run_once]
        if self.offers is not None:
            errands.append(self.offers.run_once)
        return tuple(errands)

    @cached_property
    def offers(self) -> OfferAgain | None:
        """What the centre accepted long ago, offered again once a day."""
        if self.ways.remote is None:
            return None
        return OfferAgain(
            self.outbox.kept,
            self.packets,
            self.ways.remote,
            self.centre,
            kind="acceptance",
            clock=self.clock,
            found=self.lost_above.found,
        )

    @cached_property
    def lost_above(self) -> LostAbove:
        """What sticks bring again to the centre; known until the server stops, and asked again with each stick."""

        def verify(answer: bytes, asked: Sequence[str]) -> roll_call.RollCall:
            roll = roll_call.verify(answer, asked, self.centre)
            check_positions(roll, self.centre)
            return roll

        return LostAbove(self.outbox.kept, self.packets, verify, InMemoryLostBook())

    @property
    def owed(self) -> tuple[SetAside, ...]:
        """What the centre has lost and cannot be brought from here."""
        return self.offers.owed if self.offers is not None else ()

    def retry(self, packet_id: str | None = None) -> int:
        """Let one packet, or all that were set aside or are owed, be tried in the next round; returns how many of those
        that wait for their first acceptance.
        """
        if packet_id is None and self.offers is not None:
            self.offers.retry()
        return self.outbox.retry(packet_id)

    @cached_property
    def sender(self) -> Sender | None:
        """Up: what is in custody, until the centre's acceptance and its place in the public log are verified."""
        if self.ways.remote is None:
            return None
        return Sender(
            self.outbox,
            self.packets,
            self.ways.remote,
            self.centre,
            kind="acceptance",
            stop=lambda: self.relay.stopping,
            check=self.check,
            check_roll=lambda roll: check_positions(roll, self.centre),
            lanes=self.lanes,
            clock=self.clock,
        )

    @cached_property
    def follower(self) -> FeedFollower | None:
        """Down: this office's feed."""
        if self.ways.remote is None:
            return None
        return FeedFollower(self.feed, RemoteFeed(self.ways.remote), self.sink, self.centre, heard=self.heard)

    @cached_property
    def downloads(self) -> Downloads | None:
        """Down, too: the parts that the feed announced."""
        if self.ways.remote is None:
            return None
        return Downloads(
            self.shelves,
            self.parts,
            self.ways.remote,
            self.clock,
            stop=lambda: self.relay.stopping,
            announced=self.announced,
        )
