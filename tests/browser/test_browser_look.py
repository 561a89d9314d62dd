"""The gallery of components in a real browser: accessibility by axe-core, keys, languages, no broken rule of the CSP."""

from datetime import UTC, datetime, timedelta

import pytest

from axe import flaws
from rekam.trust.clock import SteppedClock
from rekam.trust.pin import Cost
from rekam.web.app import create_app
from rekam.web.site import BarState, MenuItem, Notice, Site
from rekam.web.staff import InMemoryStaffStore, add_member

pytestmark = pytest.mark.browser

PASSWORD = "empat kata tanpa makna"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def address(serve):
    clock = SteppedClock(datetime(2017, 3, 20, 7, 5, tzinfo=UTC))
    store = InMemoryStaffStore(clock)
    add_member(store, "wayan.ahli", frozenset({"ahli"}), PASSWORD, cost=Cost(64, 1, 1))
    site = Site(
        "station",
        "Rekam Stasiun",
        "Kecamatan Kuta",
        clock=clock,
        menu=(MenuItem("/look", "Rupa"), MenuItem("/look/sitting", "Sesi perekaman")),
        newest_notice=lambda: Notice("Server pusat dipelihara malam ini", clock.wall()),
        bar=lambda: BarState(connected=False, unsent=37, oldest=timedelta(days=3)),
    )
    with serve(create_app(site, staff=store, development=True)) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    page = chromium.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/look", "/look/sitting", "/sign-in", "/nowhere"])
def test_axe_finds_no_violation(page, address, path, viewport, scheme):
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    page.goto(address + path)
    assert flaws(page) == []


@pytest.mark.parametrize("path", ["/look", "/look/sitting", "/sign-in", "/nowhere"])
def test_no_page_is_wider_than_a_phone(page, address, path):
    page.set_viewport_size(PHONE)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_pages_run_under_their_own_policy_in_inter(page, address):
    for path in ("/look", "/look/sitting"):
        page.goto(address + path)
        page.evaluate("document.fonts.ready.then(() => true)")
        assert page.evaluate(
            "document.fonts.check('16px Inter') && [...document.fonts].some(f => f.status === 'loaded')"
        )
    assert page.complaints == []


def test_a_sitting_fits_the_screen_of_a_counter(page, address):
    page.goto(address + "/look/sitting")
    capture = page.locator(".capture").bounding_box()
    following = page.get_by_role("button", name="Lanjut").bounding_box()
    bar = page.locator(".bottom-bar").bounding_box()
    column = page.locator(".sitting-capture").bounding_box()
    assert column["width"] / DESK["width"] == pytest.approx(0.56, abs=0.05)
    assert capture["height"] > 400
    assert following["y"] + following["height"] < bar["y"]
    assert following["x"] + following["width"] == pytest.approx(column["x"] + column["width"], abs=2)
    assert page.evaluate("document.documentElement.scrollHeight") == DESK["height"]


def test_the_bottom_bar_tells_its_state_and_renews_itself(page, address):
    page.goto(address + "/look/sitting")
    bar = page.get_by_role("region", name="Keadaan stasiun")
    assert "37 belum terkirim, tertua 3 hari" in bar.inner_text()
    assert "14.05 WIB" in bar.inner_text()
    with page.expect_response("**/bar") as renewed:
        pass
    assert renewed.value.status == 200
    page.wait_for_timeout(100)
    assert "37 belum terkirim" in bar.inner_text()
    assert page.complaints == []


def test_arrows_walk_a_work_list_and_enter_opens(page, address):
    page.goto(address + "/look")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Putuskan"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2


def test_enter_means_the_next_action_and_letters_can_be_switched_off(page, address):
    page.goto(address + "/look/sitting")
    page.evaluate("document.querySelector('[data-next]').addEventListener('click', () => { document.title = 'next' })")
    page.keyboard.press("Enter")
    assert page.title() == "next"
    page.goto(address + "/look")
    switch = page.get_by_role("button", name="Matikan tombol huruf")
    switch.click()
    page.get_by_role("button", name="Nyalakan tombol huruf").wait_for()
    page.reload()
    page.get_by_role("button", name="Nyalakan tombol huruf").wait_for()


def test_a_refused_form_moves_the_focus_to_its_summary_which_leads_to_the_field(page, address):
    page.goto(address + "/look")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").click()
    page.wait_for_selector("#nik:focus")


def test_somebody_signs_in_with_the_keyboard_chooses_english_and_signs_out(page, address):
    page.goto(address + "/sign-in?next=/look/sitting")
    page.wait_for_selector("input:focus")
    page.keyboard.type("wayan.ahli")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/look/sitting")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Right index finger").wait_for()
    assert page.url.endswith("/look/sitting")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.complaints == []
