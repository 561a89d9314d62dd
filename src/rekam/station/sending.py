"""The station's line to its office: sends what waits, follows the feed, never gives up: `Line`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.downloads import Downloads
from rekam.exchange.errors import LinkClosed, RemoteUnreachable
from rekam.exchange.feed import FeedFollower, FeedSource, office_feed
from rekam.exchange.lanes import Lanes, one_lane
from rekam.exchange.offering import OfferAgain
from rekam.exchange.outbox import Waiting
from rekam.exchange.remote import Remote, RemoteFeed
from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.exchange.sender import Progress, Sender
from rekam.station.carried import CarriedOutbox
from rekam.station.feed_sink import StationFeedSink, effects
from rekam.station.legal_time import keep_anchor
from rekam.station.outbox import StationOutbox
from rekam.station.store import StationStore
from rekam.storage.blobs import BlobStore
from rekam.trust.clock import Clock, LegalClock, SystemClock

__all__ = ["Line", "LineState"]

_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_STALE: Final = timedelta(minutes=15)
"""Rounds are a minute apart at most; one large packet on a slow line takes ten."""


@dataclass
class LineState:
    """For the bottom bar: does the office answer, and if not, why; `answered`: when it last did, by the legal time,
    None before it did; `more`: recordings wait for the next round already; counters since the start.
    """

    connected: bool = False
    answered: datetime | None = None
    trouble: RekamError | None = None
    more: bool = False
    sent: int = 0
    applied: int = 0

    @property
    def is_heard(self) -> bool:
        """Whether an answer, or the want of one, is known at all: a station that was just opened is still asking."""
        return self.connected or self.answered is not None or self.trouble is not None

    def reached(self, now: datetime) -> bool:
        """Whether the office answers, as far as that was heard lately: a laptop that slept for a day does not know."""
        return self.connected and (self.answered is None or now - self.answered < _STALE)


class Line:
    """Runs in a thread of its own from the first sign-in on; a locked screen goes on sending."""

    def __init__(
        self,
        store: StationStore,
        blobs: BlobStore,
        remote: Remote,
        legal: LegalClock,
        *,
        downloads: Downloads | None = None,
        pause_s: float = _PAUSE_S,
        told: Callable[[], None] = lambda: None,
        lanes: Lanes = one_lane,
        clock: Clock | None = None,
        first: Callable[[], None] = lambda: None,
        found: Callable[[Collection[str]], None] = lambda _packet_ids: None,
    ) -> None:
        """`found` is told which delivered packets the office still holds. `first` begins each round and raises nothing:
        what the office remembers is asked before anything is sent.
        """
        identity = store.identity()
        self.state = LineState()
        self.outbox = StationOutbox(store, legal, self._answered)
        self._store = store
        self._legal = legal
        self._told = told
        self._first = first
        self._downloads = downloads
        self._rounds = Rounds("line", self._round, Pauses(pause_s, _LONGEST_PAUSE_S), self._disconnected)
        office = identity.office_certificate.signing
        centre = identity.centre_certificate.signing
        self._sender = Sender(
            self.outbox,
            blobs,
            remote,
            office,
            kind="custody",
            stop=lambda: self._rounds.stopping,
            lanes=lanes,
            clock=clock,
        )
        self.carried = CarriedOutbox(store)
        self.offers = OfferAgain(
            self.kept, blobs, remote, office, kind="custody", clock=clock or SystemClock(), found=found
        )
        self._carrier = Sender(
            self.carried, blobs, remote, office, kind="custody", stop=lambda: self._rounds.stopping, clock=clock
        )
        self._feed, self._centre = office_feed(identity.office), centre
        self._sink = StationFeedSink(store, effects(centre))
        self._follower = self._following(RemoteFeed(remote))

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called; a download asks between pieces."""
        return self._rounds.stopping

    def start(self) -> None:
        self.retry()
        self._rounds.start()

    def retry(self) -> None:
        """What was set aside, or could not be brought again, is tried in the next round, whatever its pause."""
        self.outbox.retry()
        self.carried.retry()
        self.offers.retry()

    def stop(self) -> None:
        """Returns when the running round is over."""
        self._rounds.stop()

    def wake(self) -> None:
        """Something was saved, or the operator said: send now."""
        self._rounds.wake()

    def follow(self, source: FeedSource) -> int:
        """The feed from elsewhere than the line: what a courier brought. Returns how many entries took effect."""
        applied = self._following(source).run_once()
        self._noted(applied)
        return applied

    def cursor(self, feed: str) -> int:
        """The last entry of the feed that was applied here."""
        return self._sink.cursor(feed)

    def run_once(self) -> bool:
        """One round: sending for a while, following the feed, for a while fetching what it announced; whether anything
        moved either way.
        """
        self._first()
        progress = self._sender.run_once()
        if progress.stopped_by is None and self.carried.unsent():
            progress = progress.then(self._carrier.run_once())
        self.state.sent, self.state.more = self.state.sent + progress.acknowledged, progress.more
        moved = self._follow(progress)
        if not self.state.trouble:
            self._offer_again()
        if self._downloads is not None and not isinstance(self.state.trouble, RemoteUnreachable):
            self._downloads.run_once()
        return moved

    def kept(self, after: str, limit: int) -> list[Waiting]:
        """What the office acknowledged of this installation and of earlier ones, by id."""
        own, carried = self.outbox.kept(after, limit), self.carried.kept(after, limit)
        return sorted((*own, *carried), key=lambda each: each.packet_id)[:limit]

    def _offer_again(self) -> None:
        try:
            self.offers.run_once()
        except RekamError as error:
            self._note(error)

    def _follow(self, progress: Progress) -> bool:
        try:
            applied = self._follower.run_once()
        except RekamError as error:
            self._note(error if isinstance(progress.stopped_by, LinkClosed) else progress.stopped_by or error)
            return progress.acknowledged > 0
        self._noted(applied)
        self._note(progress.stopped_by)
        return progress.acknowledged > 0 or applied > 0

    def _following(self, source: FeedSource) -> FeedFollower:
        return FeedFollower(
            self._feed, source, self._sink, self._centre, heard=lambda batch: self._legal.set(batch.at_ms)
        )

    def _noted(self, applied: int) -> None:
        self.state.applied += applied
        if applied:
            keep_anchor(self._store, self._legal)
            self._told()

    def _note(self, trouble: RekamError | None) -> None:
        self.state.trouble, self.state.connected = trouble, trouble is None or isinstance(trouble, LinkClosed)
        if self.state.connected:
            self.state.answered = self._legal.now().at

    def _answered(self) -> None:
        """Known with the first receipt: a round over a slow line takes an hour."""
        self.state.connected, self.state.trouble, self.state.answered = True, None, self._legal.now().at

    def _round(self) -> Round:
        moved = self.run_once()
        # closed hours are no failure: the feed is looked at as often as ever
        return Round(int(moved), None if self.state.connected else self.state.trouble, self.state.more)

    def _disconnected(self) -> None:
        self.state.connected = False
