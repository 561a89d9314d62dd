"""How long a saving waits while corrected biodata are taken over, at a station with 100,000 residents.

    python -m bench.corrections [--residents N] [--corrections N] [--json]

Half of the corrections change the name, so that the index of names changes with them. A second thread writes a row in a
transaction of its own every few milliseconds, as a saving would, and notes how long it waited for the store. CPU times
are this process's (what a quiet machine of this class needs), waits are wall time (whatever else ran).
"""

import argparse
import json
import logging
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from bench.big_station import big_station

from rekam.enrolment.biodata import Biodata
from rekam.exchange.corrections import CORRECTION, PAGE, PARCEL, Correction, corrections_feed
from rekam.exchange.feed import Batch, Entry, seal_batch
from rekam.exchange.signed_correction import sign_correction
from rekam.packet.parcel import seal_parcel
from rekam.station.station import Station
from rekam.trust import keyfile
from rekam.trust.keys import SigningKey
from rekam.trust.random import SystemRandom

LIFE = "bench"


def parcels(station: Station, people: list[Biodata], office: SigningKey) -> list[bytes]:
    """As the office makes them."""
    made, key = [], station.here.corrections.question().key
    feed = corrections_feed(str(station.here.identity.station), LIFE)
    for first in range(0, len(people), PAGE):
        entries = tuple(
            Entry(n, CORRECTION, sign_correction(Correction(n, changed(person, n)), office))
            for n, person in enumerate(people[first : first + PAGE], first + 1)
        )
        signed = seal_batch(Batch(feed, 1_800_000_000_000, entries), office)
        made.append(seal_parcel(signed, kind=PARCEL, recipient=key, signer=office, random=SystemRandom()))
    return made


def changed(person: Biodata, n: int) -> Biodata:
    return replace(person, name=f"{person.name} PUTRA") if n % 2 else replace(person, address=f"JL. BARU NO. {n}")


class Saver(threading.Thread):
    """Writes again and again, and notes its waits in milliseconds."""

    def __init__(self, station: Station) -> None:
        super().__init__(daemon=True)
        self._store, self.waits, self.done = station.here.store, [], threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.005):
            began = time.perf_counter()
            with self._store.tx() as tx:
                self.waits.append(1000 * (time.perf_counter() - began))
                tx.execute("INSERT INTO setting VALUES ('bench', x'00') ON CONFLICT DO UPDATE SET value = value")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--corrections", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        on = datetime.now(UTC).date()
        with big_station(Path(folder), on, residents=given.residents, recordings=0) as (station, _):
            (keys,) = Path(folder).rglob("office-3174.keys")
            step = max(1, given.residents // given.corrections)
            niks = [nik for (nik,) in station.here.store.rows("SELECT nik FROM resident ORDER BY nik")]
            people = station.here.residents.among(niks[::step][: given.corrections])
            sealed = parcels(station, people, SigningKey(keyfile.load(keys)["signing"]))
            saver, cpu, taken = Saver(station), [], 0
            saver.start()
            began = time.perf_counter()
            for parcel in sealed:
                busy = time.thread_time()
                taken += station.here.corrections.take(parcel)
                cpu.append(1000 * (time.thread_time() - busy))
            wall = time.perf_counter() - began
            saver.done.set()
            saver.join()
    waits = sorted(saver.waits)
    told = {
        "corrections": taken,
        "batches": len(sealed),
        "kilobytes": round(sum(map(len, sealed)) / 1000),
        "cpu_s": round(sum(cpu) / 1000, 2),
        "wall_s": round(wall, 2),
        "batch_cpu_ms_median": round(sorted(cpu)[len(cpu) // 2], 1),
        "batch_cpu_ms_most": round(max(cpu), 1),
        "waits": len(waits),
        "wait_ms_median": round(waits[len(waits) // 2], 1),
        "wait_ms_p95": round(waits[int(0.95 * len(waits))], 1),
        "wait_ms_most": round(waits[-1], 1),
    }
    print(json.dumps(told) if given.json else "\n".join(f"{name:22} {value}" for name, value in told.items()))


if __name__ == "__main__":
    main()
