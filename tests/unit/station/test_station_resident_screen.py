"""The resident's own screen: whose data it shows, when, in which language, and what a yes on it is worth."""

import pytest

from rekam.drill.demo import PIN
from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.web.testing import PageClient
from station_counter import OPERATOR

SCREEN = "/resident-screen/now"
AGREE = "/resident-screen/answer"


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


@pytest.fixture
def person(counter, client):
    return counter.adults()[0]


@pytest.fixture
def review(client, counter, person):
    """The address of a sitting whose review is on the operator's screen."""
    at = f"/sittings/{counter.filled(person.nik, counter.sign_in())}"
    client.get(f"{at}/review")
    return at


def digest(counter, at):
    return counter.station.sittings.find(at.rpartition("/")[2]).digest


def test_it_follows_the_operators_pages_and_is_calm_before_and_after(client, counter, person):
    assert "Selamat datang" in client.get(SCREEN).text
    at = client.post("/sittings", {"nik": person.nik}).headers["location"]
    client.get(f"{at}/biodata")
    assert person.name in client.get(SCREEN).text
    for step, words in (
        ("photo", "Lihat ke kamera"),
        ("fingers", "Tempelkan empat jari kiri"),
        ("irises", "Lihat ke cincin"),
    ):
        client.get(f"{at}/{step}")
        assert words in client.get(SCREEN).text
    client.get("/")
    assert person.name not in client.get(SCREEN).text


@pytest.mark.parametrize("leave", ["another resident", "closing", "signing out", "an idle screen"])
def test_nobody_elses_data_stands_there_after_the_sitting(client, counter, review, person, leave):
    assert person.name in client.get(SCREEN).text
    match leave:
        case "another resident":
            token = client.post("/", {"text": counter.adults(2)[1].nik}).headers["location"]
            client.get(token)
        case "closing":
            client.post(f"{review}/close", {"reason": "Biodata salah"})
        case "signing out":
            client.post("/sign-out")
        case _:
            counter.clock.advance(15 * 60 + 1)
    shown = client.get(SCREEN).text
    assert person.name not in shown
    assert person.nik[-4:] not in shown
    assert "Selamat datang" in shown


def test_asking_what_to_show_keeps_no_screen_unlocked(client, counter):
    for _ in range(16):
        counter.clock.advance(60)
        client.get(SCREEN)
    assert client.get("/").status_code == 303


def test_while_nothing_changed_nothing_is_sent(client, review):
    version = client.get(SCREEN).text.partition('data-version="')[2].partition('"')[0]
    assert client.get(f"{SCREEN}?seen={version}").status_code == 204
    client.get(f"{review}/photo")
    assert client.get(f"{SCREEN}?seen={version}").status_code == 200


def test_the_resident_chooses_the_language_and_the_next_one_begins_in_indonesian(client, counter, review):
    client.post("/resident-screen/language", {"language": "en"})
    assert "I agree to be recorded" in client.get(SCREEN).text
    assert "Periksa bersama penduduk" in client.get(f"{review}/review").text, "the operator's own language stays"
    client.get("/")
    assert "Selamat datang" in client.get(SCREEN).text


def test_a_yes_on_it_is_enough_to_save_and_then_it_says_thanks(client, counter, review, person):
    assert client.get(f"{review}/agreement").json() == {"screen": "none"}
    client.get(SCREEN)
    assert client.get(f"{review}/agreement").json() == {"screen": "waiting"}
    assert client.post(f"{review}/review", {}).status_code == 422, "nobody agreed yet"
    client.post(AGREE, {"shown_digest": digest(counter, review), "agreed": "true"})
    assert "Penduduk menyetujui di layarnya" in client.get(f"{review}/review").text
    assert client.post(f"{review}/review", {}).headers["location"].endswith("/saved")
    thanks = client.get(SCREEN).text
    assert "Terima kasih" in thanks
    assert person.name not in thanks


def test_a_yes_to_what_was_changed_since_is_none(client, counter, review):
    agreed = digest(counter, review)
    client.post(AGREE, {"shown_digest": agreed, "agreed": "true"})
    sitting_id = review.rpartition("/")[2]
    counter.station.sittings.note_exceptions(sitting_id, {Slot.parse("iris-1"): ExceptionReason.BLIND_EYE})
    client.get(f"{review}/review")
    assert not counter.station.sittings.find(sitting_id).resident_agreed
    client.post(AGREE, {"shown_digest": agreed, "agreed": "true"})
    assert not counter.station.sittings.find(sitting_id).resident_agreed


def test_a_yes_survives_a_power_cut(client, counter, review):
    client.post(AGREE, {"shown_digest": digest(counter, review), "agreed": "true"})
    counter.restart()
    counter.sign_in()
    assert counter.station.sittings.find(review.rpartition("/")[2]).resident_agreed


def test_a_no_is_told_on_the_operators_review(client, counter, review):
    client.post(AGREE, {"shown_digest": digest(counter, review), "agreed": "false"})
    assert "Penduduk menandai ada yang salah" in client.get(f"{review}/review").text
    assert client.post(f"{review}/review", {}).status_code == 422


def test_without_its_screen_the_operator_says_that_the_resident_agreed_on_paper(client, review):
    assert "Penduduk sudah melihat ringkasan ini" in client.get(f"{review}/review").text
    client.get(SCREEN)
    assert "ringkasan di kertas" in client.get(f"{review}/review").text
    assert client.post(f"{review}/review", {"consent": "yes"}).headers["location"].endswith("/saved")
