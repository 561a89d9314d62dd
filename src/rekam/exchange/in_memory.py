"""The exchange's ports in memory: for simulations and tests, held to the same contract suites as the real ones."""

import copy
import threading
from collections.abc import Callable, Sequence
from itertools import accumulate, count
from typing import Any

from rekam.exchange.continuity import Link
from rekam.exchange.errors import FeedWentBack
from rekam.exchange.feed import BATCH_BYTES, BATCH_ENTRIES, Batch, Entry, entries_to_apply, seal_batch
from rekam.exchange.inbox import Arrival, Fork, Issue
from rekam.exchange.log import InMemoryLog, entry_of
from rekam.exchange.outbox import SetAside, Waiting
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey

__all__ = ["InMemoryFeed", "InMemoryFeedSink", "InMemoryOutbox", "InMemoryRegister"]


class InMemoryRegister:
    """`Register` in memory. `on_arrival` runs before a first arrival counts; its error leaves nothing recorded."""

    def __init__(
        self, on_arrival: Callable[[Arrival], None] = lambda _arrival: None, log: InMemoryLog | None = None
    ) -> None:
        self._on_arrival = on_arrival
        self._log = log
        self._arrivals: dict[str, tuple[Arrival, bytes]] = {}
        self._positions: dict[str, int] = {}
        self._lock = threading.Lock()

    def record(self, arrival: Arrival, issue: Issue) -> bytes:
        with self._lock:
            if arrival.packet_id not in self._arrivals:
                self._on_arrival(arrival)
                proof = self._log.append(entry_of(arrival)) if self._log else None
                receipt = issue(proof)
                if proof is not None:
                    self._positions[arrival.packet_id] = proof.index
                self._arrivals[arrival.packet_id] = (arrival, receipt)
            return self._arrivals[arrival.packet_id][1]

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        return {wanted: self._arrivals[wanted][1] for wanted in packet_ids if wanted in self._arrivals}

    def held(self, packet_ids: Sequence[str]) -> dict[str, int | None]:
        return {wanted: self._positions.get(wanted) for wanted in packet_ids if wanted in self._arrivals}

    def chains(self) -> list[tuple[str, int]]:
        return sorted({(str(arrival.number.station), arrival.number.epoch) for arrival, _ in self._arrivals.values()})

    def links(self, station: str, epoch: int) -> list[Link]:
        return [
            Link(arrival.number.sequence, arrival.packet_id, arrival.header.previous.hex())
            for arrival, _ in self._arrivals.values()
            if (arrival.number.station, arrival.number.epoch) == (station, epoch)
        ]

    def forks(self) -> list[Fork]:
        by_number: dict[Any, list[str]] = {}
        for arrival, _ in self._arrivals.values():
            by_number.setdefault(arrival.number, []).append(arrival.packet_id)
        return [Fork(number, tuple(ids)) for number, ids in by_number.items() if len(ids) > 1]


class InMemoryOutbox:
    """`OutboxStore` in memory; `put` queues a packet."""

    def __init__(self) -> None:
        self.receipts: dict[str, bytes] = {}
        self.rolls: dict[str, tuple[tuple[str, ...], bytes]] = {}
        self._queue: dict[str, Waiting] = {}
        self._places: dict[str, int] = {}
        self._next_place = count(1)
        self._aside: dict[str, SetAside] = {}
        self._kept: dict[str, Waiting] = {}

    def put(self, packet: Waiting) -> None:
        """Queue a packet; queueing it again changes nothing."""
        if packet.packet_id not in self.receipts and packet.packet_id not in self.rolls:
            self._queue.setdefault(packet.packet_id, packet)
            self._places.setdefault(packet.packet_id, next(self._next_place))

    def forget(self, packet_id: str) -> None:
        """As if the packet had never been queued."""
        known: list[dict[str, Any]] = [self.receipts, self.rolls, self._queue, self._places, self._aside, self._kept]
        for each in known:
            each.pop(packet_id, None)

    def waiting(self, limit: int) -> list[Waiting]:
        return [packet for packet in self._queue.values() if packet.packet_id not in self._aside][:limit]

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        self.receipts.setdefault(packet_id, receipt)
        self._keep(packet_id)
        self._aside.pop(packet_id, None)

    def failed(self, packet_id: str, code: str, reason: str) -> None:
        if packet_id in self._queue:
            self._aside[packet_id] = SetAside(packet_id, self._queue[packet_id].number, code, reason)

    def unacknowledged(self, after: int, limit: int) -> list[tuple[int, str]]:
        chosen = [(place, packet_id) for packet_id, place in self._places.items() if packet_id in self._queue]
        return [each for each in chosen if each[0] > after][:limit]

    def rolled(self, held: Sequence[str], asked: Sequence[str], answer: bytes) -> int:
        fresh = [packet_id for packet_id in held if packet_id in self._queue]
        for packet_id in fresh:
            self.rolls[packet_id] = (tuple(asked), answer)
            self._keep(packet_id)
            self._aside.pop(packet_id, None)
        return len(fresh)

    def kept(self, after: str, limit: int) -> list[Waiting]:
        return [self._kept[packet_id] for packet_id in sorted(self._kept) if packet_id > after][:limit]

    def set_aside(self) -> list[SetAside]:
        return [self._aside[packet_id] for packet_id in self._queue if packet_id in self._aside]

    def _keep(self, packet_id: str) -> None:
        if packet_id in self._queue:
            self._kept[packet_id] = self._queue.pop(packet_id)

    def retry(self, packet_id: str | None = None) -> int:
        chosen = list(self._aside) if packet_id is None else [packet_id] if packet_id in self._aside else []
        for each in chosen:
            del self._aside[each]
        return len(chosen)


class InMemoryFeed:
    """The origin of feeds, in memory: `append` entries, `after` signs and hands them out."""

    def __init__(self, signer: SigningKey, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock
        self._entries: dict[str, list[Entry]] = {}

    def append(self, feed: str, kind: str, body: bytes) -> None:
        """Add the next entry."""
        entries = self._entries.setdefault(feed, [])
        entries.append(Entry(len(entries) + 1, str(kind), body))

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        entries = self._entries.get(feed, [])
        if n > len(entries):
            raise FeedWentBack(feed=feed, cursor=n, last=len(entries))
        before = accumulate((len(entry.body) for entry in entries[n:]), initial=0)
        chosen = tuple(entry for entry, size in zip(entries[n : n + limit], before, strict=False) if size < BATCH_BYTES)
        return seal_batch(Batch(feed, self._clock.stamp().wall_ms, chosen), self._signer) if chosen else None


class InMemoryFeedSink:
    """`FeedSink` in memory: effects go to `state`, a plain dictionary, through `handler(state, entry)`."""

    def __init__(self, handler: Callable[[dict[Any, Any], Entry], None]) -> None:
        self.state: dict[Any, Any] = {}
        self._handler = handler
        self._cursors: dict[str, int] = {}
        self._batches: dict[str, list[tuple[int, bytes]]] = {}

    def cursor(self, feed: str) -> int:
        return self._cursors.get(feed, 0)

    def apply(self, feed: str, batch: Batch, data: bytes) -> int:
        entries = entries_to_apply(batch, feed=feed, cursor=self.cursor(feed))
        staged = copy.deepcopy(self.state)
        for entry in entries:
            self._handler(staged, entry)
        self.state, self._cursors[feed] = staged, batch.last
        self._batches.setdefault(feed, []).append((batch.last, data))
        return len(entries)

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        """Hand on the batches as they came."""
        del limit
        return next((data for last, data in self._batches.get(feed, []) if last > n), None)
