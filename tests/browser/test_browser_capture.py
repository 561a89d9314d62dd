"""Sittings captured by an operator whose hands stay free: automatic, with exceptions, forced, broken off."""

import pytest

from axe import flaws
from patience import PATIENCE_MS
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.sample import ExceptionReason, Slot
from station_counter import TODAY

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
"""Milliseconds that a capture may take on a machine whose kernels are not compiled yet."""


@pytest.fixture
def device(moody):
    return moody


@pytest.fixture
def counter(moody_counter):
    return moody_counter


@pytest.fixture
def address(counter, serve):
    with serve(counter.app()) as address:
        yield address


class Hands:
    """An operator without a mouse; counts every key."""

    def __init__(self, page):
        self.page = page
        self.pressed = 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text):
        for letter in text:
            self.press(letter)

    def enter_to(self, where):
        self.press("Enter")
        self.page.wait_for_url(f"**/{where}", timeout=2 * PATIENCE_MS)


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.set_viewport_size(LAPTOP)
    page.emulate_media(reduced_motion="reduce")
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def automatic(page, address):
    """Captures start by themselves, as they do for every operator who leaves it so."""
    page.goto(f"{address}/sign-in")
    page.evaluate("localStorage.setItem('automatic-capture', 'on')")
    page.reload()


def sign_in(page):
    page.wait_for_selector("input:focus")
    page.keyboard.type(PIN)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def begin(page, counter, hands):
    """From the start page to the photo."""
    resident = counter.adults()[0]
    page.wait_for_selector("#text:focus")
    hands.type(resident.nik)
    hands.enter_to("residents/*")
    hands.enter_to("biodata")
    hands.enter_to("photo")
    return resident


def without(counter, *names):
    """A sitting in which only these are still to be captured."""
    operator = counter.sign_in()
    return counter.filled(counter.adults()[0].nik, operator, leave=tuple(Slot.parse(name) for name in names))


def require_no_scrolling(page):
    height, shown = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert height <= shown, page.url


def require_accessible(page):
    assert flaws(page) == [], page.url


def test_a_whole_sitting_by_keyboard_takes_23_keys_and_the_resident_agrees_on_their_own_screen(
    page, address, counter, chromium
):
    automatic(page, address)
    sign_in(page)
    screen = chromium.new_page()
    screen.set_viewport_size(PHONE)
    screen.goto(f"{address}/resident-screen")
    assert "Selamat datang" in screen.inner_text("main")
    hands = Hands(page)
    resident = begin(page, counter, hands)
    require_no_scrolling(page)
    page.wait_for_selector(".captured", timeout=2 * PATIENCE_MS)  # taken by itself
    require_no_scrolling(page)
    hands.enter_to("signature")
    hands.press("Enter")
    page.wait_for_selector(".captured", timeout=2 * PATIENCE_MS)
    hands.enter_to("fingers")
    require_no_scrolling(page)
    screen.wait_for_selector("text=Tempelkan empat jari")
    require_accessible(screen)
    page.wait_for_url("**/review", timeout=3 * PATIENCE_MS)  # hands and eyes without a key
    screen.wait_for_selector("text=Benar, saya setuju direkam")
    assert resident.name in screen.inner_text("main")
    assert screen.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    require_accessible(screen)
    screen.focus("text=Benar, saya setuju direkam")
    screen.keyboard.press("Enter")
    page.wait_for_selector("text=Penduduk menyetujui di layarnya")
    answered = screen.get_by_text("Anda sudah setuju").bounding_box()
    assert answered["y"] + answered["height"] <= PHONE["height"], "seen without scrolling"
    hands.enter_to("saved")
    assert counter.station.here.recordings.count() == 1
    assert hands.pressed == 23, "with the NIK's sixteen digits"
    screen.wait_for_selector("text=Terima kasih")
    assert resident.name not in screen.inner_text("main")
    assert page.complaints == []


