"""Clocks that are years off decide nothing: not order, not numbers, not legal dates (never 14)."""

from datetime import UTC, datetime

import pytest

from centre_examples import resident
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.exchange.continuity import chain_report
from rekam.exchange.feed import EntryKind, office_feed
from rekam.exchange.in_memory import InMemoryFeed, InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.remote import LocalRemote
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust import cbor, keyfile
from rekam.trust.clock import SteppedClock
from rekam.trust.keys import SigningKey
from small_country import OPERATOR, STATION, SUPERVISOR, Link, open_station, prepared, root_of

pytestmark = pytest.mark.xdist_group("ready")

SITI, DEWI, RINI = (resident(serial, "") for serial in (1, 2, 3))
LEGAL = datetime(2016, 10, 3, 1, 0, tzinfo=UTC)
FEED = office_feed("3174")


@pytest.fixture
def centre_time():
    """The centre's clock, which is right."""
    return SteppedClock(LEGAL)


@pytest.fixture
def register():
    return InMemoryRegister()


@pytest.fixture
def office(copied, tmp_path, centre_time, register):
    """What a station reaches: an inbox, and the centre's signed feed with one notice in it."""
    root = root_of(copied)
    feed = InMemoryFeed(SigningKey(keyfile.load(copied / "keys" / "centre.keys")["signing"]), centre_time)
    body = {"number": 1, "at": LEGAL.isoformat(), "text_id": "-", "text_en": "-", "todo_id": "", "todo_en": ""}
    feed.append(FEED, EntryKind.NOTICE, cbor.encode(body))
    inbox = Inbox(
        BlobStore(tmp_path / "office", RealDisk()),
        register,
        signer=SigningKey(keyfile.load(copied / "keys" / "office-3174.keys")["signing"]),
        clock=centre_time,
        kind="custody",
        place="3174",
        verify_sender=lambda chain: station_key(chain, root),
    )
    return LocalRemote(inbox, feed)


class Counter:
    """A station under a clock that people set as they like, and its staff."""

    def __init__(self, folder, clock, link):
        self.station = open_station(folder, link, clock=clock)
        self.operator = self.station.sign_in(OPERATOR, PIN)

    def save(self, person):
        sitting = self.station.here.drafts.open_of(person.nik) or prepared(self.station, self.operator, person.nik)
        supervisor = self.station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
        return self.station.sittings.save(sitting.sitting_id, self.operator, supervisor=supervisor, consent=True)

    def hear(self):
        """Sends and follows until nothing moves, whoever of the line's threads does it."""
        line = self.station.here.line
        while line.run_once() or line.outbox.waiting(1):
            continue


@pytest.mark.parametrize("wrong", [datetime(1999, 1, 1, tzinfo=UTC), datetime(2035, 6, 1, tzinfo=UTC)], ids=str)
def test_a_station_whose_clock_is_years_off_counts_orders_and_dates_rightly(
    copied, office, register, centre_time, wrong
):
    clock = SteppedClock(wrong)
    counter = Counter(copied, clock, Link(office))
    counter.hear()  # one signed batch, and the date is known
    first = counter.save(SITI)
    clock.advance(3600)
    clock.set_wall(datetime(2035, 6, 1, tzinfo=UTC) if wrong.year < 2000 else datetime(1999, 1, 1, tzinfo=UTC))
    second = counter.save(DEWI)
    counter.station.close()
    clock.reboot()
    clock.set_wall(datetime(1998, 6, 1, tzinfo=UTC))  # its battery is dead, too
    counter = Counter(copied, clock, Link(office))
    third = counter.save(RINI)
    counter.hear()

    saved = [first, second, third]
    assert [recording.number for recording in saved] == [f"{STATION}/1/00000{n}" for n in (1, 2, 3)]
    times = [datetime.fromisoformat(recording.saved_at) for recording in saved]
    assert times == sorted(times)
    assert [(at.year, at.month, at.day) for at in times] == [(2016, 10, 3)] * 3
    assert (times[1] - times[0]).total_seconds() == pytest.approx(3600, abs=1)
    newest_first = [recording.packet_id for recording in counter.station.here.recordings.search()]
    assert newest_first == [recording.packet_id for recording in reversed(saved)]
    report = chain_report(register.links(STATION, 1))
    assert (report.highest, report.gaps, report.broken, register.forks()) == (3, (), (), [])
    counter.station.close()


def test_what_the_machine_believed_is_noted_in_the_packet_and_decides_nothing(copied, office):
    clock = SteppedClock(datetime(2035, 6, 1, tzinfo=UTC))
    counter = Counter(copied, clock, Link(office))
    counter.hear()
    saved, root = counter.save(SITI), root_of(copied)
    here = counter.station.here
    with here.blobs.open(saved.packet_id) as file:
        header = inspect(file, station_key(here.identity.chain, root)).header
    assert datetime.fromtimestamp(header.stamp.wall_ms / 1000, UTC).year == 2035
    assert saved.saved_at.startswith("2016-10-03")
    counter.station.close()


def test_an_older_signed_time_and_an_older_batch_take_nothing_back(copied, office, centre_time):
    clock = SteppedClock(datetime(1999, 1, 1, tzinfo=UTC))
    counter = Counter(copied, clock, Link(office))
    counter.hear()
    legal = counter.station.here.legal
    before = legal.now()
    centre_time.set_wall(datetime(2010, 1, 1, tzinfo=UTC))  # an old backup of the centre signs again
    body = {
        "number": 2,
        "at": "2010-01-01T00:00:00+00:00",
        "text_id": "-",
        "text_en": "-",
        "todo_id": "",
        "todo_en": "",
    }
    office._feed.append(FEED, EntryKind.NOTICE, cbor.encode(body))
    counter.hear()
    assert legal.now().floor >= before.floor
    assert [notice.number for notice in counter.station.here.notices.newest(5)] == [2, 1]
    counter.station.close()
