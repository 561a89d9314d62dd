"""A PostgreSQL server of our own: started, guarded and stopped by the process that owns its data folder."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rekam.storage.account import Account, server_account
from rekam.storage.errors import DatabaseCannotStart, DatabaseInUse
from rekam.storage.origin import Fresh, Origin
from rekam.storage.postmaster import Postmaster
from rekam.storage.programs import program
from rekam.storage.replication import REPLICATING, Address, write_access_rules

__all__ = ["DURABLE", "USER", "EmbeddedPostgres", "UnsafeFast"]

DURABLE: Mapping[str, str] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
UnsafeFast: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
"""For throw-away test databases only: a power cut destroys such a database."""

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",  # a socket in a folder of its own, never the network
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "jit": "off",
    # Row values must not reach the log: no statements, no DETAIL ("Key (nik)=(...) already exists").
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
USER: Final = "rekam"
"""The one who owns every database of a cluster of ours; known on the server's socket alone."""
_PORT: Final = 5432
_SOCKET_PATH_LIMIT = 100
"""sockaddr_un holds 104 bytes on macOS and 108 on Linux, the closing zero included."""

# The guard ties the server's life to its owner's: when the owner ends, however it ends, the pipe on file 3 closes,
# `read` returns, and the server is told to shut down, again and again because it is deaf in its first milliseconds.
# Terminal signals do not reach the guard's session; the owner decides.
_GUARD = (
    "exec 3<&0 </dev/null; "
    '"$@" 3<&- & server=$!; '
    'trap "" INT TERM HUP; '
    "( read -r _ <&3; while kill -INT $server 2>/dev/null; do sleep 0.2; done ) & "
    "wait $server"
)


