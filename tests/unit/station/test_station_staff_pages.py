"""The screen's lock, handing over in mid-sitting, wrong PINs over a restart, unlocking and barring."""

import asyncio

import httpx
import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
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


def enter(client, who=OPERATOR, pin=PIN, wanted="/"):
    return client.post("/sign-in", {"operator": who, "pin": pin, "next": wanted})


def test_a_locked_screen_opens_again_with_its_operators_pin_alone(client):
    enter(client)
    assert client.get("/screen").json()["left"] == 900
    assert client.post("/screen/lock").status_code == 204
    assert client.get("/").status_code == 303
    assert "Operator Tebet" in client.get("/screen/form").text
    assert client.post("/screen/unlock", {"pin": SUPERVISOR_PIN}).status_code == 401
    assert client.post("/screen/unlock", {"pin": PIN}).status_code == 204
    assert client.get("/").status_code == 200


def test_what_a_page_asks_for_by_itself_neither_leads_it_away_under_the_lock_nor_keeps_it_unlocked(client, counter):
    own = {"HX-Request": "true"}
    enter(client)
    at = client.post("/sittings", {"nik": counter.adults()[0].nik}).headers["location"]
    asked = (f"{at}/changed", f"{at}/capture")
    for _ in range(2):
        counter.clock.advance(450)
        assert {client.get(path, headers=own).status_code for path in asked} <= {200, 204}
    counter.clock.advance(1)
    for path in asked:
        answer = client.get(path, headers=own)
        assert (answer.status_code, answer.headers.get("hx-redirect")) == (204, None), path
    assert client.post("/screen/unlock", {"pin": PIN}).status_code == 204
    assert client.get(f"{at}/changed", headers=own).status_code in {200, 204}
    client.post("/sign-out")
    assert client.get(f"{at}/changed", headers=own).headers["hx-redirect"] == "/sign-in"


def test_no_signing_key_stays_in_memory_while_the_screen_is_locked(counter):
    from rekam.station.sessions import Sessions

    sessions = Sessions(counter.clock)
    token = sessions.open(counter.sign_in())
    sessions.lock(token)
    assert sessions._screens == {}
    assert sessions.locked_by(token).subject == OPERATOR


def test_looking_at_the_time_left_is_no_use_of_the_screen_and_typing_is(client, counter):
    enter(client)
    counter.clock.advance(600)
    assert client.get("/screen").json()["left"] == 300
    assert client.get("/bar").status_code == 200
    assert client.get("/screen").json()["left"] == 300
    assert client.post("/screen/used").json()["left"] == 900
    counter.clock.advance(901)
    assert client.get("/screen").json()["left"] == 0
    assert client.post("/screen/unlock", {"pin": PIN}).status_code == 204


def test_nobody_opens_a_screen_that_nobody_locked(client):
    assert client.post("/screen/unlock", {"pin": PIN}).status_code == 409
    assert client.get("/screen/form").status_code == 409


