"""The pages of the queue: opening the day, numbers, calling, the second screen, the plan."""

import re

import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.station.day.ticket import Service, State
from rekam.station.pages.queue_words import wait_words
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR
from station_counter import counter as make_counter


@pytest.fixture
def counter(tmp_path):
    made = make_counter(tmp_path / "country")
    yield made
    made.station.close()


@pytest.fixture
def client(counter):
    with PageClient(counter.app()) as client:
        yield client


@pytest.fixture
def signed_in(client):
    assert client.post("/sign-in", {"operator": OPERATOR, "pin": PIN}).status_code == 303
    return client


@pytest.fixture
def open_day(signed_in):
    assert signed_in.post("/queue/open").headers["location"] == "/queue"
    return signed_in


def seen(client):
    return re.search(r'name="seen" value="(\d+)"', client.get("/queue").text)[1]


def take(client, count=1, service="recording", priority="none"):
    for _ in range(count):
        once = re.search(r'name="once" value="(\w+)"', client.get("/queue").text)[1]
        answer = client.post("/queue/take", {"once": once, "service": service, "priority": priority})
    return answer.headers["location"].partition("=")[2]


def test_the_queue_begins_when_somebody_opens_the_day(signed_in):
    assert "Sabtu, 21 November 2026" in signed_in.get("/queue").text
    assert signed_in.post("/queue/take", {"once": "12345678", "service": "recording"}).status_code == 409
    signed_in.post("/queue/open")
    assert "Belum ada yang menunggu" in signed_in.get("/queue").text


def test_from_the_number_to_the_saved_recording_and_the_next_number(open_day, counter):
    take(open_day, 2)
    open_day.post("/queue/call", {"seen": seen(open_day)})
    page = open_day.get("/queue").text
    assert "Mulai melayani A-001" in page
    begun = open_day.post(
        "/queue/deed", {"ticket": "2026-11-21/A/1", "what": "attended", "seen": seen(open_day)}
    ).headers["location"]
    assert begun == "/"
    assert "Di loket: A-001" in open_day.get("/queue/at-counter").text
    nik = counter.adults()[0].nik
    open_day.post("/sittings", {"nik": nik})
    assert counter.station.here.queue.line().tickets[0].state is State.SITTING
    sitting = counter.filled(nik, counter.sign_in())
    saved = open_day.post(f"/sittings/{sitting}/review", {"consent": "yes"}, follow=True)
    assert counter.station.here.queue.line().tickets[0].state is State.SERVED
    assert "Panggil A-002" in saved.text
    assert open_day.post("/queue/call", {"seen": seen(open_day)}).headers["location"] == "/queue"
    assert "Mulai melayani A-002" in open_day.get("/queue").text


def test_a_sitting_that_is_closed_without_a_recording_ends_its_ticket(open_day, counter):
    take(open_day)
    open_day.post("/queue/call", {"seen": seen(open_day)})
    at = open_day.post("/sittings", {"nik": counter.adults()[0].nik}).headers["location"]
    open_day.post(f"{at}/close", {"reason": "Biodata salah"})
    assert counter.station.here.queue.line().tickets[0].state is State.CLOSED


def test_a_page_that_is_out_of_date_changes_nothing_and_says_so(open_day, counter):
    take(open_day, 3)
    old = seen(open_day)
    answers = [open_day.post("/queue/call", {"seen": old}, follow=True) for _ in range(2)]
    assert "Antrean sudah berubah" in answers[1].text
    assert len(counter.station.here.queue.line().of(State.CALLED)) == 1


def test_while_the_date_rests_on_the_laptop_alone_no_slip_claims_it(open_day):
    assert "menurut jam laptop" in open_day.get("/queue").text
    slip = open_day.get(f"/queue/tickets/{take(open_day)}").text
    assert "Tanggal belum dipastikan" in slip
    assert "Sabtu" not in slip


def test_a_slip_is_printed_without_a_name_and_as_pdf(signed_in, counter):
    counter.station.here.legal.set(counter.clock.stamp().wall_ms)
    signed_in.post("/queue/open")
    open_day, taken = signed_in, take(signed_in, 1, priority="pregnant")
    page = open_day.get(f"/queue/tickets/{taken}").text
    for told in ("A-001", "Ibu hamil", "Sabtu, 21 November 2026", "Loket 317401-01"):
        assert told in page
    pdf = open_day.get(f"/queue/tickets/{taken}/slip.pdf")
    assert (pdf.status_code, pdf.content[:5], pdf.headers["content-type"]) == (200, b"%PDF-", "application/pdf")


