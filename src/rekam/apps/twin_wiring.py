"""The centre's side of its pair, wired: gate, attendant, and what a twin asks of it."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import structlog
from fastapi import FastAPI

from rekam.apps.place_file import chain_of, read_place
from rekam.centre.centre import PLACE, Centre
from rekam.centre.twin.attendant import Attendant, Seen
from rekam.centre.twin.far import Bond
from rekam.centre.twin.fence import Fence
from rekam.centre.twin.gate import Gate
from rekam.centre.twin.generations import Generations
from rekam.centre.twin.joining import Joining
from rekam.centre.twin.pairing import Pairing
from rekam.centre.twin.serving import Machine, centre_side
from rekam.exchange.generation import Generation
from rekam.storage.pool import connect_pool
from rekam.storage.replication import Address, synchronous
from rekam.trust import keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey

__all__ = ["Pair", "bond_of", "let_no_commit_wait", "paired", "replication_password"]

_GOODBYE_S = 0.5
log = structlog.get_logger()


def replication_password(keys_file: Path) -> str:
    """What a twin copies the database with: both machines derive it from the key file they share."""
    return DataKey(keyfile.load(keys_file)["data"]).subkey("twin/replication").hex()


def bond_of(folder: Path, keys_file: Path) -> Bond:
    """The centre's key and certificates, as both machines hold them."""
    key = SigningKey(keyfile.load(keys_file)["signing"])
    return Bond.of(key, chain_of(read_place(folder, "centre")["chain"]), SystemClock())


def let_no_commit_wait(dsn: str) -> None:
    """At the start nothing waits for a twin that may be away; the attendant turns that on when it is there, and until
    then the gate keeps everything in.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone() == (True,):
            synchronous(connection, wanted=False)


@dataclass(frozen=True)
class Pair:
    """The centre's side of the pair; `attach` puts it around and into the web application."""

    pairing: Pairing
    attendant: Attendant
    machine: Machine
    joining: Joining
    generation: Generation

    def attach(self, app: FastAPI) -> None:
        app.add_middleware(
            Gate,
            pairing=self.pairing,
            generation=self.generation,
            key=self.machine.key,
            superseded=self.joining.give_way,
        )
        app.include_router(centre_side(self.machine, self.joining))

    def seen(self) -> Seen:
        return self.attendant.seen


@contextmanager
def paired(centre: Centre, keys_file: Path, dsn: str, replicate_on: Address | None) -> Iterator[Pair]:
    """Looks after the twin for as long as the block lasts, on connections of its own: those of the others may all be
    waiting for the twin.
    """
    bond, pool = bond_of(centre.folder, keys_file), connect_pool(dsn, max_size=6)
    try:
        pairing, generation = Pairing(pool), Generations(pool).founded()
        Fence(centre.folder).serves_as(generation)
        joining = Joining(
            pool,
            pairing,
            centre.folder,
            dsn,
            generation=generation,
            replicate_on=replicate_on,
            password=replication_password(keys_file),
            gave_way=_end,
        )
        machine = Machine("centre", PLACE, bond.key, centre.root, lambda: generation)
        attendant = Attendant(pool, pairing, bond, centre.stores, generation, joining.give_way)
        attendant.start()
        try:
            yield Pair(pairing, attendant, machine, joining, generation)
        finally:
            attendant.stop()
    finally:
        pool.close()


def _end() -> None:
    """This process ends itself, as Ctrl-C would end it, once the answer at hand has left."""
    log.error("another centre took over: this one ends")
    threading.Timer(_GOODBYE_S, os.kill, (os.getpid(), signal.SIGINT)).start()
