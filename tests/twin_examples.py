"""A centre and its recovery twin as real processes, an office that sends packets and follows its feed, and what it was
promised.
"""

import io
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from centre_examples import CENTRE, COUNTRY, OFFICE, SECRETS, STATION
from patience import PATIENCE_S
from rekam.apps.place_file import write_place
from rekam.centre.twin.pairing import Mode, Pairing, Standing
from rekam.drill.country import PlaceProcess
from rekam.drill.ports import free_port
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.centre_addresses import CentreAddresses
from rekam.exchange.feed import FeedFollower, office_feed
from rekam.exchange.generation import FiledGeneration
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryFeedSink
from rekam.exchange.log import log_key
from rekam.exchange.machine_trust import machine_trust
from rekam.exchange.remote import RemoteFeed
from rekam.packet.header import FIRST_PREVIOUS
from rekam.packet.seal import seal
from rekam.storage.pool import connect_pool
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note
from rekam.trust.log.tiles import BUNDLE, Tile, unbundled
from rekam.trust.random import SystemRandom

_STATION_KEY = OFFICE.station(STATION, "Tebet")
FEED = office_feed("3174")


def make_machine(folder: Path) -> Path:
    """What an official brings to a machine of the centre: `place.json`, and the key file beside the data folder."""
    facts = {
        "place": "centre",
        "name": "Pusat Data Kependudukan",
        "root": COUNTRY.root.public.to_bytes(),
        "chain": CENTRE.chain,
        "offices": [list(OFFICE.holder.chain)],
        "staff": [],
    }
    write_place(folder, facts)
    keys = folder.with_name(f"{folder.name}.keys")
    if not keys.exists():
        keyfile.save(keys, SECRETS)
    return keys


