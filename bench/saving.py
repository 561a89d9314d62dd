"""From confirm to durable at a station: how long the operator waits for "saved", and for what.

    python -m bench.saving [--samples N] [--bytes N] [--folder DIR]

A sitting of photo, signature, ten fingers and two irises, `--bytes` together, is confirmed N times; its images are of
random bytes, as compressed images are. Wall time, because the disk is the point; beside it the same machine's bare
fsync of as many bytes, because machines share their disks: the ratio is the figure that says something about the code.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import numpy as np
from bench.country import open_station

from rekam.abis.engine import Engine
from rekam.abis.synthetic.person import Person
from rekam.abis.template_set import Template, TemplateSet
from rekam.enrolment.sample import ALL_SLOTS, Modality
from rekam.station import saving
from rekam.station.sitting import Capture
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.storage.disk import RealDisk, Writer

SAMPLES = 12
SHARES = {Modality.PHOTO: 12, Modality.SIGNATURE: 2, Modality.FINGER: 5.5, Modality.IRIS: 15.5}
"""Of each slot, in hundredths of the sitting: a JPEG portrait, ten PNG fingers at 500 dpi, two irises of 640 x 480."""

Laps = dict[str, float]


class TimedDisk(RealDisk):
    """What the disk is waited for, by kind of call."""

    def __init__(self, laps: Laps) -> None:
        self._laps = laps

    def open_append(self, path: Path) -> Writer:
        return TimedWriter(super().open_append(path), self._laps)

    def fsync_folder(self, folder: Path) -> None:
        with lap(self._laps, "folder fsync"):
            super().fsync_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        with lap(self._laps, "folder fsync"):
            super().rename(old, new)


class TimedWriter:
    """A file open for appending, timed."""

    def __init__(self, inner: Writer, laps: Laps) -> None:
        self._inner, self._laps = inner, laps

    def write(self, data: bytes, /) -> int:
        with lap(self._laps, "file write"):
            return self._inner.write(data)

    def fsync(self) -> None:
        with lap(self._laps, "file fsync"):
            self._inner.fsync()

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._inner.__exit__(*exc)


@contextmanager
def lap(laps: Laps, name: str) -> Iterator[None]:
    """Adds the time inside to `laps[name]`."""
    began = time.perf_counter()
    try:
        yield
    finally:
        laps[name] += time.perf_counter() - began


def timed(laps: Laps, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """`work`, timed."""

    def call(*arguments: Any, **named: Any) -> Any:
        with lap(laps, name):
            return work(*arguments, **named)

    return call


def filled(station: Station, operator: Unlocked, nik: str, size: int, template: Template) -> str:
    """A complete sitting whose images have `size` bytes together."""
    sitting = station.sittings.confirm_biodata(station.sittings.open(nik, operator).sitting_id)
    if sitting.needs_reason:
        sitting = station.sittings.go_on(sitting.sitting_id, "bench")
    for slot in ALL_SLOTS:
        image = os.urandom(int(size * SHARES[slot.modality] / 100))
        held = TemplateSet({str(slot): template}).to_bytes() if slot.modality is Modality.FINGER else None
        taken = Capture(slot, "image/png", image, 80, (), 1, "bench", forced=False, good=True, template=held)
        sitting = sitting.with_capture(taken)
        station.here.drafts.keep(sitting, taken)
    sitting = sitting.warned(station.here.second.numbers(sitting) or ())  # as the last finger of a sitting does
    if sitting.needs_reason:
        sitting = sitting.go_on("bench")
    station.here.drafts.keep(sitting)
    return sitting.sitting_id


def bare(folder: Path, size: int) -> float:
    """Seconds that this disk takes for `size` bytes in one file, file and folder fsynced: nobody saves in less."""
    path, data, disk = folder / "bare", os.urandom(size), RealDisk()
    began = time.perf_counter()
    with disk.open_append(path) as file:
        file.write(data)
        file.fsync()
    disk.fsync_folder(folder)
    seconds = time.perf_counter() - began
    path.unlink()
    return seconds


def measured(samples: int, size: int, folder: Path) -> tuple[list[float], list[float], list[Laps]]:
    """Of each saving: its seconds, those of a bare fsync of as many bytes, and its laps."""
    laps: Laps = defaultdict(float)
    template = Engine().extract("finger-2", Person(1).finger(2))
    seconds, bares, each = [], [], []
    with open_station(folder, date(2026, 11, 21), disk=TimedDisk(laps)) as (station, operator):
        people = station.here.residents.search("3174", limit=samples + 1)
        for number, resident in enumerate(people):
            sitting_id = filled(station, operator, resident.nik, size, template)
            bares.append(bare(folder, size))
            laps.clear()
            with watched(station, laps):
                began = time.perf_counter()
                station.sittings.save(sitting_id, operator, consent=True)
                seconds.append(time.perf_counter() - began)
            each.append(dict(laps))
            if not number:  # the first one imports and warms
                seconds, bares, each = [], [], []
    return seconds, bares, each


@contextmanager
def watched(station: Station, laps: Laps) -> Iterator[None]:
    """The steps of `saving` in laps: each wrapped where it is called."""
    connection: Any = station.here.store._connection  # noqa: SLF001  # only SQLite knows what a commit took

    def statement(sql: str, nanoseconds: int) -> None:
        kind = sql.split(maxsplit=1)[0]
        laps["commit" if kind == "COMMIT" else "statements"] += nanoseconds / 1e9

    connection.set_profile(statement)
    drafts = station.here.saving.drafts
    with (
        patch.object(saving, "attest", timed(laps, "attest", saving.attest)),
        patch.object(saving, "manifest_bytes", timed(laps, "encode", saving.manifest_bytes)),
        patch.object(saving, "seal", timed(laps, "seal", saving.seal)),
        patch.object(saving, "_templates", timed(laps, "templates", saving._templates)),  # noqa: SLF001
        patch.object(type(drafts), "find", timed(laps, "read the draft", type(drafts).find)),
    ):
        yield
    connection.set_profile(None)


def told(samples: int = SAMPLES, size: int = 1_000_000, folder: Path | None = None) -> list[tuple[str, str]]:
    """Figures as (title, value)."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        seconds, bares, each = measured(samples, size, Path(home))
    median, late = (1000 * float(np.percentile(seconds, share)) for share in (50, 95))
    ratio = float(np.median(np.array(seconds) / np.array(bares)))
    rows = [
        (f"saved, median of {len(seconds)} ({size / 1e6:g} MB)", f"{median:.0f} ms"),
        ("saved, 95th percentile", f"{late:.0f} ms"),
        ("bare fsync of as many bytes, median", f"{1000 * float(np.median(bares)):.0f} ms"),
        ("ratio to that, median", f"{ratio:.1f}"),
    ]
    names = sorted({name for laps in each for name in laps})
    spent = {name: 1000 * float(np.median([laps.get(name, 0.0) for laps in each])) for name in names}
    rows += [(f"  {name}", f"{value:.1f} ms") for name, value in sorted(spent.items(), key=lambda item: -item[1])]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--bytes", type=int, default=1_000_000, dest="size")
    parser.add_argument("--folder", type=Path, default=None)
    for title, figure in told(**vars(parser.parse_args())):
        print(f"{title:44} {figure}")


if __name__ == "__main__":
    main()
