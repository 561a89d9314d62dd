"""The offline check of a nation: bytes, mistakes, what a question costs, what the building costs.

    python -m bench.filter --keys 200000000 [--bits 8|16] [--processes 2] [--folder DIR]

Hashes stand for people: HMAC-SHA-256 gives 64 bits that nobody can tell from random ones, so random ones it is, each
regency's from its own seed, and they can be drawn again to ask for all of them. Regencies are as unequal as
Indonesia's: the largest has some five million of 200, the smallest a few ten thousand.
"""

import argparse
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rekam.exchange.filter import Snapshot, build_snapshot, filter_hash, open_snapshot
from rekam.exchange.filter_file import ShardFile
from rekam.exchange.fuse import STORED_AS, Bits, FuseFilter
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.keys import SigningKey

REGENCIES, STRANGERS, QUESTIONS = 514, 20_000, 20_000
KEY = bytes(32)


def sizes(keys: int) -> list[int]:
    """How many people each regency has: log-normal, as the census is."""
    drawn = np.random.default_rng(514).lognormal(0.0, 0.95, REGENCIES)
    exact = np.floor(drawn / drawn.sum() * keys).astype(np.int64)
    exact[0] += keys - exact.sum()
    return [int(size) for size in exact]


def people(regency: int, size: int) -> NDArray[np.uint64]:
    return np.random.default_rng([1, regency]).integers(0, 2**64, size, np.uint64)


def build(task: tuple[Path, list[int], int, int, Bits]) -> tuple[bytes, float, float, int]:
    """One process's share of the regencies: their list, seconds of its processor, seconds waited, most bytes."""
    folder, all_sizes, first, step, bits = task
    FuseFilter.build(np.arange(3, dtype=np.uint64), bits)  # compiled before the clock starts
    store = BlobStore(folder / "parts", RealDisk())

    def shards() -> Iterator[tuple[str, NDArray[np.uint64]]]:
        for regency in range(first, REGENCIES, step):
            yield f"{1001 + regency}", people(regency, all_sizes[regency])

    began, waited = time.process_time(), time.perf_counter()
    signer = SigningKey(bytes(range(32)))
    part = build_snapshot(shards(), store.put, edition=1, as_of=date(2026, 3, 12), signer=signer, bits=bits)
    with store.open(part.id) as file:
        listed = file.read()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return listed, time.process_time() - began, time.perf_counter() - waited, most


def opened(lists: list[bytes]) -> dict[str, Snapshot]:
    found = {}
    for listed in lists:
        snapshot = open_snapshot(listed, SigningKey(bytes(range(32))).public)
        found |= dict.fromkeys(snapshot.shards, snapshot)
    return found


def passed_over(store: BlobStore, snapshots: dict[str, Snapshot], all_sizes: list[int]) -> tuple[int, int, int, float]:
    """Everybody asked for, each in the bytes on the disk: missed, strangers taken for recorded, strangers, seconds."""
    missed = taken = strangers = 0
    began = time.process_time()
    for regency, size in enumerate(all_sizes):
        shard = snapshots[f"{1001 + regency}"].shards[f"{1001 + regency}"]
        with store.open(shard.part.id) as file:
            held = np.frombuffer(file.read(), np.dtype(STORED_AS[shard.shape.bits]))
        built = FuseFilter(shard.shape, shard.seed, held)
        missed += int((~built.contains_all_of(people(regency, size))).sum())
        others = np.random.default_rng([2, regency]).integers(0, 2**64, STRANGERS, np.uint64)
        taken += int(built.contains_all_of(others).sum())
        strangers += STRANGERS
    return missed, taken, strangers, time.process_time() - began


def questions(store: BlobStore, snapshots: dict[str, Snapshot]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Milliseconds of processor time of the first question of each regency, and of QUESTIONS later ones anywhere, keyed
    hash included. The machine is shared: what was waited for says nothing, and the files are in its memory.
    """
    draw, files, first = np.random.default_rng(3), {}, []
    for name, snapshot in snapshots.items():
        shard = snapshot.shards[name]
        began = time.thread_time()
        files[name] = ShardFile.verified(shard, lambda part=shard.part.id: store.open(part))
        files[name].contains(1)
        first.append(time.thread_time() - began)
    names = sorted(files)
    later = []
    for name in draw.choice(names, QUESTIONS):
        nik = f"{name}{draw.integers(10**11, 10**12)}"
        began = time.thread_time()
        files[str(name)].contains(filter_hash(KEY, nik))
        later.append(time.thread_time() - began)
    return 1000 * np.array(first), 1000 * np.array(later)


def main() -> None:
    parser = argparse.ArgumentParser(description="The offline check of a nation")
    parser.add_argument("--keys", type=int, default=2_000_000)
    parser.add_argument("--bits", type=int, choices=(8, 16), default=8)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="rekam-bench-", dir=asked.folder))
    all_sizes = sizes(asked.keys)
    print(
        f"{asked.keys:,} people in {REGENCIES} regencies, the largest {max(all_sizes):,}, fuse{asked.bits}", flush=True
    )
    try:
        tasks = [(folder, all_sizes, first, asked.processes, asked.bits) for first in range(asked.processes)]
        with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
            made = pool.map(build, tasks)
        store, snapshots = BlobStore(folder / "parts", RealDisk()), opened([listed for listed, *_ in made])
        octets = sum(snapshot.shards[name].part.size for name, snapshot in snapshots.items())
        held = sum(snapshot.shards[name].shape.keys for name, snapshot in snapshots.items())
        worked, waited, most = sum(m[1] for m in made), max(m[2] for m in made), max(m[3] for m in made)
        print(f"bytes: {octets:,} ({8 * octets / held:.3f} bits a person), lists {sum(len(m[0]) for m in made):,}")
        print(f"built: {worked:.0f} s of processor time ({asked.keys / worked / 1e6:.2f} million a second and core)")
        print(f"  {waited:.0f} s waited by {asked.processes} processes, drawing of the hashes included")
        print(f"  memory of a process at its most: {most / 1e6:.0f} MB", flush=True)
        missed, taken, strangers, seconds = passed_over(store, snapshots, all_sizes)
        print(f"asked for everybody: {missed} of {asked.keys:,} missed, {seconds:.0f} s of processor time")
        print(f"strangers taken for recorded: {taken:,} of {strangers:,}, {100 * taken / strangers:.5f} %", flush=True)
        first, later = questions(store, snapshots)
        often, rare = np.quantile(later, (0.5, 0.99))
        print(f"a question, keyed hash included, processor time: median {often:.3f} ms, p99 {rare:.3f} ms")
        print(f"the first of a regency, its file read once: median {np.median(first):.2f}, most {first.max():.1f} ms")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
