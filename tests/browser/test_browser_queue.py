"""What hangs below the queue, in a real browser: numbers, calling, the second screen, the plan, the mobile unit."""

import os

import pytest

from axe import flaws
from patience import PATIENCE_MS, PATIENCE_S
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.station.day.ticket import State
from rekam.station.printing.tray import PaperTray
from rekam.web.courier.media import Media
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser


@pytest.fixture
def tray():
    return PaperTray()


@pytest.fixture
def counter(tmp_path, tray):
    made = make_counter(tmp_path / "country", make_printer=lambda *_: tray, printer_certificate=lambda _: "")
    made.sign_in()
    made.station.here.legal.set(made.clock.stamp().wall_ms)
    yield made
    made.station.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "KURIR-TEBET"
    folder.mkdir()
    return folder


@pytest.fixture
def address(counter, serve, stick):
    with serve(counter.app(media=Media(folders=(stick,), roots=()))) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    page = chromium.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(reduced_motion="reduce")
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address + "/queue")
    page.wait_for_selector("input:focus")
    page.keyboard.type(PIN)
    press(page)
    return page


def shoot(page, name):
    if "REKAM_SHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/{name}.png")


def press(page, key="Enter"):
    with page.expect_navigation():
        page.keyboard.press(key)


def require_accessible(page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert flaws(page, only_contrast=scheme == "dark") == [], page.url
    page.emulate_media(color_scheme="light")


def test_by_keyboard_alone_from_the_first_number_to_the_next_one_after_saving(page, counter):
    queue = counter.station.here.queue
    require_accessible(page)
    press(page)  # opens the day
    press(page, "A")
    press(page, "A")
    page.get_by_text("Ibu hamil").click()  # the one choice that a counter makes by hand
    page.keyboard.press("Tab")
    press(page)
    assert [str(ticket.id) for ticket in queue.line().order()] == ["A-003", "A-001", "A-002"]
    require_accessible(page)
    with page.expect_navigation():
        page.keyboard.press("C")
    assert "A-003" in page.locator(".slip").inner_text()
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.keyboard.press("Enter")
    assert page.title() == "printed"
    require_accessible(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Kembali").click()
    press(page)  # calls A-003
    press(page, "L")
    press(page, "T")  # absent
    assert queue.line().of(State.ABSENT)[0].calls == 2
    press(page)  # calls A-001
    require_accessible(page)
    press(page)  # begins with A-001: the search
    page.get_by_text("Di loket: A-001").wait_for(timeout=PATIENCE_MS)  # the page asks for it once it stands
    resident = counter.adults()[0]
    page.fill("#text", resident.nik)
    press(page)
    press(page)
    counter.filled(resident.nik, counter.sign_in())
    page.goto(page.url.rpartition("/")[0] + "/review")
    page.wait_for_selector("[name=consent]:focus")
    page.keyboard.press("Space")
    press(page)
    page.get_by_role("button", name="Panggil A-002").wait_for()
    press(page)
    page.get_by_text("A-002", exact=True).first.wait_for()
    assert [str(ticket.id) for ticket in queue.line().of(State.SERVED)] == ["A-001"]
    with page.expect_navigation():
        page.get_by_role("link", name="Buka A-003").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Kembalikan ke antrean").click()
    assert [str(ticket.id) for ticket in queue.line().order()] == ["A-003"]
    assert page.complaints == []


def test_the_second_screen_follows_the_counter_and_sounds_when_it_may(page, address, counter):
    hall = page.context.new_page()
    hall.set_viewport_size({"width": 1920, "height": 1080})
    hall.goto(address + "/queue/serving")
    hall.get_by_role("heading", name="Pelayanan belum dibuka").wait_for()
    press(page)
    for _ in range(3):
        press(page, "A")
    press(page)
    hall.get_by_text("A-001", exact=True).wait_for()
    hall.get_by_text("2 orang menunggu").wait_for()
    number = hall.locator("[data-now]").bounding_box()
    assert number["height"] > 300  # a third of the screen: read from six metres
    hall.evaluate(
        "() => { window.notes = 0; const start = OscillatorNode.prototype.start;"
        " OscillatorNode.prototype.start = function (...at) { window.notes += 1; return start.apply(this, at); } }"
    )
    hall.get_by_role("button", name="Nyalakan bunyi").click()
    assert hall.evaluate("notes") == 2
    press(page, "L")
    for _ in range(int(10 * PATIENCE_S)):
        if hall.evaluate("notes") > 2:
            break
        hall.wait_for_timeout(100)
    assert hall.evaluate("notes") == 4
    require_accessible(hall)
    assert hall.evaluate("document.documentElement.scrollHeight") == 1080
    assert page.complaints == []


def test_a_supervisor_plans_a_weekend_opening_and_letters_under_which_slips_are_printed(page, address, counter, tray):
    page.goto(address + "/plan?day=2026-11-28")
    page.get_by_text("Hanya supervisor yang mengubah rencana").wait_for()
    page.get_by_role("button", name="Keluar").click()
    page.get_by_text("Supervisor Tebet").click()
    page.fill("#pin", SUPERVISOR_PIN)
    press(page)
    page.goto(address + "/plan?day=2026-11-28")
    require_accessible(page)
    page.get_by_text("Buka", exact=True).first.click()
    page.fill("#note", "Layanan akhir pekan")
    press(page)
    row = page.get_by_role("row").filter(has_text="28 November")
    assert "Layanan akhir pekan" in row.inner_text()
    require_accessible(page)
    page.goto(address + "/plan?letters=1")
    require_accessible(page)
    shoot(page, "plan-letters")
    page.fill("#recording", "K")
    page.fill("#papers", "C")
    press(page)
    assert counter.station.here.counter_letters.chosen() == ("K", "C")
    counter.station.here.printer.choose("ipp://tray/")
    page.goto(address + "/queue")
    press(page)
    press(page, "1")  # K puts back, so a digit gives out the number
    with page.expect_navigation():
        page.keyboard.press("C")
    page.get_by_text("Di pencetak").wait_for()
    require_accessible(page)
    shoot(page, "ticket-printed")
    press(page)
    assert page.url == address + "/queue"
    assert tray.printed[0][0] == "Nomor antrean K-001 2026-11-21 (1) #1"


def test_the_mobile_unit_plans_takes_its_list_along_records_offline_comes_back_and_closes(
    page, address, counter, stick
):
    with page.expect_navigation():
        page.get_by_role("link", name="Jemput bola").click()
    require_accessible(page)
    press(page)  # plans one
    page.fill("#place", "Balai Kelurahan")
    page.select_option("#village", "31.74.01.1006")
    page.get_by_text("Supervisor Tebet").click()
    require_accessible(page)
    page.focus("#place")
    press(page)
    page.get_by_text("Daftar belum dibawa").wait_for()
    press(page)  # to the list that is to be taken along
    require_accessible(page)
    one, other, third = counter.adults(3)
    pasted = [f"{p.nik[:6]} {p.nik[6:12]} {p.nik[12:]}\t{p.name}" for p in (one, other, third)]
    page.fill("#text", "NIK\tNAMA\n" + "\n".join([*pasted, "3404010101800001\tORANG JOGJA", pasted[0]]))
    with page.expect_navigation():
        page.get_by_role("button", name="Periksa daftar").click()
    assert "tidak ada di register stasiun ini" in page.inner_text("main")
    assert "sudah ada di baris 2" in page.inner_text("main")
    require_accessible(page)
    press(page)
    page.get_by_text("3 orang diambil ke daftar").wait_for()
    require_accessible(page)
    press(page)  # sets out
    require_accessible(page)
    home = page.url
    for person in (one, other):
        page.goto(home + "/list")
        with page.expect_navigation():
            page.get_by_role("link", name=f"Rekam {person.name}").click()
        press(page)  # begins the sitting
        counter.filled(person.nik, counter.sign_in())
        page.goto(page.url.rpartition("/")[0] + "/review")
        page.wait_for_selector("[name=consent]:focus")
        page.keyboard.press("Space")
        press(page)
        page.get_by_role("heading", name="Tersimpan").wait_for()
        counter.clock.advance(300)
    page.goto(home)
    assert page.locator("svg.throughput-drawing rect").count() >= 8
    page.get_by_text("2 dari daftar, 0 di luarnya").wait_for()
    require_accessible(page)
    page.goto(home + "/list?standing=expected")
    assert page.locator("tbody tr").count() == 1
    require_accessible(page)
    page.goto(home)
    with page.expect_navigation():
        page.get_by_role("button", name="Tim sudah kembali").click()
    require_accessible(page)
    page.get_by_text("2 dari 2 rekaman belum dikonfirmasi").wait_for()
    page.get_by_role("link", name="Bawa dengan flash disk").click()
    page.locator("tr", has_text="KURIR-TEBET").get_by_role("button", name="Tulis rekaman").click()
    page.wait_for_selector("text=Selesai: flash disk boleh dicabut")
    assert len(list(stick.glob("*.rekam"))) == 1
    day = counter.station.here.day_end.today()
    page.goto(f"{address}/day-end?day={day}")
    page.fill("#pin", SUPERVISOR_PIN)
    press(page)
    page.goto(home + "/return")
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/paper")) as paper:
        page.get_by_role("button", name="Daftar untuk kepala desa").click()
    assert paper.value.headers["content-type"] == "application/pdf"
    page.goto(home + "/return")
    page.get_by_text("Daftar sudah dibuat").wait_for()
    page.fill("#pin", SUPERVISOR_PIN)
    press(page)
    assert "Daftar nama sudah dihapus" in page.inner_text("main")
    require_accessible(page)
    closed = counter.station.here.outings.find(1)
    assert (closed.counts["recorded"], closed.counts["expected"], closed.counts["unsent"]) == (2, 1, 2)
    assert page.complaints == []
