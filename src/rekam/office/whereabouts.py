"""What is where: stations, packets by status, one packet's history, for pages and checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rekam.enrolment.status import Status
from rekam.office.errors import PacketUnknown
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool

__all__ = ["Held", "Packet", "StationLine", "StatusCount", "Told", "Whereabouts"]


@dataclass(frozen=True)
class StationLine:
    """One station as this office sees it. `unsent`: packets the centre has not accepted, the oldest `oldest_s` seconds
    old; `missing`: sequence numbers below its highest that have not come; `forks`: packets that share a number.
    """

    station: str
    packets: int
    unsent: int
    oldest_s: float | None
    newest: datetime
    missing: int
    forks: int


@dataclass(frozen=True)
class StatusCount:
    """How many packets stand at `status`, the longest since `oldest`."""

    status: Status
    packets: int
    oldest: datetime


@dataclass(frozen=True)
class Packet:
    """One packet and where it stands."""

    packet_id: str
    number: str
    station: str
    status: Status
    reason: str
    at: datetime


@dataclass(frozen=True)
class Held(Packet):
    """A packet with what this office did: None where it never lay here, or the centre has not accepted it."""

    received_at: datetime | None
    size: int | None
    accepted_at: datetime | None


@dataclass(frozen=True)
class Told:
    """One word of the centre about a packet; `status` and `at` are missing for a print order."""

    entry: int
    kind: str
    status: str
    reason: str
    at: datetime | None


_ORDER: Sequence[Status] = tuple(Status)


class Whereabouts:
    """Reads only."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def stations(self) -> list[StationLine]:
        """All that ever sent, by id."""
        with self._pool.connection() as connection:
            return [StationLine(*row) for row in connection.execute(QUERIES.stations)]

    def by_status(self) -> list[StatusCount]:
        """In the order of the journey."""
        with self._pool.connection() as connection:
            found = [StatusCount(Status(row[0]), row[1], row[2]) for row in connection.execute(QUERIES.by_status)]
        return sorted(found, key=lambda line: _ORDER.index(line.status))

    def packets(self, *, status: str = "", station: str = "", number: str = "", limit: int = 200) -> list[Packet]:
        """Oldest first; an empty text leaves its column open."""
        asked = {"status": status, "station": station, "number": number, "limit": limit}
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.packets, asked).fetchall()
        return [Packet(row[0], row[1], row[2], Status(row[3]), row[4], row[5]) for row in rows]

    def packet(self, packet_id: str) -> tuple[Held, list[Told]]:
        """One packet and all that the centre told of it. Raises `PacketUnknown`."""
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.packet, {"packet_id": packet_id}).fetchone()
            if row is None:
                raise PacketUnknown
            told = [Told(*line) for line in connection.execute(QUERIES.history, {"packet_id": packet_id})]
        return Held(row[0], row[1], row[2], Status(row[3]), *row[4:]), told

    def doubled(self) -> list[str]:
        """Packets of which the centre told a second result or print order (never 4)."""
        with self._pool.connection() as connection:
            return [row[0] for row in connection.execute(QUERIES.doubled)]
