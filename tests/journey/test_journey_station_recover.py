"""A station dies with a packet that was never sent: recovered on site, by the runbook's commands and a real browser."""

import re
import shlex
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import httpx
import pytest
from playwright.sync_api import sync_playwright

from patience import PATIENCE_MS, PATIENCE_S
from rekam.drill.country import PlaceProcess, start_all, stop_all
from rekam.drill.demo import PASSWORD, PIN, demo_country
from rekam.drill.ports import free_port
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason
from rekam.exchange.errors import RevocationUnproved
from rekam.exchange.http_remote import HttpRemote
from rekam.trust.clock import SystemClock
from small_country import OPERATOR, STATION, SUPERVISOR, Link, country, open_station, record

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("recover")]

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbooks" / "station-recover.md"
NEW_PIN, NEW_SUPERVISOR_PIN = "135790", "246810"
NAME = f"station-{STATION}"


def commands() -> list[str]:
    """The runbook's commands in their order."""
    blocks = re.findall(r"```sh\n(.*?)```", RUNBOOK.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def until(holds, what: str):
    """Wait for a true value of `holds()`."""
    deadline = time.monotonic() + 2 * PATIENCE_S
    while not (found := holds()):
        assert time.monotonic() < deadline, what
        time.sleep(0.5)
    return found


class Talk:
    """A command in its own process, spoken with line by line."""

    def __init__(self, arguments: list[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "rekam.apps.cli", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)

    def hear(self, pattern: str) -> re.Match:
        """Read on until `pattern` was said."""
        deadline = time.monotonic() + 2 * PATIENCE_S
        while not (found := re.search(pattern, self.said)):
            assert time.monotonic() < deadline, self.said
            try:
                self.said += self._lines.get(timeout=0.5)
            except Empty:
                assert self._reader.is_alive() or not self._lines.empty(), self.said
        self.said = self.said[found.end() :]
        return found

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> str:
        """Everything it still said; it must have ended well."""
        code = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        while not self._lines.empty():
            self.said += self._lines.get()
        self.process.stdin.close()
        self.process.stdout.close()
        assert code == 0, self.said
        return self.said

    def kill(self) -> None:
        """As the laptop dies."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Places:
    """Centre and office as processes; a station with three recordings, the third of which lies on a stick alone."""

    def __init__(self, folder: Path) -> None:
        self.people = [one for one in demo_country(date(2016, 10, 3)).residents if one.birth_date.year < 1990][:4]
        self.home = country(folder / "country", *self.people)
        station = open_station(self.home, Link())
        self.recorded = [record(station, person.nik) for person in self.people[:3]]
        self.old = station.here.identity
        last = self.recorded[2].packet_id
        lies = station.here.blobs.path(last)
        station.close()
        self.stick = folder / "usb"
        self.stick.mkdir()
        lies.rename(self.stick / last)
        self.centre = self._place("centre", "centre")
        self.office = self._place("office", "office-3174", "--centre", self.centre.url)
        self.station = self._place("station", NAME, "--office", self.office.url)

    @property
    def station_folder(self) -> Path:
        return self.home / NAME

    def _place(self, kind: str, name: str, *more: str) -> PlaceProcess:
        held = ("--data", str(self.home / name), "--keys", str(self.home / "keys" / f"{name}.keys"))
        return PlaceProcess(name, (kind, *held, *more), free_port(), self.home.with_name(f"{name}.log"))

    def words(self, command: str) -> list[str]:
        """The runbook's command in this country."""
        command = command.replace("data/keys", str(self.home / "keys")).replace("data/station", f"{self.home}/station")
        command = command.replace("/media/usb", str(self.stick)).replace("http://127.0.0.1:8401", self.office.url)
        program, *arguments = shlex.split(command)
        assert program == "rekam"
        return arguments


@pytest.fixture
def places(tmp_path):
    made = Places(tmp_path)
    start_all([made.centre, made.office])
    yield made
    stop_all([made.centre, made.office, made.station])


@contextmanager
def client(url: str, path: str = "", **form: str):
    with httpx.Client(base_url=url, headers={"Origin": url}, timeout=PATIENCE_S, follow_redirects=True) as opened:
        if path:
            opened.post(path, **({"json": form} if path.startswith("/api") else {"data": form})).raise_for_status()
        yield opened


@contextmanager
def browser():
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=found, args=["--headless", "--no-sandbox"], timeout=PATIENCE_MS
        )
        yield running
        running.close()


def official(running, url: str, name: str):
    """A page of an official with a profile of their own, at the request."""
    context = running.new_context(locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/recovery")
    page.click(f"a:has-text('{STATION}'), a:has-text('Periksa')")
    page.wait_for_selector(f"h1:has-text('{STATION}')")
    return page


def record_at(station: PlaceProcess, nik: str) -> str:
    """One resident through the station's API under the new PINs; the packet's number."""
    with client(station.url, "/api/sign-in", operator=OPERATOR, pin=NEW_PIN) as counter:

        def post(path, body):
            return counter.post(path, json=body).raise_for_status().json()

        who = {"supervisor": SUPERVISOR, "pin": NEW_SUPERVISOR_PIN}
        at = f"/api/sittings/{post('/api/sittings', {'nik': nik})['sitting_id']}"
        post(f"{at}/biodata", {})
        for slot in ("photo", "signature", "iris-1", "iris-2"):
            for attempt in range(1, 5):
                if post(f"{at}/capture", {"slot": slot, "forced": attempt == 4})["accepted"]:
                    break
        for slot in ALL_SLOTS:
            if str(slot).startswith("finger"):
                post(f"{at}/exception", {"slot": str(slot), "reason": ExceptionReason.WORN, **who})
        return post(f"{at}/save", {"consent": True, **who})["number"]


def test_a_dead_station_is_recovered_on_site_and_every_recording_is_accounted_for(places):
    places.station.start()
    with (
        client(places.office.url, "/sign-in", name="kantor", password=PASSWORD) as office,
        client(places.station.url, "/api/sign-in", operator=OPERATOR, pin=PIN),
    ):
        until(lambda: office.get("/api/state").json()["packets"] == 2, "the office never got the first two")
    places.station.kill()
    shutil.rmtree(places.station_folder)
    (places.home / "keys" / f"{NAME}.keys").unlink()

    recover, start = commands()
    first = Talk(places.words(recover))
    first.hear("[A-Z]{4}-[A-Z]{4}")
    first.kill()  # the new laptop dies, too: the same command goes on
    talk = Talk(places.words(recover))
    code = talk.hear("([A-Z]{4}-[A-Z]{4})")[1]
    talk.hear("Approved by 0 of 2")
    with browser() as running:
        one = official(running, places.office.url, "kantor")
        one.fill("#code", "BCDF-GHJK")
        one.fill("#reason", "Laptop mati, cakram rusak")
        one.keyboard.press("Enter")
        one.wait_for_selector("text=Huruf-hurufnya tidak sama")
        one.fill("#code", code.lower())
        one.keyboard.press("Enter")
        one.wait_for_selector("text=Persetujuan Anda tercatat")
        talk.hear("Approved by 1 of 2")
        two = official(running, places.office.url, "kantor-2")
        two.wait_for_selector("text=Laptop mati, cakram rusak")
        two.fill("#code", code)
        two.keyboard.press("Enter")
        two.wait_for_selector("text=Bacakan ke stasiun")
        answer = two.text_content(".figure-value").strip()
    talk.hear("Approved by 2 of 2")
    talk.say("BCDF")  # somebody misreads
    talk.hear("letters are not those")
    talk.say(answer)
    talk.hear("New PINs")
    for pin in (NEW_PIN, NEW_SUPERVISOR_PIN):
        talk.say(pin)
    told = talk.end()
    assert "installation 2" in told
    assert not list((places.home / "keys").glob("*.recovery*"))

    assert places.words(start) == [*places.station.arguments[:5], "--office", places.office.url]
    places.station.environment = {"REKAM_DEVICES": "simulated"}  # a new folder captures with real devices
    places.station.start()
    assert record_at(places.station, places.people[3].nik) == f"{STATION}/2/000001"
    with client(places.office.url, "/sign-in", name="kantor", password=PASSWORD) as office:
        until(lambda: office.get("/api/state").json()["packets"] == 4, "the stick's packet or the new one never came")
        page = office.get(re.search(r"/recovery/[0-9a-f]{32}", office.get("/recovery").text)[0]).text
        assert "Semua rekaman ada" in page

    remote = HttpRemote(
        places.office.url, place="3174", key=places.old.signing, chain=places.old.chain, clock=SystemClock()
    )
    with pytest.raises(RevocationUnproved):  # whoever has the old keys is told so
        remote.lacking(["0" * 64])
    remote.close()

    last = places.recorded[2].packet_id
    with client(places.centre.url, "/sign-in", name="pusat", password=PASSWORD) as centre:
        until(lambda: centre.get("/api/state").json()["received"] == 4, "the centre never got all four")
        until(lambda: last in centre.get("/quarantine").text, "what was sealed beyond the fence does not wait")
        decided = centre.post(
            f"/quarantine/{last}/verdict", data={"verdict": "released", "note": "Bukti perekaman cocok"}
        )
        assert "Keputusan tercatat" in decided.text
        state = centre.get("/api/state").json()
        assert (state["received"], state["adds_up"]) == (4, True)
        assert last not in centre.get("/quarantine").text
