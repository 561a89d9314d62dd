"""The gallery on the centre's disk: sealed under the data key, and begun anew where it cannot be read."""

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from rekam.abis.errors import GalleryUnreadable
from rekam.abis.kinds import Kinds, agree
from rekam.trust.at_rest import DataKey

if TYPE_CHECKING:
    from rekam.abis.gallery import Gallery

__all__ = ["GalleryCipher", "open_gallery"]

log = structlog.get_logger()


class GalleryCipher:
    """Seals the gallery's segments under the data key (docs/adr/0011)."""

    def __init__(self, key: DataKey) -> None:
        self._key = key

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        return self._key.seal(data, b"gallery/" + context)

    def decrypt(self, data: bytes, context: bytes) -> bytes:
        return self._key.open(data, b"gallery/" + context)


def open_gallery(folder: Path, cipher: GalleryCipher, kinds: Kinds) -> "Gallery":
    """The gallery in `folder`; a damaged one is put aside and an empty one begun, which the registry fills again
    from the vault: the files are an index, the `gallery_entry` table is the truth. One of other extractors than `kinds`
    is put aside likewise, whole.

    Raises `GalleryInUse`, `GallerySealed` and `GalleryFromNewerVersion`: those are no damage.
    """
    from rekam.abis.gallery import Gallery  # compiled; only a worker searches (ADR 0046)

    try:
        gallery = Gallery.open(folder, cipher)
    except GalleryUnreadable as damage:
        if type(damage) is not GalleryUnreadable:
            raise
        log.warning("gallery damaged, built anew", kept_as=_put_aside(folder, "damaged"), told=str(damage))
        return Gallery.open(folder, cipher)
    if agree(gallery.kinds, kinds):
        return gallery
    gallery.close()
    log.warning("gallery of other extractors, built anew", kept_as=_put_aside(folder, "before"))
    return Gallery.open(folder, cipher)


def _put_aside(folder: Path, why: str) -> str:
    aside = next(path for n in count(1) if not (path := folder.with_name(f"{folder.name}.{why}-{n}")).exists())
    folder.rename(aside)
    return aside.name
