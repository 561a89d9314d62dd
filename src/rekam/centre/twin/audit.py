"""What a centre's database names, against what lies in its stores: `audit`, the closing reconciliation."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from rekam.centre.twin.generations import QUERIES
from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged
from rekam.storage.pool import Pool

__all__ = ["Audit", "audit"]

_READ_AGAIN: Final = 1000
"""So many of the newest packets are read and hashed; of the others name and size are compared, and the background
reading (`rekam.storage.scrub`) comes to them by and by.
"""


@dataclass
class Audit:
    """Figures of one centre. `missing`, `damaged`: packet numbers; `vault_missing`: working copies, which a stage makes
    anew from the packet.
    """

    packets: int = 0
    present: int = 0
    read_again: int = 0
    logged: int = 0
    log_ends: int = 0
    told: int = 0
    vault: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    vault_missing: list[str] = field(default_factory=list)
    feeds_with_gaps: list[str] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        """Every packet is there and stands once in the log and once among the acceptances told (never 2, 4, 13)."""
        whole = not (self.missing or self.damaged or self.vault_missing or self.feeds_with_gaps)
        return whole and self.packets == self.present == self.logged == self.log_ends == self.told

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"adds_up": self.adds_up}


def audit(
    pool: Pool,
    packets: BlobStore,
    vault: BlobStore,
    progress: Callable[[int, int], None] = lambda *_: None,
    *,
    read_all: bool = False,
) -> Audit:
    """Compare rows and files; `progress(done, total)` packets. `read_all` hashes every packet."""
    found = Audit()
    with pool.connection() as connection:
        found.packets, found.logged, found.log_ends, found.told = connection.execute(QUERIES.packets_count).fetchall()[
            0
        ]
        found.feeds_with_gaps = [feed for (feed,) in connection.execute(QUERIES.feed_gaps)]
        with connection.cursor("audit_packets") as rows:
            rows.itersize = 1000
            for done, (packet_id, station, epoch, sequence, size) in enumerate(rows.execute(QUERIES.packets), 1):
                number = str(PacketNumber(StationId(station), epoch, sequence))
                _look_at(found, packets, packet_id, number, size, read=read_all or done <= _READ_AGAIN)
                progress(done, found.packets)
        for (blob,) in connection.execute(QUERIES.vault_blobs):
            found.vault += 1
            if not vault.has(blob):
                found.vault_missing.append(blob)
    return found


def _look_at(found: Audit, packets: BlobStore, packet_id: str, number: str, size: int, *, read: bool) -> None:
    if packets.offset(packet_id) != size or not packets.has(packet_id):
        found.missing.append(number)
        return
    found.present += 1
    if read:
        found.read_again += 1
        try:
            packets.verify(packet_id)
        except BlobDamaged:
            found.damaged.append(number)
