"""`make bench`: figures per core and as ratios; never a test, because the machines are shared and noisy."""

import io

import numpy as np
from bench.backlog import backlog
from bench.intake import intake
from bench.saving import told
from bench.simulated import simulated
from bench.slow_line import slow_line
from bench.timing import least_seconds
from rich.console import Console
from rich.table import Table

from rekam.abis.engine import Engine
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import search
from rekam.abis.synthetic.person import Person
from rekam.abis.template_set import TemplateSet
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.fuse import FuseFilter
from rekam.packet.inspect import inspect
from rekam.packet.seal import seal
from rekam.packet.unseal import unseal
from rekam.trust.clock import SystemClock
from rekam.trust.keys import OpeningKey, SigningKey
from rekam.trust.random import SystemRandom


def packets() -> list[tuple[str, str]]:
    """A packet of three megabytes, in memory."""
    content, station, centre = [bytes(1 << 20)] * 3, SigningKey.generate(), OpeningKey.generate()
    number, stamp = PacketNumber.parse("317401-01/1/000001"), SystemClock().stamp()
    sealed = io.BytesIO()

    def sealing() -> None:
        sealed.seek(0)
        sealed.truncate()
        seal(
            content,
            number=number,
            previous=bytes(32),
            signer=station,
            recipient=centre.public,
            stamp=stamp,
            random=SystemRandom(),
            out=sealed,
        )

    def opening() -> None:
        sealed.seek(0)
        unseal(sealed, [centre], station.public).read()

    def inspecting() -> None:
        sealed.seek(0)
        inspect(sealed, station.public)

    return [
        (title, f"{3.15 / least_seconds(work):,.0f} MB/s")
        for title, work in (("packet sealed", sealing), ("packet inspected", inspecting), ("packet opened", opening))
    ]


def engine() -> list[tuple[str, str]]:
    """Extraction, and one probe against a gallery."""
    maker, person = Engine(), Person(1)
    finger, iris = person.finger(2), person.iris(1)
    templates = TemplateSet({"finger-2": maker.extract("finger-2", finger), "iris-1": maker.extract("iris-1", iris)})
    gallery = MemoryGallery()
    for index in range(2_000):
        gallery.append(index.to_bytes(16, "big"), templates)
    eyes, prints = (TemplateSet({slot: templates[slot]}) for slot in ("iris-1", "finger-2"))
    search(templates, gallery)
    return [
        ("finger extracted", f"{1000 * least_seconds(lambda: maker.extract('finger-2', finger)):.0f} ms"),
        ("iris extracted", f"{1000 * least_seconds(lambda: maker.extract('iris-1', iris)):.0f} ms"),
        ("irises compared, all rotations", f"{2_000 / least_seconds(lambda: search(eyes, gallery)):,.0f} /s"),
        ("fingers compared", f"{2_000 / least_seconds(lambda: search(prints, gallery)):,.0f} /s"),
    ]


def offline_check() -> list[tuple[str, str]]:
    """A filter of a million people: what it costs and how often it errs."""
    known = np.random.default_rng(1).integers(0, 2**64, 1_000_000, np.uint64)
    built = FuseFilter.build(known)
    strangers = np.random.default_rng(2).integers(0, 2**64, 20_000, np.uint64)
    wrong = sum(built.contains(int(one)) for one in strangers) / len(strangers)
    return [
        ("filter, bits a person", f"{8 * built.fingerprints.nbytes / len(known):.2f}"),
        ("filter, false positives", f"{100 * wrong:.2f} %"),
        ("filter built", f"{len(known) / least_seconds(lambda: FuseFilter.build(known)) / 1e6:.1f} million/s"),
        (
            "filter lookup",
            f"{1e6 * least_seconds(lambda: [built.contains(int(one)) for one in strangers[:2000]]) / 2000:.1f} µs",
        ),
    ]


def saving() -> list[tuple[str, str]]:
    """From confirm to durable, and what it is spent on (wall time: the disk is the point)."""
    return told()


def main() -> None:
    console = Console()
    table = Table(title="per core, best of several runs", title_justify="left", box=None)
    table.add_column("figure")
    table.add_column("measured", justify="right")
    for group in (packets, engine, offline_check, saving, intake, backlog, slow_line, simulated):
        with console.status(f"{group.__name__} ..."):
            for title, figure in group():
                table.add_row(title, figure)
    console.print(table)


if __name__ == "__main__":
    main()
