"""Biodata that do not agree with a resident's papers: referred, parked or closed, offered again once corrected."""

import io
from dataclasses import replace
from datetime import date

import apsw
import pytest
from pypdf import PdfReader

from rekam.drill.demo import PIN
from rekam.station.carry_over import carry_store
from rekam.station.day.ticket import Priority, Service, State
from rekam.station.papers import ReprintNeedsReason
from rekam.station.referral.changes import Field, differing, mark_of
from rekam.station.referral.referral import Standing, agrees, standing
from rekam.station.referral.referrals import NothingReferred, PapersNotNamed, ReferralUnknown
from rekam.station.store import StationStore
from rekam.web.testing import PageClient
from station_counter import OPERATOR


@pytest.fixture
def person(counter, operator):
    return counter.adults()[0]


@pytest.fixture
def client(counter, operator):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


def refer(counter, person, said=None, papers=("kk", "birth"), **options):
    sitting = counter.station.sittings.open(person.nik, counter.sign_in())
    said = said or {Field.NAME: "SITI  RACHMAWATI", Field.BIRTH_DATE: "17-03-1991"}
    return counter.station.here.referrals.refer(sitting.sitting_id, person, said, papers, "", OPERATOR, **options)


def corrected(counter, person, **fields):
    counter.station.here.residents.load([replace(person, **fields)])


def test_a_referral_says_what_was_held_and_what_the_papers_say_and_is_never_changed(counter, person):
    made = refer(counter, person)
    here = counter.station.here
    assert made.id.number == "317401-01/1/R0001"
    assert here.referrals.find("1-1") == here.referrals.find(made.id.number) == made
    assert (made.held, made.said[Field.NAME], made.shown) == (person, "SITI RACHMAWATI", ("kk", "birth"))
    for change in ("UPDATE referral SET nik = ''", "DELETE FROM referral"):
        with pytest.raises(apsw.ConstraintError, match="referral"), here.store.tx() as tx:
            tx.execute(change)
    for unknown in ("1-2", "317402-01/1/R0001", "x", "9" * 40 + "-1", "", "1-1-1"):
        with pytest.raises(ReferralUnknown):
            here.referrals.find(unknown)


def test_the_same_said_twice_is_one_referral_and_something_else_is_another(counter, person):
    first = refer(counter, person)
    assert refer(counter, person) == first
    assert refer(counter, person, papers=("court",)).id.n == 2


def test_nothing_filled_in_or_no_paper_shown_writes_nothing(counter, person):
    with pytest.raises(NothingReferred):
        refer(counter, person, {Field.NAME: "   "})
    with pytest.raises(PapersNotNamed):
        refer(counter, person, papers=("horoscope",))
    assert counter.station.here.referrals.newest(9) == []


def test_whether_it_was_corrected_follows_from_the_extract(counter, person):
    made = refer(counter, person)
    here = counter.station.here
    assert here.referrals.standing(made)[0] is Standing.NOT_YET
    corrected(counter, person, name="SITI RACHMAWATI")
    assert here.referrals.standing(made)[0] is Standing.PARTLY
    corrected(counter, person, name="SITI RACHMAWATI", birth_date=date(1991, 3, 17))
    assert here.referrals.standing(made)[0] is Standing.CORRECTED
    assert standing(made, None) is Standing.GONE


def test_a_change_of_another_line_is_no_correction_and_an_address_is_one_line(person):
    moved = replace(person, rt="009", rw="010")
    assert differing(person, moved) == (Field.ADDRESS,)
    assert mark_of(person) != mark_of(moved)
    assert mark_of(person) == mark_of(replace(moved, rt=person.rt, rw=person.rw))


def test_what_the_papers_say_is_compared_without_blanks_and_capitals_and_dates_as_they_are_typed(person):
    now = replace(person, name="SITI RACHMAWATI", birth_date=date(1991, 3, 17))
    assert agrees(Field.NAME, "Siti Rachmawati", now.name, now)
    assert not agrees(Field.NAME, "Siti Rahmawati", now.name, now)
    assert agrees(Field.BIRTH_DATE, "17 maret 1991", "17 Maret 1991", now)
    assert not agrees(Field.BIRTH_DATE, "18-03-1991", "17 Maret 1991", now)


FORM = {"name": "SITI RACHMAWATI", "shown": "birth", "note": 'lihat "akta"'}


