"""The drill's script: record, cut the centre off, go on, bring it back, drain, reconcile."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from rekam.drill.cast import Actor
from rekam.drill.clerk import Clerk
from rekam.drill.country import Country
from rekam.drill.faults import BAD_LINK, Killer
from rekam.drill.operator import Desk, Recorded
from rekam.drill.options import Options
from rekam.drill.outcome import Outcome
from rekam.drill.progress import Progress
from rekam.enrolment.errors import RekamError
from rekam.enrolment.status import Status

__all__ = ["DrainTooSlow", "Scenario", "misspelt", "parts_of"]

_SHARES = {"before": 0.4, "outage": 0.4, "after": 0.2}
_DRAIN_S = 600.0
_MISSPELT_EACH = 4


class DrainTooSlow(RekamError):
    """After {seconds} seconds not every recording had a result: {state}. Nothing is known to be lost; read the logs
    in {logs} for what holds them up.
    """


@dataclass
class Scenario:
    """One run over a started country. Counts what was done into `outcome` while it happens."""

    options: Options
    country: Country
    desks: Sequence[Desk]
    clerk: Clerk
    outcome: Outcome
    progress: Progress
    recorded: list[Recorded] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, firsts: Sequence[Actor], seconds: Sequence[Actor], killer: Killer | None) -> None:
        """`firsts` and `seconds` are spread over the phases in order, so that a second sitting follows its first."""
        if killer is not None:
            self.country.fall_ill(BAD_LINK)
        parts = parts_of(firsts, seconds)
        self._sittings("before", parts["before"])
        self._until("first print orders", lambda: self.clerk.state().get("print_orders", 0) > 0)
        self._outage(parts["outage"], killer)
        self._sittings("after", parts["after"])
        if killer is not None:
            killer.stop()
        self.country.heal()
        self.drain()
        self._print_cards("after")

    def _outage(self, actors: Sequence[Actor], killer: Killer | None) -> None:
        self.progress.say(f"kill -9: the centre is down for {self.options.outage_s:.0f} s")
        if killer is not None:
            killer.centre_may_run = False
        self.country.centre.kill()
        began = time.monotonic()
        self._sittings("outage", actors)
        self._print_cards("outage")
        left = self.options.outage_s - (time.monotonic() - began)
        self.progress.wait("the centre stays down", left)
        self.country.centre.start()
        if killer is not None:
            killer.centre_may_run = True
        self.progress.say("the centre is back")

    def _sittings(self, phase: str, actors: Sequence[Actor]) -> None:
        """Each station works through its queue; stations work side by side."""
        with self.progress.task(f"sittings, {phase}", len(actors)) as advance, ThreadPoolExecutor() as pool:
            queues = [[actor for actor in actors if actor.station == place] for place in range(len(self.desks))]
            work = [
                pool.submit(self._queue, desk, queue, phase, advance)
                for desk, queue in zip(self.desks, queues, strict=True)
            ]
            for queue_done in work:
                queue_done.result()

    def _queue(self, desk: Desk, actors: Sequence[Actor], phase: str, advance: Callable[[], None]) -> None:
        for actor in actors:
            desk.check(actor.biodata.nik)
            if actor.misspelt:
                desk.refer(actor)
                self.clerk.correct(actor.biodata.nik, {"nama": actor.biodata.name})
                desk.hear(actor)
            done = desk.record(actor, phase=phase, heed=actor.second)
            self._count(done, phase)
            if done.packet_id is not None:
                self._papers(desk, done.packet_id, phase)
            advance()

    def _count(self, done: Recorded, phase: str) -> None:
        outage = phase == "outage"
        with self._lock:
            self.recorded.append(done)
            self.outcome.checks_in_outage += outage
            self.outcome.second_recordings += done.actor.second
            if done.packet_id is None:
                self.outcome.duplicates_at_counter += 1
            else:
                self.outcome.recorded += 1
                self.outcome.recorded_in_outage += outage

    def _papers(self, desk: Desk, packet_id: str, phase: str) -> None:
        proof, suket = desk.proof(packet_id), desk.suket(packet_id)
        outage = phase == "outage"
        with self._lock:
            self.outcome.proofs += proof.startswith(b"%PDF")
            self.outcome.sukets += suket.startswith(b"%PDF")
            self.outcome.proofs_in_outage += outage and proof.startswith(b"%PDF")
            self.outcome.sukets_in_outage += outage and suket.startswith(b"%PDF")

    def _print_cards(self, phase: str) -> None:
        """The office prints what it has orders for, once each."""
        waiting = [done.packet_id for done in self.recorded if done.packet_id and done.packet_id not in self.printed]
        with self.progress.task(f"cards, {phase}", len(waiting)) as advance:
            for packet_id in waiting:
                card = self.clerk.print_card(packet_id)
                if card is not None and card.startswith(b"%PDF"):
                    self.printed.add(packet_id)
                    self.outcome.cards += 1
                    self.outcome.cards_in_outage += phase == "outage"
                advance()

    def drain(self) -> None:
        """Until every packet has a result or waits for a human, and every station has heard of it."""
        expected = self.outcome.recorded
        deadline = time.monotonic() + _DRAIN_S
        with self.progress.task("drain: results back at the stations", expected) as _:
            while True:
                told = self.told()
                self.progress.at(len(told))
                if len(told) >= expected:
                    return
                if time.monotonic() > deadline:
                    state = f"{len(told)} of {expected}"
                    raise DrainTooSlow(seconds=_DRAIN_S, state=state, logs=self.country.logs)
                time.sleep(0.5)

    def told(self) -> list[str]:
        """The packets whose result, or human queue, the recording station knows of."""
        return [
            recording["packet_id"]
            for desk in self.desks
            for recording in desk.recordings()
            if recording["accepted"] and Status(recording["status"]) not in _ON_THE_WAY
        ]

    def _until(self, what: str, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _DRAIN_S
        with self.progress.task(what, None):
            while not reached():
                if time.monotonic() > deadline:
                    raise DrainTooSlow(seconds=_DRAIN_S, state=what, logs=self.country.logs)
                time.sleep(0.3)


_ON_THE_WAY = frozenset(
    {
        Status.PROCESSING,
        Status.SENT_FOR_ENROLLMENT,
        Status.RECEIVED_AT_CENTRAL,
        Status.SEARCH_FAILURE_AT_CENTRAL,
    }
)


def misspelt(firsts: Sequence[Actor]) -> list[Actor]:
    """The same, with some of those who sit in the outage, one at least, misspelt at the stations."""
    chosen = {actor.biodata.nik for actor in parts_of(firsts, [])["outage"][::_MISSPELT_EACH]}
    return [replace(actor, misspelt=actor.biodata.nik in chosen) for actor in firsts]


def parts_of(firsts: Sequence[Actor], seconds: Sequence[Actor]) -> dict[str, list[Actor]]:
    """Firsts by share; each second sitting in the first phase after that of its first, or in the last."""
    before = max(1, round(len(firsts) * _SHARES["before"]))
    outage = max(1, round(len(firsts) * _SHARES["outage"]))
    parts = {
        "before": list(firsts[:before]),
        "outage": list(firsts[before : before + outage]),
        "after": list(firsts[before + outage :]),
    }
    names = list(parts)
    for actor in seconds:
        home = next(
            index for index, name in enumerate(names) if actor.first in {one.biodata.nik for one in parts[name]}
        )
        parts[names[min(home + 1, 2)]].append(actor)
    return parts
