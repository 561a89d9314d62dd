"""Which fingerprint extractor a centre uses: decided at its first start, kept in its folder.

Without it a centre would change its extractor, and have its whole gallery made anew, by a package more or less.
"""

from pathlib import Path
from typing import Literal

import structlog

from rekam.abis.errors import LeaderNotReady
from rekam.abis.finger.extractors import FingerExtractor, classical, leader
from rekam.enrolment.errors import RekamError
from rekam.storage.whole_file import write_whole

__all__ = ["ExtractorUnknown", "Wanted", "finger_extractor", "kept"]


class ExtractorUnknown(RekamError):
    """This centre uses the fingerprint extractor '{name}', which this version of Rekam does not know. Nothing was
    changed. Install the version that the centre ran with before.
    """


Wanted = Literal["auto", "leader", "classical"]

log = structlog.get_logger()

_FILE = "finger-extractor"


def finger_extractor(folder: Path, wanted: Wanted) -> FingerExtractor:
    """The extractor of the centre in `folder`: "auto" is the one it has, or at first start the best there is.

    Another one may be asked for: from then on it is kept, and searches wait for `rekam centre re-extract`. Raises
    `LeaderNotReady` also where the centre began with LEADER: its templates cannot be compared with others.
    """
    name = kept(folder) if wanted == "auto" else wanted
    chosen = _named(name) if name else _best()
    now = "classical" if chosen == classical() else "leader"
    if now != kept(folder):
        write_whole(folder / _FILE, f"{now}\n".encode())
    return chosen


def _named(name: str) -> FingerExtractor:
    if name not in {"leader", "classical"}:
        raise ExtractorUnknown(name=name)
    return leader() if name == "leader" else classical()


def _best() -> FingerExtractor:
    try:
        return leader()
    except LeaderNotReady as missing:
        log.warning("fingerprints by the classical extractor", told=str(missing))
        return classical()


def kept(folder: Path) -> str | None:
    """The extractor this centre uses, "leader" or "classical"; None where it has not started yet."""
    try:
        return (folder / _FILE).read_text("utf-8").strip()
    except FileNotFoundError:
        # before there was a choice there was only the classical one
        return "classical" if (folder / "gallery").exists() else None
