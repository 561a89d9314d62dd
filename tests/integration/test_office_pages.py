"""The office's pages and its API, as its staff's browser and the drill get them."""

import re
from datetime import timedelta

import pytest

from office_examples import SITI, SIXTEEN, packet, world
from rekam.exchange.errors import RemoteUnreachable
from rekam.office.app import create_office_app
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient

PASSWORD = "empat kata tanpa makna"
JSON = {"accept": "application/json"}


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def client(here):
    staff = InMemoryStaffStore(here.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
    with PageClient(create_office_app(here.office, staff)) as client:
        yield client


@pytest.fixture
def budi(client):
    client.post("/sign-in", {"name": "budi", "password": PASSWORD})
    return client


@pytest.fixture
def ordered(here):
    sent = packet()
    here.custody(sent)
    here.centre.order(sent)
    here.follow()
    here.office.blanks.receive(2, "kiriman", by="budi")
    return sent


@pytest.mark.parametrize("path", ["/", "/packets", "/packets/" + "0" * 64, "/cards", "/blanks", "/notices"])
def test_nobody_sees_a_page_without_signing_in(client, path):
    assert client.get(path).headers["location"].startswith("/sign-in")


def test_programs_without_a_session_get_nothing_either(client, ordered):
    assert client.get("/api/state", headers=JSON).status_code == 401
    assert client.post(f"/api/cards/{ordered.id}", headers=JSON).status_code == 401
    assert client.get(f"/cards/{ordered.id}/photo", headers=JSON).status_code == 401


def test_the_overview_tells_what_is_where_and_how_it_stands_with_the_centre(here, budi, ordered, monkeypatch):
    here.custody(packet(3))
    page = budi.get("/").text
    assert "317401-01" in page
    assert "1 nomor belum datang" in page
    assert "Tunggal, siap dicetak" in page
    assert "Disimpan di dinas, menunggu dikirim ke pusat" in page
    assert "Belum ada hubungan dengan pusat" in page
    here.office.relay.run_once()
    assert "Tersambung ke pusat" in budi.get("/").text

    def away(feed, n):
        raise RemoteUnreachable(place="centre", reason="down")

    monkeypatch.setattr(here.centre.remote, "feed_after", away)
    here.office.relay.run_once()
    here.clock.advance(timedelta(minutes=20).total_seconds())
    assert "Pusat tidak terhubung selama 20 menit" in budi.get("/").text


def test_a_packet_is_found_by_its_number_and_shows_its_history(budi, ordered):
    found = budi.get(f"/packets?number={ordered.number}").text
    assert f"/packets/{ordered.id}" in found
    assert "Tidak ada rekaman yang cocok" in budi.get("/packets?number=317401-01/1/000009").text
    history = budi.get(f"/packets/{ordered.id}").text
    assert "Perintah cetak diterima" in history
    assert budi.get("/packets/" + "0" * 64).status_code == 404


def test_a_card_is_printed_from_the_list_and_printed_again_with_a_reason(here, budi, ordered):
    assert SITI.name in budi.get("/cards").text
    page = budi.get(f"/cards/{ordered.id}").text
    assert "Cetak kartu" in page
    assert budi.get(f"/cards/{ordered.id}/photo").headers["content-type"] == "image/jpeg"
    assert budi.post(f"/cards/{ordered.id}/print").status_code == 303
    pdf = budi.get(f"/cards/{ordered.id}/1.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert SITI.nik not in pdf.headers["content-disposition"]
    assert "Tidak ada kartu yang menunggu" in budi.get("/cards").text
    refused = budi.post(f"/cards/{ordered.id}/reprint", {"replaces": "1", "reason": ""})
    assert (refused.status_code, 'href="#reason"' in refused.text) == (409, True)
    for _ in range(2):
        budi.post(f"/cards/{ordered.id}/reprint", {"replaces": "1", "reason": "chip gagal"})
    assert "Salinan 2" in budi.get("/cards").text
    assert here.office.blanks.account().reprinted == 1


def test_without_blanks_the_page_says_so_and_the_order_waits(here, budi):
    sent = packet()
    here.centre.order(sent)
    here.follow()
    assert "Blangko habis" in budi.get("/cards").text
    refused = budi.post(f"/cards/{sent.id}/print")
    assert refused.status_code == 409
    assert "Blangko dalam buku tidak cukup" in refused.text


def test_a_sixteen_year_old_stands_in_a_list_of_its_own(here, budi):
    sent = packet()
    here.centre.order(sent, biodata=SIXTEEN)
    here.follow()
    page = budi.get("/cards").text
    assert page.index("Sudah direkam, belum wajib KTP") < page.index("PUTRI AYU")
    assert "15 April 2017" in page


def test_the_ledger_takes_deliveries_and_spoiled_sheets_and_adds_up(here, budi):
    assert budi.post("/blanks/receive", {"received": "1.250", "delivery": "surat jalan 7"}).status_code == 303
    assert budi.post("/blanks/spoil", {"spoiled": "3", "cause": "cacat pabrik"}).status_code == 303
    page = budi.get("/blanks").text
    assert "1.250 diterima = 0 kartu + 0 cetak ulang + 3 rusak + 1.247 stok" in page
    assert "Cocok sampai lembar" in page
    assert [(entry.kind, entry.by) for entry in here.office.blanks.entries()] == [
        ("spoiled", "budi"),
        ("received", "budi"),
    ]


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [
        ("receive", {"received": "banyak"}, "received"),
        ("receive", {"received": "-5"}, "received"),
        ("spoil", {"spoiled": "9", "cause": "cacat"}, "spoiled"),
        ("spoil", {"spoiled": "1", "cause": " "}, "cause"),
    ],
    ids=["words", "negative", "more than there are", "no cause"],
)
def test_a_refused_line_leads_to_its_field_and_keeps_what_was_typed(here, budi, path, form, field):
    here.office.blanks.receive(2, "kiriman", by="budi")
    refused = budi.post(f"/blanks/{path}", form)
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert here.office.blanks.account().stock == 2
    for value in form.values():
        assert f'value="{value}"' in refused.text


def test_a_notice_of_the_centre_stands_on_every_page_in_the_readers_language(here, budi):
    here.centre.notice(1, "Server pusat dipelihara malam ini.")
    here.follow()
    assert "Server pusat dipelihara malam ini." in budi.get("/cards").text
    budi.post("/language", {"language": "en", "back": "/"})
    assert "The centre is maintained tonight." in budi.get("/cards").text
    assert "Print cards" in budi.get("/cards").text


def test_a_program_reads_the_state_and_prints_each_card_once(here, budi, ordered):
    state = budi.get("/api/state", headers=JSON).json()
    figures = {name: state[name] for name in ("packets", "relayed", "print_orders", "cards", "blanks", "feed_cursor")}
    assert figures == {"packets": 1, "relayed": 0, "print_orders": 1, "cards": 0, "blanks": 2, "feed_cursor": 2}
    assert [card["packet_id"] for card in budi.get("/api/cards", headers=JSON).json()] == [ordered.id]
    first, again = (budi.post(f"/api/cards/{ordered.id}", headers=JSON) for _ in range(2))
    assert first.headers["content-type"] == "application/pdf"
    assert first.content == again.content
    assert budi.get("/api/state", headers=JSON).json()["blanks"] == 1


def test_a_program_is_told_why_there_is_no_card(here, budi):
    young, ready = packet(1), packet(2)
    here.centre.order(young, 1, biodata=SIXTEEN)
    here.centre.order(ready, 2)
    here.follow()

    def told(packet_id):
        answer = budi.post(f"/api/cards/{packet_id}", headers=JSON)
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["title"]

    assert told(ready.id) == (409, "NoBlanks")
    assert told(young.id) == (409, "NotYetEligible")
    assert told("0" * 64) == (409, "NoPrintOrder")


def test_no_page_of_the_office_is_kept_by_a_browser(budi, ordered):
    for path in ("/cards", f"/cards/{ordered.id}", f"/cards/{ordered.id}/photo"):
        assert budi.get(path).headers["cache-control"] == "no-store"
    assert not re.search(r"style=|onclick=", budi.get(f"/cards/{ordered.id}").text)
