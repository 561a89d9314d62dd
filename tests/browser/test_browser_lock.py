"""The screen's lock in a real browser: it warns, covers what was typed, opens with the PIN; another operator takes over."""

import pytest

from axe import flaws
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from station_counter import OPERATOR, SUPERVISOR
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser


@pytest.fixture
def counter(tmp_path):
    made = make_counter(tmp_path / "country")
    yield made
    made.station.close()


@pytest.fixture
def address(counter, serve):
    with serve(counter.app()) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    page = chromium.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    page.wait_for_selector("input:focus")
    page.keyboard.type(PIN)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def require_accessible(page):
    assert flaws(page) == [], page.url


def go_idle(page, counter, seconds):
    """Nobody touches the screen for so long; the page notices when the window comes to the front."""
    counter.clock.advance(seconds)
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_the_lock_warns_then_covers_the_page_and_gives_back_what_was_typed(page, counter):
    page.fill("#text", "Siti Rahayu binti")
    with page.expect_response("**/screen/used"):  # told every twenty seconds: else it might be told after the pause
        page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 21000 }")
    go_idle(page, counter, 15 * 60 - 40)
    warning = page.locator(".lock-warning")
    warning.wait_for()
    assert "detik" in warning.inner_text()
    go_idle(page, counter, 60)
    page.get_by_role("heading", name="Layar terkunci").wait_for()
    require_accessible(page)
    page.wait_for_selector("input:focus")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_text("PIN salah").wait_for()
    page.wait_for_selector("input:focus")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Layar terkunci").wait_for()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for(state="detached")
    assert page.input_value("#text") == "Siti Rahayu binti"
    page.wait_for_selector("#text:focus")
    assert page.locator(".lock-warning").count() == 0


def test_a_station_that_answers_slowly_does_not_lock_again_what_the_pin_has_just_opened(page, counter):
    go_idle(page, counter, 15 * 60 + 1)
    page.get_by_role("heading", name="Layar terkunci").wait_for()
    page.wait_for_selector("#lock-pin:focus")
    held, slowly = [], [True]
    page.route("**/screen", lambda route: held.append(route) if slowly else route.continue_())
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.locator("dialog.lock").wait_for(state="detached")
    page.wait_for_timeout(2500)  # the page looks every second
    assert page.locator("dialog.lock").count() == 0
    assert len(held) == 1, "one question at a time"
    slowly.clear()
    with page.expect_response("**/screen"):
        held[0].continue_()
    page.wait_for_timeout(1500)
    assert page.locator("dialog.lock").count() == 0


def test_another_operator_takes_the_sitting_over_where_it_stands(page, counter):
    page.fill("#text", counter.adults()[0].nik)
    for _ in range(3):
        with page.expect_navigation():
            page.keyboard.press("Enter")
    there = page.url
    assert "/sittings/" in there
    page.get_by_role("button", name="Kunci layar").click()
    page.get_by_role("link", name="Petugas lain").click()
    page.get_by_text("Supervisor Tebet").click()
    page.fill("#pin", SUPERVISOR_PIN)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == there
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert counter.station.here.hands.of(there.split("/")[4]) == [OPERATOR, SUPERVISOR]


def test_the_page_of_the_staff_is_accessible_and_works_by_keyboard(page, address):
    page.goto(address + "/staff")
    require_accessible(page)
    page.fill("#pin", PIN)
    page.keyboard.press("Tab")
    page.keyboard.type("804175")
    page.keyboard.press("Tab")
    page.keyboard.type("804175")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("PIN baru berlaku sekarang").wait_for()
    require_accessible(page)
