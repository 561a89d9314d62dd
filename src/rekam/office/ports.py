"""What an office stands on: `Ports`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from rekam.exchange.account_http import AccountRemote
from rekam.exchange.lanes import Lanes, one_lane
from rekam.exchange.remote import Remote
from rekam.exchange.statements import StatementRemote
from rekam.office.keys import OfficeKeys
from rekam.office.log_watch import LogLine
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk
from rekam.storage.pool import Pool
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey
from rekam.trust.random import Random, SystemRandom
from rekam.web.assets import PDF_FONTS

__all__ = ["Ports"]


@dataclass(frozen=True, kw_only=True)
class Ports:
    """What the office stands on: one database, one folder, its keys and its ways to the centre.

    `chain` is the office's own certificate, `centre_chain` the centre's, `document_chain` that of the key for papers,
    all to be proved by `root`. `town` is the regency that a card names. `remote` is the centre, None where there is no
    way to it yet: then packets wait; `statements` is where it hears what this office says, `log` the way to its public
    log, which this office witnesses, `accounts` where it takes accounts. `reserve` bytes of the disk are kept free;
    `retention` is how long the backup of an accepted packet stays, None for ever; `lanes` runs the uploads; `fonts` is
    the folder of Inter's TTF files.
    """

    pool: Pool
    folder: Path
    disk: Disk
    clock: Clock
    keys: OfficeKeys
    chain: Sequence[bytes]
    centre_chain: Sequence[bytes]
    document_chain: Sequence[bytes]
    root: VerifyKey
    town: str
    remote: Remote | None = None
    statements: StatementRemote | None = None
    accounts: AccountRemote | None = None
    log: LogLine | None = None
    reserve: int = 0
    retention: timedelta | None = None
    lanes: Lanes = one_lane
    fonts: Path = PDF_FONTS
    random: Random = field(default_factory=SystemRandom)

    def blobs(self, name: str) -> BlobStore:
        """The store in that folder of the office's."""
        return BlobStore(self.folder / name, self.disk, reserve_bytes=self.reserve)
