"""A station is set up anew by its office: letters, two officials, a fence on the old key, the bundle: `recover`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from rekam.drill.demo import office_plan
from rekam.drill.simulate.places import met
from rekam.enrolment.identifiers import StationId
from rekam.exchange.recovery import Offer, Progress
from rekam.office.recovery import Recoveries
from rekam.office.station_setup import OfficeSetup, StationSetup
from rekam.station.recovering import Bundle, Recovering
from rekam.trust.random import SystemRandom

if TYPE_CHECKING:
    from rekam.drill.simulate.cast import Cast
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite
    from rekam.drill.simulate.station import StationSite

__all__ = ["recover", "setup_of"]

_OFFICIALS: Final = ("kepala", "wakil")
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
"""Keys of nobody need not wait for a medium."""


def setup_of(cast: "Cast", office: str, stations: list[StationId]) -> OfficeSetup:
    """What provisioning leaves at an office."""
    plan = office_plan(())
    own = {
        str(each): StationSetup(str(each), (), cast.identity(each).chain) for each in stations if each.office == office
    }
    return OfficeSetup(own, cast.hashes.check_key, "offline", plan.place, plan.letterhead, plan.official, ())


class _Desk:
    """The part of `RecoveryOffice` that a station without keys reaches, in the same room."""

    def __init__(self, recoveries: Recoveries) -> None:
        self._recoveries = recoveries

    def ask(self, station: str, committed: bytes) -> Offer:
        return self._recoveries.open(station, committed)

    def show(self, request: str, data: bytes) -> None:
        self._recoveries.show(request, data)

    def progress(self, request: str) -> Progress:
        return self._recoveries.progress(request)

    def bundle(self, request: str, offset: int) -> bytes:
        return self._recoveries.bundle(request, offset)


def recover(country: "Country", site: "StationSite", *, readable: bool) -> bool:
    """New keys and a new epoch for a station; of its old disk nothing is readable, or all. False where the office
    was not there, refused because it is to be rebuilt itself, or stopped in the middle: then people come again. Nobody
    asks one that was put back a moment ago and has no proof of it yet.
    """
    office = country.offices[str(site.id.office)]
    bundle: Bundle | None = None
    if office.machine.alive and site.machine.alive and not office.unaware:
        with country.world.on(office.machine, f"{office.name}/recovery"):
            bundle = met(country.world, office.name, lambda: _bundle(country, office, site))
    if bundle is None or not site.machine.alive:
        return False
    station, epoch = str(site.id), site.identity.epoch
    country.witness.troubled.add((station, epoch))
    country.witness.installed(station, bundle.identity.epoch, bundle.identity.signing.public.to_bytes())
    country.world.fault("re-install", f"{site.name}, old disk {'readable' if readable else 'lost'}")
    country.world.exercise(2, 5)
    site.install_anew(bundle, readable=readable)
    return True


def _bundle(country: "Country", office: "OfficeSite", site: "StationSite") -> Bundle:
    station, epoch = str(site.id), site.identity.epoch
    links = office.register.links(station, epoch)
    honest = sorted((link.sequence, link.packet_id) for link in links if link.packet_id not in country.witness.stolen)
    after, head = honest[-1] if honest else (0, "")
    with TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        recovering = Recovering.begin(Path(folder) / "keys", _Desk(office.recoveries), site.id, SystemRandom())  # type: ignore[arg-type]  # what a station without keys reaches
        code = recovering.ask()
        for official in _OFFICIALS:
            office.recoveries.approve(recovering.request, official, code, reason="simulasi", after=after, head=head)
        recovering.confirm(recovering.pairing.answer)
        return recovering.fetch()
