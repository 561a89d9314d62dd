"""The witness: notes every "saved" a station said, outside all places, before anything else is done with it."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

__all__ = ["Testimony", "Witness"]


@dataclass(frozen=True)
class Testimony:
    """One "saved" as the operator saw it. `person` tells who really sat there, which no place knows."""

    packet_id: str
    number: str
    nik: str
    station: str
    person: str
    phase: str


class Witness:
    """An append-only file, fsynced at each line; reading it back is all that the reconciliation believes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("a", encoding="utf-8")

    def note(self, testimony: Testimony) -> None:
        """Durable when it returns."""
        self._file.write(json.dumps(asdict(testimony)) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def testimonies(self) -> list[Testimony]:
        """Everything noted so far, in order, each packet once (a station may say the same "saved" again)."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return list(dict.fromkeys(Testimony(**json.loads(line)) for line in lines))

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
