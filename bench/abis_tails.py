"""May the fitted impostor tails be believed beyond the data, and from where on? Half of the people foretell, with
interval, how far all of them go, again and again.

python bench/abis_tails.py FOLDER... [--only KIND] [--cache FOLDER]
"""

import argparse
from pathlib import Path

import numpy as np
from measured_pairs import KINDS, pairs_of, samples

from rekam.abis.calibration import INTERVAL, Histograms, Pairs, fit_once
from rekam.abis.curves import IRIS
from rekam.abis.impostor_tail import fit_binomial, fit_pareto

TRIALS = 20
DRAWS = 25
SHARE = {IRIS: 0.1}  # there are so many eyes that a tenth of the people will do, a hundredth of the pairs
DEPTHS = np.array([1e-3, 1e-4, 3e-5, 1e-5])
STARTS = (0.9, 0.95, 0.975, 0.99)


def main() -> None:
    parser = argparse.ArgumentParser(description="Proves the extrapolation of impostor tails")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--only", choices=sorted(KINDS), action="append")
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    for kind in asked.only or KINDS:
        prove(pairs_of(samples(asked.folders, kind, odd_eyes=True, cache=asked.cache), kind), kind)


def prove(pairs: Pairs, kind: str) -> None:
    fit = fit_binomial if kind == IRIS else fit_pareto
    impostor = pairs.similarity[~pairs.genuine]
    # one level: the question is how far a tail reaches, not what quality does to it
    level = np.full_like(pairs.quality, 50)
    histograms = Histograms(Pairs(pairs.similarity, level, pairs.genuine, pairs.a, pairs.b))
    at = np.quantile(impostor, 1 - DEPTHS)
    people = round(SHARE.get(kind, 0.5) * histograms.subjects)
    print(
        f"{kind}: {len(impostor)} impostor pairs of {histograms.subjects} subjects, {people} of whom foretell {DEPTHS}"
    )
    draw = np.random.default_rng(2)
    for start in STARTS:
        whole = fit_once(histograms, np.ones(histograms.subjects), fit, start).tails[0].parameters()
        middle, upper = [], []
        for _ in range(TRIALS):
            chosen = np.zeros(histograms.subjects)
            chosen[draw.permutation(histograms.subjects)[:people]] = 1.0
            drawn = [
                fit_once(histograms, draw.multinomial(people, chosen / people).astype(float), fit, start).strangers[0]
                for _ in range(DRAWS)
            ]
            fitted = fit_once(histograms, chosen, fit, start).strangers[0]
            middle.append(np.interp(at, histograms.edges, fitted))
            upper.append(np.interp(at, histograms.edges, np.maximum(np.quantile(drawn, INTERVAL[1], axis=0), fitted)))
        told = {
            "foretold / true, median": np.median(middle / DEPTHS, axis=0).round(2),
            "upper end holds": np.mean(upper >= DEPTHS, axis=0).round(2),
            "ten times it holds": np.mean(10 * np.array(upper) >= DEPTHS, axis=0).round(2),
        }
        print(f"  from {start}, { ({name: round(value, 4) for name, value in whole.items()}) }: {told}")


if __name__ == "__main__":
    main()
