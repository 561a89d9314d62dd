"""What the centre's staff read about the twin, and the decision to go on without it."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from centre_desk import PASSWORD
from centre_examples import town
from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.centre.app import create_centre_app
from rekam.centre.pages.twin import twin_state
from rekam.centre.twin.attendant import Seen
from rekam.centre.twin.pairing import Mode, Paired, Pairing
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member

THREE_HOURS_AGO = datetime.now(UTC) - timedelta(hours=3)
AWAY = Seen(Paired(Mode.PAIRED, "http://twin.example:8410", 0, THREE_HOURS_AGO), away_since_ns=1)
ALONE = Seen(Paired(Mode.SINGLE, "", 0, THREE_HOURS_AGO))
WELL = Seen(Paired(Mode.PAIRED, "http://twin.example:8410", 0, THREE_HOURS_AGO), answers=True, behind=0)


@pytest.fixture
def desk(tmp_path):
    """The centre's pages, signed in as its officer; `seen` is what the attendant saw last."""
    staff, seen = InMemoryStaffStore(SystemClock()), {"now": AWAY}
    add_member(staff, "pusat", frozenset({"petugas pusat"}), PASSWORD, cost=Cost(1024, 1, 1))
    with town(tmp_path) as here:
        app = create_centre_app(here.centre, staff, SystemClock(), twin=lambda: seen["now"])
        with serving_app(app) as url, httpx.Client(base_url=url, headers={"origin": url}, timeout=PATIENCE_S) as client:
            client.post("/sign-in", data={"name": "pusat", "password": PASSWORD})
            yield client, here.centre, seen


def test_a_twin_that_is_away_is_loud_on_the_overview_and_says_what_is_safe(desk):
    client, _, seen = desk
    for page in ("/", "/twin"):
        text = client.get(page).text
        assert "Kembaran tidak menjawab" in text
        assert "tidak ada yang hilang" in text
    assert "3 jam" in client.get("/twin").text
    seen["now"] = WELL
    assert "Kembaran" not in client.get("/board").text, "where all is well the overview is silent"
    assert "Berpasangan" in client.get("/twin").text


def test_without_a_twin_the_page_says_so_and_what_to_do_and_shows_no_empty_figures(desk):
    client, _, seen = desk
    seen["now"] = ALONE
    text = client.get("/twin").text
    assert "Belum ada kembaran" in text
    assert "rekam centre twin --data" in text
    assert "–" not in text
    assert "Alamat kembaran" not in text


def test_an_official_lets_the_centre_go_on_alone_with_a_reason_that_is_kept(desk):
    client, centre, seen = desk
    pairing = Pairing(centre.pool)
    pairing.admit("http://twin.example:8410", kept=False)
    assert pairing.become_paired(0)
    assert not pairing.standing().settled
    assert "Jalankan pusat sendiri" in client.get("/twin").text
    assert client.post("/twin/alone", data={"because": ""}).status_code == 422
    assert client.post("/twin/alone", data={"because": "kembaran terbakar"}).status_code == 303
    assert pairing.standing().settled
    with centre.pool.connection() as connection:
        decided = connection.execute("SELECT decision, by_whom, because FROM twin_decision").fetchall()
    assert decided == [("alone", "pusat", "kembaran terbakar")]
    seen["now"] = Seen(pairing.now(), away_since_ns=1)
    assert "Berjalan sendiri" in client.get("/").text


def test_a_file_missed_while_catching_up_keeps_the_pair_apart(desk):
    _, centre, _ = desk
    pairing = Pairing(centre.pool)
    pairing.admit("http://twin.example:8410", kept=False)
    began = pairing.now()
    assert pairing.note_missed()
    assert not pairing.become_paired(began.missed), "the look round must begin anew"
    assert pairing.become_paired(pairing.now().missed)
    assert not pairing.note_missed(), "paired, a file that does not arrive is no longer only noted"
    pairing.admit("http://twin.example:8410", kept=False)
    assert pairing.now().mode is Mode.REJOINING, "a twin that lost its copy is filled before anything leaves"
    assert not pairing.standing().settled


def test_every_mode_has_words_and_what_is_wrong_has_something_to_do():
    for mode in Mode:
        for seen in (Seen(Paired(mode)), Seen(Paired(mode), answers=True, behind=0)):
            state = twin_state(seen)
            assert state.word
            assert state.said
            assert state.todo or state.tone != "danger"
