"""Sticks between the places of a simulated country: torn, flipped, twice, late, at the wrong door: `carry`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rekam.drill.simulate.places import met
from rekam.drill.simulate.station import StationSite
from rekam.drill.simulate.world import HOUR
from rekam.exchange.courier.stick import MemoryStick
from rekam.exchange.outbox import OutboxStore

if TYPE_CHECKING:
    from rekam.drill.simulate.centre import CentreSite
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite

__all__ = ["carry"]

_STICK: Final = Path("/stick")


def carry(country: "Country", site: "StationSite | OfficeSite") -> None:
    """What waits at a station or an office leaves on a stick, which arrives some time later, or not whole, or again."""
    world, chance = country.world, country.world.chance
    office = country.offices[str(site.id)[:4]]
    far: OfficeSite | CentreSite = country.centre if site is office or chance.random() < 0.3 else office
    stick = MemoryStick()
    stick.make_folder(_STICK)
    sent: list[str] = []

    def out() -> None:
        outbox: OutboxStore = site.here.line.outbox if isinstance(site, StationSite) else site.office.outbox
        sent.extend(each.packet_id for each in outbox.waiting(1 << 31))
        report = site.courier(stick).out(_STICK, "centre" if far is country.centre else far.name[-4:], None, _told)
        kind = "office's courier" if site is office else "courier"
        world.fault(kind, f"{site.name} to {far.name}, {report.packets} packets, {report.statements} statements")

    _at(country, site, out)
    damaged = _damaged(country, stick)
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.uniform(1, 120) * HOUR
        world.later(at, "courier", partial(_arrive, country, far, stick, sent))
        world.later(at + chance.uniform(1, 60) * HOUR, "courier", partial(_home, country, site, stick, damaged=damaged))
    if chance.random() < 0.3:
        wrong = next(place for place in country.offices.values() if place is not office)
        world.later(HOUR, "courier", partial(_arrive, country, wrong, stick, sent))


def _told(_what: str, _done: int, _all: int) -> None:
    return None


def _at(country: "Country", place: "StationSite | OfficeSite | CentreSite", act: Callable[[], None]) -> None:
    if place.machine.alive:
        with country.world.on(place.machine, f"{place.name}/stick"):
            met(country.world, place.name, act)


def _arrive(country: "Country", far: "OfficeSite | CentreSite", stick: MemoryStick, sent: list[str]) -> None:
    def take() -> None:
        taken = far.courier(stick).take_in(_STICK, _told)
        for each in taken.files:
            country.world.tell(f"{far.name} takes {each.taken} of {each.listed} from a stick, knows {each.known}")
            country.world.exercise(*[8] * each.known)
        if taken.passed_by:
            country.world.exercise(7)
            country.world.tell(f"{far.name} refuses a stick: {taken.passed_by[0].code}")

    _at(country, far, take)
    _witnessed(country, far, sent)


def _witnessed(country: "Country", far: "OfficeSite | CentreSite", sent: list[str]) -> None:
    """What a place took from a stick it has acknowledged; one that died over it is asked once it is up."""
    if not far.machine.alive:
        country.world.later(HOUR, "courier", partial(_witnessed, country, far, sent))
        return
    country.hearing(far).of(sent)


def _home(country: "Country", site: "StationSite | OfficeSite", stick: MemoryStick, *, damaged: bool) -> None:
    def back() -> None:
        report = site.courier(stick).receipts(_STICK, _told)
        country.world.tell(f"{site.name} has {report.taken} receipts and {report.entries} entries from a stick")
        if damaged or report.doubted:
            country.world.exercise(7)

    _at(country, site, back)


def _damaged(country: "Country", stick: MemoryStick) -> bool:
    """Somebody pulls the stick out too early, or it forgets a bit."""
    chance, files = country.world.chance, stick.files(_STICK)
    if not files or chance.random() < 0.5:
        return False
    path = chance.choice(files)
    with stick.open_read(path) as file:
        data = bytearray(file.read())
    if chance.random() < 0.5:
        stick.truncate(path, chance.randrange(len(data)))
    else:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        stick.truncate(path, 0)
        with stick.open_append(path) as writer:
            writer.write(bytes(data))
            writer.fsync()
    country.world.fault("damaged stick", path.name)
    return True