def test_a_parked_sitting_keeps_its_pictures_and_is_offered_with_what_changed(client, counter, person):
    sitting = counter.filled(person.nik, counter.sign_in())
    at = f"/sittings/{sitting}"
    refused = client.post(f"{at}/referral", {"name": "SITI RACHMAWATI"})
    assert refused.status_code == 422
    assert 'value="SITI RACHMAWATI"' in refused.text
    page = client.post(f"{at}/referral", {**FORM, "after": "park"}).headers["location"]
    assert client.post(f"{at}/referral", {**FORM, "after": "park"}).headers["location"] == page == "/referrals/1-1"
    waiting = client.get(page).text
    assert "Belum diperbaiki" in waiting
    assert "Cetak rujukan" in waiting
    start = client.get("/").text
    assert "Menunggu perbaikan kartu keluarga" in start
    assert "belum diperbaiki di daftar stasiun" in client.get(f"{at}/biodata").text
    corrected(counter, person, name="SITI RACHMAWATI")
    mended = client.get(page).text
    assert "sama dengan dokumen" in mended
    assert "Lanjutkan sesi" in mended
    assert "Cetak rujukan" not in mended, "nobody needs the sheet any more"
    assert "Biodata sudah diperbaiki, lanjutkan perekaman" in client.get("/").text
    assert client.get(at).headers["location"] == f"{at}/biodata"
    shown = client.get(f"{at}/biodata").text
    assert "<mark>SITI RACHMAWATI</mark>" in shown
    assert f"<del>{person.name}</del>" in shown
    assert "berubah sejak sesi ini dibuka" in client.get(f"{at}/review").text
    refused = client.post(f"{at}/review", {"consent": "yes"})
    assert (refused.status_code, counter.station.here.recordings.count()) == (422, 0)
    assert client.post(f"{at}/biodata", {"seen": "0" * 64}).headers["location"] == f"{at}/biodata"
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    assert client.post(f"{at}/biodata", {"seen": seen}).headers["location"] == f"{at}/review"
    saved = client.post(f"{at}/review", {"consent": "yes"}).headers["location"]
    assert counter.station.here.recordings.particulars(saved.split("/")[2]).biodata.name == "SITI RACHMAWATI"
    assert "Sudah direkam sesudahnya" in client.get(page).text


def test_a_closed_sitting_is_over_with_the_referral_as_its_reason_and_pressed_twice_leads_to_it(
    client, counter, person
):
    sitting = counter.station.sittings.open(person.nik, counter.sign_in()).sitting_id
    for _ in range(2):
        answer = client.post(f"/sittings/{sitting}/referral", {**FORM, "after": "close"})
        assert answer.headers["location"] == "/referrals/1-1"
    here = counter.station.here
    assert here.drafts.count() == 0
    ((reason,),) = here.store.rows("SELECT reason FROM abandoned")
    assert "317401-01/1/R0001" in reason
    resident = client.get(client.post("/", {"text": person.nik}).headers["location"]).text
    assert "Dirujuk untuk perbaikan kartu keluarga" in resident
    assert client.post("/", {"text": "317401-01/1/R0001"}).headers["location"] == "/referrals/1-1"
    assert person.name in client.get("/referrals").text


def test_the_first_copy_needs_no_reason_and_every_further_one_bears_it(client, counter, person):
    refer(counter, person)
    first = client.post("/referrals/1-1/paper")
    (page,) = PdfReader(io.BytesIO(first.content)).pages
    assert "Operator Tebet" in page.extract_text(), "who signs by hand is named, not numbered"
    assert client.post("/referrals/1-1/paper").status_code == 422
    assert client.post("/referrals/1-1/paper", {"reason": "hilang"}).content.startswith(b"%PDF")
    here = counter.station.here
    made = here.referrals.find("1-1")
    assert [(copy, reason) for copy, _, _, reason in here.referral_papers.register(made)] == [(2, "hilang"), (1, "")]
    with pytest.raises(ReprintNeedsReason):
        here.referral_papers.issue(made, OPERATOR)
    assert [(job.about, job.title) for job in here.printing.newest()] == [
        ("1-1", "Rujukan 317401-01/1/R0001 (2)"),
        ("1-1", "Rujukan 317401-01/1/R0001 (1)"),
    ]
    assert "/referrals/1-1" in client.get("/printing").text


def test_a_referral_ends_its_ticket_and_the_resident_who_is_back_has_a_new_one(counter, person):
    queue = counter.station.here.queue
    queue.open_day(OPERATOR)
    for n in range(2):
        queue.take(Service.RECORDING, Priority.NONE, f"{n:032x}")
    queue.call_next(OPERATOR, seen=queue.line().version)
    sitting = counter.station.sittings.open(person.nik, counter.sign_in())
    queue.bind(sitting.sitting_id, OPERATOR)
    refer(counter, person)
    assert [ticket.state for ticket in queue.line().tickets] == [State.CLOSED, State.WAITING]


def test_referrals_and_their_copies_come_along_into_a_new_installation(counter, person, tmp_path):
    made = refer(counter, person)
    here = counter.station.here
    here.referral_papers.issue(made, OPERATOR)
    fresh = StationStore.create(tmp_path / "new.db", bytes(range(32)), here.identity)
    for _ in range(2):
        carry_store(here.store, fresh)
    assert fresh.rows("SELECT count(*) FROM referral") == fresh.rows("SELECT count(*) FROM referral_copy") == [(1,)]
    fresh.close()
