"""The portal's pages as a citizen's browser gets them."""

import re

import pytest
from test_portal_copy import BORN, NIK, World

from office_examples import CENTRE, ROOT
from rekam.portal.app import create_portal_app
from rekam.portal.portal import TABLES, Portal
from rekam.portal.rate import Allowance, RateLimit
from rekam.storage.testing import fresh_pool
from rekam.web.testing import PageClient

DATE = {"day": "15", "month": "3", "year": "1990"}


@pytest.fixture
def here():
    with fresh_pool(*TABLES) as pool:
        made = World(pool)
        made.tell("PRINT_READY_RECORD")
        made.notice()
        made.portal.following.run_once()
        yield made


@pytest.fixture
def client(here):
    with PageClient(create_portal_app(here.portal)) as client:
        yield client


def test_two_questions_lead_to_an_answer_that_says_what_to_do(client):
    assert "Berapa NIK Anda?" in client.get("/").text
    asked = client.post("/birth-date", {"nik": "317401 550390 0001"})
    assert asked.status_code == 200
    assert f'name="nik" value="{NIK}"' in asked.text
    answer = client.post("/status", {"nik": NIK, **DATE}).text
    assert "Data Anda tunggal, kartu siap dicetak" in answer
    assert "Yang perlu Anda lakukan" in answer
    assert "Keadaan per" in answer
    assert NIK not in answer


def test_a_nik_that_cannot_be_is_told_at_its_field(client):
    refused = client.post("/birth-date", {"nik": "31740155"})
    assert refused.status_code == 422
    assert re.search(r'href="#nik">NIK terdiri atas 16 angka, yang ini 8', refused.text)


@pytest.mark.parametrize(
    "given",
    [{}, {"day": "31", "month": "2", "year": "1990"}, {"day": "x", "month": "3", "year": "1990"}],
    ids=["empty", "impossible", "letters"],
)
def test_a_date_that_is_none_is_asked_again(client, given):
    refused = client.post("/status", {"nik": NIK, **given})
    assert refused.status_code == 422
    assert "Kapan Anda lahir?" in refused.text
    assert 'href="#day"' in refused.text


def test_a_wrong_date_tells_no_more_than_an_unknown_nik(client):
    wrong = client.post("/status", {"nik": NIK, **DATE, "day": "16"})
    unknown = client.post("/status", {"nik": "3174015503900301", **DATE})
    assert wrong.status_code == unknown.status_code == 200
    assert "Belum ada kabar" in wrong.text
    assert _timeless(wrong.text).replace("0001", "….") == _timeless(unknown.text).replace("0301", "….")


def _timeless(page):
    return re.sub(r"Keadaan per [^<]*", "", page)


def test_too_many_questions_are_told_to_wait_with_the_seconds(here):
    rate = RateLimit(here.clock, per_client=Allowance(2, 60.0))
    portal = Portal(here.pool, bytes(32), centre_chain=CENTRE.chain, root=ROOT, clock=here.clock, rate=rate)
    with PageClient(create_portal_app(portal)) as client:
        answers = [client.post("/status", {"nik": NIK, **DATE}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "60"
    assert "60 detik" in answers[2].text


def test_an_old_copy_is_told_before_the_answer(here, client):
    here.line.down = True
    with here.pool.connection() as connection:
        connection.execute("UPDATE contact SET answered_at = now() - interval '5 hours'")
    answer = client.post("/status", {"nik": NIK, **DATE}).text
    assert answer.index("5 jam yang lalu") < answer.index("kartu siap dicetak")


def test_keys_notices_and_state_are_public(here, client):
    page = client.get("/keys").text
    assert ROOT.key_id.hex() in page
    assert CENTRE.key.key_id.hex() in page
    assert client.get("/keys.json").json()["root"]["key_id"] == ROOT.key_id.hex()
    assert "Pemeliharaan." in client.get("/notices").text
    state = client.get("/api/state").json()
    assert (state["statuses"], state["notices"], state["feed_cursor"], state["connected"]) == (1, 1, 2, True)


def test_the_pages_speak_english_when_asked(client):
    client.post("/language", {"language": "en", "back": "/"})
    answer = client.post("/status", {"nik": NIK, **DATE}).text
    assert "What you need to do" in answer
    assert "Maintenance." in answer
    assert BORN.isoformat() not in answer
