"""A sitting at a real station process over a real SBI device process: whole, and with everything a device does wrong.

One station runs through all of it and is never started again; whatever a device does ends in a sentence on the page,
what was captured before stays, and the next press of the same button captures.
"""

import signal
import time

import pytest
from test_browser_station import require_accessible

from patience import PATIENCE_MS, PATIENCE_S
from rekam.drill.demo import PIN
from rekam.enrolment.sample import Slot
from sbi_process import Plugged, free_ports
from station_counter import counter as make_counter
from station_process import StationProcess

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    """Three residents: one is recorded from the beginning, of the others all but a finger was captured before."""
    made = make_counter(tmp_path_factory.mktemp("sbi") / "country")
    operator = made.sign_in()
    made.fresh, begun, made.sleepy = made.adults(3)
    made.begun = made.filled(begun.nik, operator, leave=(Slot.parse("finger-2"),))
    made.asleep = made.filled(made.sleepy.nik, operator, leave=(Slot.parse("finger-2"),))
    made.station.close()
    return made


@pytest.fixture(scope="module")
def ports():
    with free_ports(4501, 4530) as free:
        yield free


@pytest.fixture(scope="module")
def device(counter, ports):
    good = ("--no-bad-attempts", "--person", "1")  # whose every print is good at the first attempt
    with Plugged(counter.home, ports[0], good) as plugged:
        yield plugged


@pytest.fixture(scope="module")
def station(counter, device):
    running = StationProcess(counter, REKAM_DEVICES="sbi-demo")
    yield running
    running.kill()


