"""A gallery that lives in memory only: for tests, simulations and one-off searches."""

import threading

from rekam.abis.errors import AlreadyInGallery, NotInGallery
from rekam.abis.gallery_columns import Columns, ColumnStore
from rekam.abis.gallery_port import require_id
from rekam.abis.kinds import Kinds
from rekam.abis.template_set import TemplateSet


class MemoryGallery:
    """See `GalleryPort`; `flush` has nothing to do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._columns = ColumnStore()
        self._held: dict[bytes, TemplateSet] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._held

    def append(self, id_: bytes, templates: TemplateSet) -> None:
        """See `GalleryPort.append`."""
        require_id(id_)
        with self._lock:
            if (held := self._held.get(id_)) is not None:
                if held != templates:
                    raise AlreadyInGallery(id=id_.hex())
                return
            self._columns.add(id_, templates)
            self._held[id_] = templates

    def tombstone(self, id_: bytes) -> bool:
        """See `GalleryPort.tombstone`."""
        with self._lock:
            if self._held.pop(id_, None) is None:
                return False
            self._columns.remove(id_)
            return True

    def get(self, id_: bytes) -> TemplateSet:
        """See `GalleryPort.get`."""
        try:
            return self._held[id_]
        except KeyError:
            raise NotInGallery(id=id_.hex()) from None

    def ids(self) -> tuple[bytes, ...]:
        """See `GalleryPort.ids`."""
        return tuple(self._held)

    def flush(self) -> None:
        """See `GalleryPort.flush`: memory survives no power cut."""

    def columns(self) -> Columns:
        """See `GalleryPort.columns`."""
        with self._lock:
            return self._columns.snapshot()

    @property
    def kinds(self) -> Kinds:
        """See `GalleryPort.kinds`."""
        return self._columns.kinds

    def close(self) -> None:
        """See `GalleryPort.close`."""
