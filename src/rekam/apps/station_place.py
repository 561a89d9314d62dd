"""`rekam station`: one station's web process, wired from a data folder and a key file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import structlog

from rekam.apps.check_scope import check_scope
from rekam.apps.courier_media import courier_media
from rekam.apps.lean_process import give_back_code, lean_heap
from rekam.apps.link_command import link_of
from rekam.apps.place_file import read_place
from rekam.apps.retention import station_retention
from rekam.apps.serving import require_free, serve
from rekam.apps.settings import Settings
from rekam.apps.station_devices import station_devices
from rekam.apps.station_office import HttpOffice
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.lanes import ThreadLanes
from rekam.station.app import create_station_app
from rekam.station.ports import Ports
from rekam.station.printing.ipp import IppPrinter
from rekam.station.station import Station
from rekam.storage.disk import RealDisk
from rekam.storage.folder import DataFolder
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.web.assets import PDF_FONTS

__all__ = ["run_station"]

LANES = 3
"""Uploads in flight: enough to hide the way there and back on a slow line (docs/adr/0025)."""
SEARCH_THREADS = 2
"""The least that a station's laptop has; the rest of it goes on beside a search."""
RESERVE_BYTES = 256 * 1024 * 1024
"""Kept free at a station: room to finish what has begun, and for the machine itself (never 15)."""
_log = structlog.get_logger("rekam.station")


def run_station(
    folder: Path, keys_file: Path, port: int, office_url: str, portal_url: str = "", printer: str = ""
) -> None:
    """Serves until stopped. The store opens at the first sign-in; from then on sending goes on by itself."""
    lean_heap()
    require_free(port)
    if printer:
        IppPrinter(printer)  # an address that is none is told at once
    facts = read_place(folder, "station")
    clock = SystemClock()

    def now() -> datetime:
        return station.here.legal.now().at if station.is_open else clock.wall()

    link = link_of(folder, facts, now)
    devices = station_devices(folder, facts, clock, now, Settings())
    office = HttpOffice(office_url, clock, link.applied)
    with DataFolder(folder, "station"):
        station = Station(
            Ports(
                folder=folder,
                disk=RealDisk(),
                clock=clock,
                device=devices.device,
                connect=office.packets,
                remembers=office.memory,
                report=office.accounts,
                day_words=office.day_words,
                letters=office.letters,
                operator_keys=office.operator_keys,
                corrections=office.corrections,
                fonts=PDF_FONTS,
                portal=portal_url,
                printer=printer,
                pepper=keyfile.load(keys_file)["pepper"],
                reserve_bytes=RESERVE_BYTES,
                retention=station_retention(facts),
                lanes=ThreadLanes(LANES),
                check_scope=check_scope(facts),
                each=ThreadPoolExecutor(SEARCH_THREADS, "local search").map,
            )
        )
        if devices.made_up:
            _log.warning("made-up devices: nobody recorded at this station is a real person", station=facts["id"])
        if devices.looking:
            devices.looking.start()
        try:
            place, zone = f"Stasiun {facts['id']} {facts['name']}", zone_of_region(facts["id"])
            app = create_station_app(station, clock, place=place, zone=zone, media=courier_media(), link=link)

            def afterwards() -> None:
                station.engine.load()
                give_back_code("libllvmlite")  # from now on kernels are read from files, compiled long ago

            serve(app, port, ready=f"station {facts['id']} http://127.0.0.1:{port}", afterwards=afterwards)
        finally:
            if devices.looking:
                devices.looking.stop()
            station.close()
