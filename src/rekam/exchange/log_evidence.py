"""What proves that a log broke its word: two checkpoints that it signed and that cannot both be true: `Evidence`."""

import base64
import binascii
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from rekam.enrolment.errors import RekamError
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import ProofInvalid, verify_consistency
from rekam.trust.log.note import Note, NoteKey, NoteUnreadable

__all__ = ["Breach", "Evidence", "EvidenceUnreadable", "NoBreach"]

_FORMAT: Final = "rekam/log-evidence/1"


class EvidenceUnreadable(RekamError):
    """The file holds no evidence about the public log ({reason}). Nothing was judged. Export it once more from the
    page where the alarm stands.
    """


class NoBreach(RekamError):
    """The two checkpoints prove nothing against the log ({reason}). Nothing was changed. Take the original file, and
    the public key of the log that it speaks of.
    """


class Breach(StrEnum):
    """How the log broke its word."""

    SPLIT = "split"
    """Two roots for one size: two stories."""
    CHANGED = "changed"
    """A larger log that does not begin with the smaller one: entries were altered, dropped or put in between."""
    SMALLER = "smaller"
    """A log shorter than it was. It may come back, from a cache or an old backup: two signed words, no proof yet."""


@dataclass(frozen=True)
class Evidence:
    """`kept` was signed by the log first, `told` later. For a larger log `proof` has the root of `kept`'s size as
    `told` has it, and the consistency proof that shows it; else it is empty.
    """

    kept: Note
    told: Note
    proof: tuple[bytes, ...] = ()

    def judge(self, log: NoteKey) -> Breach:
        """What the evidence shows, to anybody who holds the log's public key.

        Raises SignatureInvalid or NoteUnreadable where `log` did not sign both, NoBreach, ProofInvalid.
        """
        kept, told = Checkpoint.of(self.kept, log), Checkpoint.of(self.told, log)
        if told.size < kept.size:
            return Breach.SMALLER
        if told.size == kept.size:
            if told.root == kept.root:
                raise NoBreach(reason="they say the same")
            return Breach.SPLIT
        if not self.proof:
            raise ProofInvalid(reason="it is too short")
        shown, *path = self.proof
        verify_consistency(kept.size, told.size, path, shown, told.root)
        if shown == kept.root:
            raise NoBreach(reason="the larger log begins with the smaller one")
        return Breach.CHANGED

    def to_json(self) -> str:
        """As a file to hand on: both notes as text, hashes in base64."""
        fields = {
            "format": _FORMAT,
            "kept": str(self.kept),
            "told": str(self.told),
            "proof": [base64.b64encode(each).decode() for each in self.proof],
        }
        return json.dumps(fields, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, data: str) -> Self:
        """Read `to_json`; nothing is verified. Raises EvidenceUnreadable."""
        try:
            fields: Any = json.loads(data)
        except ValueError as error:
            raise EvidenceUnreadable(reason="it is no JSON") from error
        match fields:
            case {"format": str(form), "kept": str(kept), "told": str(told), "proof": list(proof)} if form == _FORMAT:
                try:
                    hashes = tuple(base64.b64decode(str(each), validate=True) for each in proof)
                    return cls(Note.parse(kept), Note.parse(told), hashes)
                except (binascii.Error, NoteUnreadable) as error:
                    raise EvidenceUnreadable(reason=str(error)) from error
        raise EvidenceUnreadable(reason="its fields")
