"""An installation that died leaves days open: the office closes its numbers with what it can prove, once."""

import psycopg
import pytest

from day_word_examples import DAYS, day_word, day_words, signed
from office_examples import packet, world
from rekam.exchange.ranges import Ranges
from rekam.office.app import create_office_app
from rekam.office.day_rests import NothingLeftOpen, RestNeedsNote
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient

STATION = "317401-01"


@pytest.fixture
def here(tmp_path):
    """Numbers 1 and 2 on a closed day; 3 to 6 on none, of which 4 has not come; the laptop is stolen."""
    with world(tmp_path) as made:
        made.packets = [packet(number) for number in range(1, 7)]
        for sent in made.packets:
            if sent is not made.packets[3]:
                made.custody(sent)
        for word, data in day_words(1):
            made.office.days.put(word, data)
        yield made


def withdraw(here):
    with here.office.pool.connection() as tx:
        here.office.withdrawals.withdraw(tx, STATION, 1, reason="Laptop dicuri")


def test_the_numbers_of_an_ended_installation_outside_closed_days_are_closed_as_they_stand(here):
    rests = here.office.day_rests
    assert rests.listed() == []
    with pytest.raises(NothingLeftOpen):
        rests.close(STATION, 1, by="budi", note="Laptop dicuri di pasar")
    withdraw(here)
    (rest,) = rests.listed()
    assert (rest.numbers, rest.arrived, rest.missing) == (Ranges.upto(6, 3), Ranges.of((3, 5, 6)), Ranges.of((4,)))
    assert (rest.reason, rest.closed) == ("Laptop dicuri", None)
    with pytest.raises(RestNeedsNote):
        rests.close(STATION, 1, by="budi", note=" ")
    closed = rests.close(STATION, 1, by="budi", note="Laptop dicuri di pasar").closed
    assert (closed.numbers, closed.arrived, closed.by) == (rest.numbers, rest.arrived, "budi")
    assert rests.close(STATION, 1, by="ani", note="Lain").closed == closed
    with pytest.raises(psycopg.errors.RestrictViolation), here.office.pool.connection() as tx:
        tx.execute("UPDATE day_rest SET note = 'x'")
    here.custody(here.packets[3])
    (rest,) = rests.listed()
    assert (rest.missing, rest.come_since, rest.closed) == (Ranges(), Ranges.of((4,)), closed)


def test_a_day_that_was_reopened_and_one_that_names_fewer_than_lie_in_it_are_not_closed(here):
    withdraw(here)
    rests = here.office.day_rests
    here.office.days.put(*day_words(2)[1])
    assert rests.listed()[0].numbers == Ranges.upto(6, 5)
    here.office.days.put(*day_words(3, counts={"saved": 1})[2])  # and lies from 5 to 6
    assert rests.listed()[0].numbers == Ranges.upto(6, 5)
    again = day_word(4, day=DAYS[1], what="reopened", reason="Masih ada antrean", first=3, last=4)
    here.office.days.put(again, signed(again))
    assert rests.listed()[0].numbers == Ranges.upto(6, 3)


def test_an_official_closes_it_on_the_page_of_days(here):
    withdraw(here)
    staff = InMemoryStaffStore(here.office.clock)
    add_member(staff, "budi", frozenset({"petugas dinas"}), "empat kata tanpa makna", cost=Cost(64, 1, 1))
    with PageClient(create_office_app(here.office, staff)) as client:
        client.post("/sign-in", {"name": "budi", "password": "empat kata tanpa makna"})
        page = client.get("/days").text
        assert "Pemasangan 1 stasiun 317401-01 berakhir dengan hari yang belum ditutup" in page
        assert "3 dari 4" in page
        refused = client.post(f"/days/rests/{STATION}/1", {f"note-{STATION}-1": ""})
        assert (refused.status_code, "tanpa nama penduduk, lalu tutup sisanya" in refused.text) == (422, True)
        assert client.post(f"/days/rests/{STATION}/1", {f"note-{STATION}-1": "Dicuri"}).headers["location"] == "/days"
        page = client.get("/days").text
    assert "Sisa pemasangan yang berakhir" in page
    assert "Tutup sisa pemasangan ini" not in page
