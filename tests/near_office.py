"""The office and the centre of a station's test country, near at hand: no database, no server, their real keys."""

from pathlib import Path

from rekam.exchange.feed import office_feed
from rekam.exchange.in_memory import InMemoryFeed, InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.remote import LocalRemote
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust import cbor, keyfile
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from small_country import root_of

FEED = office_feed("3174")


class NearOffice:
    """Takes packets into custody and hands on what the centre tells; `remote` is how a station reaches it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        keys = folder / "keys"
        root = root_of(folder)
        inbox = Inbox(
            BlobStore(Path("/packets"), MemoryDisk()),
            InMemoryRegister(),
            signer=SigningKey(keyfile.load(keys / "office-3174.keys")["signing"]),
            clock=clock,
            kind="custody",
            place="3174",
            verify_sender=lambda chain: station_key(chain, root),
        )
        self.feed = InMemoryFeed(SigningKey(keyfile.load(keys / "centre.keys")["signing"]), clock)
        self.remote = LocalRemote(inbox, self.feed)

    def tell(self, kind: str, **body: object) -> None:
        """The centre says so, to whoever asks next."""
        self.feed.append(FEED, kind, cbor.encode(body))
