"""At the counter: wrong biodata referred by keyboard alone, and a real proof's code held into the camera."""

import io
import os
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import sync_playwright

from axe import flaws
from machine import FLAGS
from machine import browser as browser_path
from patience import PATIENCE_MS
from rekam.documents.proof import proof_sheet
from rekam.drill.demo import PIN
from rekam.exchange.corrections import Note
from rekam.office.app import create_office_app
from rekam.office.corrections import Wanted
from rekam.office.office import TABLES
from rekam.station import papers
from rekam.storage.testing import fresh_pool
from rekam.trust.pin import Cost
from rekam.web.assets import PDF_FONTS
from rekam.web.staff import InMemoryStaffStore, add_member
from small_country import open_office
from station_counter import STATION
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser
PASSWORD = "empat kata tanpa makna"
COUNTER = {"width": 1366, "height": 768}


class Line:
    """The office as the station asks it for corrections; None until it is open."""

    office = None

    def ask(self, question):
        return self.office.correction_answers.answer(STATION, question) if self.office else None


@pytest.fixture(scope="module")
def line():
    return Line()


@pytest.fixture(scope="module")
def counter(tmp_path_factory, line):
    home = tmp_path_factory.mktemp("referral") / "country"
    made = make_counter(home, portal="https://portal.example", corrections=lambda _identity: line)
    made.sign_in()
    yield made
    made.station.close()


