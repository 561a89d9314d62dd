"""Everything a hurried person does at the counter, as requests: twice, back, late, in two places, in odd letters."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.nik import Nik
from rekam.station.family import Standing
from rekam.station.held_forms import HeldForms
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR
from station_counter import counter as make_counter

ODD_NAMES = ["SUHARTO", 'O\'BRIEN "ACE" <B>', "W" * 200, "ŁÓDŹ ÑANDÚ 李明", "A. B. C.", "%(name)s {{ 7*7 }}"]


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        sign_in(client)
        yield client


def sign_in(client, **fields):
    return client.post("/sign-in", {"operator": OPERATOR, "pin": PIN, **fields})


def begin(client, nik):
    return client.post("/sittings", {"nik": nik}).headers["location"]


def test_begun_twice_is_one_sitting_and_confirmed_twice_is_confirmed(client, counter):
    nik = counter.adults()[0].nik
    at = begin(client, nik)
    assert begin(client, nik) == at
    assert {client.post(f"{at}/biodata").headers["location"] for _ in range(2)} == {f"{at}/photo"}
    assert counter.station.here.drafts.count() == 1


def test_saved_twice_is_one_recording_and_back_leads_to_it(client, counter):
    sitting = counter.filled(counter.adults()[0].nik, counter.sign_in())
    at = f"/sittings/{sitting}"
    saved = {client.post(f"{at}/review", {"consent": "yes"}).headers["location"] for _ in range(2)}
    assert len(saved) == 1
    for page in ("", "/biodata", "/photo", "/fingers", "/review", "/warning", "/close", "/exception?slot=iris-1"):
        answer = client.get(f"{at}{page}", follow=True)
        assert answer.status_code == 200, page
        assert counter.station.here.recordings.search()[0].number in answer.text, page
    for press in ("capture", "keep", "biodata", "close"):
        answer = client.post(f"{at}/{press}", {"slot": "photo", "reason": "x"}, follow=True)
        assert counter.station.here.recordings.search()[0].number in answer.text, press
    assert counter.station.here.recordings.count() == 1
    assert counter.station.here.drafts.count() == 0


def test_closed_twice_is_closed_and_the_second_tab_is_led_to_the_start(client, counter):
    at = begin(client, counter.adults()[0].nik)
    for _ in range(2):
        assert client.post(f"{at}/close", {"reason": "biodata salah"}).headers["location"] == "/"
    assert client.get(f"{at}/photo").headers["location"] == "/"
    assert counter.station.here.store.rows("SELECT reason FROM abandoned") == [("biodata salah",)]


def test_what_was_typed_when_the_screen_had_locked_is_sent_by_one_press_after_signing_in(client, counter):
    at = begin(client, counter.adults()[0].nik)
    counter.clock.advance(16 * 60)
    answer = client.post(f"{at}/close", {"reason": 'Kepala keluarga "sakit"', "pin": "246810"})
    assert answer.status_code == 303
    to_sign_in = answer.headers["location"]
    assert counter.station.here.drafts.count() == 1
    wanted = client.get(to_sign_in).text.partition('name="next" value="')[2].partition('"')[0]
    held = sign_in(client, next=wanted).headers["location"]
    page = client.get(held).text
    assert "Kepala keluarga &#34;sakit&#34;" in page
    assert f'action="{held}"' in page
    assert "246810" not in page
    sent = client.post(held, {"reason": 'Kepala keluarga "sakit"'})
    assert (sent.status_code, sent.headers["location"]) == (307, f"{at}/close")
    assert client.post(f"{at}/close", {"reason": 'Kepala keluarga "sakit"'}).headers["location"] == "/"
    assert counter.station.here.drafts.count() == 0


def test_what_was_typed_is_offered_to_whoever_typed_it_and_to_nobody_else(client, counter):
    at = begin(client, counter.adults()[0].nik)
    counter.clock.advance(16 * 60)
    to_sign_in = client.post(f"{at}/close", {"reason": "Penduduk sakit"}).headers["location"]
    page = client.get(to_sign_in).text
    assert re.search(f'value="{OPERATOR}"[^>]*checked', page)
    wanted = page.partition('name="next" value="')[2].partition('"')[0]
    client.post("/sign-in", {"operator": SUPERVISOR, "pin": SUPERVISOR_PIN, "next": wanted})
    assert client.get(wanted).headers["location"] == at
    assert client.post(wanted, {"reason": "x"}).headers["location"] == "/"
    client.post(f"{wanted}/discard")
    assert sign_in(client, next=wanted).headers["location"] == wanted
    assert "Penduduk sakit" in client.get(wanted).text
    assert client.post(f"{wanted}/discard").headers["location"] == "/"
    assert client.get(wanted).headers["location"] == "/"
    assert counter.station.here.drafts.count() == 1


def test_what_came_after_a_restart_belongs_to_the_first_who_signs_in_there(client, counter):
    client.cookies.clear()
    to_sign_in = client.post("/", {"text": "suharto"}).headers["location"]
    wanted = to_sign_in.partition("next=")[2]
    assert "suharto" in client.get(sign_in(client, next=wanted).headers["location"]).text
    client.post("/sign-in", {"operator": SUPERVISOR, "pin": SUPERVISOR_PIN, "next": wanted})
    assert client.get(wanted).headers["location"] == "/"


def test_a_search_typed_into_a_locked_screen_is_not_lost_either(client, counter):
    counter.clock.advance(16 * 60)
    to_sign_in = client.post("/", {"text": "suharto"}).headers["location"]
    assert "suharto" not in to_sign_in
    wanted = client.get(to_sign_in).text.partition('name="next" value="')[2].partition('"')[0]
    assert "suharto" in client.get(sign_in(client, next=wanted).headers["location"]).text


def test_an_image_taken_when_the_screen_had_locked_leads_back_to_its_sitting(client, counter):
    at = begin(client, counter.adults()[0].nik)
    counter.clock.advance(16 * 60)
    answer = client.post(f"{at}/upload?slot=photo", files={"image": ("x.png", b"\x89PNG", "image/png")})
    assert answer.headers["location"] == f"/sign-in?next={at}"


def test_held_forms_keep_no_secret_and_are_few_and_small():
    forms = HeldForms()
    assert forms.hold("/x", [("pin", "123456"), ("supervisor_pin", "1")]) is None
    assert forms.hold("/x", [("reason", "x" * 70_000)]) is None
    first = forms.hold("/x", [("reason", "a"), ("pin", "123456")], "op")
    assert forms.look(first, "op").fields == (("reason", "a"),)
    assert forms.look(first, "spv") is None
    for _ in range(50):
        forms.hold("/x", [("reason", "b")])
    assert forms.look(first, "op") is None
    theirs = forms.hold("/x", [("reason", "c")], "op")
    forms.forget_all("op")
    assert forms.look(theirs, "op") is None


def test_a_wrong_pin_ten_times_makes_wait_and_the_right_one_opens_afterwards(client, counter):
    client.post("/sign-out")
    statuses = []
    for _ in range(10):
        statuses.append(client.post("/sign-in", {"operator": OPERATOR, "pin": "000000"}).status_code)
        counter.clock.advance(1)
    assert statuses[:3] == [401] * 3
    assert 429 in statuses
    counter.clock.advance(3600)
    assert sign_in(client).status_code == 303


def test_a_laptop_that_slept_over_night_has_locked_its_screen_and_keeps_its_sitting(client, counter):
    at = begin(client, counter.adults()[0].nik)
    counter.clock.advance(9 * 3600)
    assert client.get(at).headers["location"].startswith("/sign-in")
    sign_in(client)
    assert at in client.get("/").text


def test_a_clock_set_back_to_2010_is_told_on_every_page_and_dates_stay_right(client, counter):
    legal = counter.station.here.legal
    legal.set(round(counter.clock.wall().timestamp() * 1000) + 1)
    assert "Jam laptop salah" not in client.get("/").text
    counter.clock.set_wall(datetime(2010, 1, 1, tzinfo=UTC))
    page = client.get("/").text
    assert "Jam laptop salah (1 Januari 2010)" in page
    assert 'datetime="2026-' in page
    saved = counter.save(counter.adults()[0].nik)
    assert saved.saved_at.startswith("2026-11-21")
    assert begin(client, counter.adults()[0].nik)


def test_a_disk_without_room_is_told_before_anything_is_captured(tmp_path):
    counter = make_counter(tmp_path / "country", reserve_bytes=1 << 60)
    try:
        with PageClient(counter.app()) as client:
            sign_in(client)
            answer = client.post("/sittings", {"nik": counter.adults()[0].nik})
            assert answer.status_code in {422, 503, 507}
            assert "disk" in answer.text.lower()
            assert counter.station.here.drafts.count() == 0
    finally:
        counter.station.close()


@pytest.mark.parametrize(
    "name", ODD_NAMES, ids=["one word", "quotes", "200 letters", "other letters", "dots", "braces"]
)
def test_whatever_a_resident_is_called_they_are_found_recorded_and_shown(client, counter, name):
    known = counter.adults()[0]
    counter.station.here.residents.load([replace(known, name=name)])
    asked = client.post("/", {"text": f"{name} {known.birth_date:%d-%m-%Y}"}, follow=True)
    assert asked.status_code == 200
    shown = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    shown = shown.replace("'", "&#39;")
    assert shown in asked.text
    operator = counter.sign_in()
    sitting = counter.filled(known.nik, operator)
    assert shown in client.get(f"/sittings/{sitting}/review").text
    saved = client.post(f"/sittings/{sitting}/review", {"consent": "yes"}, follow=True)
    assert saved.status_code == 200
    assert shown in saved.text


def test_the_family_shows_who_is_due_and_one_key_begins_with_them(client, counter):
    here = counter.station.here
    one = counter.adults()[0]
    numbers = (Nik(f"{one.nik[:-4]}{last}") for last in range(9001, 10000))
    unknown = (nik for nik in numbers if not here.check.ask(nik).answer.warns)  # the filter suspects one in 256
    child = replace(
        one,
        nik=next(unknown),
        name="ADIK KECIL",
        birth_date=datetime(2020, 1, 1, tzinfo=UTC).date(),
        marital_status=1,
    )
    sixteen = replace(
        child,
        nik=next(unknown),
        name="ENAM BELAS",
        birth_date=(counter.clock.wall() - timedelta(days=int(16.5 * 365))).date(),
    )
    grown = replace(one, nik=next(unknown), name="SUDAH BESAR")
    here.residents.load([child, sixteen, grown])
    standing = {member.biodata.name: member.standing for member in here.family.of(one.kk)}
    assert standing["ADIK KECIL"] is Standing.NOT_YET
    assert standing["ENAM BELAS"] is Standing.MAY
    assert standing["SUDAH BESAR"] is Standing.DUE
    page = client.post("/", {"text": one.nik}, follow=True).text
    assert all(words in page for words in ("Wajib KTP, belum direkam", "16 tahun, boleh direkam", "Belum wajib KTP"))
    recording = counter.save(one.nik)
    saved = client.get(f"/recordings/{recording.packet_id}/saved").text
    following = here.family.following(one.nik, one.kk).biodata
    assert f'name="nik" value="{following.nik}"' in saved
    assert 'data-key="K"' in saved
    assert (
        here.family.of(one.kk)[[m.biodata.nik for m in here.family.of(one.kk)].index(one.nik)].standing
        is Standing.RECORDED
    )
    assert here.drafts.find(begin(client, following.nik).rpartition("/")[2]).nik == following.nik


@pytest.mark.parametrize("path", ["/outbox/progress", "/devices", "/bar"])
def test_a_page_that_renews_itself_on_a_deserted_desk_does_not_keep_the_screen_unlocked(client, counter, path):
    for _ in range(20):
        counter.clock.advance(60)
        client.get(path, headers={"HX-Request": "true"})
    assert client.get("/").status_code == 303
    assert client.get("/").headers["location"].startswith("/sign-in")
