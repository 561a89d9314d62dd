"""The courier's page in a real browser: one button writes, one takes in, one brings home; no barrier on any of them."""

import pytest
from playwright.sync_api import expect

from axe import flaws
from office_examples import open_office, packet, world
from patience import PATIENCE_MS
from rekam.office.app import create_office_app
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.courier.media import Media
from rekam.web.staff import InMemoryStaffStore, add_member
from station_counter import OPERATOR, counter

pytestmark = pytest.mark.browser

PASSWORD, PIN = "empat kata tanpa makna", "123456"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "KURIR-TEBET"
    folder.mkdir()
    return folder


@pytest.fixture
def media(stick):
    return Media(folders=(stick,), roots=())


@pytest.fixture
def station(tmp_path, serve, chromium, media):
    made = counter(tmp_path / "country")
    made.sign_in()
    for person in made.adults(2):
        made.save(person.nik)
    with serve(made.app(media=media)) as address:
        page = chromium.new_page()
        page.goto(address + "/sign-in")
        page.context.request.post(address + "/api/sign-in", data={"operator": OPERATOR, "pin": PIN})
        page.address = address
        page.made = made
        yield page
    made.station.close()


@pytest.fixture
def office(tmp_path, serve, chromium, media):
    with world(tmp_path) as made:
        made.office = open_office(made.office.pool, tmp_path, SystemClock(), None)
        made.custody(packet(1))
        staff = InMemoryStaffStore(made.office.clock)
        add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
        with serve(create_office_app(made.office, staff, media=media)) as address:
            page = chromium.new_page()
            page.goto(address + "/sign-in")
            page.fill("#name", "budi")
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("h1:has-text('Ringkasan')")
            page.address = address
            yield page


def test_an_operator_writes_with_one_button_and_is_told_when_to_pull_the_stick_out(station, stick):
    station.goto(station.address + "/courier")
    station.locator("tr", has_text="KURIR-TEBET").get_by_role("button", name="Tulis rekaman").click()
    station.wait_for_selector("text=Selesai: flash disk boleh dicabut")
    assert "2 rekaman ditulis dan dibaca ulang" in station.inner_text("#courier-state")
    row = station.locator("tr", has_text="KURIR-TEBET")
    expect(row.get_by_role("button", name="Ambil tanda terima")).to_be_enabled(timeout=PATIENCE_MS)  # what is there now
    assert len(list(stick.glob("*.rekam"))) == 1


def test_a_folder_typed_wrongly_is_told_and_kept_in_the_field(station):
    station.goto(station.address + "/courier")
    station.fill("#path", "kurir")
    station.locator("form", has=station.locator("#path")).get_by_role("button", name="Tulis rekaman").click()
    station.wait_for_selector("[role=alert]")
    assert "Tidak jelas flash disk mana" in station.inner_text("[role=alert]")
    assert station.input_value("#path") == "kurir"


def test_a_torn_file_is_told_in_words_at_the_office(office, stick):
    (stick / "317401-01-00000000-1.rekam").write_bytes(b"\x89RKUSB\r\n\x00\x01\x00\x00")
    office.goto(office.address + "/courier")
    office.locator("tr", has_text="KURIR-TEBET").get_by_role("button", name="Terima kiriman").click()
    office.wait_for_selector("text=Tidak dapat diambil")
    assert "berakhir sebelum daftar isinya selesai" in office.inner_text("#courier-state")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_violation(office, stick, viewport, scheme):
    office.set_viewport_size(viewport)
    office.emulate_media(color_scheme=scheme)
    office.goto(office.address + "/courier")
    assert flaws(office) == []
    office.locator("tr", has_text="KURIR-TEBET").get_by_role("button", name="Tulis rekaman").click()
    office.wait_for_selector("text=Selesai: flash disk boleh dicabut")
    assert flaws(office) == []
    assert list(stick.glob("3174-*.rekam"))
