"""Custody: what an office does in the very transaction that records a packet (journey, relay)."""

from rekam.enrolment.status import Status
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.outbox import enqueue
from rekam.exchange.pg.register import Transaction
from rekam.office.sql import QUERIES

__all__ = ["take_into_custody"]


def take_into_custody(tx: Transaction, arrival: Arrival) -> None:
    """The register's `on_arrival`: the packet is queued for the centre, and everybody can see where it is.

    A custody receipt therefore never exists for a packet that nobody would relay.
    """
    enqueue(tx, arrival.packet_id)
    station = arrival.number.station
    row = {"packet_id": arrival.packet_id, "number": str(arrival.number), "station": station}
    tx.execute(QUERIES.take_into_custody, row | {"status": Status.PROCESSING})
