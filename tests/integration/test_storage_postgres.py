"""The embedded server against real processes: started, killed, orphaned, taken over."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from patience import PATIENCE_S
from rekam.drill.ports import free_port
from rekam.storage.errors import (
    DatabaseCannotStart,
    DatabaseInUse,
    DataFromNewerVersion,
    MissingDatabase,
    ReplicationPortInUse,
)
from rekam.storage.migrations import Migration, MigrationSet, migrate_postgres
from rekam.storage.pool import answers, asking, connect_pool
from rekam.storage.postgres import EmbeddedPostgres, UnsafeFast
from rekam.storage.postmaster import Postmaster
from rekam.storage.replication import Address
from rekam.storage.testing import fresh_database, fresh_pool

OWNER = """
import sys, time, pathlib
from rekam.storage.postgres import EmbeddedPostgres
with EmbeddedPostgres(pathlib.Path(sys.argv[1])) as cluster:
    print(cluster.ensure_database("office"), flush=True)
    time.sleep(3600)
"""
NOTES = MigrationSet("notes", (Migration(1, "notes", "CREATE TABLE note (text text); CREATE TABLE other (n int)"),))


@pytest.fixture(scope="module")
def initialised(tmp_path_factory) -> Path:
    """A cluster's folder after its first start, to be copied: what most tests are about comes later."""
    folder = tmp_path_factory.mktemp("initialised") / "pg"
    EmbeddedPostgres(folder, durability=UnsafeFast).start().stop()
    return folder


@pytest.fixture
def folder(initialised, tmp_path) -> Path:
    return Path(shutil.copytree(initialised, tmp_path / "pg", ignore=shutil.ignore_patterns("socket")))


@pytest.fixture
def start_owner(folder):
    owners = []

    def start() -> tuple[subprocess.Popen, str]:
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        owners.append(owner)
        return owner, owner.stdout.readline().strip()

    yield start
    for owner in owners:
        owner.kill()
        owner.wait()
        owner.stdout.close()
    deadline = time.monotonic() + PATIENCE_S
    while Postmaster(folder / "data").pid() and time.monotonic() < deadline:
        time.sleep(0.05)


def insert(dsn: str, text: str) -> None:
    with psycopg.connect(dsn) as connection:
        migrate_postgres(connection, NOTES)
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY text")]


