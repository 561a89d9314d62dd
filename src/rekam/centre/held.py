"""What the centre holds of one office's stations, ciphertext only: `HeldOfOffice`."""

from typing import Final

from rekam.centre.sql import VIEWS
from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.held import Held
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobMissing
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.certificates import chain_from_bytes

__all__ = ["HeldOfOffice"]

_LIVES: Final = Queries.load("rekam.centre", "lives.sql")
_PAGE: Final = 100
_PIECE: Final = 1024 * 1024


class HeldOfOffice:
    """`HeldSource` for the office that asks; another office's packet is as unknown as none."""

    def __init__(self, pool: Pool, packets: BlobStore, office: str) -> None:
        self._pool = pool
        self._packets = packets
        self._office = office

    def after(self, arrival: int) -> list[Held]:
        with self._pool.connection() as connection:
            rows = connection.execute(
                VIEWS.held_of_office, {"office": self._office, "after": arrival, "limit": _PAGE}
            ).fetchall()
        return [
            Held(
                at, packet_id, str(PacketNumber(StationId(station), epoch, sequence)), size,
                chain_from_bytes(bytes(chain)), bytes(receipt),
            )
            for at, packet_id, station, epoch, sequence, size, chain, receipt in rows
        ]  # fmt: skip

    def piece(self, packet_id: str, offset: int) -> bytes:
        with self._pool.connection() as connection:
            row = {"office": self._office, "packet_id": packet_id}
            if connection.execute(VIEWS.is_of_office, row).fetchone() is None:
                raise BlobMissing(blob_id=packet_id)
        with self._packets.open(packet_id) as file:
            file.seek(offset)
            return file.read(_PIECE)

    def life(self, least: int) -> int:
        with self._pool.connection() as tx:
            tx.execute(_LIVES.one_at_a_time)
            return int(tx.execute(_LIVES.begin, {"office": self._office, "least": least}).fetchall()[0][0])