def test_missing_fingers_are_excepted_by_keyboard_and_one_pin_confirms_them_all(page, address, counter, device):
    sitting_id = without(counter, "finger-7", "finger-8")
    page.goto(f"{address}/sign-in?next=/sittings/{sitting_id}/fingers")
    sign_in(page)
    page.keyboard.press("k")
    page.wait_for_url("**/exception?*")
    require_accessible(page)
    page.locator("[name=slot]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # amputated: what can be seen is shown
    Hands(page).enter_to("fingers")
    page.wait_for_selector("text=Foto tangan kiri")
    require_accessible(page)
    require_no_scrolling(page)
    Hands(page).enter_to("review")
    page.check("[name=consent]")
    page.locator("#pin").focus()
    page.keyboard.type(SUPERVISOR_PIN)
    Hands(page).enter_to("saved")
    assert device.asked == 1
    assert counter.station.here.recordings.count() == 1


def test_a_worn_finger_is_tried_three_times_by_itself_then_kept_by_the_operator(page, address, counter, device):
    finger = Slot.parse("finger-9")
    device.worn = frozenset({finger})
    sitting_id = without(counter, str(finger))
    automatic(page, address)
    page.goto(f"{address}/sign-in?next=/sittings/{sitting_id}/fingers")
    sign_in(page)
    page.wait_for_selector("text=Pakai yang terbaik", timeout=3 * PATIENCE_MS)
    page.wait_for_timeout(3000)
    assert device.asked == 3, "nothing goes on by itself after the third attempt"
    page.keyboard.press("p")
    page.wait_for_url("**/review")
    assert "Di bawah mutu" in page.inner_text("main")
    kept = counter.station.sittings.find(sitting_id).captures[finger]
    assert (kept.forced, kept.attempts) == (True, 3)


def test_a_browser_closed_in_mid_capture_finds_the_capture_made_once(page, address, counter, device, chromium):
    page.goto(address)
    sign_in(page)
    resident = begin(page, counter, Hands(page))
    device.free.clear()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Sedang mengambil", timeout=2 * PATIENCE_MS)
    require_accessible(page)
    page.close()
    device.free.set()
    again = chromium.new_page()
    again.goto(address)
    again.get_by_role("link", name=f"Lanjutkan {resident.name}").click()
    (sitting,) = counter.station.here.drafts.open_sittings()
    again.goto(f"{address}/sittings/{sitting.sitting_id}/photo")
    again.wait_for_selector(".captured", timeout=2 * PATIENCE_MS)
    (sitting,) = counter.station.here.drafts.open_sittings()
    assert (device.asked, dict(sitting.attempts)) == (1, {Slot.parse("photo"): 1})


def test_a_laptop_that_sleeps_in_mid_capture_wakes_locked_with_one_capture_and_nothing_lost(
    page, address, counter, device
):
    page.goto(address)
    sign_in(page)
    resident = begin(page, counter, Hands(page))
    device.free.clear()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Sedang mengambil", timeout=PATIENCE_MS)
    wire = page.context.new_cdp_session(page)
    with page.expect_response("**/capture"):
        pass  # between two of its questions
    wire.send("Page.setWebLifecycleState", {"state": "frozen"})
    counter.clock.advance(2 * 3600)
    device.free.set()  # it gives its picture as soon as it is awake
    wire.send("Page.setWebLifecycleState", {"state": "active"})
    page.evaluate("slept => { const now = Date.now; Date.now = () => now() + slept }", 2 * 3600 * 1000)  # no timer ran
    page.get_by_role("heading", name="Layar terkunci").wait_for()
    (sitting,) = counter.station.here.drafts.open_sittings()
    page.wait_for_selector("input:focus")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_selector(".captured", timeout=PATIENCE_MS)
    (sitting,) = counter.station.here.drafts.open_sittings()
    assert (device.asked, dict(sitting.attempts)) == (1, {Slot.parse("photo"): 1})
    page.goto(address)
    page.get_by_role("link", name=f"Lanjutkan {resident.name}").wait_for()
    assert page.complaints == []


def test_a_device_that_hangs_is_given_up_and_the_next_step_goes_on(page, address, counter, device):
    page.goto(address)
    sign_in(page)
    begin(page, counter, Hands(page))
    device.free.clear()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Sedang mengambil", timeout=2 * PATIENCE_MS)
    counter.clock.advance(9)
    page.wait_for_selector("text=Alat belum menjawab")
    page.get_by_role("button", name="Lewati dulu").click()
    page.wait_for_url("**/signature")
    device.free.set()
    Hands(page).press("Enter")
    page.wait_for_selector(".captured", timeout=2 * PATIENCE_MS)
    assert "/signature" in page.url
    assert page.complaints == []


def test_the_frame_of_the_photo_is_moved_by_keys_and_by_a_finger_and_enter_takes_what_lies_in_it(
    page, address, counter
):
    photo = Slot.parse("photo")
    operator = counter.sign_in()
    at = counter.station.sittings.open(counter.adults()[0].nik, operator).sitting_id
    counter.station.sittings.capture(at, photo)
    before = counter.station.sittings.find(at).captures[photo].cutting
    page.goto(f"{address}/sign-in?next=/sittings/{at}/photo")
    sign_in(page)
    require_accessible(page)
    require_no_scrolling(page)
    frame = page.locator(".framing-frame")
    for key in ("-", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    by_keys = [float(frame.get_attribute(name)) for name in ("x", "y", "height")]
    assert by_keys[2] > before.height
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.up()
    by_finger = [float(frame.get_attribute(name)) for name in ("x", "y", "height")]
    assert by_finger[0] < by_keys[0]
    assert by_finger[1] < by_keys[1]
    Hands(page).enter_to("signature")
    after = counter.station.sittings.find(at).captures[photo].cutting
    assert [after.x, after.y] == pytest.approx(by_finger[:2], abs=1)
    assert (after.height, after.whole == before.whole) == (pytest.approx(by_finger[2], abs=1), True)
    assert page.complaints == []


LONG = "Server masukan pusat dihentikan sampai Senin untuk pemeliharaan pangkalan data; perekaman jalan terus. " * 3


@pytest.mark.parametrize("notices", [0, 1, 3])
def test_no_notice_pushes_the_next_action_of_a_sitting_out_of_the_window(page, address, counter, notices):
    operator = counter.sign_in()
    with counter.station.here.store.tx() as tx:
        for number in range(1, notices + 1):
            row = (number, TODAY.isoformat(), LONG, LONG, "Rekam seperti biasa.", "Record as usual.", number % 2)
            tx.execute("INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    first, second = counter.adults(2)
    begun = counter.station.sittings.open(first.nik, operator).sitting_id
    done = counter.filled(second.nik, operator, leave=(Slot.parse("finger-3"),))
    counter.station.sittings.note_exceptions(done, {Slot.parse("finger-3"): ExceptionReason.BANDAGED})
    page.goto(f"{address}/sign-in?next=/sittings/{begun}/biodata")
    sign_in(page)
    steps = ("biodata", "photo", "signature", "fingers", "irises", "review", "exception?slot=finger-2", "warning")
    for path in (*(f"{begun}/{step}" for step in steps), *(f"{done}/{step}" for step in ("fingers", "review"))):
        page.goto(f"{address}/sittings/{path}", wait_until="domcontentloaded")
        told = page.locator(".banner-strip").count()
        assert told == (1 if notices else 0), path
        box = page.locator("[data-next]").last.bounding_box()
        bar = page.locator(".bottom-bar").bounding_box()
        assert box["y"] >= 0, path
        assert box["y"] + box["height"] <= min(LAPTOP["height"], bar["y"]), path
        assert box["x"] + box["width"] <= LAPTOP["width"], path
    if notices:
        require_accessible(page)
