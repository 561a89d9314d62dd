"""The page of capture devices in a real browser, over a simulated SBI service: what is plugged in, a try, a fault."""

import re

import pytest
from test_browser_station import require_accessible

from patience import PATIENCE_MS
from rekam.drill.demo import PIN
from rekam.interop.sbi.simulator.faults import Fault
from sbi_examples import PORT, bench
from station_counter import OPERATOR
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser

SHOWN = re.compile(r"/devices/finger-\w+$")


@pytest.fixture
def held():
    return bench()


@pytest.fixture
def page(chromium, serve, held, tmp_path):
    counter = make_counter(tmp_path / "country", device=held.devices)
    page = chromium.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(reduced_motion="reduce")
    try:
        with serve(counter.app()) as address:
            page.request.post(f"{address}/sign-in", form={"operator": OPERATOR, "pin": PIN})
            page.goto(f"{address}/devices")
            yield page
            page.goto("about:blank")  # a live preview would hold the server until its time is up
    finally:
        counter.station.close()


def test_each_device_says_how_it_is_and_a_pulled_one_what_to_do_without_a_reload(page, held):
    assert page.locator(".device").count() == 3
    assert page.locator(".device .badge-success").count() == 3
    require_accessible(page)
    plugged = held.wire.services.pop(PORT)
    held.devices.look()
    page.wait_for_selector(".device-gone .device-told")
    assert "Pasang lagi" in page.locator(".device-gone .device-told").first.inner_text()
    require_accessible(page)
    held.wire.services[PORT + 1] = plugged
    held.devices.look()
    page.wait_for_selector(".device-ready .badge-success")


def test_a_try_shows_the_live_picture_and_says_that_the_device_works(page):
    page.locator(".device", has_text="Sidik jari").get_by_role("link").click()
    page.wait_for_url(SHOWN)
    for _ in range(int(PATIENCE_MS / 100)):
        if page.evaluate("document.querySelector('.capture img').naturalWidth") > 100:
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("no live picture")
    page.keyboard.press("Enter")
    page.wait_for_selector(".banner-success")
    assert "4 gambar" in page.locator(".banner-success").inner_text()
    require_accessible(page)


def test_a_fault_met_in_a_try_is_told_with_what_to_do(page, held):
    page.locator(".device", has_text="Sidik jari").get_by_role("link").click()
    page.wait_for_url(SHOWN)
    held.service.fault, held.service.times = Fault.WRONG_SIGNATURE, 1
    page.keyboard.press("Enter")
    page.wait_for_selector(".banner-danger")
    assert "Cabut alat" in page.locator(".banner-danger").inner_text()
    require_accessible(page)
