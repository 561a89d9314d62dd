"""Pictures of a station's day at a real browser, real sittings: python bench/station_screenshots.py FOLDER"""

import shutil
import sys
import tempfile
from datetime import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from rekam.drill.demo import PIN
from rekam.station.day.ticket import Priority, Service
from rekam.station.outing.plan import OutingPlan
from station_counter import OPERATOR, SUPERVISOR, Counter
from station_counter import counter as made_counter
from web_server import served  # the tests' examples stand beside, not in the package

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LATE = 120_000
"""Milliseconds for what waits for the engine's first compilation."""

QUEUE = (Priority.NONE, Priority.NONE, Priority.ELDERLY, Priority.NONE, Priority.PREGNANT, Priority.NONE, Priority.NONE)
BETWEEN_S = (*[380, 510, 350, 560, 460, 330, 900, 440] * 2,)
"""Seconds from one recording of the outing to the next."""


class Camera:
    """Takes a page in light and in dark."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, page: Page, name: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=self._folder / f"station-{name}-{scheme}.png")
        page.emulate_media(color_scheme="light")


def an_outing(counter: Counter) -> None:
    """A village office, a list of thirty, and a morning's recordings; the team is back at the counter afterwards."""
    here, people = counter.station.here, counter.adults(40)
    village = next(each.village for each in people)
    of_village = [each for each in people if each.village == village]
    day = here.outings.today
    team = (OPERATOR, SUPERVISOR)
    plan = OutingPlan("Balai Warga RW 03", village, day, day, time(8), time(15), team, "Mobil layanan 2")
    outing = here.outings.plan(plan, by=SUPERVISOR, once="pictures")
    here.expected.take(outing.number, [*of_village, *people][:30], "list")
    here.outings.depart(outing.number)
    for person, seconds in zip(people[4:], BETWEEN_S, strict=False):
        counter.clock.advance(seconds)
        counter.save(person.nik)


def a_line(counter: Counter) -> None:
    """People with numbers, one of them called."""
    queue = counter.station.here.queue
    queue.open_day(OPERATOR)
    for number, priority in enumerate(QUEUE):
        queue.take(Service.RECORDING, priority, f"slip-{number}")


def sit_down(page: Page, nik: str) -> None:
    """From the start page to the photo, by keyboard."""
    page.wait_for_selector("#text:focus")
    page.keyboard.type(nik)
    for where in ("residents/*", "biodata", "photo"):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{where}")


def to_fingers(page: Page) -> None:
    """What the operator presses; captures happen by themselves."""
    for where in ("signature", "fingers"):
        page.wait_for_selector(".captured", timeout=LATE)
        page.keyboard.press("Enter")
        if where == "signature":
            page.wait_for_url("**/signature")
            page.keyboard.press("Enter")
        else:
            page.wait_for_url("**/fingers")


def first_sitting(page: Page, screen: Page, take: Camera, nik: str) -> None:
    """Somebody is recorded; the resident agrees on their own screen."""
    sit_down(page, nik)
    to_fingers(page)
    page.wait_for_selector(".captured-4", timeout=LATE)
    take(page, "fingers")
    page.wait_for_url("**/review", timeout=2 * LATE)
    screen.wait_for_selector("text=Benar, saya setuju direkam")
    take(screen, "resident")
    screen.focus("text=Benar, saya setuju direkam")
    screen.keyboard.press("Enter")
    page.wait_for_selector("text=Penduduk menyetujui di layarnya")
    take(page, "review")
    page.keyboard.press("Enter")
    page.wait_for_url("**/saved")
    take(page, "saved")


def second_sitting(page: Page, take: Camera, nik: str) -> None:
    """The same person under another number: the fingers tell."""
    sit_down(page, nik)
    to_fingers(page)
    page.wait_for_url("**/warning", timeout=2 * LATE)
    take(page, "warning")


def opened(context: BrowserContext, address: str) -> Page:
    """A page on which the operator has signed in."""
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/sign-in")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    return page


def make_station_screenshots(folder: Path) -> None:
    """Writes `station-<page>-<light|dark>.png`, 1366 x 768, the resident's screen 390 x 844, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        counter, take = made_counter(Path(scratch) / "country"), Camera(folder)
        counter.sign_in()
        first, second = counter.adults(2)
        counter.cast(**{first.nik: (15, 1), second.nik: (15, 2)})
        an_outing(counter)
        a_line(counter)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with served(counter.app()) as address:
            context = browser.new_context(viewport=DESK, locale="id-ID")
            page, screen = opened(context, address), context.new_page()
            screen.set_viewport_size(PHONE)
            for name, path in {"outing": "/outings/1", "queue": "/queue", "serving": "/queue/serving"}.items():
                page.goto(address + path)
                take(page, name)
            counter.station.here.outings.come_back(1)
            screen.goto(f"{address}/resident-screen")
            page.goto(address)
            first_sitting(page, screen, take, first.nik)
            page.goto(address)
            second_sitting(page, take, second.nik)
            for name in ("recordings", "outbox", "day-end", "system"):
                page.goto(f"{address}/{name}")
                take(page, name)
            (newest,) = counter.station.here.recordings.search(limit=1)
            page.goto(f"{address}/recordings/{newest.packet_id}")
            take(page, "recording")
        browser.close()
        counter.station.close()


if __name__ == "__main__":
    make_station_screenshots(Path(sys.argv[1]))
