"""What an office remembers of a station, told to it at every round: so that a restored disk notices that it is old.

A disk image of last week does not know what was recorded since, and would give the same numbers again. The office does
know; its signed answer is compared with the station's own chain before another packet is sealed (docs/adr/0032). The
same answer says whether the station's key was withdrawn. Nothing else stops a station: an answer that the office did
not sign, or signed for another question, is an errand that failed (docs/adr/0037).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.extent import NO_EXTENT, Extent
from rekam.trust import cbor
from rekam.trust.cose import KeyLookup, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = [
    "NONCE_BYTES",
    "Asked",
    "NumberTakenTwice",
    "OlderThanKnown",
    "RememberSource",
    "Remembered",
    "RememberedUnreadable",
    "compare",
]

NONCE_BYTES: Final = 16

_SIGNED_AS: Final = "rekam/remembered"


class RememberedUnreadable(RekamError):
    """The office's word about this station is not proved ({reason}), and nothing of it was believed. Recording goes on
    and everything stays safe here. If it comes back, telephone the office and ask what is wrong with the line.
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
class Asked:
    """What an answer answers: an installation of a station, the key that asks (16 bytes, its id) and a number drawn for
    this one question (`NONCE_BYTES`), so that no older answer can be given in its place.
    """

    station: str
    epoch: int
    key: bytes
    nonce: bytes


@dataclass(frozen=True)
class Remembered:
    """Of one (station, epoch): the highest number the office holds (0: none), its packet's id ("" for none), whether
    any number came with different bytes, and the first number of this installation that is no longer believed (0:
    its key was not withdrawn). `log_doubted`: the office holds evidence that the centre's public log broke its word.
    `extent`: how far the office's own books go, for the station to hand back; nothing where the key was withdrawn.
    """

    station: str
    epoch: int
    highest: int
    head: str
    forked: bool
    withdrawn: int = 0
    log_doubted: bool = False
    extent: Extent = NO_EXTENT

    def signed(self, key: SigningKey, asked: Asked) -> bytes:
        """COSE_Sign1 by the office over the map of these and of the question."""
        said = {**self.__dict__, "extent": self.extent.to_map(), "key": asked.key, "nonce": asked.nonce}
        return sign1(cbor.encode(said), key, kind=_SIGNED_AS)

    @classmethod
    def extent_in(cls, word: bytes, office: VerifyKey | KeyLookup) -> Extent:
        """How far the office's books went when it signed this, in answer to whomever. Raises `RememberedUnreadable`."""
        try:
            fields: Any = cbor.decode(verify1(word, office, kind=_SIGNED_AS))
            return Extent.from_map(fields["extent"])
        except RekamError as error:
            raise RememberedUnreadable(reason=error.code) from None
        except (KeyError, TypeError, ValueError) as error:
            raise RememberedUnreadable(reason="its extent") from error

    @classmethod
    def read(cls, data: bytes, office: VerifyKey | KeyLookup, asked: Asked) -> Self:
        """Raises `RememberedUnreadable` for anything that the office did not sign in answer to `asked`."""
        try:
            fields: Any = cbor.decode(verify1(data, office, kind=_SIGNED_AS))
        except RekamError as error:
            raise RememberedUnreadable(reason=error.code) from None
        match fields:
            case {
                "station": str() as station,
                "epoch": int() as epoch,
                "highest": int() as highest,
                "head": str() as head,
                "forked": bool() as forked,
                "withdrawn": int() as withdrawn,
                "log_doubted": bool() as log_doubted,
                "extent": dict() as extent,
                "key": bytes() as key,
                "nonce": bytes() as nonce,
                **rest,
            } if not rest and withdrawn >= 0:
                if Asked(station, epoch, key, nonce) != asked:
                    raise RememberedUnreadable(reason="it answers another question")
                try:
                    far = Extent.from_map(extent)
                except ValueError as error:
                    raise RememberedUnreadable(reason="its extent") from error
                return cls(station, epoch, highest, head, forked, withdrawn, log_doubted, far)
        raise RememberedUnreadable(reason="its fields")


class RememberSource(Protocol):
    """The office as its station asks it. Adapters: `HttpRemembered`, an office's own method."""

    def remembered(self, nonce: bytes, told: bytes = b"") -> bytes:
        """The answer to a question with this number, as it came; `told` is a word of before, handed back, b"" where
        there is none. Raises `RemoteUnreachable` and its kin.
        """


def compare(told: Remembered, own: int, id_of: Callable[[int], str | None]) -> RekamError | None:
    """What is wrong with a station whose chain ends with `own`; None when all is well; `id_of` finds its packets."""
    if told.withdrawn:
        return SenderRevoked(station=told.station, epoch=told.epoch, first=told.withdrawn)
    if told.highest > own:
        return OlderThanKnown(highest=told.highest, own=own)
    if told.forked or (told.highest and id_of(told.highest) != told.head):
        return NumberTakenTwice()
    return None
