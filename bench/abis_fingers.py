"""How fast prints are prepared and compared on one core, all pairs of each set, beside plain numpy. A minute a set.

python bench/abis_fingers.py FOLDER... [--leader]

FOLDERs hold impressions. Each figure is the fastest of several runs on this thread's processor time. The ratio says how
much sooner the whole comparison is done than numpy counts the bits of all its cylinders, which is only its first step.
"""

import argparse
from pathlib import Path

import numpy as np
from timing import least_seconds

from rekam.abis.errors import AbisError
from rekam.abis.evaluation.pairs import one_core
from rekam.abis.finger.compare import compare_rows
from rekam.abis.finger.cylinders import Prepared, prepare
from rekam.abis.finger.extractors import FingerExtractor, classical, leader
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.image import load_image
from rekam.abis.impressions import impressions_in

ROWS = 20  # probes, each against the whole set


def templates_of(folder: Path, extractor: FingerExtractor) -> list[FingerTemplate]:
    found = []
    for impression in impressions_in(folder):
        try:
            found.append(extractor.extract(load_image(impression.path.read_bytes())))
        except AbisError:
            continue
    return found


def plain_similarities(a: Prepared, b: Prepared) -> np.ndarray:
    """The oracle of `similarity.similarities`, every cylinder of a with every one of b, float64 [na, nb]."""
    both = a.mask[:, None] & b.mask[None]
    mine, hers = a.bits[:, None] & both, b.bits[None] & both
    apart, size_a, size_b = (np.bitwise_count(bits).sum(axis=2) for bits in (mine ^ hers, mine, hers))
    return 1 - np.sqrt(apart) / np.maximum(np.sqrt(size_a) + np.sqrt(size_b), 1e-9)


def measure(folder: Path, extractor: FingerExtractor) -> str:
    templates = templates_of(folder, extractor)
    prints = [prepare(template) for template in templates]
    preparing = least_seconds(lambda: [prepare(template) for template in templates]) / len(templates)
    starts = np.cumsum([0, *(len(each) for each in prints)])
    bits, mask, place = (np.concatenate([getattr(each, name) for each in prints]) for name in ("bits", "mask", "place"))
    probes = prints[:: max(1, len(prints) // ROWS)]
    compare_rows(probes[0], bits, mask, place, starts)  # compiles
    comparing = sum(least_seconds(lambda p=p: compare_rows(p, bits, mask, place, starts)) for p in probes)
    comparing /= len(probes) * len(prints)
    plain = least_seconds(lambda: [plain_similarities(probes[0], each) for each in prints]) / len(prints)
    return (
        f"{folder.name}: {len(bits) / len(prints):.0f} minutiae, prepared in {1000 * preparing:.2f} ms, "
        f"{1 / comparing:,.0f} comparisons/s, {plain / comparing:.1f} times as fast as numpy's first step"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of preparing and comparing prints")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--leader", action="store_true")
    asked = parser.parse_args()
    extractor = leader() if asked.leader else classical()
    with one_core():
        for folder in asked.folders:
            print(measure(folder, extractor), flush=True)


if __name__ == "__main__":
    main()
