"""How long a station's pages take on the server with 100,000 residents and 20,000 recordings in its store.

    python -m bench.pages [--residents N] [--recordings N] [--asks N] [--json]

Each page is asked N times in this process, as a browser would ask it (no network between); with different residents
and questions, as far as the page has such. Figures are milliseconds at the 50th and 95th percentile, of this process's
CPU time (what a quiet machine of this class needs) and of wall time (what this machine needed, whatever else ran).
"""

import argparse
import json
import logging
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Final

import structlog
from bench.big_station import big_station

from rekam.drill.demo import PIN
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.sample import ALL_SLOTS
from rekam.station.app import create_station_app
from rekam.station.outing.plan import OutingPlan
from rekam.station.sitting import Capture
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.trust.clock import SystemClock
from rekam.web.testing import PageClient

GOAL_MS: Final = 50.0
VILLAGE: Final = "outing: whole village"
VILLAGE_GOAL_MS: Final = 200.0
"""Looking up everybody of the largest village, and whether they are recorded: an errand, asked once for an outing."""
SITTING_BYTES: Final = 3_000_000


@dataclass
class Asked:
    """One page, asked many times."""

    name: str
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    bytes: int = 0

    def at(self, share: float, times: list[float]) -> float:
        return sorted(times)[min(len(times) - 1, int(share * len(times)))]

    def line(self) -> dict[str, float | str]:
        return {
            "page": self.name,
            "cpu_p50": round(self.at(0.5, self.cpu_ms), 1),
            "cpu_p95": round(self.at(0.95, self.cpu_ms), 1),
            "wall_p50": round(self.at(0.5, self.wall_ms), 1),
            "wall_p95": round(self.at(0.95, self.wall_ms), 1),
            "kilobytes": round(self.bytes / 1000, 1),
        }


def slipped(name: str, chosen: random.Random) -> str:
    """The name with a slip, as typed in a hurry."""
    at = chosen.randrange(1, max(2, len(name) - 1))
    return name[:at] + name[at + 1 :]


Page = tuple[str, Callable[[int], tuple[str, str, dict[str, str]]]]


def pages(sitting: str, people: list[Biodata], recordings: int, village: str) -> Iterator[Page]:
    """(name, the n-th request as method, address, form)."""
    chosen = random.Random(5)  # questions, no secrets

    def one(n: int) -> Biodata:
        return people[n * 37 % len(people)]

    def packet(n: int) -> str:
        return f"{1 + n * 389 % recordings:064x}"

    def search(question: Callable[[Biodata], str]) -> Callable[[int], tuple[str, str, dict[str, str]]]:
        return lambda n: ("POST", "/", {"text": question(one(n))})

    yield "start", lambda _n: ("GET", "/", {})
    yield "search: NIK", search(lambda person: person.nik)
    yield "search: NIK, one digit wrong", search(lambda person: person.nik[:-1] + str((int(person.nik[-1]) + 1) % 10))
    yield "search: beginning of a NIK", search(lambda person: person.nik[:8])
    yield "search: name", search(lambda person: person.name)
    yield "search: name, one slip", search(lambda person: slipped(person.name, chosen))
    yield "search: commonest word", search(lambda _person: "siti")
    yield "search: M. and a letter", search(lambda person: f"M. {person.name[:1]}")
    yield "search: name and date", search(lambda p: f"{slipped(p.name, chosen)} {p.birth_date:%d-%m-%Y}")
    yield "resident", lambda n: ("POST", "/", {"text": one(n).nik})
    for step in ("biodata", "photo", "signature", "fingers", "irises", "review", "close"):
        yield f"sitting: {step}", lambda _n, step=step: ("GET", f"/sittings/{sitting}/{step}", {})  # type: ignore[misc]
    yield "sitting: referral", lambda _n: ("GET", f"/sittings/{sitting}/referral", {})
    yield "referral", lambda n: ("GET", f"/referrals/1-{1 + n % 20}", {})
    yield "warning", lambda _n: ("GET", f"/sittings/{sitting}/warning", {})
    yield "check", lambda n: ("POST", "/check", {"text": one(n).nik})
    yield "recordings", lambda _n: ("GET", "/recordings", {})
    yield "recordings: name", lambda n: ("POST", "/recordings", {"text": one(n).name[:6]})
    yield "recordings: two letters", lambda _n: ("POST", "/recordings", {"text": "si"})
    yield "recordings: beginning of a NIK", lambda _n: ("POST", "/recordings", {"text": "3174"})
    yield "recordings: last figures", lambda n: ("POST", "/recordings", {"text": str(1 + n * 389 % recordings)})
    yield "recording", lambda n: ("GET", f"/recordings/{packet(n)}", {})
    yield "saved", lambda n: ("GET", f"/recordings/{packet(n)}/saved", {})
    for page in ("queue", "queue/at-counter", "queue/serving", "plan", "outbox", "outbox/progress", "day-end"):
        yield page, lambda _n, page=page: ("GET", f"/{page}", {})  # type: ignore[misc]
    for page in ("referrals", "printing", "devices", "staff", "notices", "bar", "system", "resident-screen/now"):
        yield page, lambda _n, page=page: ("GET", f"/{page}", {})  # type: ignore[misc]
    for page in ("", "/list", "/list?standing=expected&start=4000", "/take", "/return"):
        yield f"outing{page}", lambda _n, page=page: ("GET", f"/outings/1{page}", {})  # type: ignore[misc]
    yield VILLAGE, lambda _n: ("POST", "/outings/1/take/register", {"village": village})
    yield "API: recordings", lambda _n: ("GET", "/api/recordings", {})
    yield "API: state", lambda _n: ("GET", "/api/state", {})