@pytest.mark.parametrize("path", ["2026-11-21/A/99", "2026-11-20/A/1"])
def test_a_slip_that_was_never_given_out_is_not_there(open_day, path):
    assert open_day.get(f"/queue/tickets/{path}").status_code == 404


def test_the_second_screen_needs_no_session_and_shows_numbers_alone(open_day, counter):
    take(open_day, 3)
    open_day.post("/queue/call", {"seen": seen(open_day)})
    open_day.post("/sittings", {"nik": counter.adults()[0].nik})
    open_day.post("/sign-out")
    screen = open_day.get("/queue/serving")
    assert "A-001" in screen.text
    state = open_day.get("/queue/serving/now").json()
    assert (state["now"], state["waiting"]) == ("A-001", "2 orang menunggu")
    person = counter.adults()[0]
    for private in (person.name, person.nik, "Operator Tebet"):
        assert private not in screen.text
    assert set(state) == {"open", "now", "service", "calls", "earlier", "waiting", "wait"}


def test_before_the_first_sign_in_the_second_screen_asks_to_wait(client):
    assert "Pelayanan belum dibuka" in client.get("/queue/serving").text
    assert client.get("/queue/serving/now").json()["open"] is False


def test_another_machine_is_not_shown_the_second_screen(counter):
    with PageClient(counter.app(), peer="192.168.1.7") as elsewhere:
        assert elsewhere.get("/queue/serving").status_code == 403
        assert elsewhere.get("/queue/serving/now").status_code == 403


def test_the_wait_on_the_page_is_the_plans_until_the_day_has_a_pace_of_its_own(open_day, counter):
    take(open_day, 12)
    # a Saturday: nothing is planned, so nobody claims to know
    assert "belum dapat diperkirakan" in open_day.get("/queue").text


def test_only_a_supervisor_plans_and_a_weekend_opening_is_kept(open_day, counter):
    plan = {"day": "2026-11-28", "kind": "open", "opens": "09:00", "closes": "12:00", "expected": "60", "note": "Akhir"}
    refused = open_day.post("/plan", plan)
    assert (refused.status_code, "bukan supervisor" in refused.text) == (422, True)
    open_day.post("/sign-out")
    open_day.post("/sign-in", {"operator": SUPERVISOR, "pin": SUPERVISOR_PIN})
    assert open_day.post("/plan", plan).headers["location"] == "/plan"
    page = open_day.get("/plan").text
    assert "09.00–12.00" in page
    assert "Akhir" in page
    refused = open_day.post("/plan", {**plan, "closes": "08:00"})
    assert (refused.status_code, "Loket tidak dapat buka" in refused.text) == (422, True)
    assert open_day.post("/plan", {**plan, "day": "kapan saja"}).status_code == 422


def test_numbers_of_another_letter_follow_another_counter(counter, open_day):
    assert [counter.station.here.queue.letter(service) for service in Service] == ["A", "B"]


def test_a_supervisor_chooses_the_counters_letters_and_the_day_under_way_keeps_its_own(counter, open_day):
    assert open_day.post("/plan/letters", {"recording": "K", "papers": "C"}).status_code == 422
    open_day.post("/sign-in", {"operator": SUPERVISOR, "pin": SUPERVISOR_PIN})
    refused = open_day.post("/plan/letters", {"recording": "K", "papers": "K"})
    assert (refused.status_code, "dua huruf yang berbeda" in refused.text) == (422, True)
    assert open_day.post("/plan/letters", {"recording": "k", "papers": "C"}).headers["location"] == "/plan"
    assert "masih memakai A dan B" in open_day.get("/plan").text
    assert str(counter.station.here.queue.line().day) == "2026-11-21"
    counter.clock.advance(24 * 3600)
    open_day.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
    open_day.post("/queue/open")
    assert take(open_day).endswith("/K/1")
    page = open_day.get("/queue").text
    assert 'data-key="1"' in page  # K puts a number back, C prints
    assert 'data-key="2"' in page


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "belum dapat diperkirakan"),
        (90, "sebentar lagi"),
        (300, "sekitar 5 menit"),
        (2400, "sekitar 40 menit"),
        (5500, "sekitar 1,5 jam"),
        (15000, "lebih dari 4 jam"),
    ],
)
def test_a_wait_is_said_as_people_say_it(seconds, words):
    assert wait_words(seconds) == words
