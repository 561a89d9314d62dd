"""A day's news for the offline check: keyed hashes of those recorded since the snapshot, numbered without a gap."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from rekam.exchange.filter import HASH_BYTES, FilterUnreadable, open_signed
from rekam.exchange.fuse import Hashes
from rekam.trust import cbor
from rekam.trust.cose import KeyLookup, sign1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["FilterDelta", "open_delta", "seal_delta"]

_SIGNED_AS: Final = "rekam/filter-delta"


@dataclass(frozen=True)
class FilterDelta:
    """Delta `n` (from 1) of the snapshot `edition`: `hashes`, uint64 ascending, are new since the one before; with it a
    station knows what the centre knew on `as_of`.
    """

    edition: int
    n: int
    as_of: date
    hashes: Hashes


def seal_delta(delta: FilterDelta, signer: SigningKey) -> bytes:
    """As it travels: COSE_Sign1 over CBOR {edition, n, as_of, hashes}, hashes 8 bytes each, big-endian, ascending."""
    hashes = np.unique(delta.hashes).astype(">u8").tobytes()
    fields = {"edition": delta.edition, "n": delta.n, "as_of": delta.as_of.isoformat(), "hashes": hashes}
    return sign1(cbor.encode(fields), signer, kind=_SIGNED_AS)


def open_delta(data: bytes, verify: VerifyKey | KeyLookup, *, edition: int, n: int) -> FilterDelta:
    """The delta, if the centre signed it and it is delta `n` of `edition`. Raises `FilterUnreadable`: what belongs to
    another snapshot or another place in the row is not applied.
    """
    name = hashlib.sha256(data).hexdigest()
    match open_signed(data, verify, _SIGNED_AS):
        case {"edition": int() as of, "n": int() as number, "as_of": str() as day, "hashes": bytes() as hashes, **rest}:
            if rest or len(hashes) % HASH_BYTES:
                raise FilterUnreadable(part=name, reason="its fields")
        case _:
            raise FilterUnreadable(part=name, reason="its fields")
    if (of, number) != (edition, n):
        raise FilterUnreadable(part=name, reason=f"delta {number} of edition {of} came for {n} of {edition}")
    try:
        as_of = date.fromisoformat(day)
    except ValueError as error:
        raise FilterUnreadable(part=name, reason="its date") from error
    return FilterDelta(of, number, as_of, np.frombuffer(hashes, ">u8").astype(np.uint64))
