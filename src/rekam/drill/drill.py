"""`rekam drill`: a country of real processes goes through an outage, and nothing may be lost: `run_drill`."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

from rekam.drill.cast import Actor, actors
from rekam.drill.clerk import Clerk
from rekam.drill.country import Country, PlaceProcess
from rekam.drill.demo import OFFICE, PASSWORD, PIN, SUPERVISOR_PIN, demo_staff, office_plan, station_plan
from rekam.drill.evidence import CentreEvidence, OfficeEvidence, read_asked, read_biodata, read_centre, read_office
from rekam.drill.faults import Killer
from rekam.drill.operator import Desk
from rekam.drill.options import Options
from rekam.drill.outcome import Outcome
from rekam.drill.plan import CountryPlan
from rekam.drill.population import Population
from rekam.drill.progress import Progress
from rekam.drill.reconciliation import reconcile, reconcile_corrections
from rekam.drill.scenario import Scenario, misspelt
from rekam.drill.witness import Witness
from rekam.enrolment.biodata import Biodata
from rekam.exchange.feed import EntryKind
from rekam.trust.clock import SystemClock

__all__ = ["Drill", "play_of", "run_drill"]

MakeCountry = Callable[[Path, CountryPlan], None]
Play = tuple[CountryPlan, list[Actor], list[Actor]]
_MOST_ADJUDICATED = 0.10


def run_drill(options: Options, make_country: MakeCountry, *, progress: Progress | None = None) -> Outcome:
    """Runs one drill and returns its figures. A folder of its own is kept when anything is wrong."""
    began = time.monotonic()
    play = play_of(options)  # refuses what cannot be, before anything is made
    folder = options.folder or Path(tempfile.mkdtemp(prefix="rekam-drill-"))
    bars = progress or Progress(quiet=True)
    with bars, Drill(options, play, folder, make_country, bars) as drill:
        drill.play()
        outcome = drill.reckon()
    outcome.seconds = time.monotonic() - began
    if options.folder is None:
        if outcome.exit_code == 0:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            outcome.problems.append(f"the evidence is kept in {folder}")
    return outcome


class Drill:
    """A drill on its way, in `folder`: the country runs for as long as the block lasts. `reckon` may be asked again
    and again; it reads the evidence anew each time.
    """

    def __init__(
        self, options: Options, play: Play, folder: Path, make_country: MakeCountry, progress: Progress
    ) -> None:
        self._options, self._progress = options, progress
        plan, self._firsts, self._seconds = play
        self._corrected = {str(actor.biodata.nik): actor.biodata for actor in self._firsts if actor.misspelt}
        with progress.task("making keys and data folders", None):
            make_country(folder / "country", plan)
        self._stations = tuple(str(station.station) for station in plan.offices[0].stations)
        self.country = Country(folder / "country", OFFICE, self._stations, seed=options.seed)
        self.witness = Witness(folder / "witness.jsonl")
        self._clerk = Clerk(self.country.office, "kantor", PASSWORD)
        self._desks = [
            self._desk(place, name) for place, name in zip(self.country.stations, self._stations, strict=True)
        ]
        self._scenario = Scenario(options, self.country, self._desks, self._clerk, Outcome(), progress)

    def _desk(self, place: PlaceProcess, station: str) -> Desk:
        return Desk(place, station, (f"op-{station}", PIN), (f"spv-{station}", SUPERVISOR_PIN), self.witness)

    def __enter__(self) -> Self:
        try:
            with self._progress.task("starting the country", None):
                self.country.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self.country.stop()
        self._clerk.close()
        for desk in self._desks:
            desk.close()
        self.witness.close()

    def play(self) -> None:
        """The scenario, up to the last result."""
        if self._options.faults:
            with Killer(self.country, seed=self._options.seed) as killer:
                self._scenario.run(self._firsts, self._seconds, killer)
        else:
            self._scenario.run(self._firsts, self._seconds, None)

    def reckon(self) -> Outcome:
        """The witness against what the places hold now."""
        with self._progress.task("reconciling", None):
            outcome = _reckon(self.country, self.witness, self._scenario, self._seconds)
            _reckon_corrections(outcome, self.country, self.witness, self._corrected)
            return outcome


def play_of(options: Options) -> Play:
    """The country, who is recorded in it first and who comes again. Raises `TooFewSamples`."""
    districts = [f"3174{number:02d}" for number in range(1, min(options.stations, 10) + 1)]
    stations = tuple(
        station_plan(districts[number % len(districts)], number // len(districts) + 1)
        for number in range(options.stations)
    )
    wanted = options.people + options.second_recordings
    today = SystemClock().wall().date()  # the stations' own: before the first signed batch they know no other
    people = Population(districts, seed=options.seed, on=today).residents(wanted)
    firsts, seconds = actors(options, people)
    firsts = misspelt(firsts)
    outdated = {actor.biodata.nik: actor.outdated for actor in firsts if actor.misspelt}
    office = office_plan(stations, blanks=wanted)
    plan = CountryPlan(
        (office,),
        tuple(outdated.get(one.nik, one) for one in people),
        demo_staff(),
        today,
        cast={actor.biodata.nik: actor.role.to_map() for actor in (*firsts, *seconds)},
        samples=str(options.samples.absolute()) if options.samples else None,
        devices="simulated",
    )
    return plan, firsts, seconds


def _reckon(country: Country, witness: Witness, scenario: Scenario, seconds: list[Actor]) -> Outcome:
    centre, office = read_centre(country.folder / "centre"), read_office(country.folder / f"office-{OFFICE}")
    testimonies = witness.testimonies()
    second_niks = frozenset(str(actor.biodata.nik) for actor in seconds)
    found = reconcile(testimonies, second_niks, centre, office, scenario.told())
    outcome = replace(scenario.outcome, problems=[])
    outcome.lost, outcome.double_counted = len(found.lost), len(found.double)
    turned_away = [done.actor for done in scenario.recorded if done.packet_id is None and not done.rightly]
    outcome.missed_duplicates, outcome.false_duplicates = len(found.missed), len(found.false) + len(turned_away)
    outcome.kills = sum(place.kills for place in country.places)
    links = (country.to_centre, country.to_office)
    outcome.link_faults = sum(link.faults for link in links)
    _count(outcome, centre, office)
    first_sittings = len(testimonies) - sum(testimony.nik in second_niks for testimony in testimonies)
    if len(found.adjudicated_firsts) > _MOST_ADJUDICATED * first_sittings:
        outcome.problems.append(f"{len(found.adjudicated_firsts)} of {first_sittings} first recordings went to experts")
    for title, packets in (("lost", found.lost), ("double", found.double), ("missed", found.missed)):
        outcome.problems += [f"{title}: {packet}" for packet in packets]
    outcome.problems += [f"false duplicate: {packet}" for packet in found.false]
    outcome.problems += _unfinished(centre, office)
    outcome.problems += [f"turned away at the counter for somebody else: {actor.person}" for actor in turned_away]
    return outcome


def _reckon_corrections(outcome: Outcome, country: Country, witness: Witness, corrected: Mapping[str, Biodata]) -> None:
    testimonies = witness.testimonies()
    of_them = [said.packet_id for said in testimonies if said.nik in corrected]
    held = read_biodata(country.folder / "centre", country.folder / "keys" / "centre.keys", of_them)
    asked = read_asked(country.folder / "centre")
    found = reconcile_corrections(testimonies, corrected, held, asked)
    outcome.corrected = len(found.right)
    outcome.problems += found.wrong


def _unfinished(centre: CentreEvidence, office: OfficeEvidence) -> list[str]:
    """What waits for an engineer, and cards that nobody was told to print."""
    quarantined = [packet for packet, status in centre.statuses.items() if status == "QUARANTINED"]
    ready = [packet for packet, status in centre.statuses.items() if status == "PRINT_READY_RECORD"]
    told = office.told[EntryKind.PRINT_ORDER]
    unordered = [packet for packet in ready if not (centre.print_orders[packet] and told[packet])]
    return [f"quarantined: {packet}" for packet in quarantined] + [f"no print order: {one}" for one in unordered]


def _count(outcome: Outcome, centre: CentreEvidence, office: OfficeEvidence) -> None:
    words = [verdict.word for verdict in centre.verdicts.values()]
    outcome.backed_up, outcome.received = len(office.sound), len(centre.sound)
    outcome.unique = words.count("UNIQUE")
    outcome.duplicates_at_centre = words.count("DUPLICATE")
    outcome.adjudicated = words.count("ADJUDICATE")
    outcome.print_ready = sum(status == "PRINT_READY_RECORD" for status in centre.statuses.values())
