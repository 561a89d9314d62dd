"""What a station says to its office alone on sticks, sealed once for as long as it says the same: `SealedOnce`."""

import hashlib
from typing import Final

from rekam.packet.parcel import seal_parcel
from rekam.station.store import StationStore
from rekam.trust import cbor
from rekam.trust.random import Random

__all__ = ["SealedOnce"]

_SETTING: Final = "%s on sticks"


class SealedOnce:
    """Parcels of one `kind`, kept in the encrypted store with what they hold: what is said again is the same parcel, so
    that no stick holds it twice, and an answer that names a parcel finds what it answers. The newest `most` are kept.
    """

    def __init__(self, store: StationStore, kind: str, random: Random, *, most: int) -> None:
        self._store, self._kind, self._random, self._most = store, kind, random, most

    def parcel(self, said: bytes) -> bytes | None:
        """None where the office has no key to seal to."""
        me = self._store.identity()
        office = me.office_certificate.sealing
        if office is None:
            return None
        kept = self._kept()
        parcel = next((parcel for parcel, of in kept if of == said), None)
        if parcel is None:
            parcel = seal_parcel(said, kind=self._kind, recipient=office, signer=me.signing, random=self._random)
            newest = [[parcel, said], *([one, of] for one, of in kept)]
            self._store.put_setting(_SETTING % self._kind, cbor.encode(newest[: self._most]))
        return parcel

    def held_in(self, digest: bytes) -> bytes | None:
        """What the parcel of that SHA-256 holds; None where it is not kept any more."""
        return next((said for parcel, said in self._kept() if hashlib.sha256(parcel).digest() == digest), None)

    def _kept(self) -> list[tuple[bytes, bytes]]:
        kept = self._store.setting(_SETTING % self._kind)
        return [(bytes(parcel), bytes(said)) for parcel, said in cbor.decode(kept)] if kept else []
