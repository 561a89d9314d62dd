"""An office's page and file of corrected residents: looked at first, every bad row told, nothing taken twice."""

import json
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from office_examples import DATA, SITI, STATION, world
from patience import PATIENCE_S
from rekam.exchange.corrections import Correction, Note, Question, Waiting
from rekam.office.app import create_office_app
from rekam.office.pages import previews as previews_module
from rekam.office.resident_list import ResidentFileUnusable, propose, read_rows
from rekam.office.resident_values import Line, put, shown
from rekam.office.station_setup import OfficeSetup, StationSetup, write_setup
from rekam.trust.pin import Cost
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient

PASSWORD = "empat kata tanpa makna"
NEW = "3174011708900099"
HEAD = "NIK;Nama;Catatan;Tanggal catatan;RT"


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("residents")
    (folder / "office").mkdir()
    stations = {"317401-01": StationSetup("Tebet", (), STATION.chain)}
    setup = OfficeSetup(stations, bytes(32), "offline", "Jakarta", {}, {}, (SITI.to_map(),))
    write_setup(folder / "office", setup, DATA)
    with world(folder) as made:
        yield made


@pytest.fixture
def office(here):
    return here.office


@pytest.fixture
def budi(here):
    staff = InMemoryStaffStore(here.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
    with PageClient(create_office_app(here.office, staff)) as client:
        client.post("/sign-in", {"name": "budi", "password": PASSWORD})
        yield client


def looked_at(office, *rows):
    return propose(
        read_rows("\n".join((HEAD, *rows)).encode()),
        office.corrections,
        office.master.reference(),
        office.dates.today(),
    )


def whole(office, **changes):
    """Every line of Siti as the form shows it."""
    lines = shown(office.corrections.now([SITI.nik])[SITI.nik], office.master.reference())
    return {str(line): text for line, text in lines.items()} | changes


def test_lines_that_nobody_touched_stay_to_the_letter(office):
    held = replace(SITI, address="Gg. Mawar No. 27", mother_name="Nyi Ratu")
    now = Correction(0, held)
    given = shown(now, office.master.reference()) | {Line.NAME: "Siti Rahma"}
    wanted = put(given, now, office.master.reference(), office.dates.today())
    assert wanted.biodata == replace(held, name="SITI RAHMA")


def test_what_the_form_shows_is_what_it_reads(office):
    proposal = propose([(1, {Line(k): v for k, v in whole(office).items()})], office.corrections,
                       office.master.reference(), office.dates.today())  # fmt: skip
    assert (list(proposal.changes), proposal.same, proposal.refused) == ([], 1, ())


def test_every_bad_row_is_told_and_holds_up_no_other(office):
    proposal = looked_at(
        office,
        f"'{SITI.nik}';Siti Aminah;;;5",
        f"{SITI.nik};Siti Aminah;;;4",
        ";Tanpa NIK;;;",
        "317401550390000;Kurang;;;",
        f"{NEW};Orang Baru;;;",
        f"{SITI.nik[:-1]}9;;;;",
    )
    assert [one.problem.code for one in proposal.refused] == [
        "NikHasLetters",
        "NikMissing",
        "NikWrongLength",
        "LinesMissing",
        "LinesMissing",
    ]
    assert [one.row for one in proposal.refused] == [2, 4, 5, 6, 7]
    assert [(one.row, one.wanted.biodata.name, one.wanted.biodata.rt) for one in proposal.changes] == [
        (3, "SITI AMINAH", "004")
    ]


def test_a_nik_that_stands_twice_counts_once_and_a_value_that_no_list_has_is_refused(office):
    proposal = looked_at(office, f"{SITI.nik};A B;;;", f"{SITI.nik};C D;;;")
    assert [one.problem.code for one in proposal.refused] == ["NikTwice"]
    for column, value in (("agama", "JEDI"), ("tanggal_lahir", "31-02-1990"), ("jenis_kelamin", "X"), ("desa", "99"),
                          ("catatan", "hilang"), ("tanggal_catatan", "31-12-2090"), ("nama", "x" * 101)):  # fmt: skip
        rows = read_rows(json.dumps([{"nik": SITI.nik, column: value}]).encode())
        (refused,) = propose(rows, office.corrections, office.master.reference(), office.dates.today()).refused
        assert refused.problem.code == "ValueUnusable", column
        assert refused.problem.facts["line"] == column


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"nama;alamat\nA;B", b"[1]", b"{", b"nik\n", b'nik;nama\n"x', b"[]"],
    ids=lambda data: data.decode("latin-1") or "empty",
)
def test_a_file_that_is_none_changes_nothing_and_says_so(data):
    with pytest.raises(ResidentFileUnusable):
        read_rows(data)


