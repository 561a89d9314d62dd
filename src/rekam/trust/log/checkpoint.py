"""Checkpoints (C2SP tlog-checkpoint): the log's signed word on how long it is and what it holds."""

import base64
import binascii
from dataclasses import dataclass

from rekam.trust.keys import SigningKey
from rekam.trust.log.merkle import COUNT, HASH_BYTES
from rekam.trust.log.note import Note, NoteKey, NoteUnreadable

__all__ = ["Checkpoint"]


@dataclass(frozen=True)
class Checkpoint:
    """`origin` names the log; `size` counts its entries; `root`: 32 bytes over all of them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: SigningKey) -> Note:
        """By the log, whose key bears the origin's name."""
        return Note(self.text).signed(self.origin, key)

    @classmethod
    def of(cls, note: Note, log: NoteKey) -> "Checkpoint":
        """What the log says in `note`. Raises SignatureInvalid unless `log` signed it; NoteUnreadable."""
        note.verify(log)
        found = cls.parse(note.text)
        if found.origin != log.name:
            raise NoteUnreadable(reason=f"it speaks of the log {found.origin}, not {log.name}")
        return found

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Reads a text that is not verified here. Raises NoteUnreadable."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise NoteUnreadable(reason="a checkpoint has three lines")
        origin, size, encoded, _ = lines
        try:
            root = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            root = b""
        if not origin or not COUNT.fullmatch(size) or len(root) != HASH_BYTES:
            raise NoteUnreadable(reason="a line of the checkpoint")
        return cls(origin, int(size), root)
