"""Fences in PostgreSQL, for office and centre: `PgFences`. What changes something joins the caller's transaction."""

from dataclasses import replace
from typing import Any, Literal

from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.continuity import Link
from rekam.exchange.fence import Admitted, Fence, Standing, Withheld, judge
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool, asking
from rekam.storage.queries import Queries

__all__ = ["PgFences", "fence_in", "is_stopped", "links_of"]

SQL = Queries.load("rekam.exchange.pg", "fences.sql")


class PgFences:
    """The fences of one place and the packets that wait for them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def arrived(self, tx: Transaction, arrival: Arrival) -> Admitted:
        """To be called in the transaction that records `arrival`, after it is recorded. Nothing is refused."""
        epoch = {"station": str(arrival.number.station), "epoch": arrival.number.epoch}
        tx.execute(SQL.lock_shared, epoch)
        fence = _fence(tx, epoch)
        if fence is None:
            return Admitted()
        standing, proved = Standing.BEYOND, tuple[str, ...]()
        if arrival.number.sequence <= fence.after:
            tx.execute(SQL.lock_chain, epoch)
            vouched = tx.execute(SQL.is_held, epoch | {"packet_id": arrival.packet_id}).fetchone() is not None
            if vouched and tx.execute(SQL.unproved, epoch).fetchone() is None:
                return Admitted()
            said = judge(fence, _links(tx, epoch))  # walks the epoch; only what no office held before comes here
            standing = Standing.BELIEVED if vouched else said[arrival.packet_id]
            proved = _prove(tx, epoch, said)
        if standing is Standing.BELIEVED or self.withhold(tx, arrival.packet_id, standing) == "released":
            return Admitted(proved=proved)
        return Admitted(fence, standing, proved)

    def raised(self, tx: Transaction, fence: Fence) -> list[tuple[str, Standing]] | None:
        """Put `fence` up; the packets here that it withholds. None where the epoch has one: the first one stands.

        What came before it and only lacks proof is left alone: it was believed when it came.
        """
        epoch = {"station": fence.station, "epoch": fence.epoch}
        tx.execute(SQL.lock, epoch)
        row = {**fence.__dict__, "held": sorted(fence.held)}
        if not tx.execute(SQL.put, row).rowcount:
            return None
        tx.execute(SQL.put_held, row)
        withheld: list[tuple[str, Standing]] = [
            (packet_id, standing)
            for packet_id, standing in judge(fence, _links(tx, epoch)).items()
            if standing in {Standing.BEYOND, Standing.OFF_CHAIN}
        ]
        for packet_id, standing in withheld:
            self.withhold(tx, packet_id, standing)
        return withheld

    def decide(
        self, tx: Transaction, packet_id: str, verdict: Literal["released", "rejected"], *, by: str, note: str
    ) -> bool:
        """Note people's verdict; False when there is nothing (left) to decide. The database asks for who and why."""
        row = {"packet_id": packet_id, "verdict": verdict, "by": by, "note": note}
        return tx.execute(SQL.decide, row).fetchone() is not None

    def withhold(self, tx: Transaction, packet_id: str, standing: Standing) -> str:
        """Keep a packet waiting that is here; the verdict that stands on it, "" for none: it may have come before."""
        tx.execute(SQL.withhold, {"packet_id": packet_id, "standing": standing})
        tx.execute(SQL.apply_verdict, {"packet_id": packet_id})
        return self.verdict(tx, packet_id)

    def withhold_known(self, tx: Transaction, packet_id: str, standing: Standing) -> None:
        """The same, said elsewhere of a packet that may not have come here: then nothing is made of it here anyway."""
        if tx.execute(SQL.is_here, {"packet_id": packet_id}).fetchone() is not None:
            self.withhold(tx, packet_id, standing)

    def verdict(self, tx: Transaction, packet_id: str) -> str:
        """The verdict on a packet that is or was withheld here; "" for none."""
        row = tx.execute(SQL.verdict_of, {"packet_id": packet_id}).fetchone()
        return str(row[0]) if row else ""

    def judged(
        self, tx: Transaction, packet_id: str, verdict: Literal["released", "rejected"], *, by: str, note: str
    ) -> None:
        """Note a verdict of people elsewhere, also of a packet that has not come here yet: then it counts when it
        comes.
        """
        if not self.decide(tx, packet_id, verdict, by=by, note=note):
            tx.execute(SQL.keep_verdict, {"packet_id": packet_id, "verdict": verdict, "by": by, "note": note})

    def stands(self, tx: Transaction, station: str, epoch: int) -> bool:
        """Whether the epoch has its fence; where it has none, nobody else raises it until the transaction ends."""
        row = {"station": station, "epoch": epoch}
        tx.execute(SQL.lock, row)
        return tx.execute(SQL.fence_of, row).fetchone() is not None

    def links(self, tx: Transaction, station: str, epoch: int) -> list[Link]:
        """What of an epoch is here, locked against arrivals until the transaction ends."""
        row = {"station": station, "epoch": epoch}
        tx.execute(SQL.lock, row)
        return _links(tx, row)

    def fence_of(self, station: str, epoch: int) -> Fence | None:
        """The fence on an epoch of a station, without the packets it names; None while its key is believed."""
        with asking(self._pool) as connection:
            return fence_in(connection, station, epoch)

    def fences(self) -> list[Fence]:
        """All of them, newest first, without the packets they name."""
        with self._pool.connection() as connection:
            return [Fence(*row) for row in connection.execute(SQL.fences)]

    def withheld(self, packet_id: str) -> Withheld | None:
        """One packet, if a fence withholds or withheld it."""
        with self._pool.connection() as connection:
            row = connection.execute(SQL.withheld, {"packet_id": packet_id}).fetchone()
        return _withheld(row) if row else None

    def stopped(self, packet_id: str) -> bool:
        """Whether nothing may be made of a packet here: a fence withholds it, or people rejected it."""
        with self._pool.connection() as connection:
            return is_stopped(connection, packet_id)

    def all_withheld(self, limit: int = 500) -> list[Withheld]:
        """Those that wait first, oldest first."""
        with self._pool.connection() as connection:
            return [_withheld(row) for row in connection.execute(SQL.all_withheld, {"limit": limit})]


