"""How many irises a core compares in a second, each masked, over all turns, every sector giving way on its own.

python bench/iris_search.py

Processor time of this thread, the least of several runs, for the machines are shared; beside it, as the measure of the
machine, the plain masked Hamming distance at the same turns in numpy, without sectors.
"""

import numpy as np
from numpy.typing import NDArray
from timing import least_seconds

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.compare import TurnedProbe, compare, turned
from rekam.abis.iris.hamming import WORDS, distances
from rekam.abis.iris.template import IrisTemplate

GALLERY, SMALL, RUNS = 100_000, 450, 20
Words = NDArray[np.uint64]


def plain(probe: TurnedProbe, codes: Words, masks: Words) -> NDArray[np.float64]:
    """The distances without sectors, written without a kernel."""
    best = np.full(len(codes), 0.5)
    for code, mask in zip(probe.codes, probe.masks, strict=True):
        both = mask & masks
        shown = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        errors = np.bitwise_count((code ^ codes) & both).sum(axis=1, dtype=np.int64)
        evidence = (0.5 - errors / np.maximum(shown, 1)) * np.sqrt(shown / p.TYPICAL_COMMON_BITS)
        best = np.minimum(best, np.where(shown >= p.LEAST_COMMON_BITS, 0.5 - evidence, 0.5))
    return best


def main() -> None:
    rng = np.random.default_rng(1)
    codes, masks = (rng.integers(0, 2**64, (GALLERY, WORDS), np.uint64) for _ in range(2))
    circle = Circle(160.0, 120.0, 50.0)
    template = IrisTemplate(codes[0].view(np.uint8).copy(), masks[1].view(np.uint8).copy(), 80, (), circle, circle)
    probe = turned(template)
    turns, in_numpy = len(probe.turns), len(probe.codes)
    whole = least_seconds(lambda: distances(probe, codes, masks), RUNS)
    numpy_alone = least_seconds(lambda: plain(probe, codes, masks), 3)

    def small_gallery() -> None:
        distances(turned(template), codes[:SMALL], masks[:SMALL])

    small = least_seconds(lambda: [small_gallery() for _ in range(100)], RUNS) / 100
    pair = least_seconds(lambda: [compare(template, template) for _ in range(100)], RUNS) / 100
    rotations = GALLERY * (turns + 2 * p.SECTOR_SLACK) / whole
    print(f"{GALLERY} rows: {GALLERY / whole / 1e6:.2f} M eyes/s, each over {turns} turns a column apart")
    print(f"that is {rotations / 1e6:.0f} M single-rotation comparisons/s, a sector at a time")
    print(f"plain numpy, without sectors: {GALLERY * in_numpy / numpy_alone / 1e6:.1f} M single-rotation comparisons/s")
    print(f"{SMALL} rows, turning included: {SMALL / small / 1e6:.2f} M eyes/s")
    print(f"one pair, turning included: {1e6 * pair:.0f} us")


if __name__ == "__main__":
    main()
