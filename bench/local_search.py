"""The search of a station over its own recordings: seconds, memory, and whom it finds.

    python -m bench.local_search --people 100000 [--probes 40] [--processes 2] [--folder DIR] [--light]
    python -m bench.local_search --oracle 1500 [--probes 40]

The first fills a real, encrypted store with templates of people who do not exist (ten fingers, two irises each), opens
it as the station does, loads it and searches it. Beyond --distinct people, drawing is too slow: each further one is put
together of the irises and fingers of several. With --light these have rows of their own, but the templates of one of
those drawn, which takes a tenth of the time; whom the shortlist names is compared in full all the same. Rows
are packed 2,048 at a time, so with fewer --distinct than that they would pack better than people do. The second
holds the shortlist against the exhaustive search, on probes with flaws: whom the exhaustive search finds and this one
does not is missed.
"""

import argparse
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import cbor2
import numpy as np
from numpy.typing import NDArray

import rekam.apps.station_place  # noqa: F401 - all that a station's process holds, for its memory
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.kinds import edition, joined
from rekam.abis.search import search
from rekam.abis.shortlist import ROW, ROW_VERSION, Shortlist, row_of
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS
from rekam.abis.synthetic.templates import TemplatePerson
from rekam.abis.template_set import TemplateSet
from rekam.station.second_recording import SecondRecording
from rekam.station.store import StationStore
from rekam.storage.sqlite import open_encrypted

KEY, AT_ONCE, PACKED = bytes(range(32)), 200, 2048
Change = Callable[[TemplateSet], TemplateSet]


def only(*slots: str) -> Change:
    return lambda probe: TemplateSet({slot: probe[slot] for slot in slots})


def moved(by: int, among: tuple[str, ...] = FINGER_SLOTS) -> Change:
    def change(probe: TemplateSet) -> TemplateSet:
        slots = {slot: among[(at + by) % len(among)] for at, slot in enumerate(among)}
        return TemplateSet({slots.get(slot, slot): template for slot, template in probe.items()})

    return change


def after(*changes: Change) -> Change:
    def change(probe: TemplateSet) -> TemplateSet:
        for one in changes:
            probe = one(probe)
        return probe

    return change


FINGERS = only(*FINGER_SLOTS)
FLAWS: Mapping[str, Change] = {
    "everything": lambda probe: probe,
    "ten fingers": FINGERS,
    "two irises": only(*IRIS_SLOTS),
    "one iris": only("iris-2"),
    "irises swapped, no finger": after(only(*IRIS_SLOTS), moved(1, IRIS_SLOTS)),
    "hands swapped, no iris": after(FINGERS, moved(5)),
    "fingers shifted by one, no iris": after(FINGERS, moved(1)),
    "right hand, no iris": only(*FINGER_SLOTS[:5]),
    "both index fingers and thumbs": only("finger-1", "finger-2", "finger-6", "finger-7"),
    "both index fingers": only("finger-2", "finger-7"),
    "one little finger": only("finger-5"),
}


def parts(seeds: range) -> list[tuple[str, dict[str, bytes]]]:
    """Kinds, and the templates of each slot."""
    made = []
    for seed in seeds:
        templates = TemplatePerson(seed).recording(SLOTS)
        made.append((edition(joined({}, templates)), {slot: one.to_bytes() for slot, one in templates.items()}))
    return made


def combined(drawn: list[tuple[str, dict[str, bytes]]], person: int) -> TemplateSet:
    """The first people as they were drawn; each later one has the irises of one of them and ten others' fingers."""
    lap = person // len(drawn)
    whose = {slot: person + lap * (1 if at < len(IRIS_SLOTS) else 101 + 13 * at) for at, slot in enumerate(SLOTS)}
    slots = {slot: drawn[at % len(drawn)][1][slot] for slot, at in whose.items()}
    return TemplateSet.from_bytes(cbor2.dumps([1, slots]))


