"""Every image of a set extracted, in a pool of processes that have a core each."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from rekam.abis.errors import AbisError
from rekam.abis.evaluation.cache import ExtractionCache
from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.extractor import Choice, extractor_of
from rekam.abis.evaluation.pairs import Progress, one_core
from rekam.abis.evaluation.workers import cores, worked_through
from rekam.abis.image import load_image
from rekam.abis.impressions import Impression
from rekam.abis.matchers import prepared
from rekam.abis.slots import Modality

IMAGES_A_PROCESS = 8
"""Fewer do not pay for starting one."""


def extract_all(
    impressions: Sequence[Impression],
    modality: Modality,
    choice: Choice = "best",
    *,
    progress: Progress = lambda *_: None,
    processes: int | None = None,
    cache: Path | None = None,
) -> list[Extraction]:
    """Extracts each image, or takes what `cache` (a folder) remembers of the same file and the same code.

    An image that cannot be read or extracted, or that kills its process, is an `Extraction` without template. The order
    and the result do not depend on how many processes there were.
    """
    known = ExtractionCache.of(cache, modality, choice)
    found: list[Extraction | None] = [known.get(impression.path) for impression in impressions]
    wanted = [place for place, extraction in enumerate(found) if extraction is None]
    paths = [impressions[place].path for place in wanted]
    done = len(found) - len(wanted)
    progress("extract", done, len(found))
    for place, extraction in zip(wanted, _extracted(paths, modality, choice, processes), strict=True):
        found[place] = extraction
        known.put(impressions[place].path, extraction)
        done += 1
        progress("extract", done, len(found))
    return [extraction for extraction in found if extraction is not None]


def _extracted(
    paths: Sequence[Path], modality: Modality, choice: Choice, processes: int | None
) -> Iterator[Extraction]:
    count = min(processes or len(cores()), max(1, len(paths) // IMAGES_A_PROCESS))
    if count == 1 or not paths:
        with one_core():
            yield from _one_by_one(paths, modality, choice)
    else:
        yield from worked_through(paths, count, _extract, _settle, (modality, choice))


def _one_by_one(paths: Sequence[Path], modality: Modality, choice: Choice) -> Iterator[Extraction]:
    worker = _Worker(modality, choice)
    for path in paths:
        yield worker.extract(path)


class _Worker:
    """One process's extractor; its first image is extracted twice, to compile the kernels outside the measured time."""

    def __init__(self, modality: Modality, choice: Choice) -> None:
        self._extractor = extractor_of(modality, choice)
        self._warm = False

    def extract(self, path: Path) -> Extraction:
        """Never raises: what went wrong becomes the reason."""
        if not self._warm:
            self._warm = self._extract(path).template is not None
        return self._extract(path)

    def _extract(self, path: Path) -> Extraction:
        began = process_time()
        try:
            template = self._extractor.extract(load_image(path.read_bytes()))
            prepared(template)
        except AbisError as failure:
            return Extraction(None, f"{failure.code}: {failure.facts.get('reason', failure)}", _since(began))
        except OSError as failure:
            return Extraction(None, f"the file cannot be read: {failure.strerror}", _since(began))
        except Exception as defect:  # noqa: BLE001 - one image's surprise must not cost a night's measurement
            return Extraction(None, f"DEFECT, report it: {type(defect).__name__}: {defect}", _since(began))
        return Extraction(template.to_bytes(), "", _since(began))


_WORKER: list[_Worker] = []


def _settle(modality: Modality, choice: Choice) -> None:
    _WORKER.append(_Worker(modality, choice))


def _extract(path: Path) -> Extraction:
    return _WORKER[0].extract(path)


def _since(began: float) -> float:
    return 1000 * (process_time() - began)
