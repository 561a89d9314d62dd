"""Sealed packets that a power cut left without their row: `put_unsaved_aside`, `never_saved`.

Saving writes the packet's file and then, in one transaction, its row and the head of the chain (journey, steps 5, 6).
Cut in between, a whole and genuine packet lies here that no screen called "saved"; its sitting is still a draft, and is
saved again under the same number. If somebody carried the first file to the office later, it would look like a fork.

What decides is the chain: head and row move in one transaction, so the direct successor of the head that stands in no
row was not saved as far as this store knows. A store that was set back (a disk that lied about its fsyncs, a copied
file) shows the same of the one recording that it forgot; but then it has that sitting as a draft again, too, and nobody
is lost. So a draft must be there, and nothing may show that the chain once went further: else nothing is moved. Nothing
is ever deleted, and in doubt a packet is carried: a false alarm costs people a look, a lost recording a second visit.
"""

from collections.abc import Iterator
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.remembered import NumberTakenTwice, OlderThanKnown
from rekam.packet.header import Header
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.station.own_past import kept_trouble
from rekam.station.store import StationStore
from rekam.storage.blobs import BlobStore

__all__ = ["UNSAVED", "never_saved", "put_unsaved_aside"]

UNSAVED: Final = "unsaved"
"""The folder beside the packets; what is in it is not sent."""
_log = structlog.get_logger("rekam.station")


def put_unsaved_aside(store: StationStore, blobs: BlobStore) -> tuple[str, ...]:
    """To be called when the store was opened, before anything is saved: the ids of the packets that were moved away.

    Never keeps anybody from signing in: what cannot be read stays where it is.
    """
    if isinstance(kept_trouble(store), OlderThanKnown | NumberTakenTwice):
        return ()
    epoch, sequence, packet = store.rows("SELECT epoch, sequence, packet FROM chain_head")[0]
    if store.row("SELECT 1 FROM draft") is None:
        return ()
    rowless = dict(_without_row(store, blobs))
    mine = {one: header for one, header in rowless.items() if header.number.epoch == epoch}
    if any(header.number.sequence > sequence + 1 for header in mine.values()):
        _log.error("packets lie here that come after the last one this store knows", count=len(mine))
        return ()
    unsaved = [
        one for one, header in mine.items() if (header.number.sequence, header.previous) == (sequence + 1, packet)
    ]
    for packet_id in unsaved:
        blobs.set_aside(packet_id, UNSAVED)
        _log.warning("sealed, never saved, put aside", packet_id=packet_id)
    return tuple(unsaved)


def never_saved(store: StationStore | None, packet_id: str, number: PacketNumber) -> bool:
    """Whether a packet that lies among the unsaved ones need not be carried: its own store opens, has given that number
    to no recording or to another one, and was never found to be older than it once was.
    """
    if store is None or isinstance(kept_trouble(store), OlderThanKnown | NumberTakenTwice):
        return False
    if store.row("SELECT 1 FROM recording WHERE packet_id = ?", (packet_id,)):
        return False
    epoch, sequence = store.rows("SELECT epoch, sequence FROM chain_head")[0]
    return bool(number.epoch == epoch and number.sequence <= sequence + 1)


def _without_row(store: StationStore, blobs: BlobStore) -> Iterator[tuple[str, Header]]:
    """Genuine packets of this installation that no row names."""
    identity = store.identity()
    known = {one for (one,) in store.rows("SELECT packet_id FROM recording UNION SELECT packet_id FROM carried")}
    for packet_id in blobs.ids():
        if packet_id not in known:
            try:
                with blobs.open(packet_id) as file:
                    found = inspect(file, station_key(identity.chain, identity.root))
            except (RekamError, OSError):
                continue
            if found.packet_id == packet_id:
                yield packet_id, found.header