def filled(station: Station, operator: Unlocked, nik: str) -> str:
    """A sitting with an image in every slot."""
    sitting = station.sittings.confirm_biodata(station.sittings.open(nik, operator).sitting_id)
    size = SITTING_BYTES // len(ALL_SLOTS)
    for slot in ALL_SLOTS:
        taken = Capture(slot, "image/png", bytes(size), 80, (), 1, "bench", forced=False, good=True)
        sitting = sitting.with_capture(taken)
        station.here.drafts.keep(sitting, taken)
    return sitting.sitting_id


def outing_to_the_largest_village(station: Station, operator: Unlocked, on: date) -> str:
    """Plans it, and takes 5,000 of another village along; returns the village."""
    here, subject = station.here, operator.operator.subject
    everybody = [*here.residents.living(born=(date(1850, 1, 1), on))]
    [(village, count)] = Counter(one.village for one in everybody).most_common(1)
    plan = OutingPlan("Balai desa", village, on, on, clock(8), clock(16), (subject,))
    outing = here.outings.plan(plan, by=subject, once="bench")
    here.expected.take(outing.number, [one for one in everybody if one.village != village][:5000], "register")
    print(f"largest village: {count} residents")
    return village


def ask(client: PageClient, asked: Asked, request: tuple[str, str, dict[str, str]]) -> None:
    """One request with the redirects after it, each of which a browser waits for."""
    method, address, form = request
    wall, cpu = time.perf_counter(), time.process_time()
    answer = client.post(address, form, follow=True) if method == "POST" else client.get(address, follow=True)
    asked.cpu_ms.append(1000 * (time.process_time() - cpu))
    asked.wall_ms.append(1000 * (time.perf_counter() - wall))
    if answer.status_code >= 500 or "/sign-in" in str(answer.url):
        raise RuntimeError(f"{asked.name}: {answer.status_code} at {answer.url}")
    asked.bytes = max(asked.bytes, len(answer.content))


def main() -> None:
    """Measures and tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--recordings", type=int, default=20_000)
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    # the rows of the recordings have no packets behind them, which the station tells
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    on = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        with big_station(Path(folder), on, residents=given.residents, recordings=given.recordings) as (
            station,
            operator,
        ):
            print(f"filled in {time.process_time() - began:.0f} s of CPU time")
            people = station.here.residents.among(
                nik
                for (nik,) in station.here.store.rows("SELECT nik FROM resident ORDER BY nik LIMIT -1 OFFSET 0")[::41]
            )
            sitting = filled(station, operator, people[-1].nik)
            village = outing_to_the_largest_village(station, operator, on)
            done = []
            with PageClient(create_station_app(station, SystemClock(), place="Stasiun 317401-01")) as client:
                client.post("/sign-in", {"operator": f"op-{station.here.identity.station}", "pin": PIN})
                for name, request in pages(sitting, people, given.recordings, village):
                    asked = Asked(name)
                    ask(client, Asked(name), request(0))  # templates are compiled at first use
                    for n in range(given.asks):
                        ask(client, asked, request(n))
                    done.append(asked.line())
                    if not given.json:
                        print(json.dumps(done[-1]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    worst = max((line for line in done if line["page"] != VILLAGE), key=lambda line: float(line["cpu_p95"]))
    goals = {"goal_ms": GOAL_MS, "village_goal_ms": VILLAGE_GOAL_MS}
    print(json.dumps({"pages": done, "worst": worst, **goals, "peak_memory_mib": memory}))


if __name__ == "__main__":
    main()
