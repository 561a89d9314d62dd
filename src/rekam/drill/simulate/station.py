"""A station in the simulator: its real cores over its real encrypted store on a simulated disk: `StationSite`."""

import io
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, cast

import apsw

from rekam.drill.simulate.blank import blank_store
from rekam.drill.simulate.cast import Cast
from rekam.drill.simulate.counter import Visit, served
from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.network import Line
from rekam.drill.simulate.places import everything_stored, met, scrubbed
from rekam.drill.simulate.setting_up import SettingUp
from rekam.drill.simulate.vfs import file_system
from rekam.drill.simulate.witness import Witness
from rekam.drill.simulate.world import HOUR, World
from rekam.enrolment.identifiers import StationId
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.stick import MemoryStick
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.letters import Grant
from rekam.exchange.remembered import NumberTakenTwice, OlderThanKnown, RememberSource
from rekam.exchange.remote import Remote
from rekam.station.courier import station_courier
from rekam.station.devices.port import Device
from rekam.station.letter_rounds import LetterErrand
from rekam.station.opened import Opened
from rekam.station.ports import Ports
from rekam.station.recordings import Recording
from rekam.station.recovering import Bundle
from rekam.station.store import Identity, StationStore
from rekam.storage.errors import DiskFull, DiskReserveReached
from rekam.storage.scrub import ScrubBook
from rekam.storage.sqlite import open_encrypted
from rekam.trust.certificates import verify_chain
from rekam.trust.random import SystemRandom

__all__ = ["StationSite"]

_EVERY_S: Final = 42 * HOUR
_AFTER_FAILURE_S: Final = 8 * HOUR
_LETTERS_EVERY_S: Final = 110 * HOUR
_PURGE_EVERY_S: Final = 80 * HOUR
_RESERVE: Final = 64 * 1024
_RETENTION: Final = timedelta(days=4)


