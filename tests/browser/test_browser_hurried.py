"""A hurried person at the counter, in a real browser: pressed twice, back, two windows, power cut, plain keys."""

import os

import pytest

from axe import flaws
from ipp_office_printer import office_printer
from patience import PATIENCE_MS, PATIENCE_S
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.storage.disk import RealDisk
from station_counter import OPERATOR, SUPERVISOR
from station_counter import counter as make_counter
from station_process import StationProcess

pytestmark = pytest.mark.browser

PHOTO_SHOWN = 'img[src*="/images/photo"]'


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    made = make_counter(tmp_path_factory.mktemp("hurried") / "country")
    yield made
    made.station.close()


@pytest.fixture
def page(chromium):
    return chromium.new_page()


def sign_in(page, address):
    page.goto(address)
    page.fill("#pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def begin(page, nik):
    page.fill("#text", nik)
    page.keyboard.press("Enter")
    page.wait_for_url("**/residents/*")
    page.keyboard.press("Enter")
    page.wait_for_url("**/biodata")


def test_a_misspelt_name_is_found_and_opened_by_one_key_and_a_pasted_nik_at_once(page, serve, counter):
    with serve(counter.app()) as address:
        sign_in(page, address)
        people = counter.station.here.residents.search("3174", limit=60)
        first = people[0].name.split()[0]
        page.fill("#text", first[:-1])
        page.keyboard.press("Enter")
        page.wait_for_url("**/?found=*")
        page.wait_for_selector("[data-key='1']:focus")
        second = page.locator("[data-key='2']")
        shown = page.locator("tbody tr").nth(1).locator("td").nth(1).inner_text() if second.count() else None
        page.keyboard.press("2" if shown else "1")
        page.wait_for_url("**/residents/*")
        assert shown is None or page.get_by_role("heading", name=shown).is_visible()
        page.goto(address)
        nik = people[3].nik
        page.fill("#text", f" NIK: {nik[:6]}.{nik[6:12]} {nik[12:]} ")
        page.keyboard.press("Enter")
        page.wait_for_url("**/residents/*")
        assert nik not in page.url


def test_the_second_window_of_a_sitting_says_so_and_follows_up_to_saved_and_back_shows_it(page, serve, counter):
    with serve(counter.app()) as address:
        sign_in(page, address)
        nik = counter.adults(3)[1].nik
        sitting = counter.filled(nik, counter.sign_in())
        page.goto(f"{address}/sittings/{sitting}/biodata")
        other = page.context.new_page()
        other.goto(f"{address}/sittings/{sitting}/review")
        other.wait_for_url("**/biodata")
        other.get_by_text("terbuka juga di jendela lain").wait_for()
        assert not page.get_by_text("terbuka juga di jendela lain").is_visible()
        page.goto(f"{address}/sittings/{sitting}/review")
        other.wait_for_url("**/review")
        page.locator("input[name=consent]").check()
        page.locator("[data-next]").last.dblclick()
        page.wait_for_url("**/saved")
        other.wait_for_url("**/saved")
        assert counter.station.here.recordings.count() == 1
        page.go_back()
        page.wait_for_url("**/recordings/*")
        assert counter.station.here.recordings.search()[0].number in page.inner_text("main")


def test_a_sitting_cut_off_by_a_power_cut_is_offered_to_whoever_signs_in_next(page, tmp_path):
    counter = make_counter(tmp_path / "country")
    counter.sign_in()
    person = counter.adults()[0]
    counter.station.close()
    running = StationProcess(counter)
    try:
        sign_in(page, running.address)
        begin(page, person.nik)
        page.keyboard.press("Enter")
        page.wait_for_url("**/photo")
        with page.expect_navigation():
            page.keyboard.press("Enter")  # the first picture is taken
        page.wait_for_selector(PHOTO_SHOWN, state="attached")  # the capture goes on beside the page that asked for it
        at = page.url.partition("/sittings/")[2][:32]
        running.kill()
        running = StationProcess(counter)
        page.goto(running.address)
        page.locator(f"input[value='{SUPERVISOR}']").check()
        page.fill("#pin", SUPERVISOR_PIN)
        page.keyboard.press("Enter")
        row = page.get_by_role("row").filter(has_text=person.name)
        row.get_by_role("link").click()
        page.wait_for_url(f"**/sittings/{at}/*")
        pictures = page.evaluate(f"fetch('/sittings/{at}/images/photo').then(answer => answer.status)")
        assert pictures == 200
    finally:
        running.kill()


def asked_until(page, words):
    """A page is asked anew until it shows what the station found out by itself."""
    for _ in range(int(PATIENCE_MS / 250)):
        if page.get_by_text(words).first.is_visible():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(page.inner_text("main"))


def reached_by_tab(page, names):
    """Whether Tab alone comes by every button of these names; the focus is back where the page put it afterwards."""
    missing, first = set(names), page.evaluate_handle("document.activeElement")
    for _ in range(60):
        page.keyboard.press("Tab")
        missing -= {page.evaluate("document.activeElement.innerText?.trim().split('\\n')[0] ?? ''")}
        if not missing:
            break
    first.evaluate("element => element === document.body ? document.activeElement.blur() : element.focus()")
    return not missing


def test_a_jammed_printer_and_what_it_took_survive_a_station_that_is_killed_and_each_paper_comes_out_once(
    page, tmp_path
):
    counter = make_counter(tmp_path / "country")
    counter.sign_in()
    saved = counter.save(counter.adults()[0].nik)
    counter.station.close()
    with office_printer() as printer:
        printer.jammed = True
        running = StationProcess(counter, "--printer", printer.address)
        try:
            sign_in(page, running.address)
            page.goto(f"{running.address}/recordings/{saved.packet_id}")
            page.keyboard.press("b")
            page.get_by_text("Menunggu, belum dicetak").wait_for()
            running.kill()
            running = StationProcess(counter, "--printer", printer.address)
            sign_in(page, running.address)
            page.goto(f"{running.address}/printing")
            page.get_by_text("Kertas macet di pencetak").wait_for()
            assert flaws(page) == []
            assert reached_by_tab(page, ("Buka sebagai PDF", "Sisihkan", "Pakai pencetak ini"))
            with page.expect_navigation():
                page.keyboard.press("Enter")  # printed what waits, while it is still jammed
            page.get_by_text("Menunggu, belum dicetak").wait_for()
            assert printer.papers == []
            printer.jammed, printer.silent = False, True
            page.keyboard.press("Enter")
            assert printer.taken.wait(PATIENCE_S)
            running.kill()  # the printer has the paper, and nobody heard of it
            printer.jammed = True
            running = StationProcess(counter, "--printer", printer.address)
            sign_in(page, running.address)
            page.goto(f"{running.address}/recordings/{saved.packet_id}")
            asked_until(page, "jangan dimatikan")
            page.goto(f"{running.address}/printing")
            page.keyboard.press("Enter")  # there is nothing to send
            printer.jammed = False
            asked_until(page, "Sudah dicetak")
            assert printer.papers == [f"Bukti perekaman {saved.number} (1) #1"]
        finally:
            running.kill()


def test_ten_wrong_pins_wait_longer_each_time_and_lock_the_name_also_for_the_next_process(page, serve, tmp_path):
    counter = make_counter(tmp_path / "country")
    waits = []

    def typed(pin, who=OPERATOR):
        page.locator(f"input[value='{who}']").check()
        page.fill("#pin", pin)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    with serve(counter.app()) as address:
        page.goto(f"{address}/sign-in")
        while page.get_by_text("terkunci setelah 10").count() == 0:
            typed("000000")
            assert len(waits) < 10
            if page.locator("[data-countdown]").count():
                waits.append(int(page.locator("[data-countdown]").get_attribute("data-countdown")))
                page.get_by_role("alert").get_by_text("Rekaman yang belum terkirim aman").wait_for()
                counter.clock.advance(waits[-1])
        assert waits == [5, 10, 20, 40, 80, 160, 320]
    counter.restart()
    with serve(counter.app()) as address:
        page.goto(f"{address}/sign-in")
        typed(PIN)
        page.get_by_text("terkunci setelah 10").wait_for()
        assert flaws(page) == []
        typed(SUPERVISOR_PIN, SUPERVISOR)
        page.goto(f"{address}/staff")
        page.get_by_role("button", name="Buka kunci").press("Enter")
        page.get_by_text("Kunci dibuka").wait_for()
        page.goto(f"{address}/sign-in")
        typed(PIN)
        page.wait_for_url(f"{address}/")
    counter.station.close()


class FillingDisk(RealDisk):
    """The machine's own, with as little free as `left` says once it is set."""

    left = None

    def free_bytes(self, path):
        return super().free_bytes(path) if self.left is None else self.left


def test_a_disk_almost_full_stops_capturing_with_one_clear_sentence_and_what_is_there_stays(page, serve, tmp_path):
    disk = FillingDisk()
    counter = make_counter(tmp_path / "country", disk=disk, reserve_bytes=1 << 20)
    counter.sign_in()
    saved = counter.save(counter.adults()[0].nik)
    with serve(counter.app()) as address:
        sign_in(page, address)
        begin(page, counter.adults()[0].nik)
        page.keyboard.press("Enter")
        page.wait_for_url("**/photo")
        disk.left = 1 << 10
        with page.expect_navigation():
            page.keyboard.press("Enter")
        told = page.get_by_role("alert").first
        told.wait_for()
        if "REKAM_SHOTS" in os.environ:
            page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/disk-almost-full.png")
        assert "aman" in told.inner_text(), told.inner_text()
        assert flaws(page) == []
        at = page.url
        page.goto(f"{address}/recordings/{saved.packet_id}")
        page.get_by_text(saved.number).first.wait_for()
        disk.left = None
        page.goto(at)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector(PHOTO_SHOWN, state="attached")
    counter.station.close()
