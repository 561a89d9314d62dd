import os
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from rekam.enrolment.enrolment import IncompleteEnrolment
from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.packet.inspect import inspect
from rekam.station.drafts import UnknownSitting
from rekam.station.saving import SupervisorMustSign
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import LimitedDisk, RecordingDisk
from rekam.storage.errors import DiskReserveReached, StorageError
from station_counter import OPERATOR, SUPERVISOR
from station_counter import counter as make_counter

TESTS = Path(__file__).parents[2]
DIES_BEFORE_COMMIT = """
import os, signal, sys
from pathlib import Path
from station_counter import Counter
from rekam.station.saving import Saving

counter = Counter(Path(sys.argv[1]))
operator = counter.sign_in()

def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)

Saving._commit = die
counter.station.sittings.save(sys.argv[2], operator, consent=True)
"""


def packets(counter):
    return sorted(path.name for path in (counter.home / "packets").rglob("*") if path.is_file())


def inspected(counter, recording):
    here = counter.station.here
    with here.blobs.open(recording.packet_id) as packet:
        return inspect(packet, here.identity.signing.public)


def test_a_saved_recording_is_sealed_numbered_queued_and_no_longer_a_draft(counter, operator):
    nik = counter.adults()[0].nik
    recording = counter.station.sittings.save(counter.filled(nik, operator), operator, consent=True)
    here = counter.station.here
    assert recording.number == "317401-01/1/000001"
    assert (recording.nik, recording.operator) == (nik, OPERATOR)
    assert here.drafts.count() == 0
    assert here.line.outbox.unsent()[0] == 1
    (waiting,) = here.line.outbox.waiting(10)
    assert (waiting.packet_id, waiting.size) == (recording.packet_id, recording.size)
    sealed = inspected(counter, recording)
    assert (sealed.packet_id, sealed.size, str(sealed.header.number)) == (
        recording.packet_id,
        recording.size,
        recording.number,
    )
    assert sealed.header.salt == recording.salt


def test_saving_again_answers_with_the_same_recording_and_seals_nothing(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    first = counter.station.sittings.save(sitting_id, operator, consent=True)
    before = packets(counter)
    assert counter.station.sittings.save(sitting_id, operator, consent=True) == first
    counter.restart()
    assert counter.station.sittings.save(sitting_id, counter.sign_in(), consent=True) == first
    assert packets(counter) == before
    assert counter.station.here.recordings.count() == 1


def test_each_packet_names_its_predecessor_and_numbers_follow_without_a_gap(counter, operator):
    recordings = [counter.save(person.nik) for person in counter.adults(3)]
    assert [each.number[-6:] for each in recordings] == ["000001", "000002", "000003"]
    previous = bytes(32)
    for each in recordings:
        header = inspected(counter, each).header
        assert header.previous == previous
        previous = bytes.fromhex(each.packet_id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chain_head SET sequence = 1",
        "UPDATE chain_head SET sequence = 4",
        "UPDATE chain_head SET epoch = 0",
        "DELETE FROM recording",
        "INSERT INTO chain_head VALUES (2, 1, 0, zeroblob(32))",
    ],
)
def test_a_number_is_never_used_again_even_by_hand(counter, operator, statement):
    for person in counter.adults(2):
        counter.save(person.nik)
    with pytest.raises(apsw.ConstraintError), counter.station.here.store.tx() as tx:
        tx.execute(statement)


def test_what_fails_after_the_packet_is_written_leaves_the_draft_and_no_number_used(counter, operator, monkeypatch):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    with counter.station.here.store.tx() as tx:
        tx.execute("CREATE TRIGGER refuse BEFORE INSERT ON template BEGIN SELECT raise(ABORT, 'no room'); END")
    with pytest.raises(apsw.ConstraintError):
        counter.station.sittings.save(sitting_id, operator, consent=True)
    here = counter.station.here
    assert here.recordings.count() == 0
    assert here.line.outbox.waiting(10) == []
    assert here.store.row("SELECT sequence FROM chain_head") == (0,)
    with here.store.tx() as tx:
        tx.execute("DROP TRIGGER refuse")
    assert counter.station.sittings.save(sitting_id, operator, consent=True).number == "317401-01/1/000001"


