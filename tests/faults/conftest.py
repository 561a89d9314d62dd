"""What several tests of this folder stand on: a station with sittings to save, and a resident's whole way, gone once."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog

from centre_examples import resident
from patience import PATIENCE_S
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.centre.centre import Centre
from rekam.drill.demo import PIN
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.status import Status
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.office.office import Office
from rekam.station.recordings import Recording
from rekam.station.station import Station
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import Pool, connect_pool
from rekam.storage.postgres import EmbeddedPostgres, UnsafeFast
from small_country import OPERATOR, Link, country, open_centre, open_office, open_station, prepared, record, remote_of

UNUSUAL = resident(4711, "QWENDOLYNE XAVERIUSSA", birth_place="ZWARTEKWARTIER", address="JL. YPSILANTI VOXHALL NO. 77")
NOTICE = "Pengumuman untuk semua tempat"


SITI, DEWI, RINI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI"), resident(3, "RINI WULANDARI")


@pytest.fixture(scope="session")
def ready(tmp_path_factory) -> Path:
    """A country whose station knows Siti, Dewi and Rini and holds the sittings of Siti and Dewi, all done but the
    saving. Copy it before you change it (`copied`).
    """
    folder = country(tmp_path_factory.mktemp("ready") / "country", SITI, DEWI, RINI)
    station = open_station(folder, Link())
    operator = station.sign_in(OPERATOR, PIN)
    for person in (SITI, DEWI):
        prepared(station, operator, person.nik)
    station.close()
    return folder


@pytest.fixture
def copied(ready, tmp_path) -> Path:
    """A copy of that country for one test."""
    return shutil.copytree(ready, tmp_path / "country")


@dataclass
class Journey:
    """All places after the resident's card was printed. `root` holds every file that any of them wrote."""

    root: Path
    folder: Path
    biodata: Biodata
    recording: Recording
    station: Station
    office: Office
    centre: Centre
    link: Link
    papers: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture(scope="session")
def journey(tmp_path_factory) -> Iterator[Journey]:
    root = tmp_path_factory.mktemp("journey")
    folder, link = country(root / "country", UNUSUAL), Link()
    with _logged(root / "places.log"), _databases(root / "postgres") as (for_office, for_centre):
        centre = open_centre(folder, for_centre, UNUSUAL)
        office = open_office(folder, for_office, remote_of(centre))
        link.far = office.local()
        station = open_station(folder, link)
        made = Journey(root, folder, UNUSUAL, record(station, UNUSUAL.nik), station, office, centre, link)
        _go(made)
        yield made
        station.close()
        centre.close()


def _go(journey: Journey) -> None:
    """Up to the centre, through the stages, down again, and every paper."""
    packet_id, recordings = journey.recording.packet_id, journey.station.here.recordings
    until(lambda: recordings.find(packet_id).custody_at, journey.station.here.line.run_once)
    until(lambda: journey.office.state().relayed == 1, journey.office.relay.run_once)
    journey.centre.worker().run_until_idle()
    journey.centre.notices.publish(NOTICE, "", author="pusat")
    until(journey.office.notices.newest, journey.office.relay.run_once)
    journey.office.blanks.open_with(10, "Stok awal", by="kantor")
    journey.papers["card"] = journey.office.cards.print(packet_id, by="kantor").pdf
    until(lambda: journey.station.here.notices.newest(1), journey.station.here.line.run_once)
    journey.recording = recordings.find(packet_id)
    assert journey.recording.status is Status.PRINT_READY_RECORD
    journey.papers["proof"] = journey.station.here.papers.proof(packet_id, OPERATOR)
    journey.papers["suket"] = journey.station.here.papers.suket(packet_id, OPERATOR)


def until(done: Callable[[], object], act: Callable[[], object]) -> None:
    """Repeats `act` until `done`; a station's own thread may be doing the same."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        act()


@contextmanager
def _databases(folder: Path) -> Iterator[tuple[Pool, Pool]]:
    with EmbeddedPostgres(folder, durability=UnsafeFast) as server:
        pools = [connect_pool(server.ensure_database(name)) for name in ("office", "centre")]
        for pool, tables in zip(pools, (OFFICE_TABLES, CENTRE_TABLES), strict=True):
            with pool.connection() as connection:
                migrate_postgres(connection, *tables)
        yield pools[0], pools[1]
        for pool in pools:
            pool.close()


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Everything that is logged goes into `path`, down to the least important."""
    root, level = logging.getLogger(), logging.getLogger().level
    with path.open("w") as file:
        handler = logging.StreamHandler(file)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(file))
        yield
        structlog.reset_defaults()
        root.setLevel(level)
        root.removeHandler(handler)
