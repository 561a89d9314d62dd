import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from left_on_disk import left_on_disk
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.station.outing.expected import Standing
from rekam.station.printing.tray import PaperTray
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR, TODAY

FORM = {
    "place": "Balai desa",
    "village": "31.74.01.1006",
    "first_day": "2026-11-23",
    "last_day": "2026-11-25",
    "opens": "08:00",
    "closes": "16.00",
    "team": [OPERATOR, SUPERVISOR],
    "once": "form-1",
}

NO_FILE = {"list": ("", b"", "application/octet-stream")}


@pytest.fixture
def client(counter, here):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


def words(answer) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", answer.text))


def test_an_outing_is_planned_once_however_often_the_form_is_sent(client, here):
    assert client.get("/outings/new").status_code == 200
    for _ in range(2):
        assert client.post("/outings/new", FORM).headers["location"] == "/outings/1"
    assert len(here.outings.open_ones()) == 1
    page = words(client.get("/outings"))
    assert "Balai desa" in page
    assert "23–25 November 2026" in page


WRONG = [
    ({"last_day": "2026-11-20"}, "tidak dapat mulai"),
    ({"first_day": "2010-01-01", "last_day": "2010-01-02"}, "sudah lewat"),
    ({"first_day": "31-11-2026"}, "bukan tanggal di kalender"),
    ({"opens": "17:00"}, "dari pukul 17:00 sampai 16:00"),
    ({"village": "99.99.99.9999"}, "daftar wilayah"),
    ({"place": " "}, "nama tempat"),
    ({"team": ["op-999999-01"]}, "sedikitnya satu petugas"),
]


def test_what_cannot_be_planned_is_told_beside_its_field_what_was_typed_stays_and_nothing_is_left(client, here):
    for wrong, said in WRONG:
        answer = client.post("/outings/new", FORM | {"vehicle": 'Mobil "Jenaka" <b>'} | wrong)
        assert answer.status_code == 422, wrong
        assert said in words(answer), wrong
        assert "Mobil &#34;Jenaka&#34; &lt;b&gt;" in answer.text
    assert here.outings.open_ones() == []


def test_a_list_is_shown_row_by_row_before_it_is_taken_and_its_names_are_in_no_address(client, counter, here):
    first, second = counter.adults(2)
    client.post("/outings/new", FORM)
    text = (
        f"{first.nik[:6]} {first.nik[6:12]} {first.nik[12:]};{first.name}\n{second.nik};XYLOPHONE QUARTZ\n3174;PENDEK"
    )
    answer = client.post("/outings/1/take/list", {"text": text}, files=NO_FILE)
    where = answer.headers["location"]
    assert re.fullmatch(r"/outings/1/take/[0-9a-f]{24}", where)
    page = words(client.get(where))
    assert f"milik {second.name}" in page
    assert "NIK terdiri atas 16 angka" in page
    assert here.expected.count(1) == 0
    for _ in range(2):
        assert client.post(where, {}).headers["location"].startswith("/outings/1?taken=")
    assert here.expected.count(1) == 1
    assert client.get("/outings/1/take/" + "0" * 24).headers["location"] == "/outings/1/take"


def test_a_file_of_5000_rows_of_another_province_is_refused_row_by_row_and_nothing_of_it_is_on_the_disk(
    client, counter
):
    client.post("/outings/new", FORM)
    rows = "NIK,NAMA\n" + "\n".join(f"34040101018{n:05d},ORANG KALIURANG" for n in range(1, 5001))
    answer = client.post("/outings/1/take/list", files={"list": ("desa.csv", rows.encode(), "text/csv")})
    page = words(client.get(answer.headers["location"]))
    assert "5.000" in page
    assert "dan 4.800 baris lagi" in page
    assert "Ambil 0" not in page
    held = b"".join(left_on_disk(counter.home).values())
    assert b"KALIURANG" not in held


NO_LISTS = [
    ({"files": {"list": ("daftar.xlsx", b"PK\x03\x04rest", "text/csv")}}, "buku kerja"),
    ({"files": NO_FILE, "form": {"text": "  "}}, "Tidak ada NIK"),
    ({"files": {"list": ("besar.csv", b"1" * (5 << 20), "text/csv")}}, "lebih dari"),
]


def test_what_is_no_list_is_told_beside_the_form(client):
    client.post("/outings/new", FORM)
    for sent, said in NO_LISTS:
        answer = client.post("/outings/1/take/list", **sent)
        assert answer.status_code == 422, said
        assert said in words(answer)


