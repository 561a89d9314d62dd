"""An office's signed word that a person's keys confirm nothing more at a station, against its will: `KeyStop`.

A COSE_Sign1 of kind ``rekam/key-stop`` by the office's key over a CBOR map of the fields below, for one installation:
it proves itself by whatever way it comes and holds nothing secret (docs/operator-key-format.md, docs/adr/0055).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["KEY_STOP", "KeyStop", "KeyStopUnproved", "packed_stops", "unpacked_stops"]

KEY_STOP: Final = "key-stop"
"""Kind of an item on a stick."""
_SIGNED_AS: Final = "rekam/key-stop"
_VERSION: Final = 1
_LIMIT_BYTES: Final = 1024
_ID: Final = 32


class KeyStopUnproved(RekamError):
    """The office's word that somebody's key is stopped cannot be used ({reason}). Nothing was changed at this station.
    Copy all of it from the office's page or file once more; if it is refused again, telephone the office.
    """


@dataclass(frozen=True)
class KeyStop:
    """No key of `subject` signs a recording of (`station`, `epoch`) after `after`, whose packet id is `head` (32 bytes;
    empty where `after` is 0), or signs in there; `at_ms` is the office's legal time.
    """

    station: str
    epoch: int
    subject: str
    after: int
    head: bytes
    at_ms: int

    def signed(self, key: SigningKey) -> bytes:
        """By the office."""
        return sign1(cbor.encode({"version": _VERSION, **asdict(self)}), key, kind=_SIGNED_AS)

    @classmethod
    def read(cls, data: bytes, office: VerifyKey) -> Self:
        """Raises `KeyStopUnproved` for anything that the office did not sign as a stop."""
        if len(data) > _LIMIT_BYTES:
            raise KeyStopUnproved(reason="it is too long")
        try:
            return cls._of(cbor.decode(verify1(data, office, kind=_SIGNED_AS)))
        except KeyStopUnproved:
            raise
        except RekamError as error:
            raise KeyStopUnproved(reason=error.code) from None

    @classmethod
    def _of(cls, fields: Any) -> Self:
        match fields:
            case {
                "version": 1,
                "station": str() as station,
                "epoch": int() as epoch,
                "subject": str() as subject,
                "after": int() as after,
                "head": bytes() as head,
                "at_ms": int() as at_ms,
                **rest,
            } if not rest and epoch > 0 and subject and min(after, at_ms) >= 0 and len(head) == (_ID if after else 0):
                return cls(station, epoch, subject, after, head, at_ms)
        raise KeyStopUnproved(reason="its fields")


def packed_stops(words: Sequence[bytes]) -> bytes:
    """As the line carries all of an installation."""
    return cbor.encode(list(words))


def unpacked_stops(data: bytes) -> list[bytes]:
    """Read `packed_stops`. Raises `KeyStopUnproved`."""
    try:
        found = cbor.decode(data)
    except cbor.CborUnreadable as error:
        raise KeyStopUnproved(reason=error.code) from None
    if not isinstance(found, list) or not all(isinstance(each, bytes) for each in found):
        raise KeyStopUnproved(reason="its fields")
    return found
