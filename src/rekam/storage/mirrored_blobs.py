"""A blob store whose blobs are durable on a second machine, too, before anybody is told that they are stored."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Protocol

from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk
from rekam.storage.hashed import Hashed

__all__ = ["Mirror", "MirroredBlobs"]


class Mirror(Protocol):
    """The second machine. Adapters: `rekam.centre.twin.mirror.TwinMirror`; a test's own."""

    def hold(self, store: str, blobs: BlobStore, blob_id: str) -> None:
        """Return only when the finished blob of the store called `store` is durable there, or need not be because an
        official decided so. Raises `MirrorAway`; then the caller acknowledges nothing. Repeating it is harmless.
        """


class MirroredBlobs(BlobStore):
    """A `BlobStore` that says "stored" when two machines have it. Its name to the mirror is its folder's.

    The copy comes first and the row that names the blob later, on both machines: neither ever holds a row without
    its bytes (docs/adr/0006, 0033).
    """

    def __init__(self, folder: Path, disk: Disk, mirror: Mirror, *, reserve_bytes: int = 0) -> None:
        super().__init__(folder, disk, reserve_bytes=reserve_bytes)
        self._store = folder.name
        self._mirror = mirror

    def put(self, data: bytes | Iterable[bytes]) -> str:
        """As `BlobStore.put`; raises `MirrorAway` as well, the blob then lies here and nowhere else."""
        blob_id = super().put(data)
        self._mirror.hold(self._store, self, blob_id)
        return blob_id

    def finish(self, blob_id: str, *, accept: Callable[[BinaryIO], str] | None = None, by: str = "") -> None:
        """As `BlobStore.finish`; raises `MirrorAway` as well, the blob then lies here and nowhere else."""
        super().finish(blob_id, accept=accept, by=by)
        self._mirror.hold(self._store, self, blob_id)

    def keep(self, whole: Hashed, *, by: str = "") -> None:
        """As `BlobStore.keep`; raises `MirrorAway` as well, the blob then lies here and nowhere else."""
        super().keep(whole, by=by)
        self._mirror.hold(self._store, self, whole.sha256)
