"""An office in the simulator: the real composition over a simulated database, disk and clock: `OfficeSite`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from rekam.drill.simulate.cast import Cast
from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.network import Caller, Line
from rekam.drill.simulate.places import everything_stored, met, scrubbed
from rekam.drill.simulate.reached import Reached, office_reached
from rekam.drill.simulate.world import HOUR, World
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.stick import MemoryStick
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.held import HeldSource
from rekam.exchange.inbox import Inbox
from rekam.exchange.log import LogSource
from rekam.exchange.pg.register import PgRegister
from rekam.exchange.remote import Remote
from rekam.exchange.statements import StatementRemote
from rekam.exchange.witness import CosignatureTaker
from rekam.office.courier import office_courier
from rekam.office.issuing import Issuing
from rekam.office.keys import OfficeKeys
from rekam.office.log_watch import LogLine
from rekam.office.office import TABLES, Office
from rekam.office.ports import Ports
from rekam.office.rebuild import Rebuild
from rekam.office.recovery import Recoveries
from rekam.office.relay import OfficeRelay
from rekam.office.station_setup import OfficeSetup
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_pg.server import MemoryPostgres
from rekam.storage.memory_pg.tables import Image
from rekam.storage.pool import Pool
from rekam.storage.scrub import ScrubBook
from rekam.trust.certificates import verify_chain
from rekam.trust.random import SystemRandom

__all__ = ["OfficeImage", "OfficeSite"]

_EVERY_S: Final = 30 * HOUR
_LOOK_EVERY_S: Final = 170 * HOUR
_AFTER_FAILURE_S: Final = 5 * HOUR


@dataclass(frozen=True)
class OfficeImage:
    """A backup of an office's server."""

    files: dict[str, bytes]
    tables: Image


