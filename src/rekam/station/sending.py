"""The station's line to its office: sends what waits, follows the feed, never gives up: `Line`."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.feed import FeedFollower, office_feed
from rekam.exchange.outbox import Sender
from rekam.exchange.remote import Remote, RemoteFeed
from rekam.station.feed_sink import StationFeedSink, effects
from rekam.station.legal_time import keep_anchor
from rekam.station.outbox import StationOutbox
from rekam.station.store import StationStore
from rekam.storage.blobs import BlobStore
from rekam.trust.clock import LegalClock

__all__ = ["Line", "LineState"]

log = structlog.get_logger()

_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0


@dataclass
class LineState:
    """For the bottom bar: does the office answer, and if not, why; counters since the start."""

    connected: bool = False
    trouble: RekamError | None = None
    sent: int = 0
    applied: int = 0


class Line:
    """Runs in a thread of its own from the first sign-in on; a locked screen goes on sending."""

    def __init__(
        self,
        store: StationStore,
        blobs: BlobStore,
        remote: Remote,
        legal: LegalClock,
        *,
        pause_s: float = _PAUSE_S,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        identity = store.identity()
        self.state = LineState()
        self.outbox = StationOutbox(store, legal)
        self._store = store
        self._legal = legal
        self._pause_s = pause_s
        self._told = told
        self._stop = threading.Event()
        self._wake = threading.Event()
        office = identity.office_certificate.signing
        centre = identity.centre_certificate.signing
        self._sender = Sender(self.outbox, blobs, remote, office, kind="custody", stop=self._stop.is_set)
        self._follower = FeedFollower(
            office_feed(identity.office),
            RemoteFeed(remote),
            StationFeedSink(store, effects(centre)),
            centre,
            heard=lambda batch: legal.set(batch.at_ms),
        )
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)

    def start(self) -> None:
        self.outbox.retry()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def wake(self) -> None:
        """Something was saved, or the operator said: send now."""
        self._wake.set()

    def run_once(self) -> bool:
        """One round of sending and following; whether anything moved."""
        progress = self._sender.run_once()
        self.state.sent += progress.acknowledged
        try:
            applied = self._follower.run_once()
        except RekamError as error:
            self._note(progress.stopped_by or error)
            return progress.acknowledged > 0
        self.state.applied += applied
        if applied:
            keep_anchor(self._store, self._legal)
            self._told()
        self._note(progress.stopped_by)
        return progress.acknowledged > 0 or applied > 0

    def _note(self, trouble: RekamError | None) -> None:
        self.state.trouble, self.state.connected = trouble, trouble is None

    def _run(self) -> None:
        pause = self._pause_s
        while not self._stop.is_set():
            try:
                moved = self.run_once()
            except Exception as error:  # noqa: BLE001 - whatever happens to one round is told, and the next one comes
                log.error("line failed", error=type(error).__qualname__)  # noqa: TRY400 - a trace may quote a resident
                moved, self.state.connected = False, False
            pause = self._pause_s if self.state.connected or moved else min(_LONGEST_PAUSE_S, pause * 1.5)
            if self._wake.wait(pause):
                self._wake.clear()
                pause = self._pause_s
