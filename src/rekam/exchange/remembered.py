"""What an office remembers of a station, told to it at every round: so that a restored disk notices that it is old.

A disk image of last week does not know what was recorded since, and would give the same numbers again. The office does
know; its signed answer is compared with the station's own chain before another packet is sealed (docs/adr/0032).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import KeyLookup, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["NumberTakenTwice", "OlderThanKnown", "RememberSource", "Remembered", "RememberedUnreadable", "compare"]

_SIGNED_AS: Final = "rekam/remembered"


class RememberedUnreadable(RekamError):
    """What the office remembers of this station cannot be read. Nothing was changed; recording goes on. Report it if
    it comes back.
    """


class OlderThanKnown(RekamError):
    """The office holds recordings of this station up to number {highest}, but this disk knows only {own}: it was set
    back to an older state, and would use numbers a second time. What is saved here is safe and is sent. Do not record
    here; run rekam station recover, together with the office.
    """


class NumberTakenTwice(RekamError):
    """The office holds two different recordings of this station under one number: its disk was set back to an older
    state, or copied. Both recordings are kept, and what is saved here is safe and is sent. Do not record here; run
    rekam station recover, together with the office.
    """


@dataclass(frozen=True)
class Remembered:
    """Of one (station, epoch): the highest number the office holds (0: none), its packet's id ("" for none), and
    whether any number came with different bytes.
    """

    station: str
    epoch: int
    highest: int
    head: str
    forked: bool

    def signed(self, key: SigningKey) -> bytes:
        """COSE_Sign1 over the map of these, by the office."""
        return sign1(cbor.encode(self.__dict__), key, kind=_SIGNED_AS)

    @classmethod
    def read(cls, data: bytes, office: VerifyKey | KeyLookup) -> Self:
        """Raises `RememberedUnreadable` for anything that the office did not sign."""
        try:
            fields: Any = cbor.decode(verify1(data, office, kind=_SIGNED_AS))
        except RekamError:
            raise RememberedUnreadable from None
        match fields:
            case {
                "station": str() as station,
                "epoch": int() as epoch,
                "highest": int() as highest,
                "head": str() as head,
                "forked": bool() as forked,
                **rest,
            } if not rest:
                return cls(station, epoch, highest, head, forked)
        raise RememberedUnreadable


class RememberSource(Protocol):
    """The office as its station asks it. Adapters: `HttpRemembered`, an office's own method."""

    def remembered(self) -> bytes:
        """The signed answer. Raises `RemoteUnreachable` and its kin, `SenderRevoked`."""


def compare(told: Remembered, own: int, id_of: Callable[[int], str | None]) -> RekamError | None:
    """What is wrong with a station whose chain ends with `own`; None when all is well; `id_of` finds its packets."""
    if told.highest > own:
        return OlderThanKnown(highest=told.highest, own=own)
    if told.forked or (told.highest and id_of(told.highest) != told.head):
        return NumberTakenTwice()
    return None