def ended(data: Path) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if Postmaster(data).pid() is None:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_the_server_ends_with_its_owner_and_the_next_start_has_every_committed_row(start_owner, folder, how):
    owner, dsn = start_owner()
    insert(dsn, "committed")
    owner.send_signal(how)
    owner.wait()
    assert ended(folder / "data")
    with EmbeddedPostgres(folder) as cluster:
        assert notes(cluster.dsn("office")) == ["committed"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the guard's processes in /proc, which Linux has")
def test_a_server_that_outlived_owner_and_guard_is_stopped_by_the_next_start(start_owner, folder):
    owner, dsn = start_owner()
    insert(dsn, "committed")
    orphan = Postmaster(folder / "data").pid()
    guard = int(Path(f"/proc/{orphan}/stat").read_text().rsplit(")", 1)[1].split()[1])
    reader = [int(child) for child in Path(f"/proc/{guard}/task/{guard}/children").read_text().split()]
    for process in (guard, *(child for child in reader if child != orphan)):
        os.kill(process, signal.SIGKILL)
    owner.kill()
    owner.wait()
    time.sleep(0.3)
    assert Postmaster(folder / "data").pid() == orphan
    with EmbeddedPostgres(folder) as cluster:
        assert Postmaster(folder / "data").pid() != orphan
        assert notes(cluster.dsn("office")) == ["committed"]


def test_a_killed_server_recovers_from_its_log(folder):
    with EmbeddedPostgres(folder) as cluster:
        insert(cluster.ensure_database("office"), "committed")
        os.kill(Postmaster(folder / "data").pid(), signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while cluster.running and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not cluster.running
    with EmbeddedPostgres(folder) as cluster:
        assert notes(cluster.dsn("office")) == ["committed"]


def test_a_stale_socket_lock_with_a_reused_process_number_does_not_hinder_the_start(folder):
    cluster = EmbeddedPostgres(folder, durability=UnsafeFast).start()
    lock = folder / "socket" / ".s.PGSQL.5432.lock"
    held = lock.read_text()
    cluster.stop()
    with subprocess.Popen(["sleep", "3600"], user=lock.parent.stat().st_uid) as stranger:
        lock.write_text("\n".join([str(stranger.pid), *held.split("\n")[1:]]))
        with EmbeddedPostgres(folder, durability=UnsafeFast) as again, psycopg.connect(again.dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        stranger.kill()


def test_a_stale_pid_file_with_a_reused_process_number_does_not_hinder_the_start(folder):
    with EmbeddedPostgres(folder) as cluster:
        insert(cluster.ensure_database("office"), "committed")
        pid_file = (folder / "data" / "postmaster.pid").read_text()
    with subprocess.Popen(["sleep", "3600"]) as stranger:
        (folder / "data" / "postmaster.pid").write_text("\n".join([str(stranger.pid), *pid_file.split("\n")[1:]]))
        with EmbeddedPostgres(folder) as cluster:
            assert notes(cluster.dsn("office")) == ["committed"]
            assert stranger.poll() is None
        stranger.kill()


def test_a_second_owner_is_refused_while_the_first_lives(start_owner, folder):
    start_owner()
    with pytest.raises(DatabaseInUse):
        EmbeddedPostgres(folder).start()


def test_folders_above_the_data_stay_as_closed_as_they_were(tmp_path):
    above = tmp_path / "private"
    above.mkdir(mode=0o700)
    with EmbeddedPostgres(above / "pg") as cluster:
        insert(cluster.ensure_database("office"), "written")
        above.chmod(0o700)
        assert notes(cluster.dsn("office")) == ["written"]
    assert above.stat().st_mode & 0o777 == 0o700


def test_a_long_path_still_gets_a_socket(folder):
    far = folder.rename(folder.parent / ("l" * 90))
    with EmbeddedPostgres(far) as cluster:
        insert(cluster.dsn(), "reached")
        outside = Path(psycopg.conninfo.conninfo_to_dict(cluster.dsn())["host"])
        assert outside.is_dir()
    assert not outside.exists()


def test_an_address_for_the_twin_that_another_program_has_is_told_before_anything_starts(folder):
    with socket.create_server(("127.0.0.1", free_port())) as other:
        address = Address(*other.getsockname())
        with pytest.raises(ReplicationPortInUse, match=f"{address}.*--replicate-on"):
            EmbeddedPostgres(folder, durability=UnsafeFast, replicate_on=address).start()
    with EmbeddedPostgres(folder, durability=UnsafeFast, replicate_on=address) as cluster:
        assert cluster.running


def test_why_the_server_ended_is_told_in_its_own_words_and_not_those_of_an_earlier_start(folder):
    control = folder / "data" / "global" / "pg_control"
    whole = control.read_bytes()
    control.unlink()
    with pytest.raises(DatabaseCannotStart, match=r"ended at once: .*pg_control"):
        EmbeddedPostgres(folder, durability=UnsafeFast).start()
    control.write_bytes(whole)
    with pytest.raises(DatabaseCannotStart) as told:
        EmbeddedPostgres(folder, durability={**UnsafeFast, "work_mem": "a lot"}).start()
    assert "pg_control" not in str(told.value)


def test_durability_stays_on_and_nothing_listens_on_the_network(folder):
    with EmbeddedPostgres(folder) as cluster, psycopg.connect(cluster.dsn()) as connection:
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "listen_addresses": "",
            "data_checksums": "on",
        }.items():
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)


def test_a_failing_statement_leaves_no_value_in_the_log(folder):
    with EmbeddedPostgres(folder) as cluster:
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE person (nik text PRIMARY KEY)")
            for _ in range(2):
                try:
                    connection.execute("INSERT INTO person VALUES ('3174015703900001')")
                except psycopg.errors.UniqueViolation as error:
                    refused = error
        assert "3174015703900001" in str(refused)
    log = (folder / "log").read_text()
    assert "duplicate key" in log
    assert "3174015703900001" not in log


def test_an_absent_database_is_told_in_words(tmp_path):
    with pytest.raises(MissingDatabase, match="DATABASE_URL"):
        connect_pool(f"host={tmp_path} dbname=centre", timeout_s=1)


def test_an_address_that_is_none_is_told_in_words():
    with pytest.raises(MissingDatabase):
        connect_pool("postgres//not an address", timeout_s=1)


def test_connections_whose_server_ended_them_cost_a_new_one_and_no_error():
    with fresh_pool(NOTES, max_size=1) as pool:
        for _ in range(3):  # the pool's one connection, ended as a server that is started again ends it
            with pool.connection() as tx:
                mine = tx.info.backend_pid
            with psycopg.connect(pool.conninfo, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 10000)", [mine])
            with pool.connection() as tx:
                assert tx.info.backend_pid != mine
                tx.execute("INSERT INTO note VALUES ('kept')")
        with asking(pool) as connection:
            assert connection.execute("SELECT count(*) FROM note").fetchone() == (3,)


def test_questions_are_a_transaction_each_and_the_connection_is_left_as_it_was():
    with fresh_pool(NOTES, max_size=1) as pool:
        with asking(pool) as connection:
            first, second = (connection.execute("SELECT now()").fetchone() for _ in range(2))
        assert first != second
        with pool.connection() as tx:
            first, second = (tx.execute("SELECT now()").fetchone() for _ in range(2))
        assert first == second
        with pytest.raises(KeyError), asking(pool):
            raise KeyError
        with pool.connection() as tx:
            tx.execute("INSERT INTO note VALUES ('undone')")
            tx.rollback()
        assert answers(pool)
        with asking(pool) as connection:
            assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)


def test_each_test_database_is_fresh_and_migrated():
    for _ in range(2):
        with fresh_pool(NOTES) as pool, pool.connection() as connection:
            assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)
            connection.execute("INSERT INTO note VALUES ('x')")


def test_postgresql_data_of_a_newer_version_are_refused():
    with fresh_database(NOTES) as dsn, psycopg.connect(dsn) as connection:
        migrate_postgres(connection, NOTES)
        with pytest.raises(DataFromNewerVersion):
            migrate_postgres(connection, MigrationSet("notes", ()))
