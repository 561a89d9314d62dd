"""Numbered SQL steps beside the package that owns the tables, applied once and never edited."""

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from rekam.storage.errors import DataFromNewerVersion, MigrationChanged
from rekam.storage.sqlite import EncryptedConnection, transaction

if TYPE_CHECKING:
    import psycopg

__all__ = ["Migration", "MigrationSet", "migrate_postgres", "migrate_sqlite"]

_FILE = re.compile(r"(\d{4})_(\w+)\.sql")
_LOCK = 0x72656B616D  # "rekam": one process migrates a database at a time

_TABLE = """
CREATE TABLE IF NOT EXISTS rekam_migration (
    family text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (family, number)
)
"""


@dataclass(frozen=True)
class Migration:
    """One step: `0003_receipts.sql` is number 3, named "receipts"."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Fingerprint of the step's text, kept in the database."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True)
class MigrationSet:
    """All steps of one package, numbered from 1 without gaps."""

    family: str
    steps: tuple[Migration, ...]

    @classmethod
    def load(cls, package: str, folder: str = "migrations") -> "MigrationSet":
        """Read `folder` in `package`, for instance `MigrationSet.load("rekam.centre")`."""
        found = [
            Migration(int(match[1]), match[2], file.read_text(encoding="utf-8"))
            for file in files(package).joinpath(folder).iterdir()
            if (match := _FILE.fullmatch(file.name))
        ]
        return cls(package, tuple(sorted(found, key=lambda step: step.number)))

    def __post_init__(self) -> None:
        if [step.number for step in self.steps] != list(range(1, len(self.steps) + 1)):
            raise ValueError(f"the steps of {self.family} are not numbered 1, 2, 3, ...")

    def missing(self, applied: dict[int, str]) -> tuple[Migration, ...]:
        """The steps that a database with the steps `applied` (number to SHA-256) still needs."""
        newest = max(applied, default=0)
        if newest > len(self.steps):
            raise DataFromNewerVersion(family=self.family, found=newest, known=len(self.steps))
        for step in self.steps[:newest]:
            if applied.get(step.number) != step.sha256:
                raise MigrationChanged(family=self.family, number=step.number)
        return self.steps[newest:]


def migrate_postgres(connection: "psycopg.Connection", *families: MigrationSet) -> None:
    """Bring a PostgreSQL database up to date, in the order given, all in one transaction."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(_TABLE)
        for family in families:
            rows = connection.execute(
                "SELECT number, sha256 FROM rekam_migration WHERE family = %s", [family.family]
            ).fetchall()
            for step in family.missing(dict(rows)):
                connection.execute(step.sql.encode())
                connection.execute(
                    "INSERT INTO rekam_migration (family, number, name, sha256) VALUES (%s, %s, %s, %s)",
                    [family.family, step.number, step.name, step.sha256],
                )


def migrate_sqlite(connection: EncryptedConnection, *families: MigrationSet) -> None:
    """Bring a SQLite database up to date, in the order given, all in one transaction."""
    with transaction(connection):
        connection.execute(_TABLE)
        for family in families:
            rows = connection.execute(
                "SELECT number, sha256 FROM rekam_migration WHERE family = ?", (family.family,)
            ).fetchall()
            for step in family.missing({int(number): str(digest) for number, digest in rows}):  # type: ignore[arg-type]  # apsw rows are untyped
                connection.execute(step.sql)
                connection.execute(
                    "INSERT INTO rekam_migration (family, number, name, sha256) VALUES (?, ?, ?, ?)",
                    (family.family, step.number, step.name, step.sha256),
                )