def fill(database: Path, key: bytes, people: int, distinct: int, processes: int, light: bool) -> None:  # noqa: FBT001
    """As `Saving` and `SecondRecording` leave it, but for images and receipts."""
    store = StationStore(open_encrypted(database, key))
    store.put_setting("shortlist", str(ROW_VERSION).encode())
    first = min(distinct, people)
    tasks = [range(at, min(at + AT_ONCE, first)) for at in range(0, first, AT_ONCE)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        drawn = [one for part in pool.imap(parts, tasks) for one in part]
    rows = np.zeros(first, ROW)
    whole = [TemplateSet.from_bytes(cbor2.dumps([1, slots])).to_bytes() for _, slots in drawn] if light else []
    for begin in range(0, people, AT_ONCE):
        with store.tx() as tx:
            for person in range(begin, min(begin + AT_ONCE, people)):
                packet_id = f"{person:064x}"
                templates = combined(drawn, person) if person < first or not light else None
                stored = templates.to_bytes() if templates else whole[person % first]
                if person < first and templates:
                    rows[person] = np.frombuffer(row_of(templates), ROW)[0]
                tx.execute(
                    "INSERT INTO recording (packet_id, number, sequence, sitting_id, nik, name, operator, saved_at,"
                    " salt, size, summary, status, status_at) VALUES (?, ?, ?, ?, ?, '', '', '', ?, 0, ?, '', '')",
                    (packet_id, f"n{person}", person, packet_id, f"{person:016}", bytes(32), bytes(5_000)),
                )
                tx.execute("INSERT INTO template VALUES (?, ?)", (packet_id, stored))
                tx.execute(
                    "INSERT INTO shortlist (packet_id, kinds, row) VALUES (?, ?, ?)",
                    (packet_id, drawn[0][0], recombined(rows, person)),
                )
    store.close()


def recombined(rows: NDArray[np.void], person: int) -> bytes:
    """The row of `combined`, without making its sketches again."""
    lap, first = person // len(rows), len(rows)
    row = rows[(person + lap) % first].copy()
    for finger in range(len(FINGER_SLOTS)):
        row["fingers"][finger] = rows["fingers"][(person + lap * (101 + 13 * (finger + 2))) % first, finger]
    return row.tobytes()


@dataclass
class Sitter:
    """As much of a sitting as the search looks at."""

    sitting_id: str
    nik: str
    captures: Mapping[str, SimpleNamespace]

    @classmethod
    def of(cls, probe: TemplateSet) -> "Sitter":
        single = {slot: TemplateSet({slot: template}).to_bytes() for slot, template in probe.items()}
        return cls("one", "", {slot: SimpleNamespace(template=stored) for slot, stored in single.items()})


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def whole(people: int, distinct: int, probes: int, processes: int, folder: Path | None, *, light: bool) -> None:
    place = Path(tempfile.mkdtemp(prefix="rekam-bench-", dir=folder))
    try:
        began = time.perf_counter()
        filling = multiprocessing.get_context("spawn").Process(
            target=fill, args=(place / "station.db", KEY, people, distinct, processes, light)
        )
        filling.start()
        filling.join()
        size = (place / "station.db").stat().st_size
        print(f"{people:,} people drawn in {time.perf_counter() - began:.0f} s, store {size / 1e6:.0f} MB", flush=True)
        store, before = StationStore(open_encrypted(place / "station.db", KEY)), resident_mb()
        waited, worked, longest = time.perf_counter(), time.process_time(), 0.0
        with ThreadPoolExecutor(2) as pool:
            second = SecondRecording(store, pool.map)
            while True:
                step = time.perf_counter()
                if not second.step():
                    break
                longest = max(longest, time.perf_counter() - step)
            print(
                f"loaded in {time.perf_counter() - waited:.1f} s, {time.process_time() - worked:.1f} s of processor,"
                f" no step above {1000 * longest:.0f} ms; {ROW.itemsize} bytes a person"
            )
            for name in ("ten fingers", "everything"):
                searched(second, name, min(people, distinct), probes)
        print(f"memory of the process: {before:.0f} MB before loading, {resident_mb():.0f} MB after", flush=True)
    finally:
        shutil.rmtree(place)


def searched(second: SecondRecording, name: str, people: int, probes: int) -> None:
    waited, worked, found, others = [], [], 0, 0
    for seed in range(0, people, max(people // probes, 1)):
        sitter = Sitter.of(FLAWS[name](TemplatePerson(seed).recording(SLOTS, 1)))
        wall, process = time.perf_counter(), time.process_time()
        numbers = second.numbers(sitter) or ()  # type: ignore[arg-type]  # all that the search looks at
        waited.append(time.perf_counter() - wall)
        worked.append(time.process_time() - process)
        found += f"n{seed}" in numbers
        others += len(set(numbers) - {f"n{seed}"})
    print(
        f"{name}: {np.median(waited):.2f} s waited (most {max(waited):.2f}), {np.median(worked[1:]):.2f} s of processor"
        f" time; own record found {found} of {len(waited)}, others named {others}",
        flush=True,
    )


def oracle(people: int, probes: int) -> None:
    everybody, shortlist, sets = MemoryGallery(), Shortlist(), []
    for seed in range(people):
        sets.append(TemplatePerson(seed).recording(SLOTS))
        everybody.append(seed.to_bytes(16, "big"), sets[-1])
        shortlist.add(row_of(sets[-1]))
    print(f"{people} people, {probes} probes each: own record found exhaustively, by the shortlist; missed; named")
    for name, change in FLAWS.items():
        both = [0, 0, 0]
        named = []
        for seed in range(probes):
            probe, own = change(TemplatePerson(seed).recording(SLOTS, 1)), seed.to_bytes(16, "big")
            likeliest = MemoryGallery()
            rows = shortlist.likeliest(probe)
            for row in rows:
                likeliest.append(row.to_bytes(16, "big"), sets[row])
            exhaustive = {each.id for each in search(probe, everybody)}
            quick = {each.id for each in search(probe, likeliest, among=people)} if rows else set()
            both[0] += own in exhaustive
            both[1] += own in quick
            both[2] += len(exhaustive - quick)
            named.append(len(rows))
        print(f"{name}: {both[0]}, {both[1]}; missed {both[2]}; named {np.mean(named):.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="The search of a station over its own recordings")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--distinct", type=int, default=20_000)
    parser.add_argument("--oracle", type=int)
    parser.add_argument("--probes", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--light", action="store_true")
    asked = parser.parse_args()
    if not asked.oracle and asked.distinct < min(asked.people, PACKED):
        parser.error(f"below {PACKED} distinct people, rows repeat within what is packed together")
    if asked.oracle:
        oracle(asked.oracle, asked.probes)
    else:
        whole(asked.people, asked.distinct, asked.probes, asked.processes, asked.folder, light=asked.light)


if __name__ == "__main__":
    main()
