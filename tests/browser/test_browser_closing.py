"""Where recordings are, sending, notices and the day's end at one station in a real browser, by keyboard alone."""

import os
import threading
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from axe import flaws
from near_office import NearOffice
from patience import PATIENCE_MS, PATIENCE_S
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.exchange.feed import EntryKind
from rekam.station.day.ticket import Priority, Service
from rekam.web.courier.media import Media
from station_counter import OPERATOR, SUPERVISOR, TODAY
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser

DAY_S = 86_400
FOCUS = """(({tagName, innerText, labels}) => ["A", "BUTTON", "INPUT"].includes(tagName)
    ? innerText || labels?.[0]?.innerText || "" : "")(document.activeElement)"""


class Paced:
    """A slow line: each packet takes twenty seconds, and from the fourth on it waits until it may go on."""

    def __init__(self, far, clock):
        self.far, self.clock = far, clock
        self.left, self.go_on = 3, threading.Event()

    def __getattr__(self, name):
        return getattr(self.far, name)

    def complete(self, *given, **more):
        self.left -= 1
        if self.left < 0:
            assert self.go_on.wait(PATIENCE_S)
        self.clock.advance(20)
        return self.far.complete(*given, **more)


class SaysItHolds:
    """The office's account, which knows every recording of the station."""

    here = None

    def fetch(self):
        return self.here.accounts.signed(replace(self.here.accounts.own()))

    def bring(self, data):
        del data


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    account = SaysItHolds()
    made = make_counter(tmp_path_factory.mktemp("closing") / "country", report=lambda _identity: account)
    made.sign_in()
    account.here = made.station.here
    made.office = NearOffice(made.folder, made.clock)
    made.people = iter(made.adults(30))
    yield made
    made.station.close()


