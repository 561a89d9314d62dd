"""Disks that run full: capture stops early, what was saved stays whole, and senders wait (nevers 1 and 15)."""

import pytest

from centre_examples import resident
from exchange_examples import CLOCK, OFFICE, STATION, inbox, packets
from exchange_server import serving
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.exchange.admission import stations_of
from rekam.exchange.errors import RemoteFull
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox, InMemoryRegister
from rekam.exchange.remote import LocalRemote
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import LimitedDisk
from rekam.storage.errors import DiskFull, DiskReserveReached
from small_country import OPERATOR, SUPERVISOR, Link, open_station

pytestmark = pytest.mark.xdist_group("ready")

SITI, DEWI, RINI = (resident(serial, "") for serial in (1, 2, 3))
MIB = 1 << 20
PLENTY = 1 << 40


def packet_files(station) -> list[str]:
    return sorted(path.name for path in (station.ports.folder / "packets").rglob("*") if path.is_file())


def opened(folder, disk, **options):
    """The station with Siti's and Dewi's sittings done but for the saving, who saves them, and that one's PIN."""
    station = open_station(folder, Link(), disk=disk, **options)
    operator, supervisor = station.sign_in(OPERATOR, PIN), station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
    sittings = {sitting.nik: sitting.sitting_id for sitting in station.here.drafts.open_sittings()}

    def save(person):
        return station.sittings.save(sittings[person.nik], operator, supervisor=supervisor, consent=True)

    return station, operator, save


def test_a_station_stops_capturing_before_its_reserve_and_keeps_what_was_saved(copied):
    disk = LimitedDisk(RealDisk(), PLENTY)
    station, operator, save = opened(copied, disk, reserve_bytes=256 * MIB)
    saved = save(SITI)

    disk.capacity = 300 * MIB  # above the reserve, but no room for another sitting
    with pytest.raises(DiskReserveReached) as told:
        station.sittings.open(RINI.nik, operator)
    assert "nothing was lost" in str(told.value)
    assert station.here.drafts.open_of(RINI.nik) is None
    finished = save(DEWI)  # what was begun can be finished
    assert finished.number.endswith("/000002")

    for recording in (saved, finished):
        station.here.blobs.verify(recording.packet_id)
    assert [each.packet_id for each in station.here.line.outbox.waiting(9)] == [saved.packet_id, finished.packet_id]
    station.close()


class Quota(LimitedDisk):
    """A limit that shows only when it is hit: free space looks ample."""

    def free_bytes(self, folder):
        return PLENTY


@pytest.mark.parametrize("left", [0, 4096, 100_000], ids=lambda left: f"{left} bytes left")
@pytest.mark.parametrize(("kind", "error"), [(LimitedDisk, DiskReserveReached), (Quota, DiskFull)])
def test_a_disk_that_is_full_at_saving_keeps_the_sitting_and_its_number(copied, left, kind, error):
    disk = kind(RealDisk(), PLENTY)
    station, _, save = opened(copied, disk)
    disk.capacity = left
    for _attempt in range(2):
        with pytest.raises(error, match=r"safe.* Free some space"):
            save(SITI)
        assert station.here.recordings.search() == []
        assert station.here.line.outbox.waiting(9) == []
        assert packet_files(station) == []  # nothing half-written
        assert disk.capacity == left

    disk.capacity = PLENTY
    saved = save(SITI)
    assert saved.number.endswith("/000001")
    assert packet_files(station) == [saved.packet_id]
    station.close()


def test_an_office_without_room_answers_507_and_its_station_waits(tmp_path):
    disk, register = LimitedDisk(RealDisk(), 70_000), InMemoryRegister()
    outbox, blobs = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk())
    first, second = packets(2, size=50_000)
    for each in (first, second):
        blobs.put(each.data)
        outbox.put(each.waiting())
    with serving(_local(tmp_path, register, disk), may_send=stations_of("3174")) as url:
        remote = HttpRemote(url, place="Disdukcapil", key=STATION.key, chain=STATION.chain, clock=CLOCK)
        sender = Sender(outbox, blobs, remote, OFFICE.key.public, kind="custody")
        progress = sender.run_once()
        assert (progress.acknowledged, progress.set_aside) == (1, 0)
        assert isinstance(progress.stopped_by, RemoteFull)
        assert "sending goes on by itself when there is room" in str(progress.stopped_by)
        assert [each.packet_id for each in outbox.waiting(9)] == [second.id]
        assert set(register.receipts([first.id, second.id])) == {first.id}

        disk.capacity = PLENTY
        assert sender.run_once().acknowledged == 1
        remote.close()
    assert set(register.receipts([first.id, second.id])) == {first.id, second.id}
    assert outbox.set_aside() == []


def _local(tmp_path, register, disk):
    return LocalRemote(inbox(tmp_path / "office", register, disk=disk))
