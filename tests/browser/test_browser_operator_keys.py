"""A forgotten PIN in a real browser: asked for at the station, approved by two on the office's page, signed in with."""

import os

import httpx
import pytest

from axe import flaws
from patience import PATIENCE_MS, PATIENCE_S
from rekam.apps.office_place import open_office
from rekam.drill.demo import SUPERVISOR_PIN
from rekam.exchange.key_requests import HttpKeyRequests
from rekam.exchange.signed_http import SignedHttp
from rekam.office.app import create_office_app
from rekam.office.office import TABLES
from rekam.storage.testing import fresh_pool
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member
from station_counter import OPERATOR, STATION, SUPERVISOR
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser

SCREEN = {"width": 1366, "height": 768}
PASSWORD, NEW, LAST = "empat kata tanpa makna", "730516", "918273"


class Line:
    """`KeyRequestRemote` over HTTP to wherever `line` leads at the moment."""

    def __init__(self, identity, line):
        self._identity, self._line = identity, line

    def __getattr__(self, name):
        who, to = self._identity, self._line["office"]
        common = {"place": "dinas", "key": who.signing, "chain": who.chain, "clock": SystemClock()}
        return getattr(HttpKeyRequests(SignedHttp(to, client=self._line["client"], **common)), name)


@pytest.fixture
def places(tmp_path, serve):
    """The station at its counter and its office, a line of HTTP between them; yields (counter, station, office)."""
    client = httpx.Client(timeout=PATIENCE_S)
    line = {"office": "http://127.0.0.1:1", "client": client}  # nobody answers there: the line is cut
    counter = make_counter(tmp_path / "country", operator_keys=lambda identity: Line(identity, line))
    with fresh_pool(*TABLES) as pool:
        folder, keys = counter.folder / "office-3174", counter.folder / "keys" / "office-3174.keys"
        office, staff = open_office(folder, keys, pool), InMemoryStaffStore(SystemClock())
        for name in ("budi", "sri"):
            add_member(staff, name, frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
        with serve(create_office_app(office, staff)) as at_office, serve(counter.app()) as at_station:
            yield counter, at_station, at_office, line
        counter.station.close()
        client.close()


def look(page, name):
    """Nothing for axe in light and dark, nothing cut off; a picture where one is wanted."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert flaws(page, only_contrast=scheme == "dark") == [], page.url
        if "REKAM_SHOTS" in os.environ:
            page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], page.url


def enter(page, address, who, pin):
    page.goto(f"{address}/sign-in")
    page.check(f"input[value='{who}']")
    page.fill("#pin", pin)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def official(browser, address, name):
    context = browser.new_context(viewport=SCREEN, locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def test_a_forgotten_pin_is_asked_for_approved_by_two_and_the_new_one_signs_in(browser, chromium, places):
    counter, station, office, line = places
    page = chromium.new_page()
    page.set_viewport_size(SCREEN)
    enter(page, station, SUPERVISOR, SUPERVISOR_PIN)
    page.goto(f"{station}/staff")
    look(page, "staff")
    page.get_by_role("link", name="Lupa PIN").click()
    look(page, "staff-ask")
    page.wait_for_selector("input:focus")
    page.keyboard.type("111111")
    page.keyboard.press("Tab")
    page.keyboard.type("111111")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    look(page, "staff-ask-wrong")
    page.fill("#pin", NEW)
    page.fill("#again", NEW)
    page.keyboard.press("Enter")
    letters = page.locator(".key-letters").inner_text()
    assert len(letters.replace("-", "")) == len("BCDFGHJK")
    page.get_by_text("Belum sampai di Disdukcapil").wait_for()
    look(page, "staff-asked-offline")
    page.locator("summary").click()
    look(page, "staff-asked-by-hand")
    text = page.input_value("#request")

    budi = official(browser, office, "budi")
    budi.goto(f"{office}/operator-keys")
    look(budi, "office-keys-empty")
    budi.fill("#text", text[:-20])
    budi.get_by_role("button", name="Baca permintaan").click()
    budi.get_by_role("alert").wait_for()
    budi.fill("#text", text)
    budi.get_by_role("button", name="Baca permintaan").click()
    budi.get_by_role("heading", name="Kunci untuk Operator Tebet").wait_for()
    look(budi, "office-key")
    budi.fill("#letters", letters.lower())
    budi.keyboard.press("Enter")
    budi.get_by_text("Persetujuan Anda tercatat").wait_for()

    line["office"] = office
    page.get_by_role("button", name="Tanyakan sekarang").click()
    page.get_by_text("Di Disdukcapil, menunggu dua petugas").wait_for()
    look(page, "staff-asked-heard")
    sri = official(browser, office, "sri")
    sri.goto(f"{office}/operator-keys")
    sri.get_by_role("link", name="Periksa").click()
    sri.fill("#letters", letters)
    sri.keyboard.press("Enter")
    sri.get_by_text("Kunci baru disahkan").wait_for()
    look(sri, "office-key-issued")
    counter.station.ask_office(PATIENCE_S)  # as the rounds do by themselves
    page.get_by_text("Jawaban dinas diterima").wait_for()  # the page noticed
    enter(page, station, OPERATOR, NEW)
    page.wait_for_url(f"{station}/")
    assert counter.station.keys.waiting() == []

    _no_supervisor_is_left(page, station, office, counter, budi, sri)
    _the_operator_is_stopped(page, station, office, counter, line, budi, sri)


def _no_supervisor_is_left(page, station, office, counter, budi, sri):
    """The operator asks to become supervisor, the officials make sure, and the new PIN supervises."""
    page.goto(f"{station}/staff")
    page.locator("#no-supervisor summary").click()
    look(page, "staff-no-supervisor")
    page.get_by_role("link", name="Saya menjadi supervisor").click()
    look(page, "staff-ask-supervisor")
    page.wait_for_selector("input:focus")
    page.keyboard.type(LAST)
    page.keyboard.press("Tab")
    page.keyboard.type(LAST)
    page.keyboard.press("Enter")
    letters = page.locator(".key-letters").inner_text()
    look(page, "staff-asked-supervisor")
    for name, desk in (("budi", budi), ("sri", sri)):
        desk.goto(f"{office}/operator-keys")
        look(desk, f"office-keys-supervisor-{name}")
        desk.get_by_role("link", name="Periksa").click()
        desk.fill("#letters", letters)
        desk.keyboard.press("Enter")
        desk.get_by_role("alert").wait_for()
        look(desk, f"office-key-supervisor-{name}")
        desk.check("input[name=heard]")
        desk.get_by_role("button", name="Setujui kunci supervisor ini").click()
        desk.get_by_text("Persetujuan Anda tercatat" if name == "budi" else "Kunci baru disahkan").wait_for()
    counter.station.ask_office(PATIENCE_S)
    page.wait_for_url(f"{station}/sign-in")  # signed out with the old key, and the page noticed
    enter(page, station, OPERATOR, LAST)
    page.goto(f"{station}/staff")
    page.get_by_role("link", name="Petugas baru").click()
    look(page, "staff-ask-new-role")


def _the_operator_is_stopped(page, station, office, counter, line, budi, sri):
    """Two officials stop the one who became supervisor; a station without a line hears it as a text."""
    budi.goto(f"{office}/key-stops")
    look(budi, "office-stops")
    budi.get_by_role("button", name="Minta, lalu petugas kedua").click()
    budi.get_by_role("alert").first.wait_for()
    look(budi, "office-stops-wrong")
    budi.select_option("#who", f"{STATION} {OPERATOR}")
    budi.fill("#reason", "Diberhentikan per 22 November")
    budi.keyboard.press("Enter")
    budi.get_by_text("Permintaan Anda tercatat").wait_for()
    look(budi, "office-stop-mine")
    sri.goto(f"{office}/key-stops")
    look(sri, "office-stops-waiting")
    sri.get_by_role("link", name="Periksa").click()
    sri.get_by_role("heading", name="Anda yang memutuskan").wait_for()
    look(sri, "office-stop-second")
    line["office"] = "http://127.0.0.1:1"  # cut: else the station hears it before the text is there
    sri.get_by_role("button", name="Hentikan kunci").click()
    sri.get_by_text("stasiun belum mendengarnya").first.wait_for()
    look(sri, "office-stop-signed")
    page.goto(f"{station}/staff/stop")
    look(page, "staff-stop")
    page.fill("#text", sri.input_value("#word"))
    page.get_by_role("button", name="Baca").press("Enter")
    page.wait_for_url(lambda url: "/sign-in?" in url)  # the supervisor who brought it was the one
    enter(page, station, SUPERVISOR, SUPERVISOR_PIN)
    page.goto(f"{station}/staff")
    page.get_by_text("Dihentikan Disdukcapil").wait_for()
    look(page, "staff-stopped")
    line["office"] = office
    counter.station.ask_office(PATIENCE_S)
    sri.reload()
    sri.get_by_text("Stasiun sudah menutup nama ini").first.wait_for()
    look(sri, "office-stop-heard")
