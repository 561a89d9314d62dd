"""The office in a real browser: from the list to the printed card on the keyboard, and no barrier on any page."""

import os
import threading
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from axe import flaws
from day_word_examples import day_words
from office_examples import SITI, open_office, packet, world
from patience import PATIENCE_MS, PATIENCE_S
from rekam.exchange.key_ended import KeyEndedUnreadable
from rekam.exchange.letters import Report, Used
from rekam.exchange.link_file import LinkFile
from rekam.exchange.remembered import Asked, Remembered
from rekam.office.app import create_office_app
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member

pytestmark = pytest.mark.browser

PASSWORD = "empat kata tanpa makna"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
TWO_LINES = 80
PLACES = (
    *("/", "/packets", "/cards", "/blanks", "/days", "/notices", "/residents", "/system"),
    *(
        "/log",
        "/set-aside",
        "/reconciliation",
        "/recovery",
        "/operator-keys",
        "/key-stops",
        "/courier",
        "/link",
        "/letters",
    ),
)


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        made.office = open_office(made.office.pool, tmp_path, SystemClock(), made.centre.remote)
        made.packets = [packet(number) for number in (1, 2)]
        for number, sent in enumerate(made.packets, start=1):
            made.custody(sent)
            made.centre.order(sent, number)
        made.centre.notice(1)
        made.follow()
        made.office.blanks.receive(2, "kiriman", by="budi")
        for word, data in day_words(2):
            made.office.days.put(word, data)
        used = Used(2017, 1, str(made.packets[0].number), "2017-03-20T02:00:00+00:00", "op-1")
        made.office.answer_letters("317401-01", 1, Report(0, (used,)).to_bytes())
        yield made


@pytest.fixture
def address(here, serve, tmp_path):
    staff = InMemoryStaffStore(here.office.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
    link = LinkFile(tmp_path, lambda: here.office.clock.wall().astimezone(here.office.zone))
    with serve(create_office_app(here.office, staff, link=link)) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    page = chromium.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address + "/")
    page.fill("#name", "budi")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Ringkasan')")
    page.wait_for_load_state()
    return page


def test_a_card_is_printed_with_the_keyboard_alone(page, address, here):
    page.goto(address + "/cards")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h1:has-text('{SITI.name}')")
    page.wait_for_load_state()  # the photo is there, and the script that makes Enter the next action
    assert page.evaluate("document.querySelector('.resident-photo').naturalWidth") > 100
    page.keyboard.press("Enter")
    page.wait_for_selector("a:has-text('Buka kartu (PDF)')")
    pdf = page.context.request.get(page.get_attribute("a:has-text('Buka kartu (PDF)')", "href").join([address, ""]))
    assert pdf.body().startswith(b"%PDF")
    assert here.office.blanks.account().printed == 1
    page.goto(address + "/cards")
    assert page.locator("tr", has_text="317401-01/1/000001").count() == 1
    assert page.complaints == []


def test_the_menu_stands_on_one_line_on_a_small_laptop(page, address):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address + "/system")
    assert page.locator(".top-bar").bounding_box()["height"] < TWO_LINES


def test_a_server_that_was_put_back_says_so_first_with_what_to_do_and_whoever_wants_a_card_reads_why(
    page, address, here
):
    further = replace(here.office.past.extent(), letters=4000)
    said = Remembered("317401-01", 1, 0, "", forked=False, extent=further)
    asked = Asked("317401-01", 1, bytes(16), bytes(16))
    here.office.past.hear(said.signed(here.office.signing, asked))
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address + "/")
    first = page.locator("#own-past")
    expect(first).to_contain_text("Server ini dikembalikan ke keadaan lama")
    expect(first).to_contain_text("rekam office rebuild --put-back")
    assert first.bounding_box()["y"] + first.bounding_box()["height"] < 768, "read without scrolling"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert flaws(page) == []
    page.goto(f"{address}/cards/{here.office.cards.waiting()[0].packet_id}")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("dikembalikan ke keadaan lama")
    assert here.office.blanks.account().printed == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_violation_on_any_page(page, address, here, viewport, scheme):
    sent = here.office.cards.waiting()[0].packet_id
    here.office.cards.print(sent, by="budi")
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    here.office.outbox.failed(here.packets[1].id, "PacketRefused", "Tanda tangan stasiun tidak dikenal di pusat.")
    statement = here.office.statements.waiting(1)[0].id  # what the centre is told of the card just printed
    here.office.statements.failed(statement, "StatementRefused", str(KeyEndedUnreadable()))
    for path in (*PLACES, f"/packets/{sent}", f"/cards/{sent}"):
        page.goto(address + path)
        assert (path, flaws(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], path
        if "REKAM_SHOTS" in os.environ and path == "/set-aside":
            page.screenshot(
                path=f"{os.environ['REKAM_SHOTS']}/set-aside-{viewport['width']}-{scheme}.png", full_page=True
            )
    assert page.complaints == []


def test_a_large_file_shows_a_bar_and_then_by_itself_what_was_found(page, address, here, monkeypatch):
    now, go_on = here.office.corrections.now, threading.Event()
    pieces = []

    def slow(niks):
        pieces.append(niks)
        assert len(pieces) < 2 or go_on.wait(PATIENCE_S)
        return now(niks)

    monkeypatch.setattr(here.office.corrections, "now", slow)
    page.goto(f"{address}/residents")
    rows = b"nik;nama\n" + b"3174;kurang\n" * 1500
    page.set_input_files("#file", {"name": "kk.csv", "mimeType": "text/csv", "buffer": rows})
    page.get_by_role("button", name="Lihat dulu apa yang berubah").click()
    bar = page.locator("#residents-progress progress")
    expect(bar).to_have_attribute("value", "1000", timeout=PATIENCE_MS)
    assert flaws(page) == []
    go_on.set()
    expect(page.get_by_text("1.500 tidak dapat dipakai")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("tbody tr").first.locator("td").first).to_have_text("2", timeout=PATIENCE_MS)
    assert flaws(page) == []
    assert page.complaints == []
