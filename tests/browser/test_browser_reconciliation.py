"""The reconciliation in a real browser: at a glance whether all adds up, what is missing with its number, a file against it."""

from pathlib import Path

import pytest

from axe import flaws
from office_examples import OFFICE, STATION, open_office, packet, world
from rekam.exchange.account import Account, Entry, Holding, chain_account
from rekam.exchange.account_file import write_account
from rekam.office.app import create_office_app
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member

pytestmark = pytest.mark.browser

PASSWORD = "empat kata tanpa makna"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        made.office = open_office(made.office.pool, tmp_path, SystemClock(), made.centre.remote)
        made.packets = [packet(number) for number in (1, 2, 3, 5)]
        for sent in made.packets[:2]:
            made.custody(sent)
        made.office.relay.run_once()
        for sent in made.packets[2:]:
            made.custody(sent)
        yield made


def station_account(here) -> bytes:
    """As the station would write it: 6 recorded, 4 of them with the office's receipt, and 4 too, which it lacks."""
    rows = [Entry(int(each.number[-6:]), each.id, Holding.BACKED_UP) for each in here.packets]
    rows += [Entry(4, "4" * 64, Holding.BACKED_UP), Entry(6, "6" * 64, Holding.WAITING)]
    account = Account("317401-01", "station", 0, looked=True, chains=(chain_account("317401-01", 1, rows, highest=6),))
    return write_account(account, STATION.key, STATION.chain)


@pytest.fixture
def page(chromium, here, serve):
    staff = InMemoryStaffStore(here.office.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
    with serve(create_office_app(here.office, staff)) as address:
        page = chromium.new_page()
        page.goto(address + "/")
        page.fill("#name", "budi")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Ringkasan')")
        page.home = address
        yield page


def no_barriers(page):
    assert flaws(page) == []


def test_what_is_missing_is_named_with_what_to_do_and_a_stations_file_tells_more(page, here, tmp_path):
    page.goto(page.home + "/system")
    page.click("text=Pencocokan")
    page.wait_for_selector("h1:has-text('Pencocokan')")
    page.wait_for_load_state()
    assert "317401-01/1/000004" in page.inner_text("table")
    assert "Jumlahnya cocok" in page.inner_text("main")
    file = tmp_path / "stasiun.neraca"
    file.write_bytes(station_account(here))
    page.set_input_files("input[type=file]", file)
    page.click("form.account-file button")
    page.wait_for_selector("text=pernah memberi tanda terima")
    page.wait_for_load_state()
    told = page.inner_text("main")
    assert "stasiun 317401-01" in told
    assert "Dalam perjalanan ke Disdukcapil 3174" in told
    no_barriers(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_that_is_no_account_is_refused_in_words(page, tmp_path):
    page.goto(page.home + "/reconciliation")
    file = tmp_path / "lain.neraca"
    file.write_bytes(b"bukan neraca")
    page.set_input_files("input[type=file]", file)
    page.click("form.account-file button")
    page.wait_for_selector("text=tidak dapat dibaca")
    assert page.url.startswith(page.home)
    page.locator("form.account-file").wait_for()


def test_the_downloaded_account_is_this_places_own(page, here):
    with page.expect_download() as download:
        page.goto(page.home + "/reconciliation")
        page.click("text=Unduh neraca tempat ini")
    data = Path(download.value.path()).read_bytes()
    account = here.office.accounts.read(data)
    assert (account.place, account.tier) == (OFFICE.office, "office")
    assert sum(chain.packets for chain in account.chains) == 4


def test_cards_and_blanks_close_beside_the_packets(page, here, tmp_path):
    here.centre.order(here.packets[0])
    here.centre.order(here.packets[1], 2)
    here.follow()
    here.office.blanks.receive(20, "kiriman pusat", by="budi")
    here.office.blanks.spoil(2, "basah", by="budi")
    here.office.cards.print(here.packets[0].id, by="budi")
    page.goto(page.home + "/reconciliation")
    told = [" ".join(each.split()) for each in page.locator(".sum").all_inner_texts()]
    assert told[-2:] == [
        "Perintah cetak 2 Jumlahnya cocok dicetak 1 menunggu dicetak 1 ditahan 0 ditarik 0",
        "Blangko diterima 20 Jumlahnya cocok dicetak 1 dicetak ulang 0 rusak sebelum dicetak 2 masih dalam stok 17",
    ]
    no_barriers(page)
    file = tmp_path / "kantor.neraca"
    file.write_bytes(here.office.accounts.signed(here.office.accounts.own()))
    page.set_input_files("input[type=file]", file)
    page.click("form.account-file button")
    page.wait_for_selector("text=Kartu menurut neraca Disdukcapil 3174")
