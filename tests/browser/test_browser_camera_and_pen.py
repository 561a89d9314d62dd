"""What the browser itself captures where no device does: the photo by its camera, the signature by pen or mouse."""

import io
import os

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright
from test_browser_station import require_accessible

from machine import FLAGS, WITH_CAMERA
from machine import browser as browser_path
from patience import PATIENCE_MS
from rekam.abis.synthetic.person import Person
from rekam.drill.demo import PIN
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.cast import Cast
from rekam.station.devices.simulated import SimulatedDevice
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser

PHOTO, SIGNATURE = Slot.parse("photo"), Slot.parse("signature")
OWN = (Modality.PHOTO, Modality.SIGNATURE)
FAKE = ["--use-fake-device-for-media-stream=device-count=2"]
SEEING = "document.querySelector('#frame video')?.videoWidth > 0"
CAMERA = "document.querySelector('#frame video').srcObject.getVideoTracks()[0].getSettings().deviceId"


class WithoutCameraAndPad(SimulatedDevice):
    def state(self):
        return tuple(one for one in super().state() if one.modality not in OWN)


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own") / "country"
    made = make_counter(folder, device=WithoutCameraAndPad(Cast(), bad_attempts=False))
    yield made
    made.station.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Somebody who looks into the camera, as frames of motion JPEG."""
    person = Image.fromarray(np.asarray(Person(31).photo(1990, 1)))
    person = person.resize((720 * person.width // person.height, 720))
    frame = Image.new("RGB", (1280, 720), person.getpixel((2, 2)))
    frame.paste(person, ((1280 - person.width) // 2, 0))
    moving = io.BytesIO()
    for _ in range(4):
        frame.save(moving, "JPEG", quality=92)
    path = tmp_path_factory.mktemp("camera") / "resident.mjpeg"
    path.write_bytes(moving.getvalue())
    return path


@pytest.fixture(scope="module")
def launch():
    """A browser with further flags; each is started once."""
    with sync_playwright() as playwright:
        running = {}

        def started(*flags):
            if flags not in running:
                running[flags] = playwright.chromium.launch(
                    executable_path=browser_path(WITH_CAMERA), args=[*FLAGS, *flags], timeout=PATIENCE_MS
                )
            return running[flags]

        yield started
        for one in running.values():
            one.close()


@pytest.fixture(scope="module")
def residents(counter):
    """Each test has one of its own; before blue, as the film is."""
    counter.sign_in()
    return iter([one for one in counter.adults(40) if one.birth_date.year % 2 == 0])


@pytest.fixture
def open_page(launch, serve, counter, residents):
    """`open_page(flags, allowed, step)`: a sitting's step at a browser with these flags, with or without permission."""
    contexts = []
    with serve(counter.app()) as address:

        def opened(flags, step, *, allowed=True, keep=()):
            scheme = os.environ.get("REKAM_SCHEME", "light")
            context = launch(*flags).new_context(viewport={"width": 1366, "height": 768}, color_scheme=scheme)
            contexts.append(context)
            context.set_default_timeout(PATIENCE_MS)
            if allowed:
                context.grant_permissions(["camera"], origin=address)
            operator = counter.sign_in()
            nik = next(residents).nik
            at = counter.filled(nik, operator, leave=tuple({PHOTO, SIGNATURE} - set(keep)))
            page = context.new_page()
            page.emulate_media(reduced_motion="reduce")
            page.complaints = []
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(f"{address}/sign-in?next=/sittings/{at}/{step}")
            page.fill("#pin", PIN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/sittings/{at}/{step}")
            page.sitting = at
            return page

        yield opened
        for context in contexts:
            context.close()


def until(page, expression):
    """The page's own policy forbids what `wait_for_function` does."""
    for _ in range(int(PATIENCE_MS / 100)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def shown(page, name):
    if "REKAM_SHOTS" in os.environ:
        page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/{name}.png")


def test_the_camera_opens_by_itself_and_two_keys_take_the_picture_and_go_on(open_page, film, counter):
    page = open_page((*FAKE, f"--use-file-for-fake-video-capture={film}"), "photo")
    until(page, SEEING)
    require_accessible(page)
    shown(page, "camera-live")
    page.keyboard.press("Enter")
    page.wait_for_selector("#frame .captured")
    shown(page, "camera-taken")
    taken = counter.station.sittings.find(page.sitting).captures[PHOTO]
    assert (taken.media_type, taken.device, taken.good) == ("image/jpeg", "browser", True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/signature")
    assert page.complaints == []


def test_of_two_cameras_the_chosen_one_is_remembered_and_opens_the_next_time(open_page):
    page = open_page(FAKE, "photo")
    until(page, SEEING)
    choice = page.locator("[data-camera-choice]")
    choice.wait_for()
    first = page.evaluate(CAMERA)
    assert choice.input_value() == first
    choice.focus()
    page.keyboard.press("ArrowDown")
    until(page, f"{SEEING} && {CAMERA} !== {first!r}")
    second = page.evaluate(CAMERA)
    require_accessible(page)
    shown(page, "camera-choice")
    page.reload()
    until(page, SEEING)
    assert page.evaluate(CAMERA) == second
    assert page.locator("[data-camera-choice]").input_value() == second
    assert page.locator("details[data-camera]").get_attribute("open") is None, "chosen once, asked no more"
    page.evaluate("localStorage.setItem('camera', 'one that is plugged in no more')")
    page.reload()
    until(page, SEEING)
    assert page.complaints == []


def test_a_camera_that_is_pulled_out_is_told_and_opens_again_when_it_is_back(open_page, counter):
    page = open_page(FAKE, "photo")
    until(page, SEEING)
    page.evaluate("document.querySelector('#frame video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))")
    page.get_by_text("Kamera tercabut").wait_for()
    assert page.locator("#frame video").count() == 0
    require_accessible(page)
    shown(page, "camera-gone")
    page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    until(page, SEEING)
    assert page.get_by_text("Kamera tercabut").is_hidden()
    page.get_by_role("button", name="Jepret").dblclick()
    page.wait_for_selector("#frame .captured")
    assert counter.station.sittings.find(page.sitting).attempts[PHOTO] == 1, "pressed twice, taken once"


@pytest.mark.parametrize(
    ("flags", "allowed", "told"),
    [(FAKE, False, "tidak diberi izin"), ((), True, "Tidak ada kamera")],
    ids=["permission denied", "no camera"],
)
def test_without_a_camera_the_page_says_what_to_do_and_a_file_and_the_other_steps_go_on(
    open_page, counter, film, flags, allowed, told
):
    page = open_page(flags, "photo", allowed=allowed)
    page.get_by_text(told).wait_for()
    require_accessible(page)
    shown(page, "camera-denied")
    page.keyboard.press("Enter")  # asked for again, told again, and nothing else happens
    page.get_by_text(told).wait_for()
    assert page.url.endswith("/photo")
    page.get_by_role("link", name="Iris").click()
    page.wait_for_url("**/irises")
    page.go_back()
    page.get_by_text(told).wait_for()
    frame = film.read_bytes()
    one = frame[: frame.index(b"\xff\xd9") + 2]
    page.set_input_files("#image", {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": one})
    page.get_by_role("button", name="Pakai berkas ini").click()
    page.wait_for_selector("#frame .captured")
    assert counter.station.sittings.find(page.sitting).captures[PHOTO].good
    assert page.complaints == []


INK = """() => {
    const canvas = document.querySelector("[data-pad] canvas");
    const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let dark = 0;
    for (let at = 0; at < dots.length; at += 4) dark += dots[at] < 128;
    return dark;
}"""


def stroke(page, line, *, pen=None, across=420):
    """One stroke at a height of the canvas, by mouse, or by a pen that presses with `pen` (0-1)."""
    box = page.locator("[data-pad] canvas").bounding_box()
    points = [
        (box["x"] + 40 + part * across / 30, box["y"] + box["height"] * line + 18 * (part % 6 - 3))
        for part in range(31)
    ]
    wire = page.context.new_cdp_session(page)
    how = {"pointerType": "mouse"} if pen is None else {"pointerType": "pen", "force": pen}
    for kind, (x, y) in (
        ("mouseMoved", points[0]),
        ("mousePressed", points[0]),
        *(("mouseMoved", point) for point in points[1:]),
        ("mouseReleased", points[-1]),
    ):
        buttons = 0 if kind == "mouseReleased" else 1
        wire.send(
            "Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons} | how
        )
    return page.evaluate(INK)


def test_a_signature_by_pen_and_mouse_is_taken_back_stroke_by_stroke_and_nothing_written_is_not_taken(
    open_page, counter
):
    page = open_page(FAKE, "signature", keep=(PHOTO,))
    page.locator("[data-pad] canvas").wait_for()
    use, back, clear = (
        page.get_by_role("button", name=name) for name in ("Pakai tulisan ini", "Batalkan goresan", "Hapus semua")
    )
    page.keyboard.press("Enter")
    page.get_by_text("Belum ada tulisan").wait_for()
    assert [one.is_disabled() for one in (use, back, clear)] == [True] * 3
    assert SIGNATURE not in counter.station.sittings.find(page.sitting).captures
    by_mouse = stroke(page, 0.3)
    soft = stroke(page, 0.55, pen=0.1) - by_mouse
    hard = stroke(page, 0.8, pen=0.9) - soft - by_mouse
    assert hard > 1.5 * soft > 0, "a pen that presses writes thicker"
    require_accessible(page)
    shown(page, "signature-written")
    back.click()
    assert page.evaluate(INK) == by_mouse + soft, "what is left is drawn as it was written"
    page.keyboard.press("Control+z")
    assert page.evaluate(INK) == by_mouse
    stroke(page, 0.55)
    clear.click()
    page.keyboard.press("Control+z")
    assert page.evaluate(INK) == 0
    page.keyboard.press("Enter")
    page.get_by_text("Belum ada tulisan").wait_for()
    assert page.url.endswith("/signature")
    assert SIGNATURE not in counter.station.sittings.find(page.sitting).captures
    for line in (0.3, 0.6):
        stroke(page, line, pen=0.6)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Enter")
    page.wait_for_selector("#frame .captured")
    taken = counter.station.sittings.find(page.sitting).captures[SIGNATURE]
    assert (taken.media_type, taken.device, taken.good, taken.attempts) == ("image/png", "browser", True, 1)
    assert page.complaints == []
