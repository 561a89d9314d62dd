"""`rekam drill`: a country of real processes goes through an outage, and nothing may be lost: `run_drill`."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rekam.drill.cast import Actor, actors
from rekam.drill.clerk import Clerk
from rekam.drill.country import Country
from rekam.drill.demo import OFFICE, PASSWORD, PIN, SUPERVISOR_PIN, demo_staff, office_plan, station_plan
from rekam.drill.evidence import CentreEvidence, OfficeEvidence, read_centre, read_office
from rekam.drill.faults import Killer
from rekam.drill.operator import Desk
from rekam.drill.options import Options
from rekam.drill.outcome import Outcome
from rekam.drill.plan import CountryPlan
from rekam.drill.population import Population
from rekam.drill.progress import Progress
from rekam.drill.reconciliation import reconcile
from rekam.drill.scenario import Scenario
from rekam.drill.witness import Witness

__all__ = ["run_drill"]

MakeCountry = Callable[[Path, CountryPlan], None]
Sabotage = Callable[[Country], None]
_LEGAL_DAY = date(2026, 11, 21)
_MOST_ADJUDICATED = 0.10


def run_drill(
    options: Options, make_country: MakeCountry, *, sabotage: Sabotage | None = None, progress: Progress | None = None
) -> Outcome:
    """Runs one drill and returns its figures. `sabotage` is done behind the system's back before the reckoning:
    tests use it to show that the reconciliation sees what is wrong.
    """
    began = time.monotonic()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="rekam-drill-"))
    bars = progress or Progress(quiet=True)
    try:
        with bars:
            outcome = _run(options, folder, make_country, sabotage, bars)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.monotonic() - began
    return outcome


def _run(
    options: Options, folder: Path, make_country: MakeCountry, sabotage: Sabotage | None, progress: Progress
) -> Outcome:
    plan, firsts, seconds = _plan(options)
    with progress.task("making keys and data folders", None):
        make_country(folder / "country", plan)
    stations = tuple(str(station.station) for station in plan.offices[0].stations)
    country = Country(folder / "country", OFFICE, stations, seed=options.seed)
    outcome = Outcome()
    with Witness(folder / "witness.jsonl") as witness:
        try:
            with progress.task("starting the country", None):
                country.start()
            desks = [
                Desk(place, station, (f"op-{station}", PIN), (f"spv-{station}", SUPERVISOR_PIN), witness)
                for place, station in zip(country.stations, stations, strict=True)
            ]
            scenario = Scenario(options, country, desks, Clerk(country.office, "kantor", PASSWORD), outcome, progress)
            if options.faults:
                with Killer(country, seed=options.seed) as killer:
                    scenario.run(firsts, seconds, killer)
            else:
                scenario.run(firsts, seconds, None)
            if sabotage is not None:
                sabotage(country)
            with progress.task("reconciling", None):
                _reckon(country, witness, scenario, seconds)
        finally:
            country.stop()
    return outcome


def _plan(options: Options) -> tuple[CountryPlan, list[Actor], list[Actor]]:
    districts = [f"3174{number:02d}" for number in range(1, min(options.stations, 10) + 1)]
    stations = tuple(
        station_plan(districts[number % len(districts)], number // len(districts) + 1)
        for number in range(options.stations)
    )
    wanted = options.people + options.second_recordings
    people = Population(districts, seed=options.seed, on=_LEGAL_DAY).residents(wanted)
    firsts, seconds = actors(options, people)
    office = office_plan(stations, blanks=wanted)
    plan = CountryPlan(
        (office,),
        tuple(people),
        demo_staff(),
        _LEGAL_DAY,
        cast={actor.biodata.nik: actor.role.to_map() for actor in (*firsts, *seconds)},
        samples=str(options.samples.absolute()) if options.samples else None,
    )
    return plan, firsts, seconds


def _reckon(country: Country, witness: Witness, scenario: Scenario, seconds: list[Actor]) -> None:
    centre, office = read_centre(country.folder / "centre"), read_office(country.folder / f"office-{OFFICE}")
    testimonies = witness.testimonies()
    second_niks = frozenset(str(actor.biodata.nik) for actor in seconds)
    found = reconcile(testimonies, second_niks, centre, office, scenario.told())
    outcome = scenario.outcome
    outcome.lost, outcome.double_counted = len(found.lost), len(found.double)
    outcome.missed_duplicates, outcome.false_duplicates = len(found.missed), len(found.false)
    outcome.kills = sum(place.kills for place in country.places)
    links = (country.to_centre, country.to_office)
    outcome.link_faults = sum(link.cuts + link.drops + link.stalls for link in links)
    _count(outcome, centre, office)
    first_sittings = len(testimonies) - sum(testimony.nik in second_niks for testimony in testimonies)
    if len(found.adjudicated_firsts) > _MOST_ADJUDICATED * first_sittings:
        outcome.problems.append(f"{len(found.adjudicated_firsts)} of {first_sittings} first recordings went to experts")
    for title, packets in (("lost", found.lost), ("double", found.double), ("missed", found.missed)):
        outcome.problems += [f"{title}: {packet}" for packet in packets]
    outcome.problems += [f"false duplicate: {packet}" for packet in found.false]


def _count(outcome: Outcome, centre: CentreEvidence, office: OfficeEvidence) -> None:
    words = [verdict.word for verdict in centre.verdicts.values()]
    outcome.backed_up, outcome.received = len(office.sound), len(centre.sound)
    outcome.unique = words.count("UNIQUE")
    outcome.duplicates_at_centre = words.count("DUPLICATE")
    outcome.adjudicated = words.count("ADJUDICATE")
    outcome.print_ready = sum(status == "PRINT_READY_RECORD" for status in centre.statuses.values())