def test_a_death_is_a_note_and_empty_cells_change_nothing(office):
    (change,) = looked_at(office, f"{SITI.nik};;Meninggal;3/3/2017;").changes
    assert (change.wanted.note, change.wanted.biodata) == (Note.DIED, SITI)
    assert [line for line, _, _ in change.lines] == [Line.NOTE, Line.SINCE]


def test_a_station_that_never_asked_is_not_called_up_to_date(office, budi):
    page = budi.get("/residents").text
    assert "Belum ada kabar dari stasiun ini" in page
    assert "Terkini" not in page
    key = OpeningKey.generate(random=SeededRandomUnsafeForTests("asks")).public
    office.correction_answers.answer("317401-01", Question("", 0, 0, key).to_bytes())
    assert "Terkini" in budi.get("/residents").text


def test_one_resident_from_a_referral_to_the_station(here, office, budi):
    key = OpeningKey.generate(random=SeededRandomUnsafeForTests("station")).public
    told = Waiting(
        "317401-01/1/R0007", "2017-03-19T02:00:00+00:00", SITI.nik, SITI.name, {"name": "SITI RAHMA"}, ("kk",)
    )
    office.correction_answers.answer("317401-01", Question("", 0, 0, key, (told,)).to_bytes())
    page = budi.get("/residents")
    assert "317401-01/1/R0007" in page.text
    assert "SITI RAHMA" in page.text
    assert SITI.nik not in str(page.request.url)
    form = budi.post("/residents", {"nik": SITI.nik.grouped()}).headers["location"]
    assert SITI.nik not in form
    assert "Menurut dokumen: SITI RAHMA" in budi.get(form).text
    refused = budi.post(form, whole(office, agama="JEDI"))
    assert refused.status_code == 422
    assert 'id="agama-error"' in refused.text
    assert "JEDI" in refused.text
    preview = budi.post(form, whole(office, nama="Siti Rahma")).headers["location"]
    assert "SITI RAHMA</ins>" in budi.get(preview).text
    assert office.corrections.newest(1) == []
    for _ in range(2):
        budi.post(preview)
    assert "1 perbaikan dimasukkan" in budi.get(preview).text
    (entered,) = office.corrections.newest(5)
    assert (entered.correction.biodata.name, entered.by, entered.source, entered.stations) == (
        "SITI RAHMA",
        "budi",
        "form",
        1,
    )
    assert "Sudah diisi, menunggu stasiun" in budi.get("/residents").text
    right = budi.post(form, whole(office)).headers["location"]
    assert "kartu keluarga sudah benar" in budi.get(right).text
    assert budi.get("/residents/nonsense").headers["location"] == "/residents"
    assert budi.get("/residents/previews/nonsense").headers["location"] == "/residents"


def test_a_file_is_looked_at_before_anything_changes_and_nobody_else_takes_it(here, office, budi):
    before = len(office.corrections.newest(50))
    sent = {"file": ("kk.csv", f"{HEAD}\n{SITI.nik};Siti Dari Berkas;;;\n1;x;;;\n".encode(), "text/csv")}
    preview = budi.post("/residents/file", files=sent).headers["location"]
    page = budi.get(preview).text
    assert "1 berubah, 0 baru, 0 sama, 1 tidak dapat dipakai" in page
    assert len(office.corrections.newest(50)) == before
    budi.post(preview)
    assert office.corrections.newest(1)[0].correction.biodata.name == "SITI DARI BERKAS"
    refused = budi.post("/residents/file", files={"file": ("x.csv", b"\xff", "text/csv")})
    assert refused.status_code == 422


