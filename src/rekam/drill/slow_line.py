"""A slow line on purpose: a TCP proxy with a bandwidth, a delay, and the stalls and cuts that lost packets cause."""

import queue
import random
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["Quality", "SlowLine"]

_SEGMENT: Final = 1_460
"""Bytes of payload in a TCP segment on Ethernet; each is lost or not."""
_READ: Final = 64 * 1024
_AHEAD_S: Final = 0.25
"""How much is taken from a sender before the line can carry it: a router's queue."""


@dataclass(frozen=True)
class Quality:
    """`bytes_a_second` each way, shared by all connections (None: no limit); `round_trip_s` there and back; `loss`: the
    share of segments lost. A lost one holds its connection up for one round trip until it is sent again (TCP delivers
    in order), and every `cut_every`-th lost one ends the connection.
    """

    bytes_a_second: float | None = None
    round_trip_s: float = 0.0
    loss: float = 0.0
    cut_every: int = 10


class _Way:
    """One direction of the line: when it is free again, and how much it carried."""

    def __init__(self) -> None:
        self.carried = 0
        self._free = 0.0
        self._lock = threading.Lock()

    def take(self, size: int, rate: float | None) -> float:
        """When the last of so many bytes will have left."""
        with self._lock:
            self.carried += size
            self._free = max(self._free, time.monotonic()) + (size / rate if rate else 0.0)
            return self._free


class SlowLine:
    """Listens on a free loopback port and passes connections on to `target` as a bad line would, by its own seed.

    `up.carried` and `down.carried` count the bytes that went over; `cuts` and `stalls` what was done to them.
    """

    def __init__(self, target: tuple[str, int], quality: Quality, *, seed: int = 0) -> None:
        self._target = target
        self.quality = quality
        self.up, self.down = _Way(), _Way()
        self.cuts = self.stalls = 0
        self._random = random.Random(f"slow-line/{seed}")  # noqa: S311  # misfortune, not secrecy
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._stopped = False
        self._counting = threading.Lock()

    @property
    def url(self) -> str:
        """Where the sender is to be pointed."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True, name="slow-line").start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopped = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone would not wake the thread that accepts
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopped:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # the listener was closed
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._target, timeout=10) as server:
            server.settimeout(None)
            ends = (client, server)
            for end in ends:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pumps = [_Pump(self, self.up, client, server, ends), _Pump(self, self.down, server, client, ends)]
            threads = [
                threading.Thread(target=work, daemon=True) for each in pumps for work in (each.read, each.deliver)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def misfortune(self, size: int) -> tuple[int, bool]:
        """How often so many bytes are held up, and whether their connection is cut."""
        if not self.quality.loss:
            return 0, False
        segments = -(-size // _SEGMENT)
        with self._counting:
            lost = sum(self._random.random() < self.quality.loss for _ in range(segments))
            cut = (self.stalls + lost) // self.quality.cut_every > self.stalls // self.quality.cut_every
            self.stalls += lost
            self.cuts += cut
        return lost, cut


class _Pump:
    """Carries one direction of one connection: reads as fast as the line goes, delivers when the delay is over."""

    def __init__(
        self, line: SlowLine, way: _Way, source: socket.socket, sink: socket.socket, ends: tuple[socket.socket, ...]
    ) -> None:
        self._line, self._way, self._source, self._sink, self._ends = line, way, source, sink, ends
        self._under_way: queue.Queue[tuple[float, bytes] | None] = queue.Queue()
        self._held_until = 0.0

    def read(self) -> None:
        rate = self._line.quality.bytes_a_second
        size = _READ if rate is None else max(_SEGMENT, min(_READ, int(rate * _AHEAD_S / 2)))
        with suppress(OSError):
            while piece := self._source.recv(size):
                left = self._way.take(len(piece), rate)
                lost, cut = self._line.misfortune(len(piece))
                trip = self._line.quality.round_trip_s
                self._held_until = max(self._held_until, left) + lost * trip
                if cut:
                    _hang_up(self._ends)
                    break
                self._under_way.put((self._held_until + trip / 2, piece))
                ahead = left - _AHEAD_S - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
        self._under_way.put(None)

    def deliver(self) -> None:
        with suppress(OSError):
            while entry := self._under_way.get():
                due, piece = entry
                wait = due - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                self._sink.sendall(piece)
            self._sink.shutdown(socket.SHUT_WR)


def _hang_up(ends: tuple[socket.socket, ...]) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