def test_guessing_at_the_lock_counts_like_guessing_at_the_sign_in(client):
    enter(client)
    client.post("/screen/lock")
    assert [client.post("/screen/unlock", {"pin": "111111"}).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert enter(client).status_code == 429


def test_four_doors_one_counter_and_one_wait(client, counter):
    def by_page():
        return enter(client, SUPERVISOR, "111111").status_code

    def by_api():
        body = {"operator": SUPERVISOR, "pin": "111111"}
        return runner.run(machine.post("/api/sign-in", json=body)).status_code

    def by_confirming():
        page = client.post(f"{at}/review", {"consent": "yes", "supervisor": SUPERVISOR, "pin": "111111"}).text
        return 429 if "Tunggu" in page else 401 if "PIN salah" in page else 0

    runner = asyncio.Runner()
    machine = httpx.AsyncClient(transport=httpx.ASGITransport(counter.app()), base_url="http://rekam.test")
    enter(client)
    at = f"/sittings/{counter.filled(counter.adults()[0].nik, counter.sign_in())}"
    assert (by_api(), by_page(), by_api()) == (401, 401, 401)
    assert (by_api(), by_page(), by_confirming()) == (429, 429, 429)
    counter.clock.advance(6)
    assert (by_confirming(), by_api(), by_page()) == (401, 429, 429)
    counter.clock.advance(11)
    assert (by_api(), by_confirming()) == (401, 429)
    assert [one.wrong for one in counter.station.operators.standings()] == [0, 5]
    runner.run(machine.aclose())
    runner.close()


def test_a_sitting_goes_on_with_another_operator_and_notes_both(client, counter):
    enter(client)
    at = client.post("/sittings", {"nik": counter.adults()[0].nik}).headers["location"]
    client.post(f"{at}/biodata")
    left = client.post("/sign-out", {"back": f"{at}/photo"}).headers["location"]
    assert left == f"/sign-in?next={at}/photo"
    assert enter(client, SUPERVISOR, SUPERVISOR_PIN, f"{at}/photo").headers["location"] == f"{at}/photo"
    sitting_id = at.rpartition("/")[2]
    assert counter.station.here.hands.of(sitting_id) == [OPERATOR]
    client.post(f"{at}/upload?slot=finger-2", files={"image": ("x.png", b"", "image/png")})
    client.post(f"{at}/upload?slot=finger-2", files={"image": ("x.png", b"", "image/png")})
    assert counter.station.here.hands.of(sitting_id) == [OPERATOR, SUPERVISOR]


def test_both_stand_beside_the_recording(client, counter):
    enter(client)
    nik = counter.adults()[0].nik
    at = client.post("/sittings", {"nik": nik}).headers["location"]
    counter.filled(nik, counter.sign_in())
    client.post("/sign-out")
    enter(client, SUPERVISOR, SUPERVISOR_PIN)
    page = client.post(f"{at}/review", {"consent": "yes"}, follow=True).text
    assert "Operator Tebet, Supervisor Tebet" in page


def test_ten_wrong_pins_lock_a_name_over_a_restart_until_a_supervisor_unlocks_it(counter):
    with PageClient(counter.app()) as client:
        for _ in range(10):
            counter.clock.advance(1000)
            assert enter(client, pin="000000").status_code == 401
        assert enter(client).status_code == 423
    counter.clock.reboot()
    counter.clock.set_wall(counter.clock.wall().replace(year=2010))
    counter.restart()
    with PageClient(counter.app()) as client:
        refused = enter(client)
        assert (refused.status_code, "Minta supervisor masuk" in refused.text) == (423, True)
        enter(client, SUPERVISOR, SUPERVISOR_PIN)
        assert "Terkunci: 10 PIN salah" in client.get("/staff").text
        assert client.post("/staff/unlock", {"subject": OPERATOR}).status_code == 303
        assert enter(client).status_code == 303


def test_only_a_supervisor_unlocks_and_bars(client, counter):
    enter(client)
    for deed in ("unlock", "bar"):
        assert client.post(f"/staff/{deed}", {"subject": SUPERVISOR}).status_code == 422
    assert "Buka kunci" not in client.get("/staff").text
    assert len(counter.station.operators.listed()) == 2


def test_who_is_barred_is_out_at_once_and_may_not_sign_in(counter):
    app = counter.app()
    with PageClient(app) as operator, PageClient(app) as supervisor:
        enter(operator)
        enter(supervisor, SUPERVISOR, SUPERVISOR_PIN)
        assert "Tutup nama Operator Tebet?" in supervisor.get(f"/staff?bar={OPERATOR}").text
        assert supervisor.post("/staff/bar", {"subject": OPERATOR}).status_code == 303
        assert operator.get("/").status_code == 303
        assert enter(operator).status_code == 401
        assert "Tidak bertugas lagi" in supervisor.get("/staff").text
        assert supervisor.post("/staff/bar", {"subject": SUPERVISOR}).status_code == 422


def test_everybody_changes_the_own_pin(client):
    enter(client)
    form = {"pin": PIN, "wanted": "804175", "again": "804175"}
    assert client.post("/staff/pin", {**form, "again": "804176"}).status_code == 422
    assert client.post("/staff/pin", form).headers["location"] == "/staff?done=pin"
    assert enter(client).status_code == 401
    assert enter(client, pin="804175").status_code == 303
