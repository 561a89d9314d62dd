"""What the portal answers to "is my recording in the log?", with all that a browser needs to check it: `LogAnswers`."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rekam.exchange.cosignatures import witness_key
from rekam.portal.log_following import LogFollowing
from rekam.trust.certificates import verify_chain
from rekam.trust.keys import VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note

__all__ = ["Found", "LogAnswers", "Vouched"]

SHOWN_WITNESSES: Final = 5
"""How many cosignatures go to a phone: those of the largest sizes."""


@dataclass(frozen=True)
class Vouched:
    """A checkpoint that contains the entry, with the path to its root; `name` and `key` (vkey) are the office's that
    cosigned it, empty for the log's own newest checkpoint.
    """

    note: Note
    path: tuple[bytes, ...]
    name: str = ""
    key: str = ""

    def to_map(self) -> dict[str, Any]:
        path = [b64encode(each).decode() for each in self.path]
        return {"note": str(self.note), "path": path, "name": self.name, "key": self.key}


@dataclass(frozen=True)
class Found:
    """One entry: `position` counts from 0; `proof` is under the newest checkpoint, `witnesses` under theirs."""

    position: int
    entry: bytes
    proof: Vouched
    witnesses: tuple[Vouched, ...]

    def to_map(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "entry": self.entry.hex(),
            "proof": self.proof.to_map(),
            "witnesses": [each.to_map() for each in self.witnesses],
        }


class LogAnswers:
    """Out of the portal's own copy, whether the centre is there or not."""

    def __init__(self, following: LogFollowing, root: VerifyKey) -> None:
        self._following = following
        self._root = root

    def find(self, beginning: bytes) -> list[Found]:
        """All entries that begin so; more than one only where a short code is shared."""
        following = self._following
        # while the copy catches up, the largest witnessed checkpoint that it reaches
        newest = following.witnessed.newest_up_to(following.store.size())
        if newest is None:
            return []
        size = Checkpoint.parse(newest.text).size
        return [
            self._proved(position, entry, newest)
            for position, entry in following.store.find(beginning)
            if position < size
        ]

    def as_of(self) -> datetime | None:
        """When the copy last held all that the log said it has."""
        return self._following.reached_at()

    def _proved(self, position: int, entry: bytes, newest: Note) -> Found:
        above = [each for each in self._following.witnesses.newest() if each.size > position]
        above.sort(key=lambda each: (-each.size, each.office))
        witnesses = []
        for each in above[:SHOWN_WITNESSES]:
            office = verify_chain(each.chain, self._root)[0]
            key = str(witness_key(office.subject, office.signing))
            witnesses.append(self._vouched(position, each.note, each.name, key))
        return Found(position, entry, self._vouched(position, newest), tuple(witnesses))

    def _vouched(self, position: int, note: Note, name: str = "", key: str = "") -> Vouched:
        path = self._following.copy.inclusion(position, Checkpoint.parse(note.text).size)
        return Vouched(note, tuple(path), name, key)
