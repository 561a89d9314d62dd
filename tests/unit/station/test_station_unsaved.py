"""A power cut between a packet's file and its row: the packet that nobody was told of goes out of the way, no other."""

import pytest

from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.remembered import OlderThanKnown
from rekam.station.saving import Saving
from rekam.station.unsaved import UNSAVED, never_saved
from station_counter import STATION, counter


class PowerCut(BaseException):
    """Nothing runs after it."""


@pytest.fixture
def here(tmp_path):
    made = counter(tmp_path / "country")
    made.sign_in()
    yield made
    made.station.close()


def cut_while_saving(here, nik):
    """The packet's file is durable; its row never came. Returns its id."""
    blobs = here.station.here.blobs
    before = set(blobs.ids())

    def commit(*_):
        raise PowerCut

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Saving, "_commit", commit)
        with pytest.raises(PowerCut):
            here.save(nik)
    (left,) = set(blobs.ids()) - before
    return left


def start(here):
    here.restart()
    here.sign_in()
    return here.station.here


def test_it_is_moved_at_the_next_start_and_the_sitting_is_saved_under_its_number(here):
    one, two = here.adults(2)
    first = here.save(one.nik)
    left = cut_while_saving(here, two.nik)
    opened = start(here)
    assert opened.unsaved == (left,)
    assert (opened.blobs.folder / UNSAVED / left).exists()
    assert list(opened.blobs.ids()) == [first.packet_id]
    (sitting,) = opened.drafts.open_sittings()
    again = here.station.sittings.save(sitting.sitting_id, here.sign_in(), consent=True)
    assert again.number == f"{STATION}/1/000002"
    opened = start(here)
    assert opened.unsaved == ()
    assert never_saved(opened.store, left, PacketNumber.parse(again.number))
    assert not never_saved(opened.store, again.packet_id, PacketNumber.parse(again.number))
    assert not never_saved(None, left, PacketNumber.parse(again.number)), "in doubt it is carried"


def test_nothing_is_moved_where_files_show_that_the_chain_went_further_than_the_store_knows(here):
    people = here.adults(3)
    here.save(people[0].nik)
    here.station.close()
    store = (here.home / "station.db").read_bytes()
    here.restart()
    here.sign_in()
    for person in people[1:]:
        here.save(person.nik)
    here.station.close()
    set_back(here.home, store)
    start(here)
    here.filled(people[1].nik, here.sign_in())  # set back by two: the sitting in hand
    opened = start(here)
    assert opened.unsaved == ()
    assert len(list(opened.blobs.ids())) == 3


def test_nothing_is_moved_after_the_office_said_that_the_disk_is_old(here):
    (person,) = here.adults(1)
    left = cut_while_saving(here, person.nik)
    opened = here.station.here
    opened.past._note(OlderThanKnown(highest=1, own=0), b"the office's word")
    opened = start(here)
    assert opened.unsaved == ()
    assert not never_saved(opened.store, left, PacketNumber.parse(f"{STATION}/1/000001"))


def test_nothing_is_moved_where_no_half_done_sitting_is_left_that_it_could_have_come_from(here):
    (person,) = here.adults(1)
    cut_while_saving(here, person.nik)
    (sitting,) = here.station.here.drafts.open_sittings()
    here.station.sittings.abandon(sitting.sitting_id, here.sign_in(), "pergi")
    assert start(here).unsaved == ()


def set_back(home, store):
    for name in ("station.db-wal", "station.db-shm"):
        (home / name).unlink(missing_ok=True)
    (home / "station.db").write_bytes(store)
