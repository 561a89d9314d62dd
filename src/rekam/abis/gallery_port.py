"""What every gallery can do, whether it lives on disk or in memory only."""

from typing import Protocol

from rekam.abis.gallery_columns import Columns
from rekam.abis.kinds import Kinds
from rekam.abis.template_set import TemplateSet

ID_BYTES = 16


class SegmentCipher(Protocol):
    """Seals one record of a gallery at rest; `context` is authenticated with it, not stored.

    `decrypt` raises a `RekamError` for another key, another context or changed bytes.
    """

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        """Seals."""
        ...

    def decrypt(self, data: bytes, context: bytes) -> bytes:
        """Opens."""
        ...


class GalleryPort(Protocol):
    """Template sets under opaque 16-byte ids. Nothing but the id tells whose they are."""

    def __len__(self) -> int:
        """How many ids are held (tombstoned ones are not)."""
        ...

    def __contains__(self, id_: object) -> bool: ...

    def append(self, id_: bytes, templates: TemplateSet) -> None:
        """Adds; durable after `flush`, searchable at once. The same set under the same id again changes nothing.

        Raises `AlreadyInGallery` for another set under an id that is held, `TemplatesOfDifferentExtractors` for
        templates of another extractor or version than those held, `ValueError` unless the id has 16 bytes.
        """
        ...

    def tombstone(self, id_: bytes) -> bool:
        """Takes an id out of every later search; whether it was held. The id may be appended anew."""
        ...

    def get(self, id_: bytes) -> TemplateSet:
        """The template set held under an id. Raises `NotInGallery`."""
        ...

    def ids(self) -> tuple[bytes, ...]:
        """The ids held, in the order of appending."""
        ...

    def flush(self) -> None:
        """Returns when everything appended and tombstoned would survive a power cut."""
        ...

    def columns(self) -> Columns:
        """A snapshot for searching; later changes do not move it."""
        ...

    @property
    def kinds(self) -> Kinds:
        """Which extractors made what is held; empty where nothing ever was."""
        ...

    def close(self) -> None:
        """Flushes and lets go."""
        ...


def require_id(id_: bytes) -> None:
    """Raises `ValueError` unless the id has 16 bytes."""
    if len(id_) != ID_BYTES:
        raise ValueError(f"a gallery id has {ID_BYTES} bytes, this one {len(id_)}")