@pytest.fixture(scope="module")
def office(counter, line):
    """The station's office over a database of its own, with one of its officials."""
    with fresh_pool(*TABLES) as pool:
        line.office = open_office(counter.folder, pool, None, clock=counter.clock)
        staff = InMemoryStaffStore(counter.clock)
        add_member(staff, "siti", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
        yield create_office_app(line.office, staff)
        line.office = None


@pytest.fixture(scope="module")
def recording(counter):
    return counter.save(counter.adults()[0].nik)


@pytest.fixture(scope="module")
def held_up(counter, recording, tmp_path_factory):
    """What a camera sees while somebody holds the proof's signed code before it, as frames of motion JPEG."""
    seen = []
    told = pytest.MonkeyPatch()
    told.setattr(papers, "render_proof", lambda proof, key, fonts: seen.append(proof_sheet(proof, key)) or b"")
    counter.station.here.papers.proof(recording.packet_id, "op-317401-01")
    told.undo()
    (page,) = seen[0].pages(PDF_FONTS, ppi=300)
    paper = Image.open(io.BytesIO(page)).convert("RGB")
    code = paper.crop((paper.width // 2, paper.height // 3, paper.width, 3 * paper.height // 4))
    frame = Image.new("RGB", (1280, 720), (168, 166, 160))
    code.thumbnail((1180, 700))
    frame.paste(code, ((1280 - code.width) // 2, (720 - code.height) // 2))
    frame = frame.rotate(3, fillcolor=(168, 166, 160)).filter(ImageFilter.GaussianBlur(0.8))
    blank, moving = Image.new("RGB", (1280, 720), (168, 166, 160)), io.BytesIO()
    for picture in (blank, *[frame] * 5):
        picture.save(moving, "JPEG", quality=85)
    path = tmp_path_factory.mktemp("camera") / "proof.mjpeg"
    path.write_bytes(moving.getvalue())
    return path


@pytest.fixture(scope="module")
def camera(held_up):
    """A browser whose camera is that film."""
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=browser_path(),
            args=[*FLAGS, *flags, f"--use-file-for-fake-video-capture={held_up}"],
            timeout=PATIENCE_MS,
        )
        yield running
        running.close()


@pytest.fixture
def page(camera):
    context = camera.new_context(viewport=COUNTER, locale="id-ID", color_scheme=os.environ.get("REKAM_SCHEME", "light"))
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def sign_in(page, address):
    page.goto(address)
    page.fill("#pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def looked_at(page, name):
    """Nothing for axe-core, nothing wider than the screen."""
    assert flaws(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= COUNTER["width"]
    if "REKAM_SHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/{name}.png")


def test_a_proof_held_into_the_camera_opens_its_recording(page, serve, counter, recording):
    with serve(counter.app()) as address:
        sign_in(page, address)
        looked_at(page, "start")
        if "REKAM_SHOTS" in os.environ:
            page.route("**/scan", lambda route: route.fulfill(status=204))
            page.get_by_role("button", name="Pindai").click()
            page.wait_for_timeout(1500)
            looked_at(page, "scan")
            page.keyboard.press("Escape")
            page.unroute("**/scan")
        page.get_by_role("button", name="Pindai").press("Enter")
        page.wait_for_url(f"**/recordings/{recording.packet_id}")
        assert recording.nik not in page.url


def corrected_at_the_office(page, address, right):
    """An official takes the referral from the list, writes what the family card says now, and brings it in."""
    page.goto(f"{address}/sign-in")
    page.fill("#name", "siti")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/residents")
    looked_at(page, "office-residents")
    page.get_by_role("link", name="Isi perbaikan").click()
    page.get_by_text(f"Menurut dokumen: {right}").wait_for()
    looked_at(page, "office-resident")
    page.fill("#nama", right.lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/previews/*")
    assert page.locator("ins").all_inner_texts() == [right]
    looked_at(page, "office-preview")
    page.keyboard.press("Enter")
    page.get_by_text("1 perbaikan dimasukkan").wait_for()
    looked_at(page, "office-brought")
    page.goto(f"{address}/residents")
    page.get_by_text("Sudah diisi, menunggu stasiun").wait_for()
    looked_at(page, "office-residents-after")


def test_wrong_biodata_are_referred_and_the_parked_sitting_goes_on_once_corrected(page, serve, counter, office):
    person = counter.adults(3)[2]
    right = f"{person.name} PUTRI"
    with serve(counter.app()) as address:
        sign_in(page, address)
        page.wait_for_selector("#text:focus")
        page.keyboard.type(person.nik)
        for place in ("**/residents/*", "**/biodata"):
            page.keyboard.press("Enter")
            page.wait_for_url(place)
        looked_at(page, "biodata")
        page.keyboard.press("t")
        page.wait_for_url("**/referral")
        page.wait_for_selector("#name:focus")
        page.keyboard.type(right)
        page.keyboard.press("Enter")
        page.get_by_role("alert").get_by_text("Belum ada dokumen yang ditandai").wait_for()
        assert page.input_value("#name") == right
        looked_at(page, "referral-form")
        page.locator("input[name=shown][value=birth]").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/referrals/1-1")
        looked_at(page, "referral-new")
        with page.context.expect_page():
            page.keyboard.press("Enter")  # the paper, in a tab of its own
        page.bring_to_front()
        page.get_by_role("link", name="Penduduk berikutnya").and_(page.locator("[data-next]")).wait_for()
        looked_at(page, "referral-printed")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.get_by_text("Menunggu perbaikan kartu keluarga").wait_for()
        looked_at(page, "start-parked")
        page.goto(f"{address}/referrals")
        looked_at(page, "referrals")
        sitting = counter.station.here.drafts.heads()[0].sitting_id
        page.goto(f"{address}/sittings/{sitting}")
        looked_at(page, "biodata-waiting")
        counter.station.here.corrections.bring()
        page.goto(f"{address}/sittings/{sitting}/signature")
        counter.clock.advance(2)
        with serve(office) as place:
            corrected_at_the_office(page.context.new_page(), place, right)
        assert counter.station.here.corrections.bring() == 1
        page.reload()
        page.get_by_text("Biodata sudah diperbaiki di kartu keluarga.").wait_for()
        looked_at(page, "signature-told")
        page.goto(f"{address}/")
        page.get_by_text("Biodata sudah diperbaiki, lanjutkan perekaman").wait_for()
        looked_at(page, "start-corrected")
        page.goto(f"{address}/referrals/1-1")
        looked_at(page, "referral-corrected")
        page.keyboard.press("Enter")
        page.wait_for_url("**/biodata")
        assert page.locator("mark").inner_text() == right
        looked_at(page, "biodata-changed")
        page.keyboard.press("Enter")
        page.wait_for_url("**/photo")
        assert counter.station.sittings.find(sitting).biodata.name == right
        page.goto(f"{address}/")
        page.fill("#text", person.nik)
        page.keyboard.press("Enter")
        page.wait_for_url("**/residents/*")
        looked_at(page, "resident-referred")


def test_a_correction_after_the_recording_and_a_death_are_told_and_refuse_nothing(
    page, serve, counter, office, line, recording
):
    here, died = counter.station.here, counter.adults(5)[4]
    recorded = here.residents.find(recording.nik)
    wanted = [Wanted(replace(recorded, address="JL. BARU 1")), Wanted(died, Note.DIED, date(2026, 3, 3))]
    counter.clock.advance(2)
    line.office.corrections.bring(wanted, "siti", "command")
    here.corrections.bring()
    with serve(counter.app()) as address:
        sign_in(page, address)
        page.goto(f"{address}/recordings/{recording.packet_id}")
        page.get_by_text("Rekaman tetap seperti yang ditandatangani").wait_for()
        looked_at(page, "recording-corrected")
        page.goto(f"{address}/")
        page.fill("#text", died.nik)
        page.keyboard.press("Enter")
        page.get_by_text("Menurut kartu keluarga: meninggal dunia").wait_for()
        looked_at(page, "resident-died")
        before = here.drafts.count()
        page.get_by_role("button", name="Mulai rekam").press("Enter")
        page.wait_for_url("**/biodata")
        page.get_by_text("Menurut kartu keluarga: meninggal dunia").wait_for()
        assert here.drafts.open_of(died.nik), "it advises and refuses nothing"
        assert here.drafts.count() == before + 1
        assert here.recordings.particulars(recording.packet_id).biodata == recorded