@dataclass
class Pair:
    """Two machines; the first is the centre to begin with."""

    folder: Path

    def __post_init__(self) -> None:
        self.offices: list[SendingOffice] = []
        self.ports = (free_port(), free_port())
        self.replication = (free_port(), free_port())
        self.centre = self._place("one", 0, ("centre",))
        self.twin = self._place("two", 1, ("centre", "twin", "--of", self.url(0)))

    def url(self, which: int) -> str:
        return f"http://127.0.0.1:{self.ports[which]}"

    def _place(self, name: str, which: int, arguments: tuple[str, ...]) -> PlaceProcess:
        data = self.folder / name
        keys = make_machine(data)
        held = ("--data", str(data), "--keys", str(keys), "--replicate-on", f"127.0.0.1:{self.replication[which]}")
        return PlaceProcess(name, (*arguments, *held), self.ports[which], self.folder / f"{name}.log")

    def as_twin_of_two(self) -> PlaceProcess:
        """The machine that was the centre, started as the twin of the other."""
        return self._place("one", 0, ("centre", "twin", "--of", self.url(1)))

    def command(self, *arguments: str, name: str = "two", keys: bool = True) -> subprocess.CompletedProcess[str]:
        data = self.folder / name
        held = ("--data", str(data), *(("--keys", str(data.with_name(f"{name}.keys"))) if keys else ()))
        return subprocess.run(
            [sys.executable, "-m", "rekam.apps.cli", "centre", *arguments, *held],
            check=False,
            capture_output=True,
            text=True,
            env=os.environ,
            timeout=PATIENCE_S,
        )

    def promote(self, *flags: str) -> dict[str, object]:
        """What `rekam centre promote --json` says; its failure fails the test."""
        done = self.command("promote", "--because", "pusat data padam", "--json", *flags)
        assert done.returncode == 0, done.stdout + done.stderr
        return dict(json.loads(done.stdout))

    def standing(self, which: int = 0) -> Standing:
        """How that machine stands with the other, asked in its own database."""
        held = (self.folder / ("one", "two")[which] / "database.dsn").read_text()
        pool = connect_pool(held, max_size=1)
        try:
            return Pairing(pool).standing()
        finally:
            pool.close()

    def await_paired(self, which: int = 0, seconds: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + seconds
        while self.standing(which).mode is not Mode.PAIRED:
            assert time.monotonic() < deadline, self.standing(which)
            time.sleep(0.1)

    def office(self) -> "SendingOffice":
        """Stopped with the pair."""
        self.offices.append(SendingOffice(self))
        return self.offices[-1]

    def stop(self) -> None:
        for office in self.offices:
            office.stop()
        self.centre.kill()
        self.twin.kill()


@dataclass
class SendingOffice:
    """Sends packets one after another from a thread of its own and follows its feed, at whichever machine answers.

    `receipts`: what it was promised; `applied`: entries of the feed in order. Any refusal that a healthy country never
    sees is noted in `alarms`; `refused` counts those that it does see, and answers that did not come.
    """

    pair: Pair
    size: int = 20_000
    receipts: dict[str, bytes] = field(default_factory=dict)
    salts: dict[str, bytes] = field(default_factory=dict)
    packets: dict[str, bytes] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        held = FiledGeneration(self.pair.folder / f"generation-{id(self)}", CENTRE.key.public)
        self.held = held
        self.client = httpx.Client(
            transport=CentreAddresses(
                [self.pair.url(0), self.pair.url(1)], held, httpx.HTTPTransport(verify=machine_trust())
            ),
            timeout=20,
        )
        self.remote = HttpRemote(
            self.pair.url(0),
            place="pusat",
            key=OFFICE.holder.key,
            chain=OFFICE.holder.chain,
            clock=SystemClock(),
            client=self.client,
        )
        self.applied: list[tuple[int, str]] = []
        self.sink = InMemoryFeedSink(lambda _state, entry: self.applied.append((entry.n, entry.kind)))
        self.follower = FeedFollower(FEED, RemoteFeed(self.remote), self.sink, CENTRE.key.public)
        self._sequence, self._previous = 0, FIRST_PREVIOUS
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def sealed(self) -> str:
        """The next packet, which no stage can make sense of: stages are not what is looked at here."""
        self._sequence += 1
        out = io.BytesIO()
        made = seal(
            [SystemRandom().bytes(self.size)],
            number=PacketNumber(STATION, 1, self._sequence),
            previous=self._previous,
            signer=_STATION_KEY.key,
            recipient=CENTRE.opening.public,
            stamp=SystemClock().stamp(),
            random=SystemRandom(),
            out=out,
        )
        self._previous = bytes.fromhex(made.packet_id)
        self.packets[made.packet_id], self.salts[made.packet_id] = out.getvalue(), made.header.salt
        return made.packet_id

    def send(self, packet_id: str) -> bytes:
        """Until there is a receipt, as an office's relay does."""
        while not self._stop.is_set():
            with suppress(RekamError):
                lacked = self.remote.lacking([packet_id])
                if packet_id in lacked and lacked[packet_id] < len(self.packets[packet_id]):
                    self.remote.append(packet_id, lacked[packet_id], self.packets[packet_id][lacked[packet_id] :])
                receipt = self.remote.complete(packet_id, _STATION_KEY.chain)
                known = self.receipts.setdefault(packet_id, receipt)
                if known != receipt:
                    self.alarms.append(f"two receipts for {packet_id}")
                return receipt
            self.refused += 1
            time.sleep(0.05)
        raise RuntimeError("stopped")

    def follow(self) -> None:
        try:
            self.follower.run_once()
        except RekamError as error:
            if error.code in {"FeedWentBack", "FeedGap", "FeedUnreadable", "FeedFromAnother"}:
                self.alarms.append(str(error))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=PATIENCE_S)
        self.client.close()

    def _run(self) -> None:
        with suppress(RuntimeError):
            while not self._stop.is_set():
                self.send(self.sealed())
                self.follow()
                time.sleep(0.02)

    def await_receipts(self, count: int, seconds: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + seconds
        while len(self.receipts) < count:
            assert time.monotonic() < deadline, f"{len(self.receipts)} of {count} receipts"
            time.sleep(0.02)


def entries_of_the_log(url: str) -> tuple[Checkpoint, list[bytes]]:
    """The public log as anybody reads it at `url`."""
    told = httpx.get(f"{url}/log/checkpoint", timeout=PATIENCE_S, verify=machine_trust())
    checkpoint = Checkpoint.of(Note.parse(told.text), log_key(CENTRE.key.public))
    entries: list[bytes] = []
    while len(entries) < checkpoint.size:
        width = min(256, checkpoint.size - len(entries))
        tile = Tile(BUNDLE, len(entries) // 256, width)
        entries += unbundled(httpx.get(f"{url}/log/{tile.path}", timeout=PATIENCE_S, verify=machine_trust()).content)
    return checkpoint, entries
