"""A resident recorded at a station in a real browser, by keyboard, while the office does not answer."""

import pytest

from axe import flaws
from patience import PATIENCE_MS
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.check import CheckAnswer
from rekam.enrolment.sample import Slot
from rekam.exchange.link_file import LinkFile
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def counter(tmp_path):
    made = make_counter(tmp_path / "country")
    yield made
    made.station.close()


@pytest.fixture
def address(counter, serve, tmp_path):
    link = LinkFile(tmp_path, counter.clock.wall)
    with serve(counter.app(link=link)) as address:
        yield address


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def require_accessible(page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert flaws(page, only_contrast=scheme == "dark") == [], page.url
    page.emulate_media(color_scheme="light")


def press(page, key="Enter"):
    with page.expect_navigation(timeout=PATIENCE_MS):  # a first search may wait for its kernels
        page.keyboard.press(key)


def go_to(page, step, *, at_most=40):
    """Presses Enter, the next action of every page, until the page of `step` stands there."""
    for _ in range(at_most):
        if f"/{step}" in page.url:
            return
        press(page)
    raise AssertionError(f"{at_most} times Enter did not lead to {step} but to {page.url}")


def sign_in(page, address):
    page.goto(address)
    page.fill("#pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def look_up(page, nik):
    page.fill("#text", nik)
    go_to(page, "residents")


def require_next_action_in_sight(page):
    """Bottom right of its column, above the bottom bar, without scrolling."""
    following = page.locator("[data-next]").last.bounding_box()
    bar = page.locator(".bottom-bar").bounding_box()
    assert following["y"] + following["height"] <= bar["y"]
    assert following["x"] > 1440 / 2


def test_a_resident_is_recorded_by_keyboard_from_sign_in_to_saved_with_proof(page, address, counter):
    sign_in(page, address)
    resident = counter.adults()[0]
    look_up(page, resident.nik)
    assert "Tidak diketahui pernah direkam" in page.inner_text("main")
    go_to(page, "biodata")
    for step in ("photo", "signature", "fingers", "irises", "review"):
        go_to(page, step)
        require_next_action_in_sight(page)
    page.wait_for_selector("[name=consent]:focus")
    page.keyboard.press("Enter")  # the browser speaks English, the page does not
    assert page.locator("[name=consent]").evaluate("it => it.validationMessage").startswith("Tanyakan dulu")
    page.keyboard.press("Space")
    press(page)
    page.get_by_role("heading", name="Tersimpan").wait_for()
    assert "317401-01/1/000001" in page.inner_text("main")
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/proof")) as proof:
        page.keyboard.press("B")
    assert proof.value.status == 200
    assert proof.value.headers["content-type"] == "application/pdf"
    page.get_by_text("Cetak lagi bukti perekaman").wait_for()  # nobody came back to this tab, and it knows
    assert page.locator("[data-key=B]").count() == 0
    press(page)
    assert page.url == f"{address}/"
    page.get_by_role("link", name="Rekaman dan kiriman").click()
    row = page.get_by_role("row").filter(has_text=resident.name)
    assert "Tersimpan di stasiun ini, menunggu dikirim ke Disdukcapil" in row.inner_text()
    assert "1 belum terkirim" in page.get_by_role("region", name="Keadaan stasiun").inner_text()
    assert counter.station.here.recordings.count() == 1
    assert counter.station.here.papers.copies(counter.station.here.recordings.search()[0].packet_id, "proof") == 1
    assert page.complaints == []


def test_every_page_of_a_sitting_is_accessible_in_light_and_dark(page, address, counter):
    page.goto(address)
    require_accessible(page)
    sign_in(page, address)
    require_accessible(page)
    page.fill("#text", "a")
    press(page)
    require_accessible(page)
    look_up(page, counter.adults()[0].nik)
    require_accessible(page)
    for step in ("biodata", "photo", "signature", "fingers"):
        go_to(page, step)
        require_accessible(page)
    press(page)
    require_accessible(page)
    page.get_by_role("link", name="Kecualikan").click()
    require_accessible(page)
    page.go_back()
    page.get_by_role("link", name="Tutup sesi tanpa menyimpan").click()
    require_accessible(page)
    page.go_back()
    go_to(page, "review")
    require_accessible(page)
    page.check("[name=consent]")
    press(page)
    require_accessible(page)
    for path in ("/recordings", "/notices", "/system", "/courier", "/reconciliation", "/link"):
        page.goto(address + path)
        require_accessible(page)
    assert page.complaints == []


def test_a_second_recording_is_shown_beside_the_first_and_asks_for_a_reason(page, address, counter):
    sign_in(page, address)
    first, second = counter.adults(2)
    counter.cast(**{first.nik: (31, 1), second.nik: (31, 2)})
    operator, leave = counter.sign_in(), tuple(Slot.parse(f"finger-{position}") for position in (2, 7))
    recorded = counter.filled(first.nik, operator, leave=(Slot.parse("photo"), *leave))
    for slot in (Slot.parse("photo"), *leave):
        counter.station.sittings.capture(recorded, slot)
    counter.station.sittings.save(recorded, operator, consent=True)
    counter.filled(second.nik, operator, leave=leave)
    look_up(page, second.nik)
    go_to(page, "warning")
    page.get_by_role("heading", name="Orang ini sudah direkam di sini").wait_for()
    assert page.get_by_alt_text("Pas foto rekaman terdahulu").evaluate("image => image.naturalWidth") > 100
    require_accessible(page)
    press(page)
    assert "perlu alasan" in page.inner_text("main")
    page.fill("#reason", "Kembar, KK dicocokkan")
    press(page)
    go_to(page, "review")
    assert "Kembar, KK dicocokkan" in page.inner_text("main")


def test_a_second_recording_is_told_by_nik_and_by_the_filter_before_anything_is_captured(page, address, counter):
    sign_in(page, address)
    people = counter.station.here.residents.search("3174", limit=60)
    perhaps = next(one for one in people if counter.station.ask(one.nik).answer is CheckAnswer.PERHAPS_RECORDED)
    recorded = counter.save(counter.adults()[0].nik)
    look_up(page, recorded.nik)
    assert "Sudah direkam di sini pada 21 November 2026" in page.inner_text("main")
    require_accessible(page)
    page.goto(address)
    look_up(page, perhaps.nik)
    assert "Kemungkinan besar sudah direkam (saringan 21 November 2026)" in page.inner_text("main")
    go_to(page, "warning")
    page.fill("#reason", "Belum pernah direkam; KK dan KTP lama dicocokkan")
    press(page)
    go_to(page, "biodata")


def test_a_resident_who_only_asks_is_answered_without_a_sitting(page, address, counter):
    sign_in(page, address)
    nik = counter.adults()[0].nik
    page.get_by_role("link", name="Hanya bertanya").click()
    page.wait_for_selector("#text:focus")
    page.keyboard.type(f"{nik[:6]} {nik[6:12]} {nik[12:]}")
    press(page)
    assert "Tidak diketahui pernah direkam (sampai 21 November 2026)" in page.inner_text("main")
    assert nik not in page.url
    assert counter.station.here.drafts.count() == 0
    require_accessible(page)
    assert page.complaints == []


def test_a_finger_that_is_missing_is_excepted_and_confirmed_with_a_supervisors_pin_at_saving(page, address, counter):
    sign_in(page, address)
    look_up(page, counter.adults()[0].nik)
    go_to(page, "fingers")
    page.get_by_role("link", name="Kelingking kiri: berikutnya").click()
    page.get_by_role("link", name="Kecualikan").click()
    page.get_by_text("Tidak ada (amputasi)").click()
    press(page)
    page.get_by_role("link", name="Kelingking kiri: dikecualikan").wait_for()
    go_to(page, "review")
    page.check("[name=consent]")
    page.fill("#pin", "000000")
    press(page)
    page.get_by_role("alert").wait_for()
    page.check("[name=consent]")
    page.fill("#pin", SUPERVISOR_PIN)
    press(page)
    assert "Kelingking kiri (Tidak ada (amputasi))" in page.inner_text("main")


def test_a_signature_written_on_the_screen_is_taken(page, address, counter):
    sign_in(page, address)
    look_up(page, counter.adults()[0].nik)
    go_to(page, "signature")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 160)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(box["x"] + 60 + 6 * step, box["y"] + 160 + (40 if step % 12 < 6 else -40))
    page.mouse.up()
    with page.expect_navigation():
        page.get_by_role("button", name="Pakai tulisan ini").click()
    page.get_by_role("img", name="Tanda tangan").wait_for()
    page.get_by_role("link", name="Lanjut: Sidik jari").wait_for()
    (draft,) = counter.station.here.drafts.open_sittings()
    (capture,) = [one for one in draft.captures.values() if one.slot.modality == "signature"]
    assert (capture.media_type, capture.device, capture.good) == ("image/png", "browser", True)


def test_the_browsers_own_camera_takes_the_photo(page, address, counter, browser):
    sign_in(page, address)
    look_up(page, counter.adults()[0].nik)
    go_to(page, "photo")
    # a camera of this page's own: no machine that runs tests has one
    page.evaluate(
        "navigator.mediaDevices.getUserMedia = async () => { const c = document.createElement('canvas');"
        " Object.assign(c, {width: 640, height: 480}); c.getContext('2d').fillRect(0, 0, 320, 480);"
        " return c.captureStream(5); }"
    )
    page.get_by_text("Cara lain mengambil foto").click()
    page.get_by_role("button", name="Buka kamera komputer ini").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Jepret").click()
    assert "Wajah tidak terlihat" in page.inner_text("main")
    (draft,) = counter.station.here.drafts.open_sittings()
    (capture,) = draft.captures.values()
    assert (capture.media_type, capture.good) == ("image/jpeg", False)


def test_the_pages_speak_english_and_fit_a_phone(page, address, counter):
    sign_in(page, address)
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    look_up(page, counter.adults()[0].nik)
    assert "Not known to be recorded" in page.inner_text("main")
    go_to(page, "fingers")
    page.get_by_role("heading", name="Place the four left fingers").wait_for()
    page.set_viewport_size(PHONE)
    for _ in range(3):
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], page.url
        covered_by = page.locator("[data-next]").last.evaluate(
            """next => { const box = next.getBoundingClientRect();
                const there = document.elementFromPoint(box.x + box.width / 2, box.bottom - 4);
                return next.contains(there) ? "" : there.outerHTML.slice(0, 120) }"""
        )
        assert covered_by == "", page.url
        press(page)


def test_a_restarted_station_offers_the_half_done_sitting_again(page, address, counter):
    sign_in(page, address)
    resident = counter.adults()[0]
    look_up(page, resident.nik)
    go_to(page, "fingers")
    page.goto(address)
    press_down_to_draft = page.get_by_role("link", name=f"Lanjutkan {resident.name}")
    press_down_to_draft.focus()
    press(page)
    assert page.url.endswith("/fingers")
