"""What the centre stands on: `Ports`, `CentreKeys`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rekam.abis.finger.extractors import FingerExtractor
from rekam.centre.nik_hashes import NikHashes
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk
from rekam.storage.mirrored_blobs import Mirror, MirroredBlobs
from rekam.storage.pool import Pool
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import Clock
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey

__all__ = ["CentreKeys", "Ports"]


@dataclass(frozen=True)
class CentreKeys:
    """What the centre alone holds; of `hashes`, the portal and the stations hold their own key."""

    signing: SigningKey
    opening: tuple[OpeningKey, ...]
    data: DataKey
    hashes: NikHashes


@dataclass(frozen=True, kw_only=True)
class Ports:
    """What the centre stands on: one database, one folder and its keys.

    `chain` certifies its key in its accounts and where it answers by courier; `reserve` bytes of the disk are kept
    free; `finger_extractor` is for the workers (see `finger_choice`), None the classical one; `mirror` is the twin's
    machine.
    """

    pool: Pool
    folder: Path
    disk: Disk
    clock: Clock
    keys: CentreKeys
    root: VerifyKey
    chain: Sequence[bytes] = ()
    reserve: int = 0
    finger_extractor: FingerExtractor | None = None
    mirror: Mirror | None = None

    def blobs(self, name: str, *, reserve: bool = True) -> BlobStore:
        """The store in that folder of the centre's, mirrored where there is a twin; `reserve`: it stops at it."""
        folder, free = self.folder / name, self.reserve if reserve else 0
        if self.mirror is None:
            return BlobStore(folder, self.disk, reserve_bytes=free)
        return MirroredBlobs(folder, self.disk, self.mirror, reserve_bytes=free)