@pytest.fixture
def page(chromium, station):
    page = chromium.new_page()
    page.set_viewport_size(LAPTOP)
    page.emulate_media(reduced_motion="reduce")
    page.goto(station.address)
    page.fill("#pin", PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{station.address}/")
    yield page
    assert station.process.poll() is None, "one station goes through all of it"


@pytest.fixture
def finger(page, station, counter, device):
    """The page at which the right index finger is still to be captured."""
    device.order(person=2)  # the finger of the one who was just recorded would be told as a second recording
    page.goto(f"{station.address}/sittings/{counter.begun}/fingers?slot=finger-2")
    return page


def pressed(page) -> None:
    """The next action, as the operator presses it, up to the page that answers."""
    with page.expect_navigation(timeout=PATIENCE_MS):
        page.keyboard.press("Enter")


def told(page) -> str:
    page.wait_for_selector(".banner-danger", timeout=PATIENCE_MS)
    assert page.locator(".part-done").count() == 9, "what was captured before is there"
    return page.locator(".banner-danger").first.inner_text()


def provoked(page, device, said, **order) -> str:
    """What the page tells when the device does this, which has `said` in it. One that a busy machine made late is asked
    again.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        device.order(**order)
        pressed(page)
        sentence = told(page)
        if said in sentence or "tidak menjawab" not in sentence or time.monotonic() > deadline:
            return sentence


def test_a_whole_sitting_over_an_sbi_device_from_the_nik_to_saved(page, station, counter):
    page.evaluate("localStorage.setItem('automatic-capture', 'on')")
    page.fill("#text", counter.fresh.nik)
    for where in ("residents/*", "biodata", "photo"):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{where}")
    for following in ("signature", "fingers"):
        if following == "fingers":
            page.keyboard.press("Enter")  # a pad has no live picture: it is pressed for
        page.wait_for_selector(".captured", timeout=PATIENCE_MS)
        page.wait_for_selector("a[data-next], [data-next]:not(#take)", timeout=PATIENCE_MS)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{following}")
    while "/review" not in page.url:  # four, four and two fingers, both eyes: each by itself
        page.wait_for_selector("[name=consent], .banner-danger", timeout=2 * PATIENCE_MS)
        if "/review" not in page.url:
            pressed(page)  # a busy machine makes the device late, which is told; nothing goes on by itself after that
    page.check("[name=consent]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/saved", timeout=PATIENCE_MS)
    assert counter.fresh.name in page.inner_text("main")


@pytest.mark.parametrize(
    ("order", "said", "todo"),
    [
        ({"fault": "wrong-signature"}, "tanda tangan", "Cabut alat"),
        ({"fault": "wrong-chain"}, "rantai sidik berkas", "Ambil lagi"),
        ({"fault": "busy"}, "sedang dipakai", "tutup program lain"),
        ({"error_code": "555"}, "(555", "teknisi"),
    ],
    ids=["signed by another", "broken chain", "busy", "a code that no standard knows"],
)
def test_a_device_that_lies_or_refuses_is_told_with_what_to_do_and_nothing_of_it_is_kept(
    finger, device, order, said, todo
):
    sentence = provoked(finger, device, said, **order, times=1)
    assert said in sentence
    assert todo in sentence


def test_a_slow_device_is_waited_for(finger, device):
    # longer than an answer waits; what comes then is a refusal
    assert "sedang dipakai" in provoked(finger, device, "sedang dipakai", fault="busy", times=1, delay_s=4)
    device.order(delay_s=0)


def test_a_device_pulled_in_mid_capture_and_plugged_in_elsewhere_is_found_by_itself(finger, device, ports):
    device.order(delay_s=30)
    pressed(finger)
    finger.wait_for_selector("text=Sedang mengambil")
    device.pull()
    sentence = told(finger)
    assert "Pasang lagi" in sentence
    require_accessible(finger)
    device.plug_in(4601)  # its program says that it runs, and no SBI device is looked for there
    pressed(finger)
    assert "Pasang lagi" in told(finger)
    device.pull()
    device.plug_in(ports[1])
    sentence = provoked(finger, device, "sedang dipakai", fault="busy", times=1)
    assert "sedang dipakai" in sentence, "it is the one that answers"


def test_a_laptop_asleep_in_mid_capture_wakes_with_one_capture_and_the_sitting_as_it_was(
    page, device, station, counter
):
    """Browser, station and device stand still together, as they do when the lid is closed, and go on where they were."""
    device.order(person=3, delay_s=8)
    page.goto(f"{station.address}/sittings/{counter.asleep}/fingers?slot=finger-2")
    began = time.monotonic()
    pressed(page)
    page.wait_for_selector("text=Sedang mengambil")
    wire = page.context.new_cdp_session(page)
    wire.send("Page.setWebLifecycleState", {"state": "frozen"})
    station.process.send_signal(signal.SIGSTOP)
    device.stop()
    # longer than the capture would have taken, and well within what the station gives a device: its clock goes on here
    time.sleep(max(0.0, began + 9 - time.monotonic()))
    device.go_on()
    station.process.send_signal(signal.SIGCONT)
    wire.send("Page.setWebLifecycleState", {"state": "active"})
    page.wait_for_selector(".captured, [data-agreement]", timeout=PATIENCE_MS)
    device.order(delay_s=0)
    assert page.get_by_text("Percobaan ke-").count() == 0
    page.goto(station.address)
    page.get_by_role("link", name=f"Lanjutkan {counter.sleepy.name}").click()
    page.wait_for_url("**/review")
    assert page.locator(".shot img").count() == 14, "nothing is missing"


def test_a_device_that_hangs_is_told_and_captures_once_it_answers_and_all_is_saved(finger, device, station, counter):
    device.stop()
    pressed(finger)
    finger.wait_for_selector("text=/(belum|tidak) menjawab/", timeout=PATIENCE_MS)
    assert finger.locator(".part-done").count() == 9
    device.go_on()
    taken = ".captured, [data-agreement]"  # the last finger's own page, or already the review that it leads to
    while finger.locator(taken).count() == 0:
        finger.wait_for_selector(f"#take:visible, {taken}", timeout=PATIENCE_MS)  # what is under way ends by itself
        if finger.locator(taken).count() == 0:
            pressed(finger)
    finger.goto(f"{station.address}/sittings/{counter.begun}/review")
    finger.check("[name=consent]")
    finger.keyboard.press("Enter")
    finger.wait_for_url("**/saved", timeout=PATIENCE_MS)
