"""Extractions remembered on disk, so that a report can be drawn again in seconds."""

import hashlib
import os
from pathlib import Path
from typing import Self

import cbor2

from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.extractor import Choice, code_print, extractor_of
from rekam.abis.slots import Modality


class ExtractionCache:
    """One small CBOR file an image, named by the hash of the image, the extractor, its version and its code.

    Holds templates of whoever is in the set: keep it where the images are kept.
    """

    def __init__(self, folder: Path | None, key: bytes) -> None:
        self._folder = folder
        self._key = key

    @classmethod
    def of(cls, folder: Path | None, modality: Modality, choice: Choice) -> Self:
        """None remembers nothing."""
        if folder is None:
            return cls(None, b"")
        folder.mkdir(parents=True, exist_ok=True)
        extractor = extractor_of(modality, choice)
        return cls(folder, f"{extractor.name} {extractor.version} {code_print(modality)}".encode())

    def get(self, image: Path) -> Extraction | None:
        """What is remembered; None where nothing is, or where it cannot be read."""
        path = self._path(image)
        if path is None or not path.is_file():
            return None
        try:
            template, failure, milliseconds = cbor2.loads(path.read_bytes())
        except (cbor2.CBORDecodeError, ValueError, TypeError):
            return None
        return Extraction(template, failure, milliseconds)

    def put(self, image: Path, extraction: Extraction) -> None:
        """Remembers; a killed process leaves either all of it or nothing."""
        path = self._path(image)
        if path is not None:
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(cbor2.dumps([extraction.template, extraction.failure, extraction.milliseconds]))
            unfinished.replace(path)

    def _path(self, image: Path) -> Path | None:
        if self._folder is None:
            return None
        try:
            content = image.read_bytes()
        except OSError:
            return None
        return self._folder / (hashlib.sha256(self._key + content).hexdigest() + ".cbor")
