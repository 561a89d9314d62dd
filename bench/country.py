"""A station with residents and simulated devices, opened in this process, for measuring and for pictures."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rekam.apps.provision import make_country
from rekam.drill.demo import PIN, demo_country
from rekam.enrolment.sample import ALL_SLOTS
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.remote import LocalRemote, Remote
from rekam.station.devices.cast import Cast
from rekam.station.devices.simulated import SimulatedDevice
from rekam.station.ports import Ports
from rekam.station.station import Station
from rekam.station.store import Identity
from rekam.station.unlock import Unlocked
from rekam.storage.disk import Disk, RealDisk
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.assets import PDF_FONTS

STATION = "317401-01"


class Away(LocalRemote):
    """An office that cannot be reached: measuring saves must not measure sending."""

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        raise RemoteUnreachable(place="Disdukcapil", reason=f"{len(packet_ids)} packets wait")

    def feed_after(self, feed: str, n: int) -> bytes | None:
        raise RemoteUnreachable(place="Disdukcapil", reason=f"{feed} after {n}")


def away(_identity: Identity) -> Remote:
    return Away()


@contextmanager
def open_station(folder: Path, on: date, *, disk: Disk | None = None) -> Iterator[tuple[Station, Unlocked]]:
    """The demo's first station, signed in."""
    country = folder / "country"
    make_country(country, demo_country(on), cost=Cost(1024, 1, 1))
    home = country / f"station-{STATION}"
    station = Station(
        Ports(
            folder=home,
            disk=disk or RealDisk(),
            clock=SystemClock(),
            device=SimulatedDevice(Cast()),
            connect=away,
            fonts=PDF_FONTS,
            pepper=keyfile.load(country / "keys" / f"station-{STATION}.keys")["pepper"],
            pause_s=60,
        )
    )
    try:
        yield station, station.sign_in(f"op-{STATION}", PIN)
    finally:
        station.close()


def record_all(station: Station, operator: Unlocked, *, people: int) -> Iterator[str]:
    """Sittings of the first residents, complete but for saving."""
    for resident in station.here.residents.search("3174", limit=people):
        sitting = station.sittings.open(resident.nik, operator)
        station.sittings.confirm_biodata(sitting.sitting_id)
        for slot in ALL_SLOTS:
            for attempt in range(4):
                try:
                    changed, _ = station.sittings.capture(sitting.sitting_id, slot, forced=attempt >= 2)
                except Exception:  # noqa: BLE001, S112 - a refused image is one more attempt
                    continue
                if changed.filled(slot):
                    break
        if station.sittings.find(sitting.sitting_id).needs_reason:
            station.sittings.go_on(sitting.sitting_id, "bench")
        yield sitting.sitting_id
