"""What a resident, an office or a court holds: proof that one packet stands in the log (C2SP tlog-proof v1).

The entry of a packet is a salted commitment: it tells nothing of who was recorded to anybody without the packet's
number, id and salt, which stand in the QR of the proof of recording.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import COUNT, HASH_BYTES, leaf_hash, verify_inclusion
from rekam.trust.log.note import Note, NoteKey, NoteUnreadable

__all__ = ["LogProof", "commitment"]

_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
_DOMAIN: Final = b"rekam/log-entry/1\x00"


def commitment(packet_id: str, number: str, salt: bytes) -> bytes:
    """The 32-byte entry of a packet: `packet_id` 64 hex digits, `number` such as ``317401-01/1/000042``, `salt` the 16
    bytes of its header.
    """
    return hashlib.sha256(_DOMAIN + salt + bytes.fromhex(packet_id) + number.encode()).digest()


@dataclass(frozen=True)
class LogProof:
    """`index` of the entry, the path to the root (32 bytes each, the sibling first), the checkpoint with that root."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note

    def verify(self, entry: bytes, log: NoteKey) -> Checkpoint:
        """The log's checkpoint, if `entry` stands in it at `index`. Raises ProofInvalid, SignatureInvalid,
        NoteUnreadable.
        """
        found = Checkpoint.of(self.checkpoint, log)
        verify_inclusion(leaf_hash(entry), self.index, found.size, self.path, found.root)
        return found

    def __str__(self) -> str:
        path = "".join(base64.b64encode(each).decode() + "\n" for each in self.path)
        return f"{_FIRST_LINE}\nindex {self.index}\n{path}\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: str) -> "LogProof":
        """Reads the text format; nothing is verified. Raises NoteUnreadable."""
        head, blank, note = data.partition("\n\n")
        first, *lines = head.split("\n")
        if lines and lines[0].startswith("extra "):
            lines = lines[1:]
        word, _, index = lines[0].partition(" ") if lines else ("", "", "")
        if not blank or first != _FIRST_LINE or word != "index":
            raise NoteUnreadable(reason="it is not a proof of the log")
        if not COUNT.fullmatch(index):
            raise NoteUnreadable(reason="the position in the log")
        try:
            path = tuple(base64.b64decode(line, validate=True) for line in lines[1:])
        except binascii.Error:
            raise NoteUnreadable(reason="the path to the root") from None
        if any(len(each) != HASH_BYTES for each in path):
            raise NoteUnreadable(reason="the path to the root")
        return cls(int(index), path, Note.parse(note))
