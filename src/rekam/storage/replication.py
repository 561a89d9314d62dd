"""Streaming replication of an embedded cluster: one standby, who may copy and how far it has come."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import psycopg
from psycopg import sql

from rekam.storage.errors import NotAnAddress, ReplicationPortInUse
from rekam.storage.whole_file import write_whole

__all__ = [
    "REPLICATING",
    "STANDBY",
    "Address",
    "admit_standby",
    "promote",
    "receive_replayed",
    "synchronous",
    "write_access_rules",
]

STANDBY: Final = "rekam_twin"
"""Role, replication slot and application name of the one standby."""

REPLICATING: Final[Mapping[str, str]] = {
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_replication_slots": "4",
    # A standby that stays away keeps so much log back for its return; beyond it, it copies the cluster anew.
    "max_slot_wal_keep_size": "16GB",
    # A line that is dead without a word is noticed after so long.
    "wal_sender_timeout": "10s",
    "wal_receiver_timeout": "10s",
}

_ACCESS: Final = f"""# Written by Rekam at each start (docs/adr/0033).
# Everything goes through the socket of the server's own user;
# through the network one role may copy the cluster, with a password, and do nothing else.
local all         all        trust
local replication all        trust
host  replication {STANDBY} all scram-sha-256
"""


@dataclass(frozen=True)
class Address:
    """A host and a port of the network."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """``10.1.2.3:5433``. Raises `NotAnAddress`."""
        host, _, port = text.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise NotAnAddress(text=text)
        return cls(host, int(port))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def require_free(self) -> None:
        """Raises `ReplicationPortInUse`. What else is wrong with the address the server tells itself."""
        family, kind, protocol, _, place = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(place)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise ReplicationPortInUse(address=self) from None


def write_access_rules(data: Path) -> Path:
    """Replaces who may connect to the cluster in `data`; returns the file."""
    write_whole(data / "pg_hba.conf", _ACCESS.encode())
    return data / "pg_hba.conf"


def admit_standby(connection: psycopg.Connection[Any], password: str) -> None:
    """Makes role and slot of the standby unless they are there. The slot keeps the log that it has not taken yet."""
    with connection.transaction():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [STANDBY]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        command = sql.SQL("{} ROLE {} LOGIN REPLICATION PASSWORD {}")
        connection.execute(command.format(verb, sql.Identifier(STANDBY), sql.Literal(password)))
    connection.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
        " WHERE slot_name = %s AND wal_status = 'lost' AND NOT active",
        [STANDBY],
    )
    if connection.execute("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", [STANDBY]).fetchone() is None:
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [STANDBY])


def synchronous(connection: psycopg.Connection[Any], wanted: bool) -> None:  # noqa: FBT001  # on or off
    """Whether a commit here waits until the standby has it on its disk, too. `connection` is in autocommit."""
    names = sql.Literal(STANDBY if wanted else "")
    connection.execute(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(names))
    connection.execute("SELECT pg_reload_conf()")


def receive_replayed(connection: psycopg.Connection[Any]) -> tuple[int, int]:
    """At a standby: how far the log was received and how far it was replayed, bytes since its beginning."""
    row = connection.execute(
        "SELECT coalesce(pg_last_wal_receive_lsn(), '0/0') - '0/0', coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0'"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def promote(connection: psycopg.Connection[Any], timeout_s: int = 60) -> bool:
    """At a standby: replays all that it has received, then is a primary, with a history of its own from there on."""
    row = connection.execute("SELECT pg_promote(true, %s)", [timeout_s]).fetchone()
    return bool(row and row[0])
