"""What goes wrong at a centre: killed workers, damaged disks, galleries lost, a database that goes away."""

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager

import psycopg
import pytest

from centre_desk import similar, spoil, spoiled
from centre_examples import CENTRE_FACTS, OFFICE, SECRETS, open_centre, resident, town
from patience import PATIENCE_S
from rekam.apps.place_file import write_place
from rekam.centre.queue import PAUSES
from rekam.centre.verdict import Queue
from rekam.storage.pool import connect_pool
from rekam.trust import keyfile

SITI, DEWI, RINI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI"), resident(3, "RINI WULANDARI")
ALONE = "SELECT pg_advisory_lock(%s, %s)", [0x72656B61, 6]  # what a worker takes before it searches


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI, RINI) as here:
        yield here


def one(here, sql, *parameters):
    with here.centre.pool.connection() as connection:
        return connection.execute(sql, parameters).fetchone()


def until(here, sql):
    """Waits until `sql` gives a row."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if row := one(here, sql):
            return row
        time.sleep(0.05)
    raise AssertionError(f"never true: {sql}")


def expire_leases(here):
    with here.centre.pool.connection() as connection:
        connection.execute("UPDATE packet_stage SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL")
        return here.centre.queue.reap(connection)


@contextmanager
def worker_process(here, folder):
    """`rekam centre work`, as the centre starts it."""
    keyfile.save(folder / "centre.keys", SECRETS)
    write_place(here.centre.folder, CENTRE_FACTS)
    command = [sys.executable, "-m", "rekam.apps.cli", "centre", "work", "--data", str(here.centre.folder)]
    command += ["--keys", str(folder / "centre.keys")]
    environment = os.environ | {"DATABASE_URL": here.centre.pool.conninfo}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before the search", "before the commit"])
def test_a_worker_killed_in_mid_stage_leaves_nothing_behind_and_nothing_twice(here, tmp_path, moment):
    packet = here.record(SITI, 1)
    with psycopg.connect(here.centre.pool.conninfo) as blocking, worker_process(here, tmp_path) as process:
        blocking.execute(*ALONE)
        until(here, "SELECT 1 FROM packet_stage WHERE stage = 'uniqueness' AND token IS NOT NULL")
        if moment == "before the commit":
            blocking.execute("SELECT 1 FROM packet_stage FOR UPDATE")
            blocking.execute("SELECT pg_advisory_unlock(%s, %s)", ALONE[1])
            until(here, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'FOR UPDATE;?$'")
        process.kill()
        process.wait()
    assert one(here, "SELECT count(*) FROM gallery_entry") == (0,)
    assert here.work() == 0, "its lease still holds"
    assert expire_leases(here) == [packet]
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"
    for table in ("result", "print_order", "gallery_entry", "person"):
        assert one(here, f"SELECT count(*) FROM {table}") == (1,), table
    assert here.centre.counts().adds_up


def test_a_case_whose_workers_die_again_and_again_goes_to_quarantine(here):
    packet = here.record(SITI, 1)
    for _ in range(len(PAUSES)):
        with here.centre.pool.connection() as connection:
            assert here.centre.queue.claim(connection)
        assert expire_leases(here) == [packet]
        assert here.status(packet) == "RECEIVED_AT_CENTRAL"
    with here.centre.pool.connection() as connection:
        here.centre.queue.claim(connection)
    expire_leases(here)
    [held] = here.centre.casebook.waiting_in(Queue.QUARANTINE)
    assert "4 kali berturut-turut" in held.told
    here.centre.quarantine.release(packet, staff="pusat", note="memori ditambah")
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"


def test_a_gallery_folder_that_was_deleted_is_rebuilt_from_the_vault(here):
    here.record(SITI, 1)
    here.work()
    here.centre.close()
    shutil.rmtree(here.centre.folder / "gallery")
    second = here.record(DEWI, 1, impression=1)
    here.work()
    assert here.status(second) == "DUPLICATE_RECORD"


def test_a_damaged_gallery_is_put_aside_and_rebuilt(here):
    here.record(SITI, 1)
    here.work()
    here.centre.close()
    [log] = (here.centre.folder / "gallery").glob("*.log")
    log.write_bytes(b"no gallery at all" * 100)
    second = here.record(DEWI, 1, impression=1)
    here.work()
    assert here.status(second) == "DUPLICATE_RECORD"
    assert (here.centre.folder / "gallery.damaged-1" / log.name).exists()


def test_a_gallery_entry_that_was_never_committed_is_forgotten(here):
    here.record(SITI, 1)
    here.work()
    with here.centre.pool.connection() as connection:
        connection.execute("DELETE FROM gallery_entry")
    here.centre.close()
    second = here.record(DEWI, 1, impression=1)
    here.work()
    assert here.status(second) == "PRINT_READY_RECORD"


def test_a_second_worker_leaves_the_search_to_the_one_that_holds_the_gallery(here):
    here.record(SITI, 1)
    here.work()
    other = open_centre(here.centre.pool, here.centre.folder)
    packet = here.record(DEWI, 2)
    other.worker().run_until_idle()
    page = here.centre.casebook.page(packet)
    assert (page.stage, page.attempts, page.last_error) == ("uniqueness", 0, "")
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"


def test_bytes_that_went_bad_on_the_centres_disk_are_no_reason_to_reject_a_resident(here):
    packet = spoiled(here, SITI, 1)
    assert here.status(packet) == "QUARANTINED"
    assert "rusak di disk" in here.centre.casebook.page(packet).last_error
    counts = here.centre.counts()
    assert (counts.quarantined, counts.waiting, counts.adds_up) == (1, 0, True)
    spoil(here, packet)
    here.centre.quarantine.release(packet, staff="pusat", note="cakram diganti", from_first=True)
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"


def test_a_working_copy_that_was_lost_is_made_anew_from_the_sealed_packet(here):
    packet = here.record(SITI, 1)
    for _ in range(3):
        here.centre.worker().run_once()
    with here.centre.pool.connection() as connection:
        connection.execute("DELETE FROM working_copy")
        connection.execute("UPDATE packet_stage SET attempts = 3")
    here.work()
    assert here.status(packet) == "QUARANTINED"
    here.centre.quarantine.release(packet, staff="pusat", from_first=True)
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"


def test_an_office_that_is_not_known_yet_holds_its_packets_in_quarantine_until_it_is(here):
    with here.centre.pool.connection() as connection:
        connection.execute("DELETE FROM office")
    packet = here.record(SITI, 1)
    for _ in range(7):
        here.centre.worker().run_once()
    with here.centre.pool.connection() as connection:
        connection.execute("UPDATE packet_stage SET attempts = 3")
    here.work()
    assert here.status(packet) == "QUARANTINED"
    assert one(here, "SELECT count(*) FROM result") == (0,)
    here.centre.admit_office(OFFICE.holder.chain)
    here.centre.quarantine.release(packet, staff="pusat")
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"


def test_a_worker_outlives_a_database_that_goes_away(here):
    """Every connection that the worker has is cut, again and again; at the end its work is done, once."""
    packet = here.record(SITI, 1)
    stop = threading.Event()
    thread = threading.Thread(target=here.centre.worker().run, args=(stop,))
    thread.start()
    with psycopg.connect(here.centre.pool.conninfo, autocommit=True) as cutting:
        for _ in range(20):
            cutting.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            time.sleep(0.05)
        # what was at hand when its connection was cut comes back when its lease has run out; here at once
        cutting.execute("UPDATE packet_stage SET ready_at = now(), lease_until = lease_until - interval '1 min'")
    until(here, "SELECT 1 FROM enrolment_case WHERE status = 'PRINT_READY_RECORD'")
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert here.status(packet) == "PRINT_READY_RECORD"
    assert one(here, "SELECT count(*) FROM print_order") == (1,)


@pytest.fixture
def narrow(here):
    """The same centre, as a worker that may have one connection."""
    pool = connect_pool(here.centre.pool.conninfo, max_size=1)
    yield open_centre(pool, here.centre.folder)
    pool.close()


def test_a_worker_never_takes_a_second_connection_beside_one_that_it_holds(here, narrow):
    first, second = here.record(SITI, 1), here.record(DEWI, 1, impression=1)
    narrow.snapshots.publish()
    worker = narrow.worker()
    worker.look_around()
    worker.run_until_idle()
    narrow.close()
    assert sorted(here.status(packet) for packet in (first, second)) == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"]
    assert one(here, "SELECT max(attempts) FROM packet_stage") == (None,), "no stage was tried twice"
    narrow.snapshots.publish_delta()


def test_as_many_workers_as_connections_do_not_wait_for_one_another_for_ever(here):
    """One waits for its turn to search while the other computes."""
    packets = [here.record(SITI, 1), here.record(DEWI, 2)]
    stop = threading.Event()
    with closing(connect_pool(here.centre.pool.conninfo, max_size=2)) as pool:
        centre = open_centre(pool, here.centre.folder)
        workers = [threading.Thread(target=centre.worker().run, args=(stop,), daemon=True) for _ in range(2)]
        try:
            for each in workers:
                each.start()
            for packet in packets:
                printed = f"SELECT 1 FROM print_order WHERE packet_id = '{packet}'"
                until(here, printed)
        finally:
            stop.set()
        for each in workers:
            each.join(PATIENCE_S)
        centre.close()
    assert here.centre.counts().done == len(packets)


def test_a_case_for_experts_survives_a_new_start(here):
    packet = similar(here, SITI, DEWI, 1)
    here.centre.close()
    again = open_centre(here.centre.pool, here.centre.folder)
    assert [case.packet_id for case in again.adjudication.work_list("ahli-1")] == [packet]
