"""Pictures of every page of a station, taken at a real browser during a real sitting: `make_station_screenshots`."""

import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import which

import uvicorn
from playwright.sync_api import Page, sync_playwright

from rekam.apps.provision import make_country
from rekam.drill.demo import PIN, SUPERVISOR_PIN, demo_country
from rekam.exchange.errors import RemoteUnreachable
from rekam.station.app import create_station_app
from rekam.station.devices.cast import Cast
from rekam.station.devices.simulated import SimulatedDevice
from rekam.station.ports import Ports
from rekam.station.station import Station
from rekam.storage.disk import RealDisk
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.assets import PDF_FONTS

DESK = {"width": 1440, "height": 900}
STATION = "317401-01"
NOTICE = (
    7,
    "2026-11-20T02:10:00+00:00",
    "Server pusat dipelihara sampai Senin pagi",
    "The centre's server is being serviced until Monday morning",
    "Teruskan perekaman seperti biasa. Hasil menyusul setelah server hidup kembali.",
    "Go on recording as usual. Results follow once the server is back.",
)


class Unreachable:
    """The office during an outage."""

    def __getattr__(self, name):
        def refuse(*_arguments, **_options):
            raise RemoteUnreachable(place="Sudin Dukcapil Jakarta Selatan", reason="no route")

        return refuse


@contextmanager
def counter(folder: Path) -> Iterator[tuple[Station, str]]:
    """A station of the demo country during an outage, and its address."""
    make_country(folder / "country", demo_country(date(2026, 11, 21)), cost=Cost(1024, 1, 1))
    own, clock = folder / "country" / f"station-{STATION}", SystemClock()
    station = Station(
        Ports(
            folder=own,
            disk=RealDisk(),
            clock=clock,
            device=SimulatedDevice(Cast(own / "cast.json")),
            connect=lambda _identity: Unreachable(),
            fonts=PDF_FONTS,
            pepper=keyfile.load(folder / "country" / "keys" / f"station-{STATION}.keys")["pepper"],
        )
    )
    app = create_station_app(station, clock, place=f"Stasiun {STATION} Tebet")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        yield station, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        station.close()


class Camera:
    """Takes each page in light and in dark."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self._folder, self._taken = page, folder, 0

    def __call__(self, name: str) -> None:
        self._taken += 1
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=self._folder / f"{self._taken:02d}-{name}-{scheme}.png")
        self.page.emulate_media(color_scheme="light")


def enter(page: Page, *, until: str) -> None:
    """Presses Enter until the page at `until` stands there: what an official does all day."""
    for _ in range(40):
        if until in page.url:
            return
        with page.expect_navigation():
            page.keyboard.press("Enter")
    raise TimeoutError(until)


def make_station_screenshots(folder: Path) -> None:
    """Writes `NN-<page>-<light|dark>.png`, 1440 x 900, of every page of a station into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, counter(Path(scratch)) as (station, address), sync_playwright() as p:
        browser = p.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=DESK, locale="id-ID", reduced_motion="reduce")
        page.set_default_timeout(10_000)
        take = Camera(page, folder)
        page.goto(address)
        take("sign-in")
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        with station.here.store.tx() as tx:
            tx.execute("INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?)", NOTICE)
        first, second = [one for one in station.here.residents.search("3174") if one.birth_date.year < 2005][:2]
        cast = {first.nik: {"person": 15, "impression": 1}, second.nik: {"person": 15, "impression": 2}}
        (Path(scratch) / "country" / f"station-{STATION}" / "cast.json").write_text(json.dumps(cast), "utf-8")
        take("start")
        _first_sitting(page, take, first)
        _second_sitting(page, take, second)
        page.goto(f"{address}/recordings")
        take("recordings")
        page.goto(f"{address}/notices")
        take("notices")
        browser.close()


def _first_sitting(page: Page, take: Camera, resident) -> None:
    page.fill("#text", "a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    take("found")
    page.fill("#text", resident.nik)
    enter(page, until="/residents/")
    take("resident")
    enter(page, until="/biodata")
    take("biodata")
    enter(page, until="/photo")
    take("photo-before")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    take("photo")
    enter(page, until="/signature")
    take("signature-before")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    take("signature")
    enter(page, until="/fingers")
    take("fingers-before")
    for finger in range(12):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if "slot=" in page.url:
            take("fingers-weak")
        if finger == 4:
            take("fingers")
        if page.locator(".part-next").count() == 0 and page.locator(".part-weak").count() == 0:
            break
    page.goto(page.url.split("/fingers")[0] + "/exception?slot=finger-10")
    take("exception")
    page.check("input[value=bandaged]")
    page.fill("#pin", SUPERVISOR_PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/fingers")
    take("fingers-done")
    enter(page, until="/irises")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    take("irises-weak")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    take("irises")
    enter(page, until="/review")
    take("review")
    page.check("input[name=consent]")
    page.fill("#pin", SUPERVISOR_PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/saved")
    take("saved")


def _second_sitting(page: Page, take: Camera, resident) -> None:
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=search]")
    page.fill("#text", resident.nik)
    enter(page, until="/biodata")
    enter(page, until="/fingers")
    enter(page, until="/warning")
    take("warning")
    page.goto(page.url.split("/sittings")[0])
    take("start-half-done")


if __name__ == "__main__":
    make_station_screenshots(Path("build/screenshots/station"))
