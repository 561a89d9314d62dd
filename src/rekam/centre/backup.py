"""A backup of the centre: a copy of its database, its blobs, and a signed page that says what it is: `BackupPage`."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.storage.blobs import BlobStore
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = ["STORES", "BackupPage", "BackupUnreadable", "bring_across"]

STORES: Final = ("packets", "vault", "parts")
_SIGNED_AS: Final = "rekam/backup"


class BackupUnreadable(RekamError):
    """There is no backup of this centre in {folder} ({reason}). Nothing was restored and nothing was changed.
    Check the folder and the key file, or use another backup.
    """


@dataclass(frozen=True)
class BackupPage:
    """`database`: name of the folder with the copy, `manifest` the SHA-256 of its list of files; `place` the SHA-256 of
    `place.json`; `at_ms` when it began. At least `packets` packets, a log of `log_size` entries with `root` (hex), are
    in it: it holds all that was committed when the copy began, and perhaps more.
    """

    database: str
    manifest: str
    place: str
    at_ms: int
    generation: int
    packets: int
    log_size: int
    root: str
    blobs: int

    def signed(self, key: SigningKey) -> bytes:
        """As it stands in the backup's folder, `backup.cose`: COSE_Sign1 by the centre."""
        return sign1(cbor.encode(asdict(self)), key, kind=_SIGNED_AS)

    @classmethod
    def read(cls, folder: Path, centre: VerifyKey) -> "BackupPage":
        """Raises `BackupUnreadable`, also where a file that the page vouches for is another."""
        try:
            fields: Any = cbor.decode(verify1((folder / "backup.cose").read_bytes(), centre, kind=_SIGNED_AS))
            page = cls(**fields)
        except (
            OSError,
            TypeError,
            EnvelopeUnreadable,
            WrongKind,
            SignedByAnother,
            SignatureInvalid,
            cbor.CborUnreadable,
        ) as error:
            raise BackupUnreadable(folder=folder, reason=type(error).__name__) from error
        for path, expected in (
            (folder / page.database / "backup_manifest", page.manifest),
            (folder / "place.json", page.place),
        ):
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                raise BackupUnreadable(folder=folder, reason=f"{path.name} is not the one that was backed up")
        return page


def bring_across(source: BlobStore, target: BlobStore, progress: Callable[[int, int], None]) -> tuple[int, int]:
    """Copy what `target` lacks, each blob under the digest of what was read; (looked at, copied).

    A blob that is damaged at the source raises `BlobDamaged`: it is found now and not on the day of the restore.
    """
    looked_at = copied = 0
    for blob_id in source.ids():
        if not target.has(blob_id):
            if target.put(source.chunks(blob_id)) != blob_id:
                source.verify(blob_id)
            copied += 1
        looked_at += 1
        progress(looked_at, copied)
    return looked_at, copied
