"""What offices hand back to a restored centre, believed by the centre's own signature alone: `Recollection`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rekam.centre.recollection.sql import QUERIES
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.feed import Batch, Entry, EntryKind, office_feed, open_batch
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.register import PgRegister, Transaction
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import Pool
from rekam.trust import cbor, receipts
from rekam.trust.certificates import ChainBroken, chain_from_bytes, chain_to_bytes, verify_chain
from rekam.trust.keys import VerifyKey
from rekam.trust.log.proof import LogProof

__all__ = ["NotRecollecting", "Recollected", "Recollection", "RecollectionIncomplete", "Standing"]

_NAMED: Final = 10


class NotRecollecting(RekamError):
    """This centre was not restored, or has finished: nothing more is taken back. Nothing was changed."""


class RecollectionIncomplete(RekamError):
    """The centre cannot go on yet: {missing} positions of its public log are not here, and {offices} offices have not
    answered. Nothing was changed, nothing is lost. Wait for the offices, or go on without those that are lost
    (--without-offices). The packets must come: {which}. Have each of these stations sign in with a line to its office;
    it offers its packets at its start, and the office hands them on by itself. Then run this again.
    """


@dataclass(frozen=True)
class Standing:
    """For an office: whether anything is wanted, and from which position of the log and entry of its feed on."""

    open: bool
    log_size: int
    feed_end: int


@dataclass
class Recollected:
    """What came back: packets replayed at their old places in the log, entries of feeds, offices that did not answer,
    positions without a packet, and entries of kinds that only people can put right, by kind.
    """

    packets: int = 0
    entries: int = 0
    silent_offices: list[str] = field(default_factory=list)
    missing_positions: list[int] = field(default_factory=list)
    to_look_at: dict[str, int] = field(default_factory=dict)


class Recollection:
    """Takes back, and replays in the order of log and feeds. Every call may be repeated."""

    def __init__(
        self, pool: Pool, packets: BlobStore, register: PgRegister, centre: VerifyKey, root: VerifyKey
    ) -> None:
        self._pool = pool
        self._packets = packets
        self._register = register
        self._centre = centre
        self._root = root

    @property
    def open(self) -> bool:
        with self._pool.connection() as connection:
            return connection.execute(QUERIES.open).fetchone() == (True,)

    def standing(self, office: str) -> Standing:
        """What `office` should hand back."""
        with self._pool.connection() as connection:
            (is_open,) = connection.execute(QUERIES.open).fetchall()[0]
            log_size, feed_end = connection.execute(QUERIES.standing, {"feed": office_feed(office)}).fetchall()[0]
        return Standing(is_open, log_size, feed_end)

    def take_batch(self, data: bytes) -> None:
        """A batch as this centre signed it; its acceptances count as receipts. Raises `FeedUnreadable`."""
        batch = open_batch(data, self._centre)
        with self._taking() as tx:
            row = {"feed": batch.feed, "first": batch.first, "last": batch.last, "data": data}
            tx.execute(QUERIES.keep_batch, row)
            for entry in batch.entries:
                if entry.kind == EntryKind.ACCEPTED:
                    self._keep(tx, _body(entry)["receipt"], None)

    def take_receipt(self, data: bytes, chain: Sequence[bytes]) -> None:
        """A receipt as this centre signed it, with its packet's station. Raises what `receipts.verify` raises; and
        `ChainBroken` for another station's certificates: then the receipt is kept, which stands for itself, and they
        are not.
        """
        receipt, broken = receipts.verify(data, self._centre), None
        try:
            self._check_station(receipt, chain)
        except RekamError as error:
            broken = error
        with self._taking() as tx:
            self._keep(tx, data, chain_to_bytes(chain) if chain and broken is None else None)
        if chain and broken is not None:
            raise broken

    def take_chain(self, packet_id: str, chain: Sequence[bytes]) -> None:
        """The certificates for a packet whose receipt came without it: it had come straight, by courier, and its office
        heard of it from the feed alone. Raises `ChainBroken`.
        """
        with self._taking() as tx:
            row = tx.execute(QUERIES.receipt_of, {"packet_id": packet_id}).fetchone()
            if row is not None:
                self._check_station(receipts.verify(bytes(row[0]), self._centre), chain)
                tx.execute(QUERIES.keep_chain, {"packet_id": packet_id, "chain": chain_to_bytes(chain)})

    def wanted(self, after: int, limit: int = 500) -> list[tuple[int, str]]:
        """Positions after `after`, with their packets, that nobody has brought: for whichever office holds them now."""
        with self._pool.connection() as connection:
            return connection.execute(QUERIES.wanted, {"after": after, "limit": limit}).fetchall()

    def take_piece(self, packet_id: str, offset: int, data: bytes) -> int:
        """The next bytes of a packet; as `Inbox.append`."""
        if not self.open:
            raise NotRecollecting
        return self._packets.append(packet_id, offset, data)

    def offset(self, packet_id: str) -> int:
        """How many bytes of a packet are here."""
        return self._packets.offset(packet_id)

    def done(self, office: str) -> None:
        """An office has handed back all that was wanted."""
        with self._taking() as tx:
            tx.execute(QUERIES.keep_office, {"office": office})

    def _check_station(self, receipt: receipts.Receipt, chain: Sequence[bytes]) -> None:
        """Whether these are the certificates of the station and installation that numbered the packet."""
        leaf, number = verify_chain(chain, self._root)[0], PacketNumber.parse(receipt.number)
        if (leaf.kind, leaf.subject, leaf.epoch) != ("station", str(number.station), number.epoch):
            raise ChainBroken(reason=f"{leaf.kind} {leaf.subject}/{leaf.epoch} where {number} belongs")

    def _taking(self) -> Any:
        if not self.open:
            raise NotRecollecting
        return self._pool.connection()

    def _keep(self, tx: Transaction, data: bytes, chain: bytes | None) -> None:
        receipt = receipts.verify(data, self._centre)
        if receipt.log is None:
            return
        position = LogProof.parse(receipt.log).index
        row = {"position": position, "packet_id": receipt.packet_id, "size": receipt.size}
        tx.execute(QUERIES.keep_receipt, row | {"receipt": data, "chain": chain})

    def replay(self, *, without_offices: bool = False) -> Recollected:
        """Make it all part of this centre again, and end the recollection. Raises `RecollectionIncomplete`."""
        with self._pool.connection() as connection:
            silent = [office for (office,) in connection.execute(QUERIES.offices)]
            kept = connection.execute(QUERIES.receipts).fetchall()
            (size, _) = connection.execute(QUERIES.standing, {"feed": ""}).fetchall()[0]
        found = Recollected(silent_offices=silent)
        wanted = self._end_of_log(kept)
        here = {at: row for at, *row in kept if row[3] is not None and self._packets.offset(row[0]) == row[1]}
        found.missing_positions = [position for position in range(size, wanted) if position not in here]
        if found.missing_positions or (silent and not without_offices):
            which = self._named(found.missing_positions, {at: bytes(row[2]) for at, *row in kept})
            raise RecollectionIncomplete(missing=len(found.missing_positions), offices=len(silent), which=which)
        self._replay_feeds(found)
        for position in range(size, wanted):
            packet_id, _, receipt, chain = here[position]
            self._replay_packet(packet_id, bytes(receipt), chain_from_bytes(bytes(chain)))
            found.packets += 1
        with self._pool.connection() as tx:
            tx.execute(QUERIES.skip_numbers)
            tx.execute(QUERIES.finish)
            tx.execute(QUERIES.begin_anew)
        return found

    def _end_of_log(self, kept: Sequence[tuple[Any, ...]]) -> int:
        """The longest log that any of the receipts speaks of."""
        proofs = (LogProof.parse(receipts.verify(bytes(row[3]), self._centre).log or "") for row in kept)
        return max((proof.index + 1 for proof in proofs), default=0)

    def _named(self, positions: Sequence[int], known: Mapping[int, bytes]) -> str:
        """The first few by the numbers that stations and proofs know them by."""
        numbers = (
            receipts.verify(known[at], self._centre).number if at in known else f"({at})" for at in positions[:_NAMED]
        )
        more = f", +{len(positions) - _NAMED}" if len(positions) > _NAMED else ""
        return (", ".join(numbers) or "-") + more

    def _replay_packet(self, packet_id: str, receipt: bytes, chain: tuple[bytes, ...]) -> None:
        """Recorded as the first time: at the same place of the same log, with the same receipt."""
        key_of = station_key(chain, self._root)
        self._packets.finish(packet_id)
        with self._packets.open(packet_id) as file:
            seen = inspect(file, key_of)
        told = LogProof.parse(receipts.verify(receipt, self._centre).log or "")

        def again(proof: LogProof | None) -> bytes:
            if proof is None or proof.index != told.index or proof.checkpoint.text != told.checkpoint.text:
                raise LogDiffers(position=told.index)
            return receipt

        self._register.record(Arrival(seen.header, packet_id, seen.size, chain), again)

    def _replay_feeds(self, found: Recollected) -> None:
        with self._pool.connection() as tx:
            for feed, data in tx.execute(QUERIES.batches).fetchall():
                batch = open_batch(bytes(data), self._centre)
                (_, end) = tx.execute(QUERIES.standing, {"feed": feed}).fetchall()[0]
                for entry in batch.entries:
                    if entry.n > end:
                        self._replay_entry(tx, batch, entry, found)

    @staticmethod
    def _replay_entry(tx: Transaction, batch: Batch, entry: Entry, found: Recollected) -> None:
        row = {"feed": batch.feed, "n": entry.n, "kind": entry.kind, "body": entry.body}
        if tx.execute(QUERIES.number_entry, row).fetchone() is None:
            tx.execute(QUERIES.put_entry, row)
        found.entries += 1
        fields = _body(entry)
        match entry.kind:
            case EntryKind.ACCEPTED | EntryKind.RESULT | EntryKind.PRINT_ORDER:
                told = {"packet_id": fields["packet_id"], "kind": entry.kind}
                told |= {"status": fields.get("status"), "order": fields.get("order")}
                tx.execute(QUERIES.put_told, told)
            case EntryKind.NOTICE:
                at = {"at": datetime.fromisoformat(fields["at"])} if isinstance(fields["at"], str) else {}
                tx.execute(QUERIES.put_notice, dict(fields) | at)
            case EntryKind.PROGRESS | EntryKind.CARD | EntryKind.WITHHELD:  # offices say it again (`saying_again`)
                pass
            case _:
                found.to_look_at[str(entry.kind)] = found.to_look_at.get(str(entry.kind), 0) + 1


class LogDiffers(RekamError):
    """At position {position} the restored log would not be the one that was published. Nothing more was replayed and
    nothing is served. Keep this folder as it is and call the engineers: the backup or a receipt is not what it seems.
    """


def _body(entry: Entry) -> Mapping[str, Any]:
    fields: Any = cbor.decode(entry.body)
    return fields if isinstance(fields, dict) else {}