def fence_in(tx: Transaction, station: str, epoch: int) -> Fence | None:
    """`PgFences.fence_of` in the caller's transaction."""
    row = tx.execute(SQL.fence_of, {"station": station, "epoch": epoch}).fetchone()
    return Fence(*row) if row else None


def is_stopped(tx: Transaction, packet_id: str) -> bool:
    """`PgFences.stopped` in the caller's transaction."""
    return tx.execute(SQL.stopped, {"packet_id": packet_id}).fetchone() is not None


def _fence(tx: Transaction, epoch: dict[str, Any]) -> Fence | None:
    row = tx.execute(SQL.fence_of, epoch).fetchone()
    if row is None:
        return None
    held = frozenset(packet_id for (packet_id,) in tx.execute(SQL.held, epoch))
    return replace(Fence(*row), held=held)


def links_of(tx: Transaction, station: str, epoch: int) -> list[Link]:
    """What of an epoch is here."""
    return _links(tx, {"station": station, "epoch": epoch})


def _links(tx: Transaction, epoch: dict[str, Any]) -> list[Link]:
    return [Link(*row) for row in tx.execute(SQL.links, epoch)]


def _prove(tx: Transaction, epoch: dict[str, Any], said: dict[str, Standing]) -> tuple[str, ...]:
    waiting = [packet_id for (packet_id,) in tx.execute(SQL.unproved, epoch)]
    proved = tuple(packet_id for packet_id in waiting if said[packet_id] is Standing.BELIEVED)
    for packet_id in proved:
        tx.execute(SQL.decide, {"packet_id": packet_id, "verdict": "proved", "by": "", "note": ""})
    return proved


def _withheld(row: tuple[Any, ...]) -> Withheld:
    packet_id, station, epoch, sequence, standing, *rest = row
    return Withheld(packet_id, str(PacketNumber(StationId(station), epoch, sequence)), Standing(standing), *rest)