def test_a_refused_line_is_named_by_its_number_in_the_file_and_leaves_the_others(office):
    proposal = looked_at(office, f"{SITI.nik};Siti Baris Tiga;;;", "", "", "1;x;;;", f'{NEW};"Orang', 'Baru";;;')
    assert [one.row for one in proposal.changes] == [2]
    assert [(one.row, one.problem.code) for one in proposal.refused] == [(5, "NikWrongLength"), (7, "LinesMissing")]


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """What a page waits for before it shows how far it is; `slow` shows that at once."""
    monkeypatch.setattr(previews_module, "_AT_ONCE_S", PATIENCE_S)


@pytest.fixture
def slow(here, monkeypatch):
    """The office's page while a file is brought in: begun, and ended when the test says so."""
    bring, begun, end = here.office.corrections.bring, threading.Event(), threading.Event()
    calls = []

    def gated(wanted, by, source, report):
        calls.append(by)
        report(400, 1000)
        begun.set()
        assert end.wait(PATIENCE_S)
        return bring(wanted, by, source, report)

    monkeypatch.setattr(previews_module, "_AT_ONCE_S", 0)
    monkeypatch.setattr(here.office.corrections, "bring", gated)
    yield SimpleNamespace(begun=begun, end=end, calls=calls)
    end.set()


def until(see):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := see():
            return found
        time.sleep(0.01)
    raise AssertionError("never came")


def test_a_large_file_shows_how_far_it_is_and_comes_in_once_however_often_it_is_pressed(slow, office, budi):
    sent = {"file": ("kk.csv", f"{HEAD}\n{SITI.nik};Siti Perlahan;;;\n".encode(), "text/csv")}
    preview = budi.post("/residents/file", files=sent).headers["location"]
    until(lambda: "1 berubah" in budi.get(preview).text)
    assert budi.post(preview).headers["location"] == preview
    assert slow.begun.wait(PATIENCE_S)
    for page in (preview, f"{preview}/state"):  # also a second tab, and Back
        assert '<progress max="1000" value="400"' in budi.get(page).text
    assert f'href="{preview}"' in budi.get("/residents").text, "for who left the page"
    assert budi.post(preview).headers["location"] == preview, "a double click"
    assert office.corrections.now([SITI.nik])[SITI.nik].biodata.name != "SITI PERLAHAN", "all together or none"
    slow.end.set()
    assert until(lambda: budi.get(f"{preview}/state").headers.get("hx-refresh")) == "true"
    assert "1 perbaikan dimasukkan" in budi.get(preview).text
    assert budi.post(preview).headers["location"] == preview
    assert f'href="{preview}"' not in budi.get("/residents").text
    assert slow.calls == ["budi"]
    assert office.corrections.now([SITI.nik])[SITI.nik].biodata.name == "SITI PERLAHAN"


def test_what_stops_midway_has_brought_in_nothing_and_is_pressed_again(office, budi, monkeypatch):
    sent = {"file": ("kk.csv", f"{HEAD}\n{SITI.nik};Siti Terhenti;;;\n".encode(), "text/csv")}
    preview = budi.post("/residents/file", files=sent).headers["location"]
    until(lambda: "1 berubah" in budi.get(preview).text)
    put = office.corrections._put

    def away(tx, *_rest):
        tx.execute("SELECT 1 FROM nothing_of_that_name")

    monkeypatch.setattr(office.corrections, "_put", away)
    budi.post(preview)
    page = until(lambda: (text := budi.get(preview).text) and "Belum ada yang dimasukkan" in text and text)
    assert "Masukkan, kirim ke stasiun" in page
    assert office.corrections.now([SITI.nik])[SITI.nik].biodata.name != "SITI TERHENTI"
    monkeypatch.setattr(office.corrections, "_put", put)
    budi.post(preview)
    until(lambda: "1 perbaikan dimasukkan" in budi.get(preview).text)


def test_nobody_sees_it_without_signing_in(here):
    with PageClient(create_office_app(here.office, InMemoryStaffStore(here.clock))) as client:
        for path in ("/residents", "/residents/x", "/residents/previews/x"):
            assert client.get(path).headers["location"].startswith("/sign-in")
