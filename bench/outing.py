"""What an outing's list costs a station with 100,000 residents: looked at, taken, shown, printed.

    python -m bench.outing [--residents N] [--rows N] [--json]

CPU seconds of this process, the best of three, so that they stand for a quiet machine of this class.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as day_time
from pathlib import Path
from typing import Final

from bench.big_station import big_station

from rekam.drill.demo import PIN
from rekam.station.app import create_station_app
from rekam.station.outing.expected import Standing
from rekam.station.outing.list_reading import read_list
from rekam.station.outing.outings import Outing
from rekam.station.outing.paper import list_paper
from rekam.station.outing.plan import OutingPlan
from rekam.station.outing.proposal import from_list, from_register
from rekam.station.station import Station
from rekam.trust.clock import SystemClock
from rekam.web.testing import PageClient

_TIMES: Final = 3
_EVER: Final = date(1850, 1, 1)


def best(work: Callable[[], object]) -> float:
    """CPU seconds."""
    spent = []
    for _ in range(_TIMES):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return round(min(spent), 3)


def lists(station: Station, outing: Outing, rows: int) -> dict[str, float | int]:
    """Reading, checking and taking a list of `rows` rows; one village out of the register."""
    here, on = station.here, outing.plan.last_day
    niks = here.store.rows("SELECT nik, name FROM resident ORDER BY nik DESC LIMIT ?", (rows,))
    data = ("NIK;NAMA\n" + "\n".join(f"{nik};{name}" for nik, name in niks)).encode()
    proposal = from_list(read_list(data), here.residents, known=set(), on=on)
    village = here.residents.find(niks[0][0]).village

    def of_village() -> int:
        found = here.residents.living(village=village, born=(_EVER, on))
        return len(from_register(found, here.check.ask_all, known=set(), on=on, beginners=False).people)

    def take() -> None:
        here.expected.clear(outing.number)
        here.expected.take(outing.number, proposal.people, "list")

    return {
        "rows": rows,
        "read_and_check_s": best(lambda: from_list(read_list(data), here.residents, known=set(), on=on)),
        "village_people": of_village(),
        "village_s": best(of_village),
        "take_s": best(take),
        "taken": here.expected.count(outing.number),
        "check_asked_again_s": best(lambda: here.expected.renew(outing.number, "another edition")),
        "standings_s": best(lambda: here.expected.standings(outing.number)),
        "expected": here.expected.standings(outing.number)[Standing.EXPECTED],
    }


def main() -> None:
    """Measures and tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    on = datetime.now(UTC).date()
    with (
        tempfile.TemporaryDirectory() as folder,
        big_station(Path(folder), on, residents=given.residents, recordings=2000) as (station, operator),
    ):
        here = station.here
        plan = OutingPlan(
            "Balai desa", "31.74.01.1006", on, on, day_time(8), day_time(16), (operator.operator.subject,)
        )
        outing = here.outings.plan(plan, by=operator.operator.subject, once="bench")
        figures: dict[str, float | int] = lists(station, outing, given.rows)
        here.outings.depart(outing.number)
        figures["paper_s"] = best(lambda: list_paper(here, here.outings.find(outing.number)))
        with PageClient(create_station_app(station, SystemClock(), place="bench")) as client:
            client.post("/sign-in", {"operator": operator.operator.subject, "pin": PIN})
            for page in ("", "/list", "/list?standing=expected&start=4000", "/return"):
                client.get(f"/outings/1{page}")
                figures[f"page {page or '/'} ms"] = round(
                    1000 * best(lambda page=page: client.get(f"/outings/1{page}")), 1
                )  # type: ignore[misc]
    print(json.dumps(figures, indent=None if given.json else 1))


if __name__ == "__main__":
    main()
