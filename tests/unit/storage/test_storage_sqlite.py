import os
import threading

import apsw
import pytest

from rekam.storage.errors import DataFromNewerVersion, DiskFull, MigrationChanged, WrongDatabaseKey
from rekam.storage.migrations import Migration, MigrationSet, migrate_sqlite
from rekam.storage.sqlite import open_encrypted, transaction

KEY = bytes(range(32))
ONE = Migration(1, "notes", "CREATE TABLE note (text TEXT NOT NULL); CREATE TABLE other (n INTEGER);")
TWO = Migration(2, "when", "ALTER TABLE note ADD COLUMN at INTEGER;")


@pytest.fixture
def database(tmp_path):
    connection = open_encrypted(tmp_path / "station.db", KEY)
    migrate_sqlite(connection, MigrationSet("notes", (ONE,)))
    yield connection
    connection.close()


def notes(connection):
    return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY rowid")]


def test_nothing_readable_reaches_the_disk(database, tmp_path):
    with transaction(database):
        database.execute("INSERT INTO note VALUES ('3174015703900001')")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert len(written) > 4096
    assert b"3174015703900001" not in written
    assert b"CREATE TABLE" not in written
    assert not any(file.read_bytes().startswith(b"SQLite format 3") for file in tmp_path.iterdir())


def test_a_commit_waits_for_the_medium(database):
    assert database.pragma("journal_mode") == "wal"
    assert database.pragma("synchronous") == 2
    assert database.pragma("foreign_keys") == 1


def test_another_key_is_refused_and_the_file_stays_as_it_is(database, tmp_path):
    database.close()
    before = (tmp_path / "station.db").read_bytes()
    with pytest.raises(WrongDatabaseKey):
        open_encrypted(tmp_path / "station.db", os.urandom(32))
    assert (tmp_path / "station.db").read_bytes() == before
    reopened = open_encrypted(tmp_path / "station.db", KEY)
    assert notes(reopened) == []
    reopened.close()


def test_a_short_key_is_refused(tmp_path):
    with pytest.raises(ValueError, match="31 bytes"):
        open_encrypted(tmp_path / "station.db", bytes(31))
    assert not (tmp_path / "station.db").exists()


def test_an_error_takes_back_the_whole_transaction_also_the_nested_part(database):
    def fail():
        with transaction(database):
            database.execute("INSERT INTO note VALUES ('outer')")
            with transaction(database):
                database.execute("INSERT INTO note VALUES ('inner')")
            raise KeyError("outer")

    with pytest.raises(KeyError):
        fail()
    assert notes(database) == []


def test_a_full_disk_is_told_in_words_and_nothing_is_half_written(database):
    database.pragma("max_page_count", database.pragma("page_count") + 2)

    def fill():
        with transaction(database):
            database.execute("INSERT INTO note VALUES ('first')")
            database.execute("INSERT INTO note VALUES (?)", ("x" * 100_000,))

    with pytest.raises(DiskFull):
        fill()
    assert notes(database) == []


def test_threads_take_turns_on_one_connection(database):
    def write(mark):
        for _ in range(20):
            with transaction(database):
                database.execute("INSERT INTO note VALUES (?)", (f"{mark} a",))
                database.execute("INSERT INTO note VALUES (?)", (f"{mark} b",))

    threads = [threading.Thread(target=write, args=(mark,)) for mark in "xyz"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = notes(database)
    assert len(written) == 120
    assert all(first[0] == second[0] for first, second in zip(written[::2], written[1::2], strict=True))


def test_steps_are_applied_once_and_in_order(database):
    for _ in range(2):
        migrate_sqlite(database, MigrationSet("notes", (ONE, TWO)))
    database.execute("INSERT INTO note VALUES ('x', 5)")
    assert database.execute("SELECT family, number, name FROM rekam_migration ORDER BY number").fetchall() == [
        ("notes", 1, "notes"),
        ("notes", 2, "when"),
    ]


def test_data_of_a_newer_version_are_refused_and_left_alone(database):
    migrate_sqlite(database, MigrationSet("notes", (ONE, TWO)))
    with pytest.raises(DataFromNewerVersion, match=r'"notes".*step 2; this version knows 1'):
        migrate_sqlite(database, MigrationSet("notes", (ONE,)))


def test_an_edited_step_is_noticed(database):
    edited = Migration(1, "notes", ONE.sql + "\nDROP TABLE other;")
    with pytest.raises(MigrationChanged):
        migrate_sqlite(database, MigrationSet("notes", (edited,)))
    assert database.execute("SELECT count(*) FROM other").get == 0


def test_a_step_that_fails_leaves_the_database_at_its_old_version(database):
    broken = Migration(2, "broken", "CREATE TABLE fresh (a); CREATE TABLE note (a);")
    with pytest.raises(apsw.SQLError):
        migrate_sqlite(database, MigrationSet("notes", (ONE, broken)))
    assert database.execute("SELECT name FROM sqlite_schema WHERE name = 'fresh'").fetchall() == []
    migrate_sqlite(database, MigrationSet("notes", (ONE, TWO)))


def test_a_gap_in_the_numbers_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="numbered"):
        MigrationSet("notes", (ONE, Migration(3, "late", "SELECT 1")))
