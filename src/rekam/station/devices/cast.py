"""Who sits in front of a simulated device: `Cast`, from NIK to a made-up person or to files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Cast", "Role"]


@dataclass(frozen=True)
class Role:
    """One resident's body: `person` seeds a synthetic one; `files` maps slots to image files of real sets, one for
    each attempt.

    `impression` tells how the body meets the sensor this time: a second sitting of one person has another.
    """

    person: int
    impression: int = 1
    files: Mapping[str, Sequence[str]] | None = None

    def to_map(self) -> dict[str, Any]:
        """As `cast.json` holds it."""
        return {"person": self.person, "impression": self.impression, "files": self.files}


class Cast:
    """Reads `cast.json` at every question, so that a drill can change it while the station runs. A NIK that is
    not in it gets a person of its own, the same every time.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def role(self, nik: str) -> Role:
        entry = self._entries().get(nik)
        if entry is None:
            return Role(int.from_bytes(hashlib.sha256(nik.encode()).digest()[:4]))
        return Role(entry.get("person", 0), entry.get("impression", 1), entry.get("files"))

    def _entries(self) -> dict[str, Any]:
        if self._path is None or not self._path.exists():
            return {}
        entries: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
        return entries