@pytest.fixture(scope="module")
def stick(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media") / "KURIR-TEBET"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def address(counter, stick, serve):
    with serve(counter.app(media=Media(folders=(stick,), roots=()))) as address:
        yield address


@pytest.fixture
def page(chromium, address, counter):
    counter.line.far = None
    page = chromium.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(reduced_motion="reduce")
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    sign_in(page, address)
    yield page
    assert page.complaints == []


def sign_in(page, address, who=OPERATOR, pin=PIN):
    page.goto(f"{address}/sign-in")
    page.locator(f"input[name=operator][value='{who}']").check()
    page.fill("#pin", pin)
    press(page)


def press(page, key="Enter"):
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to(page, words, *, at_most=80):
    """Moves the focus by Tab alone until it stands on what is called so."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if words in at:
            return
    raise AssertionError(f"{at_most} times Tab did not lead to {words!r}")


def require_sound(page, name):
    """Nothing for axe in light and dark, nothing wider than the counter's screen."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert flaws(page, only_contrast=scheme == "dark") == [], page.url
        if "REKAM_SHOTS" in os.environ:
            page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/{name}-{scheme}.png")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_a_resident_asks_for_a_card_and_is_found_by_the_days_ticket(page, address, counter):
    station, operator = counter.station, counter.sign_in()
    queue, person = station.here.queue, next(counter.people)
    queue.open_day(OPERATOR)
    ticket = queue.take(Service.RECORDING, Priority.NONE, once="form").id
    queue.call_next(OPERATOR, seen=queue.line().version)
    sitting_id = counter.filled(person.nik, operator)
    queue.bind(sitting_id, OPERATOR)
    recording = station.sittings.save(sitting_id, operator, consent=True)
    counter.save(next(counter.people).nik)
    page.goto(f"{address}/recordings")
    page.wait_for_selector("#text:focus")
    page.keyboard.type(str(ticket))
    press(page)
    assert page.url.endswith(recording.packet_id), "one is found, so its page opens"
    assert "sekarang di sini" in page.locator(".way-here").inner_text()
    require_sound(page, "recording-here")
    counter.line.far = counter.office.remote
    told = {"packet_id": recording.packet_id, "number": recording.number, "at": TODAY.isoformat(), "reason": ""}
    counter.office.tell(EntryKind.RESULT, **told, status="PRINT_READY_RECORD")
    counter.office.tell(EntryKind.CARD, **told, status="CARD_PRINTED", copy=1, issued_on="2026-11-21")
    station.here.line.run_once()
    page.reload()
    main = page.inner_text("main")
    assert "Kartu dicetak 21 November 2026. Penduduk mengambilnya di" in main
    assert "Menurut kabar pusat baru saja" in main
    require_sound(page, "recording-card")
    counter.clock.advance(3 * DAY_S)
    sign_in(page, address)  # the screen had locked itself
    page.goto(f"{address}/recordings/{recording.packet_id}")
    assert "Menurut kabar pusat 3 hari lalu" in page.inner_text("main"), "never stale without saying how old"
    page.goto(f"{address}/recordings")
    require_sound(page, "recordings")


def test_what_waits_is_sent_by_one_key_with_its_pace_told_and_goes_by_stick_where_there_is_no_line(
    page, address, counter, stick
):
    for _ in range(5):
        counter.save(next(counter.people).nik)
    counter.clock.advance(2 * DAY_S)
    sign_in(page, address)
    page.goto(f"{address}/outbox")
    main = page.inner_text("main")
    assert "tertua 2 hari" in main
    assert "tidak ada sambungan" in main, "the reason, too, in the reader's language"
    assert "selesai kira-kira" not in main, "nothing is foretold without a line"
    require_sound(page, "outbox-cut")
    tab_to(page, "Bawa dengan flash disk")
    press(page)
    tab_to(page, "Tulis rekaman")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Selesai: flash disk boleh dicabut")
    assert len(list(stick.glob("317401-01-*.rekam"))) == 1
    slow = counter.line.far = Paced(counter.office.remote, counter.clock)
    page.goto(f"{address}/outbox")
    tab_to(page, "Kirim sekarang")
    press(page)
    page.wait_for_selector("text=selesai kira-kira", timeout=PATIENCE_MS)
    assert "rekaman per menit" in page.inner_text("#outbox-progress")
    require_sound(page, "outbox-sending")
    slow.go_on.set()
    page.wait_for_selector("#outbox-progress >> text=Tidak ada yang menunggu", timeout=PATIENCE_MS)
    page.reload()
    assert "Semua terkirim" in page.inner_text("main")
    require_sound(page, "outbox-done")


def test_a_notice_stands_on_every_page_until_each_operator_has_read_it(page, address, counter):
    counter.line.far = counter.office.remote
    said = {"number": 7, "at": TODAY.isoformat(), "text_id": "Blangko seri B ditarik", "text_en": "Blanks B recalled"}
    counter.office.tell(EntryKind.NOTICE, **said, todo_id="Kembalikan ke dinas.", todo_en="Return them.", urgent=True)
    counter.station.here.line.run_once()
    for path in ("/", "/recordings", "/day-end"):
        page.goto(address + path)
        assert "Blangko seri B ditarik" in page.inner_text(".banners"), path
    require_sound(page, "notice-banner")
    tab_to(page, "Sudah saya baca")
    press(page)
    assert page.url == f"{address}/day-end", "the reader stays where they were"
    assert page.locator(".banners").count() == 0
    sign_in(page, address, SUPERVISOR, SUPERVISOR_PIN)
    assert "Blangko seri B ditarik" in page.inner_text(".banners"), "the other one has not read it"
    page.goto(f"{address}/notices")
    assert "Sudah membaca: Operator Tebet" in page.inner_text("main")
    require_sound(page, "notices")


def test_a_day_that_nobody_closed_is_offered_closed_and_printed(page, address, counter):
    counter.save(next(counter.people).nik)
    counter.line.far = counter.office.remote
    for number in (8, 9):
        said = {"number": number, "at": TODAY.isoformat(), "text_id": "Blangko ditarik. " * 20, "text_en": "Recalled."}
        counter.office.tell(EntryKind.NOTICE, **said, todo_id="", todo_en="", urgent=True)
    counter.station.here.line.run_once()
    day = counter.station.here.day_end.today()
    counter.clock.advance(DAY_S)
    sign_in(page, address)
    page.goto(address)
    assert "belum ditutup" in page.inner_text("main")
    require_sound(page, "start-unclosed")
    for earlier in counter.station.here.day_end.left_open()[:-1]:
        counter.station.close_day(earlier, counter.supervisor())
    page.goto(address)
    tab_to(page, "Tutup hari itu")
    press(page)
    assert page.url == f"{address}/day-end?day={day}"
    assert page.locator(".banner-unread").count() == 2
    expect(page.get_by_role("button", name="Tutup hari", exact=True)).to_be_in_viewport(ratio=1)
    tab_to(page, "Tanyakan ke Disdukcapil")
    press(page)
    assert "Disdukcapil memegang" in page.inner_text("main")
    require_sound(page, "day-end-open")
    tab_to(page, "PIN Supervisor Tebet")
    page.keyboard.type(SUPERVISOR_PIN)
    press(page)
    assert "Hari itu sudah ditutup" in page.inner_text("main")
    require_sound(page, "day-end-closed")
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/paper")) as paper:
        page.keyboard.press("B")
    assert (paper.value.status, paper.value.headers["content-type"]) == (200, "application/pdf")
    page.goto(address)
    assert "belum ditutup" not in page.inner_text("main")
