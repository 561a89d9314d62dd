"""The centre in the simulator: the real composition over a simulated database, disk and clock: `SimulatedCentre`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, cast

from rekam.centre.adjudication import AlreadyDecided, NotImpartial, Outcome
from rekam.centre.centre import TABLES, Centre
from rekam.centre.courier import centre_courier
from rekam.centre.pipeline import Pipeline
from rekam.centre.ports import CentreKeys, Ports
from rekam.centre.stages.uniqueness import Uniqueness
from rekam.centre.validation import Answer, NotWaiting
from rekam.centre.verdict import Queue
from rekam.centre.worker import Worker
from rekam.drill.simulate.cast import Cast
from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.network import Caller
from rekam.drill.simulate.places import everything_stored, met, scrubbed
from rekam.drill.simulate.reached import Reached, centre_reached
from rekam.drill.simulate.stages import PersonExtraction, PersonGallery, PersonQuality, Slowly
from rekam.drill.simulate.world import DAY, HOUR, World
from rekam.enrolment.biodata import Biodata
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.stick import MemoryStick
from rekam.exchange.inbox import Inbox
from rekam.exchange.pg.register import PgRegister
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_pg.server import MemoryPostgres
from rekam.storage.pool import Pool
from rekam.storage.scrub import ScrubBook

__all__ = ["CentreSite", "SimulatedCentre"]

_FOLDER: Final = Path("/centre")
_STAFF_EVERY_S: Final = 50 * HOUR
_WORK_EVERY_S: Final = 30 * HOUR


class SimulatedCentre(Centre):
    """The product's centre with cheap biometric stages and leases that no thread renews."""

    pause: Callable[[str], None] = staticmethod(lambda _stage: None)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The product's own list; three stages of it are the drill's."""
        real = Pipeline.__dataclass_fields__
        stages = {name: getattr(self._real, name) for name in real if name != "stages"}
        stages |= {"extraction": PersonExtraction(), "quality": PersonQuality()}
        stages["uniqueness"] = Uniqueness(PersonGallery(self.vault))  # type: ignore[arg-type]  # as a registry
        slow: dict[str, Any] = {name: Slowly(stage, self._pause) for name, stage in stages.items()}
        return Pipeline(**slow)

    @cached_property
    def _real(self) -> Pipeline:
        return cast("Pipeline", Centre.pipeline.func(self))  # type: ignore[attr-defined]  # a cached property's function

    def _pause(self, stage: str) -> None:
        self.pause(stage)

    def worker(self) -> Worker:
        """A worker whose lease is renewed by nobody."""
        return Worker(self.pool, self.queue, self.pipeline, self.packets, self.vault, keep=_not_kept)


@contextmanager
def _not_kept(_renew: Callable[[], None], _every_s: float) -> Iterator[None]:
    yield


class CentreSite:
    """The centre's machine, its database server, two workers and the staff."""

    make: type[SimulatedCentre] = SimulatedCentre

    def __init__(self, world: World, cast_: Cast, offices: tuple[str, ...], register: tuple[Biodata, ...]) -> None:
        self.world, self._cast = world, cast_
        self.machine = Machine(world, "centre")
        self.machine.boot, self.machine.drop = self._boot, self._drop
        self.name = self.machine.name
        self.database = MemoryPostgres(*TABLES, now=lambda: world.time, random=world.draw, at=self._at)
        self.centre: SimulatedCentre
        self._offices, self._register = offices, register
        self.stall_s = 0.0
        self._provisioned = False
        self.stolen: set[str] = set()
        self.readers: list[tuple[str, Callable[[], object], Machine]] = []

    @property
    def pool(self) -> Pool:
        """The database as the product takes it."""
        return cast("Pool", self.database)

    def remote(self, caller: Caller) -> Reached:
        """As offices reach it."""
        return centre_reached(self.centre, caller)

    @property
    def inbox(self) -> Inbox:
        """What takes packets in."""
        return self.centre.inbox

    @property
    def register(self) -> PgRegister:
        """What is recorded."""
        return PgRegister(self.pool)

    @property
    def packets(self) -> BlobStore:
        """Where they lie."""
        return self.centre.packets

    @property
    def scrub_book(self) -> ScrubBook:
        """What was found damaged."""
        return self.centre.scrub_book

    def idle(self) -> bool:
        """No case is on its way."""
        if not self.machine.alive:
            return False
        counts = self.centre.counts()
        return counts.in_stage == counts.quarantined == 0 and not self.centre.scrub_book.damaged()

    def courier(self, stick: MemoryStick) -> Courier:
        """The centre's, with a stick in its slot."""
        return centre_courier(self.centre, stick)

    def everything_stored(self) -> Iterator[tuple[str, bytes]]:
        """Files and database as they lie there."""
        return everything_stored(self.machine.disk, self.database)

    def publish(self) -> None:
        """A notice to everybody."""
        if self.machine.alive:
            with self.world.on(self.machine, "centre/notices"):
                self.centre.notices.publish(f"Pengumuman hari {self.world.now // DAY:.0f}", "", author="pusat")

    def _at(self, point: str) -> None:
        machine, world = self.machine, self.world
        if world.overlaps or not machine.calm:  # else neither could do anything, thousands of times
            machine.amid(point)
        if point == "commit" and world.crowded and self.database.about_to_commit("feed_entry"):
            for number in (1, 2):
                self.world.meanwhile(f"centre/worker-{number}", partial(self.work, number, stages=20), self.machine)
            for actor, run, machine in self.readers:
                self.world.meanwhile(actor, run, machine)

    def _boot(self) -> None:
        held = self._cast
        keys = CentreKeys(
            held.centre.key,
            (held.centre.opening,) if held.centre.opening else (),
            held.data,
            held.hashes,
        )
        self.centre = self.make(
            Ports(
                pool=self.pool,
                folder=_FOLDER,
                disk=self.machine.disk,
                clock=self.machine.clock,
                keys=keys,
                root=held.trust,
                chain=held.centre.chain,
            )
        )
        self.centre.pause = self._pause
        if not self._provisioned:
            for office in self._offices:
                self.centre.admit_office(held.offices[office].chain)
            self.centre.load_register(self._register)
            self._provisioned = True
        for number in (1, 2):
            self.world.later(60.0 * number, f"centre/worker-{number}", partial(self._work, number), self.machine)
        self.world.recur(
            self.world.chance.uniform(0, _STAFF_EVERY_S),
            "centre/staff",
            self._staff_day,
            self.machine,
        )

    def _drop(self) -> None:
        self.database.crash()

    def _pause(self, stage: str) -> None:
        if self.stall_s:
            stall, self.stall_s = self.stall_s, 0.0
            self.world.fault("stalled worker", f"{stage} for {stall:.0f} s")
            self.world.exercise(12)
            for number in (1, 2):  # whichever of them is not the one that sleeps
                at = self.world.chance.uniform(16, stall)
                self.world.later(at, f"centre/worker-{number}", partial(self.work, number, stages=1), self.machine)
            self.world.pass_time(stall)

    def wake(self) -> None:
        """A packet has come."""
        number = self.world.chance.choice((1, 2))
        at = self.world.chance.uniform(1, 60)
        self.world.later(at, f"centre/worker-{number}", partial(self.work, number), self.machine)

    def _work(self, number: int) -> None:
        self.world.recur(_WORK_EVERY_S, f"centre/worker-{number}", partial(self._work, number), self.machine)
        self.work(number)

    def work(self, number: int, stages: int = 1000) -> None:
        """One worker until nothing is ready; after so many stages it comes back later."""
        worker = self.centre.worker()

        def run() -> bool:
            worker.look_around()
            return all(worker.run_once() for _ in range(stages))

        if met(self.world, self.name, run):
            self.world.later(600.0, f"centre/worker-{number}", partial(self.work, number), self.machine)

    def _staff_day(self) -> None:
        self.world.recur(_STAFF_EVERY_S, "centre/staff", self._staff_day, self.machine)
        self.staff()

    def staff(self) -> None:
        """Answers of offices, quarantine, experts: what waits for people is done by people."""
        if self.machine.alive:
            with self.world.on(self.machine, "centre/desks"):
                met(self.world, self.name, self._desks)
                met(self.world, self.name, lambda: scrubbed(self.world, self.name, self.centre.scrubber))
                self.work(1)

    def _desks(self) -> None:
        centre = self.centre
        for waiting in centre.casebook.waiting_in(Queue.VALIDATION):
            try:
                centre.validations.answer(waiting.packet_id, Answer.CONFIRMED, staff="pusat", note="")
            except NotWaiting:
                continue
        for held in centre.fences.all_withheld():
            if not held.verdict:
                self.world.exercise(20)
                verdict = "rejected" if held.packet_id in self.stolen else "released"
                with suppress(NotWaiting):
                    centre.fencing.decide(held.packet_id, verdict, staff="pusat", note="menurut bukti")  # type: ignore[arg-type]
        for waiting in centre.casebook.waiting_in(Queue.QUARANTINE):
            centre.quarantine.release(waiting.packet_id, staff="pusat", note="lagi", from_first=True)
        for expert in ("ahli-1", "ahli-2", "ahli-1"):
            for case in centre.adjudication.work_list(expert):
                self.world.exercise(19)
                for who in (expert, f"op-{case.number[:4]}-1"):  # a recording operator may not, whatever they try
                    with suppress(AlreadyDecided, NotImpartial):
                        centre.adjudication.decide(case.packet_id, who, Outcome.SAME_PERSON)
