"""A copy of a running cluster as files: taken, read back, and laid out where a server starts from it."""

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rekam.storage.account import server_account
from rekam.storage.errors import StorageError
from rekam.storage.programs import program

__all__ = ["CopyDamaged", "CopyFailed", "copy_running", "lay_out", "verify_copy"]


class CopyFailed(StorageError):
    """The database could not be copied: {reason}. Earlier backups are as they were. Mend the cause and try again."""


class CopyDamaged(StorageError):
    """The copy of the database in {folder} is not as it was written: {reason}. Nothing was restored from it.
    Use an earlier backup, or one on another disk.
    """


def copy_running(dsn: str, target: Path) -> None:
    """Copy the cluster that `dsn` reaches to the new folder `target`, with the log that makes it consistent.

    The server goes on meanwhile. Every file's SHA-256 stands in `backup_manifest`. Raises `CopyFailed`.
    """
    facts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if name != "dbname"}
    command = [str(program("pg_basebackup")), "-D", str(target), "-d", make_conninfo("", **facts), "-X", "stream"]
    command += ["--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise CopyFailed(reason=" ".join(done.stderr.split()) or f"exit status {done.returncode}")
    (target / "pg_hba.conf").chmod(0o600)


def verify_copy(folder: Path) -> None:
    """Read every file of a copy again and compare it with the manifest. Raises `CopyDamaged`."""
    command = [str(program("pg_verifybackup")), "--no-parse-wal", "--quiet", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise CopyDamaged(folder=folder, reason=" ".join(done.stderr.split())[:300])


def lay_out(copy: Path, cluster: Path) -> None:
    """Make `copy` the data of the new cluster folder `cluster`, durably; `EmbeddedPostgres(cluster)` starts from it."""
    data = cluster / "data"
    cluster.mkdir(parents=True)
    shutil.copytree(copy, data, symlinks=True)
    # settings of the machine that was copied: a twin that it waited for, a source that it followed
    (data / "postgresql.auto.conf").write_text("")
    for path in [data, *data.rglob("*")]:
        if path.is_file() or path.is_dir():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    data.chmod(0o700)
    server_account().own(cluster)
