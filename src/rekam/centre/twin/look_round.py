"""Everything that lies in the centre's stores, compared with the twin's, and brought where it lacks: `look_round`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from rekam.centre.twin.far import FarTwin
from rekam.storage.blobs import BlobStore

__all__ = ["look_round"]

_ASKED: Final = 1000


def look_round(
    stores: Sequence[tuple[str, BlobStore]], twin: FarTwin, progress: Callable[[int, int], None] = lambda *_: None
) -> int:
    """Bring what the twin lacks of all stores; return how many blobs were brought. May be broken off and repeated.

    `progress(looked_at, brought)`. A blob that is put meanwhile is brought by whoever puts it.
    """
    looked_at = brought = 0
    for name, blobs in stores:
        for asked in _batches(blobs.ids()):
            for blob_id in twin.lacking(name, asked):
                twin.bring(name, blobs, blob_id)
                brought += 1
            looked_at += len(asked)
            progress(looked_at, brought)
    return brought


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, _ASKED)):
        yield batch
