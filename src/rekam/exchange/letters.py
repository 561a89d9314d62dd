"""Numbers of letters between station and office: what a station reports, and the office's signed answer.

A station tells which numbers it used and how many are left; the office answers with all blocks that it ever gave to
this installation, and with the numbers that it knows to be used in them. The answer names the question by its SHA-256,
so that no older one can stand in its place (as docs/adr/0037). Told again, a report changes nothing.
"""

import hashlib
from dataclasses import astuple, dataclass
from typing import Any, Final, Protocol, Self

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import KeyLookup, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["BLOCK", "Block", "Grant", "LetterDesk", "LettersUnreadable", "Report", "Used"]

BLOCK: Final = 1000
"""Numbers in a block. A station holds two: at a busy counter, a letter for each of 100 residents a day, four weeks."""
_SIGNED_AS: Final = "rekam/letter-blocks"
_MOST: Final = 5000


class LettersUnreadable(RekamError):
    """What was told of the numbers of letters cannot be used ({reason}). Nothing of it was taken over, and letters go
    on with the numbers that are here. If it comes back, telephone the office.
    """


@dataclass(frozen=True, order=True)
class Block:
    """The numbers `first` to `last` of a year, given to one installation of a station and to nobody else."""

    year: int
    first: int
    last: int


@dataclass(frozen=True)
class Used:
    """One number: for which packet (its number, empty where unknown), when and by whom (ISO UTC, staff id), and why it
    is void, empty where it stands.
    """

    year: int
    number: int
    packet: str
    at: str
    by: str
    void: str = ""
    void_at: str = ""


@dataclass(frozen=True)
class Report:
    """What a station has not told yet, and how many numbers it has left."""

    left: int
    used: tuple[Used, ...]

    def to_bytes(self) -> bytes:
        """CBOR: {left, used: [[year, number, packet, at, by, void, void_at], ...]}."""
        return cbor.encode({"left": self.left, "used": [list(astuple(used)) for used in self.used]})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises `LettersUnreadable`."""
        fields = _decoded(data)
        rows = fields.get("used")
        if not isinstance(fields.get("left"), int) or not isinstance(rows, list) or len(rows) > _MOST:
            raise LettersUnreadable(reason="its fields")
        return cls(fields["left"], tuple(_used(row) for row in rows))


@dataclass(frozen=True)
class Grant:
    """Every block of an installation, and the numbers of them that the office knows to be used."""

    blocks: tuple[Block, ...]
    known: tuple[tuple[int, int], ...] = ()

    def signed(self, key: SigningKey, station: str, epoch: int, question: bytes) -> bytes:
        """COSE_Sign1 by the office over {station, epoch, question: SHA-256 of the report, blocks, known}."""
        fields = {
            "station": station,
            "epoch": epoch,
            "question": hashlib.sha256(question).digest(),
            "blocks": [list(astuple(block)) for block in self.blocks],
            "known": [list(pair) for pair in self.known],
        }
        return sign1(cbor.encode(fields), key, kind=_SIGNED_AS)

    @classmethod
    def read(cls, data: bytes, office: VerifyKey | KeyLookup, station: str, epoch: int, question: bytes) -> Self:
        """Raises `LettersUnreadable` for anything that the office did not sign in answer to `question`."""
        try:
            fields = _decoded(verify1(data, office, kind=_SIGNED_AS))
        except LettersUnreadable:
            raise
        except RekamError as error:
            raise LettersUnreadable(reason=error.code) from None
        about = (fields.get("station"), fields.get("epoch"), fields.get("question"))
        if about != (station, epoch, hashlib.sha256(question).digest()):
            raise LettersUnreadable(reason="it answers another question")
        try:
            blocks = tuple(Block(*(int(each) for each in row)) for row in fields["blocks"])
            return cls(blocks, tuple((int(year), int(number)) for year, number in fields["known"]))
        except (KeyError, TypeError, ValueError) as error:
            raise LettersUnreadable(reason="its fields") from error


class LetterDesk(Protocol):
    """The office as a station tells it of letters. Adapters: `HttpLetters`, an office's own register."""

    def tell(self, report: bytes) -> bytes:
        """The signed answer. Raises `RemoteUnreachable` and its kin, `LettersUnreadable`."""


def _decoded(data: bytes) -> dict[str, Any]:
    try:
        fields = cbor.decode(data)
    except cbor.CborUnreadable as error:
        raise LettersUnreadable(reason=error.code) from None
    if not isinstance(fields, dict):
        raise LettersUnreadable(reason="no map")
    return fields


def _used(row: Any) -> Used:
    match row:
        case [int() as year, int() as number, str(), str(), str(), str(), str()] if year > 0 and number > 0:
            return Used(*row)
    raise LettersUnreadable(reason="a number")
