"""What the public log must never do: lose what was accepted, or show two places two histories."""

from typing import TYPE_CHECKING

from rekam.exchange.in_memory_witness import InMemoryWitnessStore
from rekam.exchange.mirror import InMemoryMirrorStore, Mirror, MirroredLog
from rekam.exchange.witness import Witness
from rekam.trust.log.checkpoint import Checkpoint

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country

__all__ = ["log_bears_out"]


def log_bears_out(country: "Country") -> int:
    """2: each office witnessed the whole log, found every receipt it holds in it and alarmed of nothing; the portal's
    copy of it leads to the root that the centre signs; every packet accepted stands in it.
    """
    centre, world = country.centre.centre, country.world
    signed = Checkpoint.parse(centre.log.checkpoint().text)
    accepted = sum(name == country.centre.name for name, _ in country.witness.acknowledged)
    if signed.size != accepted:
        world.violated(2, f"the log has {signed.size} entries of {accepted} packets accepted")
    cosigned = {each.office: each.size for each in centre.witnesses.newest()}
    for office in country.offices.values():
        watch = office.office.log_watch
        if watch.watched.size != signed.size or (
            office.office.dates.certain_s() and cosigned.get(office.id, 0) != signed.size
        ):
            told = f"{watch.watched.size}, cosigned {cosigned.get(office.id, 0)}"
            world.violated(2, f"{office.name} witnessed {told} of {signed.size}")
        if watch.alarms() or watch.store.state().waiting:
            world.violated(2, f"{office.name} holds receipts that the log does not bear out")
    witnessed, copy, key = InMemoryWitnessStore(), InMemoryMirrorStore(), centre.cosignatures.log
    Witness(witnessed, centre.log, key).run_once()
    Mirror(copy, centre.log, witnessed).run_once()
    if copy.size() != signed.size or MirroredLog(copy, witnessed).root(signed.size) != signed.root:
        world.violated(2, f"the portal's copy of the log has {copy.size()} of {signed.size}")
    return signed.size * (1 + len(country.offices))
