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
_LONGEST_CUT = 400_000  # bytes; a packet has about a megabyte


@dataclass(frozen=True)
class Ailments:
    """How ill the link is, as probabilities for each request; `stall_s` is how long a stall lasts."""

    cut_upload: float = 0.0
    drop_answer: float = 0.0
    stall: float = 0.0
    stall_s: float = 1.0


@dataclass
class _Call:
    """A connection and what is in store for the request on it: bytes left until the cut, whether its answer is lost."""

    client: socket.socket
    server: socket.socket
    budget: int | None = None
    dropped: bool = False
    answered: bool = True

    def spend(self, size: int) -> bool:
        """Takes `size` bytes off the budget; True when that is more than there was."""
        if self.budget is not None:
            self.budget -= size
        return self.budget is not None and self.budget < 0

    def hang_up(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class FaultProxy:
    """Listens on a free loopback port and passes connections on to `target`, misbehaving by its own seed.

    Misfortune is drawn anew for each request, since senders keep connections open. Counters tell what was really
    done to the link.
    """

    def __init__(self, target: Callable[[], tuple[str, int]], ailments: Ailments, *, seed: int = 0) -> None:
        self._target = target
        self.ailments = ailments
        self.cuts = self.drops = self.stalls = 0
        self._random = random.Random(f"fault-proxy/{seed}")  # noqa: S311  # misfortune, not secrecy
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        """Where the sender is to be pointed."""
        self._stop = threading.Event()

    def start(self) -> Self:
        threading.Thread(target=self._accept, daemon=True, name="fault-proxy").start()
        return self

    def stop(self) -> None:
        self._stop.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone would not wake the thread that accepts
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
        with client, suppress(OSError), socket.create_connection(self._target(), timeout=10) as server:
            server.settimeout(None)
            call = _Call(client, server)
            answers = threading.Thread(target=self._pump_answers, args=(call,), daemon=True)
            answers.start()
            self._pump_requests(call)
            answers.join()

    def _pump_requests(self, call: _Call) -> None:
        with suppress(OSError):
            while piece := call.client.recv(_PIECE):
                if call.answered:
                    call.answered = False
                    self._draw(call)
                if call.spend(len(piece)):
                    self.cuts += 1
                    call.hang_up()
                    return
                call.server.sendall(piece)
            call.server.shutdown(socket.SHUT_WR)

    def _pump_answers(self, call: _Call) -> None:
        with suppress(OSError):
            while piece := call.server.recv(_PIECE):
                if call.dropped:
                    self.drops += 1
                    break
                call.client.sendall(piece)
                call.answered = True
        call.hang_up()

    def _draw(self, call: _Call) -> None:
        """What happens to the request that begins now."""
        ill = self.ailments
        call.budget = self._random.randint(200, _LONGEST_CUT) if self._random.random() < ill.cut_upload else None
        call.dropped = self._random.random() < ill.drop_answer
        if self._random.random() < ill.stall:
            self.stalls += 1
            self._stop.wait(ill.stall_s)
