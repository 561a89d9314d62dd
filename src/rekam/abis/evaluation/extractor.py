"""Which extractor is measured, by name, and what tells its results from those of another."""

import hashlib
import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rekam.abis.finger.extractors import FingerExtractor, best, classical, leader
from rekam.abis.image import GreyImage
from rekam.abis.iris.extract import extract as extract_iris
from rekam.abis.iris.template import EXTRACTOR_VERSION as IRIS_VERSION
from rekam.abis.iris.template import EXTRACTORS as IRIS_EXTRACTORS
from rekam.abis.slots import Modality
from rekam.abis.template_set import Template

Choice = Literal["best", "leader", "classical"]
FINGER_EXTRACTORS: Mapping[Choice, Callable[[], FingerExtractor]] = {
    "best": best,
    "leader": leader,
    "classical": classical,
}
ENGINE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class MeasuredExtractor:
    """An extractor with its name and version as templates carry them."""

    name: str
    version: int
    extract: Callable[[GreyImage], Template]


def extractor_of(modality: Modality, choice: Choice = "best") -> MeasuredExtractor:
    """The extractor of a modality; `choice` is among fingers only. Raises `LeaderNotReady`."""
    if modality is Modality.IRIS:
        return MeasuredExtractor(IRIS_EXTRACTORS[1], IRIS_VERSION, extract_iris)
    chosen = FINGER_EXTRACTORS[choice]()
    return MeasuredExtractor(chosen.name, chosen.version, chosen.extract)


def code_print(modality: Modality) -> str:
    """A hash over all that an extraction depends on: the engine's source of that modality and the libraries below."""
    digest = hashlib.sha256()
    for path in [ENGINE / "image.py", *sorted((ENGINE / modality).rglob("*.py"))]:
        digest.update(path.read_bytes())
    for library in ("numpy", "numba", "opencv-python-headless", "onnxruntime"):
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    return digest.hexdigest()
