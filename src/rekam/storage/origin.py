"""Where a cluster's first files come from: made new, or copied from a running server."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from psycopg.conninfo import make_conninfo

from rekam.storage.programs import program
from rekam.storage.replication import STANDBY, Address

__all__ = ["Copied", "Fresh", "Origin"]


class Origin(Protocol):
    """Fills an empty data folder."""

    def command(self, data: Path) -> list[str]:
        """What to run; `data` is the folder to fill."""

    def environment(self) -> Mapping[str, str]:
        """What the command finds in its environment: a password is not for `ps`."""


@dataclass(frozen=True)
class Fresh:
    """A new, empty cluster of `user`'s; `sync` False for throw-away ones."""

    user: str
    sync: bool = True

    def command(self, data: Path) -> list[str]:
        made = [str(program("initdb")), "-D", str(data), "-U", self.user, "--auth=trust", "--encoding=UTF8"]
        made += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return made if self.sync else [*made, "--no-sync"]

    def environment(self) -> Mapping[str, str]:
        return {}


@dataclass(frozen=True)
class Copied:
    """A standby of the server at `address`, which follows it from the start of the copy on."""

    address: Address
    password: str

    def command(self, data: Path) -> list[str]:
        # application_name is what the primary knows its synchronous standby by; -R keeps it for the follower
        source = make_conninfo(
            host=self.address.host, port=self.address.port, user=STANDBY, application_name=STANDBY, connect_timeout=10
        )
        made = [str(program("pg_basebackup")), "-D", str(data), "-d", source]
        return [*made, "-R", "-S", STANDBY, "-X", "stream", "--checkpoint=fast", "--no-password"]

    def environment(self) -> Mapping[str, str]:
        return {"PGPASSWORD": self.password}
