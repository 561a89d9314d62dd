"""A bad link on purpose: a TCP proxy that cuts uploads in mid-send, drops answers and stalls."""

import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

__all__ = ["Ailments", "FaultProxy"]

_PIECE = 16 * 1024


@dataclass(frozen=True)
class Ailments:
    """How ill the link is, as probabilities for each connection; `stall_s` is how long a stall lasts."""

    cut_upload: float = 0.0
    drop_answer: float = 0.0
    stall: float = 0.0
    stall_s: float = 1.0


class FaultProxy:
    """Listens on a free loopback port and passes connections on to `target`, misbehaving by its own seed.

    `down` refuses everything, as a pulled cable does. Counters tell what was done to the link.
    """

    def __init__(self, target: Callable[[], tuple[str, int]], ailments: Ailments, *, seed: int = 0) -> None:
        self._target = target
        self.ailments = ailments
        self.down = False
        self.cuts = self.drops = self.stalls = 0
        self._random = random.Random(f"fault-proxy/{seed}")  # noqa: S311  # misfortune, not secrecy
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()

    @property
    def port(self) -> int:
        """Where the sender is to be pointed."""
        return int(self._listener.getsockname()[1])

    def start(self) -> Self:
        threading.Thread(target=self._accept, daemon=True, name="fault-proxy").start()
        return self

    def stop(self) -> None:
        self._stop.set()
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # the listener was closed
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.down:
                return
            cut_after = self._draw(self.ailments.cut_upload, "cuts")
            drop = self._draw(self.ailments.drop_answer, "drops")
            if self._draw(self.ailments.stall, "stalls"):
                self._stop.wait(self.ailments.stall_s)
            with socket.create_connection(self._target(), timeout=10) as server:
                budget = self._random.randint(200, 400_000) if cut_after else None
                answers = threading.Thread(target=self._pump, args=(server, client, 0 if drop else None), daemon=True)
                answers.start()
                self._pump(client, server, budget)
                answers.join(timeout=30)

    def _draw(self, probability: float, counter: str) -> bool:
        hit = self._random.random() < probability
        if hit:
            setattr(self, counter, getattr(self, counter) + 1)
        return hit

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, budget: int | None) -> None:
        """Copies until the end; with a budget, until so many bytes have passed, then cuts both ways."""
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if budget is not None and (budget := budget - len(piece)) < 0:
                    break
                sink.sendall(piece)
            if budget is not None and budget < 0:
                source.shutdown(socket.SHUT_RDWR)
            sink.shutdown(socket.SHUT_WR)
