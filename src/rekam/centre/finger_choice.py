"""Which fingerprint extractor a centre's templates are made by: decided at its first start, kept in its folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from rekam.abis.finger.extractors import FingerExtractor, best, classical, leader
from rekam.enrolment.errors import RekamError
from rekam.storage.whole_file import write_whole

__all__ = ["GalleryOfAnotherExtractor", "Wanted", "finger_extractor", "keep", "kept"]

Wanted = Literal["auto", "leader", "classical"]

_FILE = "finger-extractor"
_EXTRACTORS: Mapping[str, Callable[[], FingerExtractor]] = {"leader": leader, "rekam-classical": classical}
_BEFORE_THIS_FILE = "rekam-classical 1"


class GalleryOfAnotherExtractor(RekamError):
    """The fingerprint templates of this centre were made by {kept}, but {wanted} is to be used now; they cannot be
    compared. Packets wait and nothing is lost. Run `rekam centre re-extract`, or set REKAM_FINGER_EXTRACTOR back.
    """


def finger_extractor(folder: Path, wanted: Wanted) -> FingerExtractor:
    """The extractor of the centre in `folder`: "auto" is the one it has, or at first start the best there is.

    Raises `GalleryOfAnotherExtractor` where its templates were made by another name or version, `LeaderNotReady`.
    """
    held = kept(folder)
    if wanted == "auto":
        chosen = best() if held is None else _EXTRACTORS[held.split(" ", 1)[0]]()
    else:
        chosen = leader() if wanted == "leader" else classical()
    if held is None:
        keep(folder, chosen)
    elif held != _told(chosen):
        raise GalleryOfAnotherExtractor(kept=held, wanted=_told(chosen))
    return chosen


def kept(folder: Path) -> str | None:
    """Name and version of the extractor whose templates this centre holds; None where it has none yet."""
    try:
        return (folder / _FILE).read_text("utf-8").strip()
    except FileNotFoundError:
        return _BEFORE_THIS_FILE if (folder / "gallery").exists() else None


def keep(folder: Path, extractor: FingerExtractor) -> None:
    """From now on this centre's templates are the extractor's: all that it holds must be, when this is called."""
    write_whole(folder / _FILE, f"{_told(extractor)}\n".encode())


def _told(extractor: FingerExtractor) -> str:
    return f"{extractor.name} {extractor.version}"