def test_the_register_is_asked_by_village_rw_and_rt_and_a_wrong_rw_is_told(client, counter, here):
    person = next(one for one in counter.adults(30) if here.family.member(one).standing == "due")
    client.post("/outings/new", FORM)
    form = {"village": person.village, "rw": str(int(person.rw)), "rt": person.rt}
    where = client.post("/outings/1/take/register", form).headers["location"]
    client.post(where, {})
    assert here.expected.has(1, person.nik)
    wrong = client.post("/outings/1/take/register", form | {"rw": "empat"})
    assert wrong.status_code == 422
    assert "satu sampai tiga angka" in words(wrong)


def test_the_whole_way_from_setting_out_to_the_closed_outing(client, counter, here):
    people = counter.adults(4)
    client.post("/outings/new", FORM | {"contact": "Pak Lurah"})
    here.expected.take(1, people[:3], "register")
    assert "Tidak ada supervisor" not in words(client.get("/outings/1"))
    assert client.get("/outings/now").text.strip() == ""
    client.post("/outings/1/depart", {})
    counter.save(people[0].nik)
    counter.save(people[3].nik)
    page = words(client.get("/outings/1"))
    assert "1 dari daftar, 1 di luarnya" in page
    assert "<svg" in client.get("/outings/1").text
    assert "2 direkam, 2 dari daftar masih ditunggu" in words(client.get("/outings/now"))
    listed = client.get("/outings/1/list?standing=expected")
    assert people[1].name in listed.text
    assert people[0].name not in listed.text
    found = client.post("/outings/1/list", {"text": people[2].name}).headers["location"]
    assert people[2].name.split()[0] not in found
    assert people[2].name in client.get(found).text
    assert client.post("/outings/1/back", {}).headers["location"] == "/outings/1/return"
    page = words(client.get("/outings/1/return"))
    for said in ("2 dari 2 rekaman belum dikonfirmasi", "21 November 2026", "2 orang dari daftar belum terekam"):
        assert said in page
    close = {"supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN}
    refused = client.post("/outings/1/close", close)
    assert refused.status_code == 422
    assert "belum dibuat sejak tim kembali" in words(refused)
    pdf = client.post("/outings/1/paper", {})
    assert pdf.content.startswith(b"%PDF")
    assert client.post("/outings/1/close", close | {"pin": "000000"}).status_code == 422
    assert here.expected.count(1) == 3
    assert client.post("/outings/1/close", close).headers["location"] == "/outings/1"
    closed = here.outings.find(1)
    assert closed.counts == {
        "recorded": 1,
        "earlier": 0,
        "elsewhere": 0,
        "perhaps": 0,
        "expected": 2,
        "listed": 3,
        "all": 2,
        "off_list": 1,
        "unsent": 2,
        "days": 1,
    }
    assert (here.expected.count(1), closed.plan.contact) == (0, "")
    page = words(client.get("/outings/1"))
    assert "Daftar nama sudah dihapus" in page
    assert people[1].name not in page
    assert client.get("/outings/1/list").status_code == 409
    assert client.post("/outings/1/depart", {}).status_code == 409
    for path in ("7", "-1", "9" * 30, "7/list", "7/take", "7/return", "7/plan"):
        assert client.get(f"/outings/{path}").status_code == 404, path


def test_a_list_is_turned_to_any_page_that_an_address_names(client, counter, here):
    client.post("/outings/new", FORM)
    here.expected.take(1, counter.adults(3), "list")
    for start in ("-5", "9" * 30, "49"):
        assert client.get(f"/outings/1/list?start={start}").status_code == 200, start


def test_closing_without_the_paper_is_possible_when_it_is_said(client, counter, here):
    client.post("/outings/new", FORM)
    here.expected.take(1, counter.adults(2), "register")
    client.post("/outings/1/close", {"supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN, "without": "yes"})
    assert here.outings.find(1).counts["expected"] == 2


def test_the_list_goes_straight_to_a_printer_and_one_without_paper_is_told(client, counter, here, monkeypatch):
    tray = PaperTray()
    monkeypatch.setattr(here, "printer", type("Chosen", (), {"address": "tray:", "__call__": lambda _self: tray})())
    client.post("/outings/new", FORM)
    here.expected.take(1, counter.adults(2), "register")
    client.post("/outings/1/depart", {})
    client.post("/outings/1/back", {})
    tray.sheets = 0
    refused = client.post("/outings/1/print", {})
    assert "kehabisan kertas" in words(refused)
    assert here.outings.find(1).paper_at is None
    tray.sheets = 5
    assert client.post("/outings/1/print", {}).headers["location"] == "/outings/1/return?printed=true"
    assert [title for title, _ in tray.printed] == ["Daftar jemput bola 1"]
    assert here.outings.find(1).paper_at is not None


def test_a_wrong_list_is_emptied_and_what_was_recorded_stays(client, counter, here):
    people = counter.adults(2)
    client.post("/outings/new", FORM)
    here.expected.take(1, people, "list")
    client.post("/outings/1/depart", {})
    counter.save(people[0].nik)
    client.post("/outings/1/clear", {})
    assert sum(here.expected.standings(1).values()) == 0
    assert len(here.outings.recorded_at(1)) == 1


def test_a_disk_that_holds_few_more_recordings_is_told_before_anybody_sets_out(client, counter, here, monkeypatch):
    client.post("/outings/new", FORM)
    monkeypatch.setattr(type(counter.station.ports.disk), "free_bytes", lambda _disk, _folder: 80 << 20)
    page = words(client.get("/outings/1"))
    assert "Disk hampir penuh" in page
    assert here.expected.standings(1)[Standing.EXPECTED] == 0


def test_a_closed_day_and_the_days_count_tell_what_was_recorded_on_an_outing(client, counter, here):
    client.post("/outings/new", FORM)
    client.post("/outings/1/depart", {})
    counter.save(counter.adults()[0].nik)
    assert "Direkam saat jemput bola" in words(client.get("/day-end"))
    spoken = counter.station.close_day(date(2026, 11, 21), counter.supervisor())
    assert spoken.word.counts["away"] == 1
    assert "0 hari" not in words(client.get("/outings/1/return"))
    assert Path(counter.home, "station.db").exists()


def test_an_outing_that_is_past_its_days_and_keeps_its_names_is_told_until_it_is_closed(client, counter, here):
    client.post("/outings/new", FORM)
    here.expected.take(1, counter.adults(2), "register")
    assert "masih di laptop ini" not in words(client.get("/system"))
    counter.clock.advance(5 * 86400)
    client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
    page = client.get("/system")
    assert "daftar 2 nama masih di laptop ini" in words(page)
    assert "/outings/1/return" in page.text
    client.post("/outings/1/close", {"supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN, "without": "yes"})
    assert "masih di laptop ini" not in words(client.get("/system"))


def next_action(client) -> str:
    """The button that Enter presses on the page of the way back."""
    page = client.get("/outings/1/return").text
    found = re.search(r"<(?:a|button)[^>]*data-next[^>]*>(.*?)</(?:a|button)>", page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[1])).split())


def test_back_home_enter_is_always_the_errand_that_comes_next(client, counter, here):
    client.post("/outings/new", FORM)
    people = counter.adults(2)
    here.expected.take(1, people, "register")
    client.post("/outings/1/depart", {})
    recording = counter.save(people[0].nik)
    assert next_action(client) == "Tim sudah kembali Enter"
    client.post("/outings/1/back", {})
    assert next_action(client) == "Kirim sekarang Enter"
    with here.store.tx() as tx:
        tx.execute("DELETE FROM outbox")
        tx.execute("UPDATE recording SET custody_at = ? WHERE packet_id = ?", (TODAY.isoformat(), recording.packet_id))
    assert next_action(client) == "Tutup 21 November 2026 Enter"
    counter.station.close_day(date(2026, 11, 21), counter.supervisor())
    assert next_action(client) == "Daftar untuk kepala desa Enter"
    client.post("/outings/1/paper", {})
    assert next_action(client) == "Tutup jemput bola Enter"


def test_the_office_is_asked_what_it_holds_of_the_outing_and_the_time_on_three_lines_is_told(client, counter, here):
    class Empty:
        """An office that holds nothing, over its signed account."""

        def fetch(self):
            return here.accounts.signed(replace(here.accounts.own(), chains=()))

    here.office_accounts = Empty()
    client.post("/outings/new", FORM)
    client.post("/outings/1/depart", {})
    recording = counter.save(counter.adults()[0].nik)
    with here.store.tx() as tx:
        tx.execute("UPDATE recording SET size = 450000000 WHERE packet_id = ?", (recording.packet_id,))
    page = words(client.get("/outings/1/return"))
    for said in ("8 jam pada 128 kbit/detik", "2 jam pada 512 kbit/detik", "33 menit pada 2.000 kbit/detik"):
        assert said in page
    assert "memegang" not in page
    client.post("/outings/1/office", {})
    assert "Disdukcapil memegang 0 dari 1 rekaman; sisanya belum terkirim." in words(client.get("/outings/1/return"))
