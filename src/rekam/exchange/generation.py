"""Which centre is the newest: a number that grows with every take-over, signed, kept by all who hear it."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from rekam.exchange.errors import ExchangeError
from rekam.storage.whole_file import write_whole
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = [
    "GENERATION_HEADER",
    "FiledGeneration",
    "Generation",
    "HeldGeneration",
    "OldCentre",
    "TwoCentres",
    "newest_of",
]

GENERATION_HEADER: Final = "rekam-generation"
"""Request and response header: the signed generation in base64."""

_SIGNED_AS: Final = "rekam/generation"


class OldCentre(ExchangeError):
    """A centre of generation {found} answered, but generation {known} has taken over. Nothing was believed.
    Switch the old one off; sending goes on by itself with the new one.
    """


class TwoCentres(ExchangeError):
    """Two centres say that they are generation {number}. Nothing of the second one was believed, and nothing is lost.
    Tell the centre at once: one of the two must be switched off.
    """


@dataclass(frozen=True)
class Generation:
    """One life of the centre: `number` from 1; `branch` 32 hex digits drawn anew each time, so that two of one number
    are told apart; `at_ms` when it began, milliseconds since 1970 UTC.
    """

    number: int
    branch: str
    at_ms: int

    def signed(self, key: SigningKey) -> str:
        """As it travels in a header: base64 of a COSE_Sign1 by the centre's key."""
        fields = {"number": self.number, "branch": self.branch, "at_ms": self.at_ms}
        return b64encode(sign1(cbor.encode(fields), key, kind=_SIGNED_AS)).decode()

    @classmethod
    def opened(cls, text: str, centre: VerifyKey) -> "Generation":
        """Read `signed`. Raises `EnvelopeUnreadable`, or what `verify1` raises where the centre did not sign it."""
        try:
            fields: Any = cbor.decode(verify1(b64decode(text, validate=True), centre, kind=_SIGNED_AS))
        except ValueError as error:
            raise EnvelopeUnreadable(reason="base64") from error
        match fields:
            case {"number": int() as number, "branch": str() as branch, "at_ms": int() as at_ms, **rest} if not rest:
                return cls(number, branch, at_ms)
            case _:
                raise EnvelopeUnreadable(reason="its fields")


def newest_of(known: Generation | None, heard: Generation) -> Generation:
    """The one to believe from now on. Raises `OldCentre` or `TwoCentres` where `heard` is not to be believed."""
    if known is None or heard.number > known.number:
        return heard
    if heard.number < known.number:
        raise OldCentre(found=heard.number, known=known.number)
    if heard.branch != known.branch:
        raise TwoCentres(number=heard.number)
    return known


class HeldGeneration(Protocol):
    """The newest generation a place has heard of. Adapters: `FiledGeneration`; a simulation's own."""

    def newest(self) -> str | None:
        """As it was signed; None before the first."""

    def heard(self, text: str) -> None:
        """Keep it durably if it is newer. Raises `OldCentre`, `TwoCentres`, or that the centre did not sign it."""


class FiledGeneration:
    """`HeldGeneration` in the file `path`."""

    def __init__(self, path: Path, centre: VerifyKey) -> None:
        self._path = path
        self._centre = centre
        self._text = path.read_text("ascii") if path.exists() else None
        self._known = Generation.opened(self._text, centre) if self._text else None

    def newest(self) -> str | None:
        return self._text

    def heard(self, text: str) -> None:
        if text == self._text:
            return
        heard = Generation.opened(text, self._centre)
        known = newest_of(self._known, heard)
        if known != self._known:
            write_whole(self._path, text.encode("ascii"))
            self._known, self._text = known, text
