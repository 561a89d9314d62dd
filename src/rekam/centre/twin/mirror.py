"""Files at both machines: `TwinMirror`, the port `Mirror` over the twin's HTTP interface."""

from functools import lru_cache

from rekam.centre.twin.far import Bond, FarTwin
from rekam.centre.twin.pairing import Mode, Pairing
from rekam.enrolment.errors import RekamError
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import MirrorAway

__all__ = ["TwinMirror"]


class TwinMirror:
    """Brings each finished blob to the twin before anybody is told of it.

    The blob lies here under its name before the pairing is asked. So a blob that is not brought, because there is no
    twin or an official went alone, is seen by the look round that a returning twin begins with; one that fails while
    that goes on is counted, and the look round begins anew.
    """

    def __init__(self, pairing: Pairing, bond: Bond) -> None:
        self._pairing = pairing
        self._twin = lru_cache(maxsize=2)(lambda url: FarTwin(url, bond))

    def hold(self, store: str, blobs: BlobStore, blob_id: str) -> None:
        """See `Mirror`. Paired, it raises `MirrorAway` where the twin does not take the blob."""
        while True:
            paired = self._pairing.now()
            if paired.mode in {Mode.SINGLE, Mode.ALONE}:
                return
            try:
                self._twin(paired.url).bring(store, blobs, blob_id)
            except RekamError as error:
                if paired.mode is Mode.PAIRED:
                    raise MirrorAway(reason=error.code) from error
                if self._pairing.note_missed():
                    return
            else:
                return
