"""Intake: what happens at the centre in the very transaction that accepts a packet (journey step 13)."""

from rekam.centre.results import FeedAppender
from rekam.centre.sql import QUERIES
from rekam.exchange.feed import EntryKind, office_feed
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.register import ArrivalHook, Transaction
from rekam.trust import cbor

__all__ = ["Intake"]


class Intake:
    """The register's `on_arrival`: opens the case in its first stage and tells the office's feed.

    Admission never depends on how far the stages are: nothing here looks at them.
    """

    def __init__(self, feed: FeedAppender, first_stage: str, then: ArrivalHook = lambda _tx, _arrival: None) -> None:
        """`then` looks at the accepted packet in the same transaction: a fence may make it wait (`centre.fencing`)."""
        self._feed = feed
        self._first_stage = first_stage
        self._then = then

    def __call__(self, tx: Transaction, arrival: Arrival) -> None:
        station = arrival.number.station
        row = {"packet_id": arrival.packet_id, "number": str(arrival.number)}
        with tx.pipeline():
            tx.execute(QUERIES.open_case, row | {"station": station, "office": station.office})
            tx.execute(QUERIES.enter_first_stage, {"packet_id": arrival.packet_id, "stage": self._first_stage})
            receipt, at = tx.execute(QUERIES.acceptance, {"packet_id": arrival.packet_id}).fetchall()[0]
        body = row | {"receipt": bytes(receipt), "at": at.isoformat()}
        self._feed.append(tx, office_feed(station.office), EntryKind.ACCEPTED, cbor.encode(body))
        self._then(tx, arrival)