class StationSite:
    """One station's machine, its counter and its line. Somebody signs in after each start."""

    def __init__(
        self, world: World, cast_: Cast, station: StationId, line: Line, witness: Witness, *, disguise: str = "station"
    ) -> None:
        self.world, self._cast, self.id = world, cast_, station
        self.machine = Machine(world, f"{disguise}-{station}")
        self.machine.boot, self.machine.drop = self._boot, self._drop
        self.machine.removes = self._removed
        self.name = self.machine.name
        self.line, self._witness = line, witness
        self.quiet = False
        self._again_at = -1.0
        self.folder = Path(f"/station-{station}")
        self.vfs = file_system(f"rekam-{disguise}-{station}", self.machine.disk)
        self._setting_up: SettingUp | None = None
        self._set_back = False
        self._heard = 0
        self.here: Opened
        self._store: StationStore | None = None
        self.identity = cast_.identity(station)
        self.line.caller = self.identity.chain, tuple(verify_chain(self.identity.chain, cast_.trust))
        self.operator = cast_.staff(station.office, "operator", 1)
        self.supervisor = cast_.staff(station.office, "supervisor", 1)
        self._provisioned = False

    @property
    def database(self) -> Path:
        """Where the encrypted store lies."""
        return self.folder / "station.db"

    def take_over(self, other: "StationSite") -> None:
        """Its disk was copied here."""
        self._provisioned, self.identity, self.line.caller = True, other.identity, other.line.caller

    def set_back(self, image: dict[str, bytes], identity: Identity) -> None:
        """The disk is as it was when `image` was made, under that identity."""
        self.machine.stop(power=True)
        self.machine.disk.restore(image)
        self._set_back = True
        self._become(identity)

    def _become(self, identity: Identity) -> None:
        self.identity = identity
        self.line.caller = identity.chain, tuple(verify_chain(identity.chain, self._cast.trust))

    def install_anew(self, bundle: Bundle, *, readable: bool) -> None:
        """Other keys, an empty disk; what the old one had is carried over where it can be read."""
        old = self.machine.disk.image() if readable else {}
        self.machine.stop(power=True)
        self._setting_up = SettingUp(bundle, old, f"{self.id}", self._cast.store_key)
        self._become(bundle.identity)

    def _know_again(self) -> None:
        """After the disk was set back or is another: what it does not know any more, and what nobody has any more."""
        self._set_back = False
        known = {packet_id for (packet_id,) in self.here.store.rows("SELECT packet_id FROM recording")}
        for said in self._witness.of(self.name):
            if said.packet_id not in known:
                if self.owns(said.packet_id):
                    said.forgotten = True
                elif self._witness.lost(said):
                    self.world.tell(f"{said.number} is gone with its disk; visitor {said.visit.number} comes again")
                    self.world.later(HOUR, f"visitor {said.visit.number}", partial(self.visit, said.visit))

    def remembered(self, nonce: bytes, told: bytes = b"") -> bytes:
        """`RememberSource` over the line; what it could tell is noted."""
        word: bytes = self.line.desk("memory").remembered(nonce, told)
        office = f"office-{self.id.office}"
        self._heard = self._witness.highest_at(office, str(self.id), self.identity.epoch)
        return word

    def tell(self, report: bytes) -> bytes:
        """`LetterDesk` over the line; what it gave is noted."""
        word: bytes = self.line.desk("letters").tell(report)
        who = self.identity
        grant = Grant.read(word, who.office_certificate.signing, str(who.station), who.epoch, report)
        self._witness.numbered(str(self.id), who.epoch, f"office-{self.id.office}", grant.blocks)
        return word

    def _boot(self) -> None:
        self._heard = 0
        if self._setting_up is not None:
            self._setting_up.run(self.machine, self.database, self.vfs)
            self._setting_up, self._set_back, self._provisioned = None, True, True
        if not self._provisioned and str(self.database) not in self.machine.disk.files_now:
            self.machine.disk.put_back(str(self.database), blank_store(self._cast.store_key))
        connection = open_encrypted(self.database, self._cast.store_key, vfs=self.vfs.encrypted, exclusive=True)
        connection.pragma("wal_autocheckpoint", 200)
        try:
            self._store = StationStore(connection)
        except BaseException:
            with self.machine.disk.silent():
                connection.close()
            raise
        if not self._provisioned:
            self._store.provision(self.identity)
            self._provisioned = True
        self.here = Opened(self._ports(), self._store)
        if self._set_back:
            self._know_again()
        self.here.line.retry()
        self._again(self.world.chance.uniform(60.0, HOUR))
        self.world.recur(
            self.world.chance.uniform(0, _LETTERS_EVERY_S), f"{self.name}/letters", self._letters, self.machine
        )
        self.world.recur(
            self.world.chance.uniform(0, _PURGE_EVERY_S),
            f"{self.name}/purge",
            self._purge,
            self.machine,
        )

    def has(self, packet_id: str) -> bool:
        """Whether the packet's file is here."""
        return self.here.blobs.has(packet_id)

    def courier(self, stick: MemoryStick) -> Courier:
        """This station's, with a stick in its slot."""
        return station_courier(self.here, self.machine.clock, SystemRandom(), stick)

    def owns(self, packet_id: str) -> bool:
        """Whether its store knows the packet, so that the station offers it; an accepted one it may purge before."""
        row = (
            "SELECT 1 FROM recording WHERE packet_id = ?1 AND acceptance_receipt IS NULL"
            " UNION SELECT 1 FROM carried WHERE packet_id = ?1"
        )
        return self.machine.alive and self.here.store.row(row, (packet_id,)) is not None

    @property
    def scrub_book(self) -> ScrubBook:
        """What was found damaged."""
        return self.here.scrub_book

    def idle(self) -> bool:
        """Nothing waits, nothing is set aside or owed to the office, the feed is followed to its end."""
        here = self.here
        if not self.machine.alive or here.line.outbox.unsent()[0] or here.line.carried.unsent() or not self.quiet:
            return False
        return not (here.scrub_book.damaged() or here.line.offers.owed)

    def everything_stored(self) -> Iterator[tuple[str, bytes]]:
        """Files as they lie there, the encrypted store among them."""
        return everything_stored(self.machine.disk)

    def send_now(self) -> None:
        """Somebody presses the button."""
        if self.machine.alive:
            with self.world.on(self.machine, f"{self.name}/button"):
                self.here.line.retry()
                self.round()
                self._scrub()

    def _removed(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if folder.startswith(f"{self.folder}/packets/") and not folder.endswith("/partial"):
            self._witness.leaves(self.name, name)

    def _ports(self) -> Ports:
        return Ports(
            folder=self.folder,
            disk=self.machine.disk,
            clock=self.machine.clock,
            device=cast("Device", None),
            connect=lambda _identity: cast("Remote", self.line),
            fonts=Path("/fonts"),
            reserve_bytes=_RESERVE,
            retention=_RETENTION,
            random=SystemRandom(),
            scratch=io.BytesIO,
            remembers=lambda _identity: cast("RememberSource", self),
        )

    def _drop(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _again(self, delay_s: float) -> None:
        self.world.recur(delay_s, f"{self.machine.name}/line", self._round, self.machine)

    def _letters(self) -> None:
        """A loop of its own at a station: which numbers of letters it used, and which are its own."""
        here = self.here
        self.world.recur(_LETTERS_EVERY_S, f"{self.name}/letters", self._letters, self.machine)
        errand = LetterErrand(here.letters, self, self.identity, lambda: here.legal.now().at)
        met(self.world, self.name, errand.run_once)

    def _purge(self) -> None:
        here = self.here
        self.world.recur(_PURGE_EVERY_S, f"{self.name}/purge", self._purge, self.machine)
        met(self.world, self.name, lambda: here.purger.run_once(here.legal.now()))
        self._scrub()

    def _scrub(self) -> None:
        """What a loop of its own does at a station: read the packets again. Only found damage is read here twice."""
        met(self.world, self.name, lambda: scrubbed(self.world, self.name, self.here.scrubber))

    def _round(self) -> None:
        self._again(self.world.chance.uniform(0.8, 1.2) * _EVERY_S)
        self.round()

    def round(self) -> None:
        """The line's own round; after a failure it comes again sooner."""
        line = self.here.line
        moved = met(self.world, self.name, line.run_once)
        self.quiet = moved is False and line.state.trouble is None
        if moved and line.state.more:
            self.world.later(0.0, f"{self.machine.name}/line", self.round, self.machine)
        if (moved is None or line.state.trouble is not None) and self._again_at < self.world.now:
            pause = _AFTER_FAILURE_S * self.world.pace
            self._again_at = self.world.now + pause
            self.world.later(pause, f"{self.machine.name}/line", self.round, self.machine)

    def visit(self, visit: Visit) -> None:
        """Somebody comes; while the machine is away they come again later."""
        served = False
        try:
            if self.machine.alive:
                with self.world.on(self.machine, f"{self.name}/counter"):
                    served = self._record(visit)
        finally:
            if not served:
                self.world.later(
                    self.world.chance.uniform(1, 8) * HOUR, f"visitor {visit.number}", partial(self.visit, visit)
                )

    def _record(self, visit: Visit) -> bool:
        here = self.here
        try:
            self._require()
            here.blobs.check_reserve()
            found = served(here, visit, self.operator, self.supervisor, self._witness.visitors)
        except (OlderThanKnown, NumberTakenTwice, SenderRevoked) as old:
            self.world.tell(f"{self.machine.name} sends visitor {visit.number} away: {old.code}")
            self.world.exercise(5)
            return False
        except (DiskReserveReached, DiskFull, OSError, apsw.Error) as full:
            self.world.tell(f"{self.machine.name} refuses visitor {visit.number}: {type(full).__name__}")
            self.world.exercise(15)
            return False
        if found is None:
            self.world.tell(f"{self.machine.name} has a half-done sitting under visitor {visit.number}'s number")
            return False
        self._saved(visit, found.recording, again=found.again)
        return True

    def _require(self) -> None:
        """As `Station` asks before each sitting and each seal."""
        self.here.past.require()

    def _saved(self, visit: Visit, recording: Recording, *, again: bool) -> None:
        """The screen says so, and the visitor goes home with the proof."""
        self._witness.says_saved(
            self.machine.name, visit, recording, self.here.legal.now(), again=again, heard=self._heard
        )
        self.world.tell(f"{self.machine.name} saved {recording.number} {recording.packet_id[:8]}")
        self.world.later(2.0, f"{self.machine.name}/line", self.round, self.machine)
