"""Fits the curve of a print's quality to real prints, cross-validated by finger, and shows what it is worth.

python bench/finger_quality.py /tmp/sets/fvc2004_db* --check ../shared/data/biometrics/fingers/fvc2002_db*
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rekam.abis.finger.compare import compare_many
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.extract import extract
from rekam.abis.finger.features import features_of
from rekam.abis.finger.quality import measures
from rekam.abis.finger.ridge_map import ridge_map_of
from rekam.abis.image import load_image

FMR = 1e-3
FOLDS = 10
DISCARDED = (0.0, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Prints:
    """n prints: their measures [n, 4], their finger's name, the genuine pairs [m, 2] and which of them match."""

    measures: NDArray[np.float64]
    finger: list[str]
    pairs: NDArray[np.int64]
    matched: NDArray[np.bool_]

    @property
    def match_share(self) -> NDArray[np.float64]:
        """The share of each print's genuine pairs that match, [n]."""
        share = np.zeros(len(self.finger))
        count = np.zeros(len(self.finger))
        for column in self.pairs.T:
            np.add.at(share, column, self.matched)
            np.add.at(count, column, 1)
        return share / count


def prints_of(folders: list[Path]) -> Prints:
    rows, fingers, pairs, matched = [], [], [], []
    for folder in folders:
        prepared, names = [], []
        for path in sorted(folder.glob("*.png")):
            image = load_image(path.read_bytes())
            template = extract(image)
            features = features_of(ridge_map_of(image), template.x.astype(int), template.y.astype(int))
            rows.append(measures(features))
            prepared.append(prepare(template))
            names.append(f"{folder.name} {path.stem.rpartition('_')[0]}")
        scores = np.stack([compare_many(probe, prepared) for probe in prepared])
        same = np.array(names)[:, None] == np.array(names)[None, :]
        above = np.triu(np.ones_like(same), 1)
        bar = np.quantile(scores[above & ~same], 1 - FMR)
        genuine = np.argwhere(above & same)
        pairs.append(genuine + len(fingers))
        matched.append(scores[tuple(genuine.T)] > bar)
        fingers += names
    return Prints(np.array(rows), fingers, np.concatenate(pairs), np.concatenate(matched))


def fitted(measured: NDArray[np.float64], share: NDArray[np.float64], steps: int = 8000) -> NDArray[np.float64]:
    """Weights [4] and base of the logistic curve, no weight below zero: no measure may lower quality as it rises."""
    mean, spread = measured.mean(axis=0), measured.std(axis=0)
    scaled = (measured - mean) / spread
    weights, base = np.zeros(scaled.shape[1]), 0.0
    for _ in range(steps):
        error = 1 / (1 + np.exp(-(scaled @ weights + base))) - share
        weights = np.maximum(weights - 0.5 * (scaled.T @ error / len(share) + 1e-3 * weights), 0)
        base -= 0.5 * error.mean()
    return np.append(weights / spread, base - (weights / spread * mean).sum())


def cross_validated(prints: Prints) -> NDArray[np.float64]:
    """The curve's height for each print by a fit that never saw its finger, [n]."""
    height = np.zeros(len(prints.finger))
    fingers = sorted(set(prints.finger))
    for fold in range(FOLDS):
        left_out = np.isin(prints.finger, fingers[fold::FOLDS])
        curve = fitted(prints.measures[~left_out], prints.match_share[~left_out])
        height[left_out] = prints.measures[left_out] @ curve[:4] + curve[4]
    return height


def error_against_discard(prints: Prints, height: NDArray[np.float64]) -> str:
    rank = np.argsort(np.argsort(height, kind="stable")) / len(height)
    worse = rank[prints.pairs].min(axis=1)
    return "  ".join(f"{share:.0%} {100 * (~prints.matched[worse >= share]).mean():.2f}" for share in DISCARDED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    chosen = parser.parse_args()
    tuned = prints_of(chosen.sets)
    curve = fitted(tuned.measures, tuned.match_share)
    print("weights", np.round(curve[:4], 2), "base", round(curve[4], 2))
    print("FNMR % at FMR 1e-3 with the worst prints discarded")
    print("  cross-validated:", error_against_discard(tuned, cross_validated(tuned)))
    if chosen.check:
        unseen = prints_of(chosen.check)
        print("  unseen:         ", error_against_discard(unseen, unseen.measures @ curve[:4] + curve[4]))


if __name__ == "__main__":
    main()