class EmbeddedPostgres:
    """One PostgreSQL cluster in `folder`, for one owning process at a time; several databases fit in it.

    Starts in about a second the first time and less afterwards. Reachable only through a Unix socket in a folder that
    belongs to the server's user; with `replicate_on` a standby that knows the password of the role for it may also
    copy the cluster through that address, and nobody else may do anything there. `origin` fills a folder that holds
    no cluster yet. Whether the owner ends by itself, by a signal or by `kill -9`, the server shuts down with it; one
    that outlived its guard is stopped by the next `start`. Linux and macOS.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durability: Mapping[str, str] = DURABLE,
        origin: Origin | None = None,
        replicate_on: Address | None = None,
    ) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._log = folder / "log"
        self._durability = durability
        self._origin = origin or Fresh(USER, sync=durability["fsync"] == "on")
        self._replicate_on = replicate_on
        self._port = replicate_on.port if replicate_on else _PORT
        self._account: Account = server_account()
        self._guard: subprocess.Popen[bytes] | None = None
        self._owner: IO[str] | None = None
        self._socket: Path | None = None
        self._said_before = 0
        self._stopping = threading.Lock()

    def start(self, *, timeout_s: float = 1800.0) -> Self:
        """Start the server and return when it answers. Raises `DatabaseInUse`, `ReplicationPortInUse`
        or `DatabaseCannotStart`.

        A server that ends is noticed at once; `timeout_s` is for one that reads its log again after a power cut, which
        on a slow disk takes minutes.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_ownership()
        try:
            self._account.own(self.folder)
            self._account.let_pass(program("postgres"))
            Postmaster(self._data).stop_left_over()
            if not (self._data / "PG_VERSION").exists():
                self._initialise()
            if self._replicate_on is not None:
                self._replicate_on.require_free()
            self._socket = self._socket_folder()
            self._said_before = self._log.stat().st_size if self._log.exists() else 0
            self._guard = self._launch(self._socket)
            self._await_answer(self._guard, timeout_s)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Shut down in an orderly way (open transactions roll back) and give the folder free. Safe to call twice."""
        with self._stopping:
            if self._guard is not None:
                if self._guard.stdin is not None:
                    self._guard.stdin.close()
                try:
                    self._guard.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    Postmaster(self._data).stop_left_over()
                    self._guard.wait()
                self._guard = None
            if self._socket is not None and self._socket.parent != self.folder.absolute():
                shutil.rmtree(self._socket, ignore_errors=True)
            if self._owner is not None:
                self._owner.close()
                self._owner = None

    @property
    def running(self) -> bool:
        """Whether the server that this object started still runs."""
        return self._guard is not None and self._guard.poll() is None

    def dsn(self, database: str = "postgres") -> str:
        """The connection string of one of this cluster's databases."""
        if self._socket is None:
            raise RuntimeError("the embedded database was not started")
        return make_conninfo(host=str(self._socket), port=self._port, user=USER, dbname=database)

    def ensure_database(self, name: str, *, template: str | None = None) -> str:
        """Create the database `name` unless it exists (as a copy of `template`), and return its connection string."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                connection.execute(command.format(sql.Identifier(name), sql.Identifier(template or "template1")))
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        """Remove the database `name` and whatever is still connected to it."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_ownership(self) -> None:
        if self._owner is not None:
            raise DatabaseInUse(folder=self.folder)
        owner = (self.folder / "owner.lock").open("a")
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner.close()
            raise DatabaseInUse(folder=self.folder) from error
        self._owner = owner

    def _initialise(self) -> None:
        unfinished = self.folder / "data.new"
        if unfinished.exists():  # the first start was interrupted; nothing can be in it yet
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        self._account.own(unfinished)
        data = self._account.seen_from_within(unfinished.absolute())
        done = subprocess.run(  # type: ignore[call-overload]  # the account's options are a plain mapping
            self._origin.command(data),
            check=False,
            capture_output=True,
            text=True,
            cwd=unfinished,
            env={**os.environ, **self._origin.environment()},
            **self._account.popen_options(),
        )
        if done.returncode != 0:
            raise self._failure(done.stderr.strip() or "the cluster could not be made")
        unfinished.rename(self._data)

    def _socket_folder(self) -> Path:
        inside = self.folder.absolute() / "socket"
        if len(os.fsencode(inside / ".s.PGSQL.65535")) <= _SOCKET_PATH_LIMIT:
            inside.mkdir(exist_ok=True, mode=0o700)
            # left by a server that was killed. PostgreSQL asks whether the process number in the lock file lives,
            # and takes whoever has it by now for a server; our lock and `stop_left_over` know that there is none.
            for stale in inside.glob(".s.PGSQL.*"):
                stale.unlink(missing_ok=True)
        else:
            inside = Path(tempfile.mkdtemp(prefix="rekam-pg-"))
            self._account.let_pass(inside)
        self._account.own(inside)
        return inside

    def _launch(self, socket: Path) -> "subprocess.Popen[bytes]":
        data = self._account.seen_from_within(self._data.absolute())
        if socket.parent == self.folder.absolute():
            socket = Path("..") / socket.name  # from its working directory, the data
        settings = {**_SETTINGS, **self._durability, "unix_socket_directories": str(socket), "port": str(self._port)}
        if self._replicate_on is not None:
            settings |= {"listen_addresses": self._replicate_on.host, **REPLICATING}
            self._account.own_file(write_access_rules(self._data))
        command = [str(program("postgres")), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # as above
                ["/bin/sh", "-c", _GUARD, "rekam-postgres-guard", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._data,
                start_new_session=True,
                **self._account.popen_options(),
            )

    def _await_answer(self, guard: "subprocess.Popen[bytes]", timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                psycopg.connect(self.dsn(), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if guard.poll() is not None:
                    raise self._failure(f"the server ended at once{self._last_words()}") from error
                if time.monotonic() > deadline:
                    raise self._failure(f"no answer within {timeout_s:.0f} s") from error
                time.sleep(0.02)
            else:
                return

    def _last_words(self) -> str:
        """What the server said when it gave up, since its last start; with a colon before it, or nothing."""
        with self._log.open("rb") as log:
            log.seek(self._said_before)
            said = [line for line in log.read().decode(errors="replace").splitlines() if line.strip()]
        fatal = [line for line in said if "FATAL:" in line or "PANIC:" in line]
        return f": {(fatal or said)[-1].strip()}" if said else ""

    def _failure(self, reason: str) -> DatabaseCannotStart:
        return DatabaseCannotStart(folder=self.folder, reason=reason, log=self._log)
