"""A station's accounts of its own packets: `station_accounts`."""

from rekam.exchange.account_desk import Accountant, AccountDesk
from rekam.station.ledger import StationLedger
from rekam.station.store import Identity, StationStore
from rekam.storage.blobs import BlobStore
from rekam.trust.clock import Clock

__all__ = ["station_accounts"]


def station_accounts(store: StationStore, identity: Identity, packets: BlobStore, clock: Clock) -> AccountDesk:
    """Over an open store, whose `identity` signs; nobody is below a station, and it prints no cards."""
    by = Accountant(str(identity.station), "station", identity.signing, identity.chain, identity.root, clock)
    return AccountDesk(by, StationLedger(store), packets)
