"""The portal's copy of the public log, and what it tells a resident without JavaScript."""

from base64 import b64decode

import pytest

from office_examples import CENTRE
from portal_log import SALT, portal_world
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.log import InMemoryLog
from rekam.exchange.log_evidence import Breach, Evidence
from rekam.portal.app import create_portal_app
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.code import log_code
from rekam.trust.log.merkle import leaf_hash, verify_inclusion
from rekam.web.testing import PageClient


@pytest.fixture
def here():
    with portal_world() as made:
        yield made


@pytest.fixture
def client(here):
    with PageClient(create_portal_app(here.portal)) as client:
        yield client


def test_the_whole_log_is_copied_and_proved(here):
    done = here.accept()
    assert (done.moved, done.problem) == (1000, None)
    assert str(here.portal.log.copy.checkpoint()) == str(here.source.log.checkpoint())
    assert {each.office: each.size for each in here.portal.log.witnesses.newest()} == {"3174": 701, "3273": 1000}


def test_a_resident_learns_by_the_code_that_the_recording_is_received(here, client):
    here.accept()
    told = client.post("/bukti", {"code": log_code(here.entry).lower().replace("-", " ")}).text
    assert "Diterima di pusat data" in told
    assert 'pada posisi <strong data-fill="position">700</strong>' in told
    assert SALT.hex() not in told


def test_before_it_is_received_the_answer_says_as_of_when_and_that_nothing_need_be_repeated(here, client):
    here.source.fill(3)
    here.portal.log.run_once()
    told = client.post("/bukti", {"code": log_code(here.entry)}).text
    assert "Belum diterima pusat data per" in told
    assert "Tidak perlu merekam ulang" in told
    here.accept()
    assert "Diterima di pusat data" in client.post("/bukti", {"code": log_code(here.entry)}).text


def test_a_portal_that_never_saw_the_log_says_so_and_not_that_nothing_was_received(here, client):
    told = client.post("/bukti", {"code": log_code(here.entry)}).text
    assert "Portal belum dapat menjawab" in told
    assert "Belum diterima" not in told.split("<template", 1)[0]


def test_a_slip_in_the_code_is_told_at_its_field(client):
    refused = client.post("/bukti", {"code": "K7QD"})
    assert refused.status_code == 422
    assert 'href="#code">Ini bukan kode log publik' in refused.text


def test_a_browser_gets_all_that_it_needs_to_check(here, client):
    here.accept()
    (found,) = client.get(f"/api/log/{here.entry.hex()}").json()["found"]
    assert (found["position"], found["entry"], len(found["witnesses"])) == (700, here.entry.hex(), 2)
    for vouched in (found["proof"], *found["witnesses"]):
        said = Checkpoint.parse(vouched["note"].rpartition("\n\n")[0] + "\n")
        verify_inclusion(
            leaf_hash(here.entry), 700, said.size, [b64decode(each) for each in vouched["path"]], said.root
        )
    assert client.get(f"/api/log/{bytes(31).hex()[:-2]}ffff").json()["found"] == []
    assert client.get("/api/log/nonsense").status_code == 404


def test_an_absent_centre_leaves_the_answers_and_their_age(here, client):
    here.accept()
    before = here.portal.log_answers.as_of()
    here.source.down = RemoteUnreachable(place="Pusat", reason="down")
    assert isinstance(here.portal.log.run_once().problem, RemoteUnreachable)
    assert here.portal.log_answers.as_of() == before
    assert "Diterima di pusat data" in client.post("/bukti", {"code": log_code(here.entry)}).text
    assert "Log belum terjawab" in client.get("/log").text


def test_a_log_that_changes_is_alarmed_with_evidence_for_everybody(here, client):
    here.accept()
    true_log = here.source.log
    here.source.log = InMemoryLog(CENTRE.key)
    here.source.fill(1200)
    here.portal.log.run_once()
    assert here.portal.log.store.size() == 1000
    assert "Log pusat bertentangan dengan dirinya sendiri" in client.get("/log").text
    assert "sedang diselidiki" in client.get("/bukti").text
    evidence = Evidence.from_json(client.get("/log/alarms/1.json").text)
    assert evidence.judge(here.portal.log.key) is Breach.CHANGED
    assert client.get("/log/alarms/2.json").status_code == 404
    assert "Diterima di pusat data" in client.post("/bukti", {"code": log_code(here.entry)}).text
    here.source.log = true_log


def test_the_page_about_the_log_names_witnesses_and_key_and_the_copy_can_be_fetched(here, client):
    here.accept()
    told = client.get("/log").text
    assert str(here.portal.log.key) in told
    assert "Sudin Dukcapil Jakarta Selatan" in told
    assert client.get("/log/checkpoint").text == str(here.source.log.checkpoint())
    assert len(client.get("/log/tile/0/001").content) == 256 * 32
    assert [each["office"] for each in client.get("/log/witnesses").json()] == ["3174", "3273"]
    assert client.get("/keys.json").json()["log"] == str(here.portal.log.key)
