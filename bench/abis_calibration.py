"""Fits the curves that `rekam.abis` reads scores by (`src/rekam/abis/curves.json`). Ten minutes on one core.

python bench/abis_calibration.py FOLDER... [--write] [--only KIND] [--all-eyes] [--check] [--cache FOLDER]

FOLDERs are laid out fingers/SET and irises/SET. Eyes are those of people with odd numbers, so that the others can
judge. A kind whose extractor is not ready keeps its curve. `--check` leaves out each set in turn and tells how a
curve fitted to the others does on it.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from measured_pairs import KINDS, Sample, pairs_of, samples

from rekam.abis.calibration import Pairs, fit_curve
from rekam.abis.curves import FILE, IRIS, Curve
from rekam.abis.errors import LeaderNotReady
from rekam.abis.footing import footing
from rekam.abis.impostor_tail import fit_binomial, fit_pareto


def fitted(found: Sequence[Sample], pairs: Pairs, kind: str) -> Curve:
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "sets": {name: _counts(found, name) for name in sorted({one.set for one in found})},
        "genuine_pairs": int(pairs.genuine.sum()),
        "impostor_pairs": int((~pairs.genuine).sum()),
        "footing": footing(kind),
    }
    return fit_curve(kind, pairs, fit_binomial if kind == IRIS else fit_pareto, about)


def _counts(found: Sequence[Sample], name: str) -> dict[str, int]:
    of_set = [one for one in found if one.set == name]
    return {"images": len(of_set), "subjects": len({one.subject for one in of_set})}


def ratios(curve: Curve, pairs: Pairs) -> np.ndarray:
    return curve.llrs(-pairs.similarity if curve.kind == IRIS else pairs.similarity, pairs.quality.astype(float))


def cost_of_ratios(genuine: np.ndarray, impostor: np.ndarray) -> float:
    """Cllr in bits: 0 is a perfect oracle, 1 says nothing (Brümmer & du Preez 2006)."""
    return float(np.mean(np.logaddexp(0, -genuine)) + np.mean(np.logaddexp(0, impostor))) / (2 * np.log(2))


def check(found: Sequence[Sample], kind: str) -> None:
    """Each set judged by a curve fitted to the others, with its quality and without."""
    for name in sorted({one.set for one in found}):
        others, left_out = ([one for one in found if (one.set == name) is kept] for kept in (False, True))
        if not others:
            continue
        learnt, judged = pairs_of(others, kind), pairs_of(left_out, kind)
        blind = Pairs(learnt.similarity, np.full_like(learnt.quality, 50), learnt.genuine, learnt.a, learnt.b)
        told = []
        for pairs in (learnt, blind):
            llrs = ratios(fitted(others, pairs, kind), judged)
            genuine, impostor = llrs[judged.genuine], llrs[~judged.genuine]
            beyond = "  ".join(f"{np.mean(impostor >= bar) * np.exp(bar):.3f}" for bar in (2.3, 4.6, 6.9))
            told.append(f"Cllr {cost_of_ratios(genuine, impostor):.4f}, P(llr >= 2.3, 4.6, 6.9) * exp: {beyond}")
        print(f"{kind} without {name}: {told[0]}; blind to quality: {told[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fits curves.json")
    parser.add_argument("folders", nargs="+", type=Path)
    for flag in ("--write", "--all-eyes", "--check"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--only", choices=sorted(KINDS), action="append")
    parser.add_argument("--cache", type=Path, help="remembers extractions, as `rekam abis evaluate` does")
    asked = parser.parse_args()
    held: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
    for kind in asked.only or KINDS:
        began = time.monotonic()
        try:
            found = samples(asked.folders, kind, odd_eyes=not asked.all_eyes, cache=asked.cache)
        except LeaderNotReady as reason:
            print(f"{kind}: left as it is. {reason}", file=sys.stderr)
            continue
        pairs = pairs_of(found, kind)
        curve = fitted(found, pairs, kind)
        held[kind] = curve.to_map()
        print(f"{kind}: {time.monotonic() - began:.0f} s, {json.dumps(curve.fitted)}")
        for level in curve.levels:
            print(f"  quality {level.quality:.0f}: {level.llrs[0]:.1f} .. {level.llrs[-1]:.1f}")
        if asked.check:
            check(found, kind)
    if asked.write:
        FILE.write_text(json.dumps(dict(sorted(held.items())), indent=1) + "\n")


if __name__ == "__main__":
    main()
