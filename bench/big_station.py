"""A station as it stands after years: 100,000 residents in its extract, 20,000 recordings in its store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bench.country import open_station

from rekam.drill.population import Population
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.sample import ALL_SLOTS
from rekam.enrolment.status import Status
from rekam.exchange.rounds import stop_together
from rekam.station.day.ticket import Priority, Service
from rekam.station.referral.changes import Field
from rekam.station.sitting import Capture
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.trust import cbor

__all__ = ["big_station"]

_DISTRICTS: Final = ("317401", "317402", "317403")
_PHOTO: Final = bytes(60_000)
"""As large as a pass photo; the pages that show one answer its bytes as they are."""
_IMAGE: Final = bytes(200_000)
_GROWN: Final = 2005
_TICKETS: Final = 100
_PARKED: Final = 30
"""Sittings that wait for a family card to be corrected, half of them with all images."""
_UNSENT: Final = 400
"""Recordings of a week offline."""


@contextmanager
def big_station(folder: Path, on: date, *, residents: int, recordings: int) -> Iterator[tuple[Station, Unlocked]]:
    """The demo's first station, signed in and filled. Rows of recordings are written as saving writes them, but for
    their packets' files; the first residents are the recorded ones.
    """
    with open_station(folder, on) as (station, operator):
        people = Population(_DISTRICTS, seed=7, on=on).residents(residents)
        station.here.residents.load(people)
        _record(station, people[:recordings], on)
        _queue(station)
        _park(station, operator, people[recordings : recordings + 60])
        stop_together(station._running)  # noqa: SLF001  # scrubbing would tell of 20,000 packets without files
        yield station, operator


def _queue(station: Station) -> None:
    """A morning's tickets."""
    queue = station.here.queue
    queue.open_day("op-317401-01")
    for n in range(_TICKETS):
        queue.take(Service.RECORDING, Priority.NONE, f"{n:032x}")


def _park(station: Station, operator: Unlocked, people: list[Biodata]) -> None:
    """Referrals of a month whose residents are not back yet."""
    recordable = [one for one in people if one.birth_date.year < _GROWN][:_PARKED]
    for n, person in enumerate(recordable):
        sitting = station.sittings.open(person.nik, operator)
        if n % 2:
            for slot in ALL_SLOTS:
                taken = Capture(slot, "image/png", _IMAGE, 80, (), 1, "bench", forced=False, good=True)
                sitting = sitting.with_capture(taken)
                station.here.drafts.keep(sitting, taken)
        station.here.referrals.refer(sitting.sitting_id, person, {Field.NAME: "PUTRI"}, ("kk",), "", "op-317401-01")


def _record(station: Station, people: list[Biodata], on: date) -> None:
    store = station.here.store
    with store.tx() as tx:
        for n, person in enumerate(people, 1):
            at = f"{on - timedelta(days=(len(people) - n) // 100)}T02:00:00+00:00"
            packet_id, number = f"{n:064x}", f"{station.here.identity.station}/1/{n:06d}"
            summary = cbor.encode(
                {"biodata": person.to_map(), "photo": _PHOTO if n % 100 == 0 else None, "exceptions": []}
            )
            sent = n <= len(people) - _UNSENT
            tx.execute(
                "INSERT INTO recording (packet_id, number, sequence, sitting_id, nik, name, operator, saved_at, salt,"
                " size, summary, custody_receipt, custody_at, status, status_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (packet_id, number, n, f"{n:032x}", person.nik, person.name, "op-317401-01", at, bytes(16), 1_000_000,
                 summary, b"receipt" if sent else None, at if sent else None, Status.SENT_FOR_ENROLLMENT, at),
            )  # fmt: skip
            if not sent:
                tx.execute("INSERT INTO outbox (packet_id, since_ms) VALUES (?, ?)", (packet_id, 1_700_000_000_000 + n))
            tx.execute("INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?)", (packet_id, n, "op-317401-01", at, at, 0, 0))
            tx.execute("INSERT INTO paper VALUES (?, 'proof', 1, ?, 'op-317401-01', ?, '')", (packet_id, number, at))
            tx.execute("UPDATE chain_head SET sequence = ?, packet = ?", (n, n.to_bytes(32, "big")))
