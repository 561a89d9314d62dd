"""What must never go unreported: a gap or a fork in the numbers of a station."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rekam.exchange.continuity import chain_report

if TYPE_CHECKING:
    from rekam.drill.simulate.centre import CentreSite
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite

__all__ = ["every_gap_and_fork_told", "no_gap_without_a_reason"]

Chain = tuple[str, int]


def every_gap_and_fork_told(country: "Country") -> int:
    """6: at any moment reports and pages of each place tell the gaps and forks that lie in its rows, and no others."""
    looked = 0
    for office in country.offices.values():
        if office.machine.alive:
            found = _reported(country, office)
            looked += len(found)
            shown = {line.station: (line.missing, line.forks) for line in office.office.whereabouts.stations()}
            due: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
            for (station, _), (missing, _, forked) in found.items():
                due[station] = due[station][0] + missing, due[station][1] + forked
            if shown != due:
                country.world.violated(6, f"{office.name} shows {shown}, not {dict(due)}")
    if country.centre.machine.alive:
        found = _reported(country, country.centre)
        looked += len(found)
        overview = country.centre.centre.casebook.broken_chains()
        told = {(each.station, each.epoch): (each.missing, each.forked) for each in overview}
        due_there = {key: (missing, more) for key, (missing, more, _) in found.items() if missing or more}
        if told != due_there:
            country.world.violated(6, f"the centre's overview tells {told}, not {due_there}")
    return looked


def no_gap_without_a_reason(country: "Country") -> int:
    """6: once all is drained, a number that nobody has was on a disk that was set back or lost."""
    looked = 0
    places: list[OfficeSite | CentreSite] = [*country.offices.values(), country.centre]
    for place in places:
        for chain, numbers in _rows(place).items():
            looked += 1
            report = chain_report(place.register.links(*chain))
            if chain not in country.witness.troubled and (report.gaps or report.forks or report.broken):
                country.world.violated(6, f"{place.name} has {report} of {chain}, {len(numbers)} packets")
    return looked


def _reported(country: "Country", place: "OfficeSite | CentreSite") -> dict[Chain, tuple[int, int, int]]:
    """Of each chain here: numbers missing, packets more than numbers, packets that share a number. Compared with what
    `chain_report` says of it.
    """
    found = {}
    for chain, numbers in _rows(place).items():
        count = Counter(numbers)
        missing = set(range(1, max(numbers) + 1)) - set(numbers)
        twice = {number for number, times in count.items() if times > 1}
        report = chain_report(place.register.links(*chain))
        if {n for gap in report.gaps for n in range(gap.first, gap.last + 1)} != missing:
            country.world.violated(6, f"{place.name} reports {report.gaps} of {chain}, not {missing}")
        if set(report.forks) != twice:
            country.world.violated(6, f"{place.name} reports forks {report.forks} of {chain}, not {twice}")
        for _ in range(len(missing) + len(twice)):
            country.world.exercise(6)
        found[chain] = len(missing), len(numbers) - len(count), sum(count[number] for number in twice)
    return found


def _rows(place: "OfficeSite | CentreSite") -> dict[Chain, list[int]]:
    numbers: defaultdict[Chain, list[int]] = defaultdict(list)
    with place.database.connection() as tx:
        for station, epoch, sequence in tx.execute("SELECT station, epoch, sequence FROM exchange.packet"):
            numbers[station, epoch].append(sequence)
    return numbers
