"""The portal in a real browser, as a citizen on a phone: two questions, one answer, no barrier."""

from datetime import date

import pytest

from axe import flaws
from office_examples import CENTRE, ROOT
from rekam.enrolment.nik import Nik
from rekam.exchange.feed import PORTAL_FEED
from rekam.exchange.in_memory import InMemoryFeed
from rekam.exchange.remote import LocalRemote
from rekam.portal.app import create_portal_app
from rekam.portal.portal import TABLES, Portal
from rekam.storage.testing import fresh_pool
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash
from rekam.trust.clock import SystemClock

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
KEY = bytes(32)
NIK, BORN = Nik("3174015503900001"), date(1990, 3, 15)


@pytest.fixture
def portal():
    clock = SystemClock()
    feed = InMemoryFeed(CENTRE.key, clock)
    key = keyed_hash(KEY, "portal-status", f"{NIK}/{BORN.isoformat()}").hex()
    told = {"key": key, "status": "PRINT_READY_RECORD", "at": "2026-11-20T04:00:00+00:00"}
    feed.append(PORTAL_FEED, "status", cbor.encode(told))
    with fresh_pool(*TABLES) as pool:
        made = Portal(pool, KEY, centre_chain=CENTRE.chain, root=ROOT, clock=clock, remote=LocalRemote(feed=feed))
        made.following.run_once()
        yield made


@pytest.fixture
def address(portal, serve):
    with serve(create_portal_app(portal)) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    page = chromium.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.set_viewport_size(PHONE)
    page.goto(address + "/")
    return page


def to_the_answer(page, day="15"):
    page.fill("#nik", NIK.grouped())
    page.keyboard.press("Enter")
    page.fill("#day", day)
    page.fill("#month", "3")
    page.fill("#year", "1990")
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer-heading")
    page.wait_for_load_state()


def told(page):
    return [(page.url, flaw) for flaw in flaws(page)]


def test_a_citizen_learns_the_status_on_a_phone_and_no_address_tells_the_nik(page):
    to_the_answer(page)
    assert page.inner_text(".answer-heading") == "Data Anda tunggal, kartu siap dicetak"
    assert NIK not in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate("(nav => nav.scrollWidth - nav.clientWidth)(document.querySelector('.nav'))") == 0
    assert page.complaints == []


def test_a_slip_leads_to_the_field_it_was_made_in(page):
    page.fill("#nik", "31740155")
    page.keyboard.press("Enter")
    page.click(".error-summary a")
    page.wait_for_selector("#nik:focus")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_violation_on_any_page(page, address, viewport, scheme):
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    page.reload()  # colours glide when the scheme changes under an open page
    found = told(page)
    page.fill("#nik", "1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    found += told(page)
    page.fill("#nik", NIK)
    page.keyboard.press("Enter")
    page.wait_for_selector("#day")
    found += told(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    found += told(page)
    page.goto(address + "/")
    to_the_answer(page)
    found += told(page)
    for path in ("/notices", "/keys"):
        page.goto(address + path)
        found += told(page)
    assert found == []