class OfficeSite:
    """One office's machine, database server and relay."""

    def __init__(self, world: World, cast_: Cast, office: str, to_centre: Line) -> None:
        self.world, self._cast, self.id = world, cast_, office
        self.machine = Machine(world, f"office-{office}")
        self.machine.boot, self.machine.drop = self._boot, self._drop
        self.database = MemoryPostgres(*TABLES, now=self.machine.clock.wall, random=world.draw, at=self._at)
        self.line = to_centre
        chain = cast_.offices[office].chain
        self.line.caller = chain, tuple(verify_chain(chain, cast_.trust))
        self.name = self.machine.name
        self.office: Office
        self.relay: OfficeRelay
        self.recoveries: Recoveries
        self.setup: OfficeSetup | None = None
        self.reserve = 0
        self.quiet = False
        self._again_at = -1.0
        self.older = False
        """Its disk was put back to an older image, and nobody has rebuilt it since."""
        self._rebuilds = self._begun = self._told = False
        self._lives: set[int] = set()

    @property
    def pool(self) -> Pool:
        """The database as the product takes it."""
        return cast("Pool", self.database)

    def remote(self, caller: Caller) -> Reached:
        """As stations reach it."""
        if self._rebuilds:
            raise RemoteUnreachable(place=self.name, reason="connection refused")
        return office_reached(self.office, caller)

    @property
    def inbox(self) -> Inbox:
        """What takes packets in."""
        return self.office.inbox

    @property
    def register(self) -> PgRegister:
        """What is recorded."""
        return self.office.register

    @property
    def packets(self) -> BlobStore:
        """Where they lie."""
        return self.office.packets

    @property
    def scrub_book(self) -> ScrubBook:
        """What was found damaged."""
        return self.office.scrub_book

    def idle(self) -> bool:
        """Nothing waits, nothing is set aside, owed or damaged, the feed is followed, all is said and witnessed."""
        office = self.office
        if not self.machine.alive or office.backlog().packets or not self.quiet or office.statements.waiting(1):
            return False
        self.look()
        return not (office.scrub_book.damaged() or office.upward.owed) and office.log_watch.watched.problem is None

    def courier(self, stick: MemoryStick) -> Courier:
        """This office's, with a stick in its slot."""
        return office_courier(self.office, stick, SystemRandom())

    def everything_stored(self) -> Iterator[tuple[str, bytes]]:
        """Files and database as they lie there."""
        return everything_stored(self.machine.disk, self.database)

    def send_now(self) -> None:
        """Somebody presses the button."""
        if self.machine.alive:
            with self.world.on(self.machine, f"{self.name}/button"):
                self.office.upward.retry()
                self.round()

    def _at(self, point: str) -> None:
        machine, world = self.machine, self.world
        if world.overlaps or not machine.calm:  # else neither could do anything, thousands of times
            machine.amid(point)

    def _boot(self) -> None:
        held, office = self._cast, self._cast.offices[self.id]
        if office.opening is None:
            raise ValueError(self.id)
        document = held.documents[self.id]
        self.office = Office(
            Ports(
                pool=self.pool,
                folder=Path(f"/{self.machine.name}"),
                disk=self.machine.disk,
                clock=self.machine.clock,
                keys=OfficeKeys(office.key, office.opening, held.data, document.key),
                chain=office.chain,
                centre_chain=held.centre.chain,
                document_chain=document.chain,
                root=held.trust,
                town="Jakarta Selatan",
                remote=cast("Remote", self.line),
                statements=cast("StatementRemote", self.line.desk("statements")),
                log=LogLine(
                    cast("LogSource", self.line.desk("log")), cast("CosignatureTaker", self.line.desk("cosignatures"))
                ),
                reserve=self.reserve,
                fonts=Path("/fonts"),
            )
        )
        issuing = Issuing(
            lambda: self.setup,
            BlobStore(self.office.folder / "recovery", self.machine.disk),
            self.office.fences,
            key=office.key,
            chain=office.chain,
            centre_chain=held.centre.chain,
            root=held.trust,
            random=SystemRandom(),
        )
        self.recoveries = Recoveries(
            self.pool,
            issuing,
            self.office.withdrawals,
            self.office.fences,
            SystemRandom(),
            may_give=self.office.past.require,
        )
        self.relay = self.office.relay
        if self._rebuilds:
            met(self.world, self.name, self._rebuild)
            self._rebuilds = False
        self._again(60.0)
        self.world.recur(self.world.chance.uniform(0, _LOOK_EVERY_S), f"{self.name}/look", self._look, self.machine)

    def image(self) -> OfficeImage:
        """Copies of its disk and its database, made in the same moment."""
        return OfficeImage(self.machine.disk.image(), self.database.image())

    def set_back(self, image: OfficeImage) -> None:
        """Such copies take their place, and it starts as if nothing had been."""
        self.machine.stop(power=True)
        self.machine.disk.restore(image.files)
        self.database.put_back(image.tables)
        self.older, self._begun, self._told = True, False, False

    @property
    def noticed(self) -> bool:
        """Whether it says itself that it was put back, or is being rebuilt for it."""
        with self.world.standstill():
            found = self.office.past.found()
        if found is not None and not self._told:
            self._told = True
            said = f"{found.what} {found.told}, here {found.own}, by {found.teller}"
            self.world.tell(f"{self.name} notices that it is older than its word: {said}")
            self.world.exercise(5)
        return found is not None or self._begun

    @property
    def unaware(self) -> bool:
        """Whether it serves from an older image and does not know it."""
        return self.older and not self.noticed

    def rebuild(self) -> None:
        """`rekam office rebuild`, which serves nobody meanwhile; broken off, it goes on where it was."""
        self._rebuilds = True
        self.machine.restart()

    def _rebuild(self) -> None:
        held = cast("HeldSource", self.line.desk("held"))
        rebuild = Rebuild(self.office, held)
        if not self._begun or rebuild.proved_again:
            rebuild.begin()
            self._begun, life = True, self.office.past.extent().life
            if life in self._lives:
                self.world.violated(5, f"{self.name} began life {life} a second time")
            self._lives.add(life)
        done = rebuild.run(lambda _step, _done: None)
        self.world.tell(f"{self.name} is rebuilt: {done.packets} packets, missing {done.missing}, {done.refused}")
        self.older = self._begun = not done.whole

    def _drop(self) -> None:
        self.database.crash()

    def _again(self, delay_s: float) -> None:
        self.world.recur(delay_s, f"{self.machine.name}/relay", self._round, self.machine)

    def _round(self) -> None:
        self._again(self.world.chance.uniform(0.8, 1.2) * _EVERY_S)
        self.round()

    def round(self) -> None:
        """The relay's own round; after a failure it comes again sooner."""
        done = met(self.world, self.name, self.relay.run_once)
        self.quiet = done is not None and done.moved == 0 and done.problem is None
        if done is not None and done.more and done.moved:
            self.world.later(0.0, f"{self.machine.name}/relay", self.round, self.machine)
        if (done is None or done.problem is not None) and self._again_at < self.world.now:
            pause = _AFTER_FAILURE_S * self.world.pace
            self._again_at = self.world.now + pause
            self.world.later(pause, f"{self.machine.name}/relay", self.round, self.machine)

    def _look(self) -> None:
        self.world.recur(_LOOK_EVERY_S, f"{self.name}/look", self._look, self.machine)
        self.look()

    def look(self) -> None:
        """What loops of their own do at an office: read packets again, watch the public log."""
        met(self.world, self.name, lambda: scrubbed(self.world, self.name, self.office.scrubber))
        met(self.world, self.name, self.office.log_watch.run_once)

    def wake(self) -> None:
        """A packet has come."""
        self.world.later(3.0, f"{self.machine.name}/relay", self.round, self.machine)
