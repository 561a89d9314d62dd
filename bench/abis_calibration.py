"""Fits the curves of `rekam.abis.thresholds` to the sets of a folder laid out as fingers/SET and irises/SET.

python bench/abis_calibration.py ../shared/data/biometrics
"""

import sys
from pathlib import Path

import numpy as np

from rekam.abis import evaluate
from rekam.abis.calibration import MeasuredSet, fit
from rekam.abis.slots import Modality

FOLDERS = {Modality.FINGER: "fingers", Modality.IRIS: "irises"}


def measured(folder: Path, modality: Modality) -> MeasuredSet:
    pairs = evaluate.measured(folder, modality).pairs
    known = np.isfinite(pairs.scores)
    return MeasuredSet(pairs.scores[pairs.is_genuine & known], pairs.scores[~pairs.is_genuine & known])


def main(base: Path) -> None:
    for modality, name in FOLDERS.items():
        sets = {
            folder.name: measured(folder, modality) for folder in sorted((base / name).iterdir()) if folder.is_dir()
        }
        for set_name, scores in sets.items():
            worst, best = scores.genuine.min(), scores.impostor.max()
            print(
                f"{set_name}: {len(scores.genuine)} genuine, least {worst:.4f}; {len(scores.impostor)} impostor, "
                f"most {best:.4f}, tail from {scores.tail_start:.4f} mean {scores.tail_mean:.4f}"
            )
        knots = fit(list(sets.values()))
        if modality is Modality.IRIS:  # the matcher gives negated distances
            knots = knots._replace(scores=tuple(-score for score in knots.scores[::-1]), llrs=knots.llrs[::-1])
        print(f"{modality}: scores {knots.scores}\n        llrs   {knots.llrs}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
