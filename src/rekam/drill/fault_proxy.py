"""A bad link on purpose: a TCP proxy that cuts, drops, stalls, repeats and throttles what passes: `FaultProxy`."""

import asyncio
import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from rekam.drill.ailments import Ailments, Quality
from rekam.drill.line import Line, Way

__all__ = ["FaultProxy"]

_PIECE = 64 * 1024
_LONGEST_CUT = 400_000  # bytes; a packet has about a megabyte
_LONGEST_REPEAT = 8 << 20

Address = tuple[str, int]


class _Call:
    """A connection and what is in store for the request on it."""

    def __init__(self) -> None:
        self.budget: int | None = None
        self.dropped = self.frozen = False
        self.answered = True
        self.said: bytearray | None = None
        """The request's bytes so far, where it is to be delivered twice."""

    def spend(self, size: int) -> bool:
        """Takes `size` bytes off the budget; True when that is more than there was."""
        if self.budget is not None:
            self.budget -= size
        return self.budget is not None and self.budget < 0

    def hear(self, piece: bytes) -> None:
        if self.said is not None:
            self.said += piece
            if len(self.said) > _LONGEST_REPEAT:
                self.said = None


class FaultProxy:
    """Listens on a free loopback port and passes connections on to `target`, misbehaving by its own seed.

    Misfortune is drawn anew for each request, since senders keep connections open; `ailments` and `quality` may be
    changed at any time. Counters tell what was really done to the link; `up` and `down` count the bytes carried. One
    thread with an event loop serves all connections.
    """

    def __init__(
        self,
        target: Callable[[], Address],
        ailments: Ailments | None = None,
        *,
        quality: Quality | None = None,
        seed: int = 0,
    ) -> None:
        self._target = target
        self.ailments = ailments or Ailments()
        self.cuts = self.drops = self.stalls = self.half_opens = self.duplicates = 0
        self._random = random.Random(f"fault-proxy/{seed}")  # noqa: S311  # misfortune, not secrecy
        self._line = Line(quality or Quality(), self._random)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        """Where the sender is to be pointed."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True, name="fault-proxy")
        self._ended = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def quality(self) -> Quality:
        return self._line.quality

    @quality.setter
    def quality(self, quality: Quality) -> None:
        self._line.quality = quality

    @property
    def up(self) -> Way:
        return self._line.up

    @property
    def down(self) -> Way:
        return self._line.down

    @property
    def faults(self) -> int:
        """Everything that was done to requests and connections, lost segments included."""
        own = self.cuts + self.drops + self.stalls + self.half_opens + self.duplicates
        return own + self._line.cuts + self._line.losses

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Every connection ends, and nobody is listened to any more."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(timeout=10)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, sock=self._listener)
        await self._ended.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        ends = [writer]
        try:
            there, back = await asyncio.open_connection(*self._target())
            ends.append(back)
            await self._exchange((reader, writer), (there, back))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for end in ends:
                end.transport.abort() if end.transport.get_write_buffer_size() else end.close()

    async def _exchange(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        call = _Call()
        requests = asyncio.create_task(self._requests(call, client[0], server[1]))
        answers = asyncio.create_task(self._answers(call, server[0], client[1]))
        # a request side that ended in order still waits for the answer; an answer side that ended ends all
        try:
            done, _ = await asyncio.wait({requests, answers}, return_when=asyncio.FIRST_COMPLETED)
            if requests in done and requests.exception() is None and requests.result():
                await answers
        finally:
            for task in (requests, answers):
                task.cancel()
            await asyncio.gather(requests, answers, return_exceptions=True)

    async def _requests(self, call: _Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """True where the client ended in order."""
        async with self._line.carrying(self.up, writer) as carry:
            while piece := await reader.read(self._line.piece(_PIECE)):
                if call.answered:
                    call.answered = False
                    await self._draw(call)
                if call.frozen:
                    await asyncio.sleep(self.ailments.half_open_s)
                    return False
                if call.spend(len(piece)):
                    self.cuts += 1
                    return False
                call.hear(piece)
                await carry(piece)
        with suppress(OSError):
            writer.write_eof()
        return True

    async def _answers(self, call: _Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._line.carrying(self.down, writer) as carry:
            while piece := await reader.read(self._line.piece(_PIECE)):
                if call.dropped:
                    self.drops += 1
                    return
                await carry(piece)
                call.answered = True
                if call.said is not None:
                    said, call.said = bytes(call.said), None
                    self._tasks.add(task := asyncio.create_task(self._again(said)))
                    task.add_done_callback(self._tasks.discard)

    async def _again(self, said: bytes) -> None:
        """The same request once more, on a connection of its own; nobody waits for its answer."""
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(*self._target())
            self.duplicates += 1
            writer.write(said)
            await writer.drain()
            await asyncio.wait_for(reader.read(1), timeout=10)
            writer.close()

    async def _draw(self, call: _Call) -> None:
        """What happens to the request that begins now."""
        ill, chance = self.ailments, self._random.random
        call.budget = self._random.randint(200, _LONGEST_CUT) if chance() < ill.cut_upload else None
        call.dropped = chance() < ill.drop_answer
        call.said = bytearray() if chance() < ill.duplicate else None
        call.frozen = chance() < ill.half_open
        self.half_opens += call.frozen
        if chance() < ill.stall:
            self.stalls += 1
            await asyncio.sleep(ill.stall_s)