def test_a_kill_between_the_packet_and_its_row_loses_nothing_and_uses_no_number_twice(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    counter.station.close()
    died = subprocess.run(
        [sys.executable, "-c", DIES_BEFORE_COMMIT, str(counter.folder), sitting_id],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL
    orphans = packets(counter)
    assert len(orphans) == 1
    counter.restart()
    operator = counter.sign_in()
    here = counter.station.here
    assert here.recordings.count() == 0
    assert here.line.outbox.waiting(10) == []
    assert here.drafts.open_sittings()[0].sitting_id == sitting_id
    recording = counter.station.sittings.save(sitting_id, operator, consent=True)
    assert recording.number == "317401-01/1/000001"
    assert recording.packet_id not in orphans
    assert [each.packet_id for each in here.line.outbox.waiting(10)] == [recording.packet_id]


def test_the_packet_is_on_the_medium_before_its_row_says_so(tmp_path):
    disk = RecordingDisk(RealDisk())
    counter = make_counter(tmp_path / "country", disk=disk)
    operator = counter.sign_in()
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    seen = []
    store = counter.station.here.store
    store._connection.set_commit_hook(lambda: bool(seen.append(len(disk.calls))))
    recording = counter.station.sittings.save(sitting_id, operator, consent=True)
    done = [what for what, _name in disk.calls[: seen[-1]]]
    renamed = done.index("rename")
    assert done.index("write") < done.index("fsync file") < renamed
    assert "fsync folder" in done[renamed:]
    assert counter.station.here.blobs.has(recording.packet_id)
    counter.station.close()


def test_exceptions_are_saved_only_with_the_pin_of_the_supervisor_who_confirmed_them(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator, leave=(Slot.parse("finger-3"),))
    counter.station.sittings.except_slot(sitting_id, Slot.parse("finger-3"), ExceptionReason.WORN, SUPERVISOR, "654321")
    with pytest.raises(SupervisorMustSign):
        counter.station.sittings.save(sitting_id, operator, consent=True)
    with pytest.raises(SupervisorMustSign):
        counter.station.sittings.save(sitting_id, operator, supervisor=operator, consent=True)
    recording = counter.station.sittings.save(sitting_id, operator, supervisor=counter.supervisor(), consent=True)
    assert [str(held.slot) for held in counter.station.here.recordings.particulars(recording.packet_id).exceptions] == [
        "finger-3"
    ]


def test_an_unfinished_sitting_is_not_saved_and_an_unknown_one_is_told(counter, operator):
    sitting_id = counter.filled(counter.adults()[0].nik, operator, leave=(Slot.parse("iris-2"),))
    with pytest.raises(IncompleteEnrolment):
        counter.station.sittings.save(sitting_id, operator, consent=True)
    with pytest.raises(UnknownSitting):
        counter.station.sittings.save("0" * 32, operator, consent=True)
    assert packets(counter) == []


def test_a_sitting_does_not_begin_when_the_disks_reserve_is_reached(tmp_path):
    counter = make_counter(tmp_path / "country", reserve_bytes=1 << 60)
    operator = counter.sign_in()
    with pytest.raises(DiskReserveReached):
        counter.station.sittings.open(counter.adults()[0].nik, operator)
    assert counter.station.here.drafts.count() == 0
    counter.station.close()


def test_a_disk_that_fills_up_while_saving_keeps_the_sitting_and_leaves_no_half_packet(tmp_path):
    disk = LimitedDisk(RealDisk(), 1 << 40)
    counter = make_counter(tmp_path / "country", disk=disk)
    operator = counter.sign_in()
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    disk.capacity = 500
    with pytest.raises(StorageError):
        counter.station.sittings.save(sitting_id, operator, consent=True)
    here = counter.station.here
    assert here.recordings.count() == 0
    assert here.drafts.find(sitting_id).problems(OPERATOR) == ()
    disk.capacity = 1 << 40
    recording = counter.station.sittings.save(sitting_id, operator, consent=True)
    assert inspected(counter, recording).packet_id == recording.packet_id
    counter.station.close()
