"""Signed notes (C2SP signed-note v1): a text, a blank line, and a line a signature. Ed25519 only.

A log signs with type 1, a witness with type 4, over the time and the text (C2SP tlog-cosignature).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = ["Note", "NoteKey", "NoteKind", "NoteUnreadable", "Signature", "cosigned_text"]

MOST_SIGNATURES: Final = 64
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME: Final = re.compile(r"[^\s+]+")
_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8


class NoteUnreadable(RekamError):
    """The signed note cannot be read ({reason}). Nothing was taken over. Fetch it again from where it came."""


class NoteKind(IntEnum):
    """What a signature says: that it is the log's own, or that a witness saw the log only grow."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True)
class NoteKey:
    """A public key under the name it signs with: no spaces, no plus sign."""

    name: str
    key: VerifyKey
    kind: NoteKind = NoteKind.LOG

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise NoteUnreadable(reason=f"'{self.name}' is no name of a key")

    @property
    def id(self) -> bytes:
        """4 bytes."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key.raw).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """The verifier key (vkey) as tools of other logs take it: name+id+key."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.key.raw).decode()}"


@dataclass(frozen=True)
class Signature:
    """One line: who signed, and the bytes after the key's id."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """`text` ends with a newline; nobody may believe it before `verify`."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def signed(self, name: str, key: SigningKey) -> "Note":
        """With the log's own signature added."""
        of = NoteKey(name, key.public)
        return Note(self.text, (*self.signatures, Signature(name, of.id, key.sign(self.text.encode()))))

    def cosigned(self, name: str, key: SigningKey, at_s: int) -> "Note":
        """With a witness's signature added; `at_s`: seconds since 1970 UTC."""
        of = NoteKey(name, key.public, NoteKind.WITNESS)
        value = at_s.to_bytes(_TIME_BYTES, "big") + key.sign(cosigned_text(self.text, at_s))
        return Note(self.text, (*self.signatures, Signature(name, of.id, value)))

    def verify(self, key: NoteKey) -> int | None:
        """Return if `key` signed the text; for a witness, when. Raises SignatureInvalid, also where it did not sign."""
        for signature in self.signatures:
            if (signature.name, signature.key_id) != (key.name, key.id):
                continue
            if key.kind is NoteKind.LOG:
                key.key.verify(signature.value, self.text.encode())
                return None
            at_s = int.from_bytes(signature.value[:_TIME_BYTES], "big")
            key.key.verify(signature.value[_TIME_BYTES:], cosigned_text(self.text, at_s))
            return at_s
        raise SignatureInvalid

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, data: str) -> "Note":
        """Raises NoteUnreadable; the signatures are not verified."""
        text, blank, lines = data.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise NoteUnreadable(reason="no signatures")
        if _CONTROL.search(data):
            raise NoteUnreadable(reason="a control character")
        if lines.count("\n") > MOST_SIGNATURES:
            raise NoteUnreadable(reason="too many signatures")
        return cls(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def cosigned_text(text: str, at_s: int) -> bytes:
    """What a witness signs."""
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def _signature(line: str) -> Signature:
    match line.split(" "):
        case ["—", name, encoded] if _NAME.fullmatch(name):
            try:
                value = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                value = b""
            if len(value) > _ID_BYTES:
                return Signature(name, value[:_ID_BYTES], value[_ID_BYTES:])
    raise NoteUnreadable(reason="a line that is no signature")
