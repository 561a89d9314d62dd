"""Whole people searched among others: what the verdicts over all fingers and eyes are worth."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rekam.abis.errors import TooFewParts
from rekam.abis.evaluation.pairs import Progress
from rekam.abis.evaluation.virtual_people import SCENARIOS, Parts, Scenario, assembled
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.prediction import Prediction, predict
from rekam.abis.search import nearest
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import Verdict, bars, verdict_of

NATION = 200_000_000
SHUFFLES = 5
QUANTILES = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class ScenarioReport:
    """What became of every recording searched among one recording of everybody.

    second: verdicts on the searcher's own other record; first: on the likeliest stranger, the own record being out of
    the gallery. `own` and `strangers` are those log-likelihood ratios. The `nation` counts take the same ratios to the
    bars of a gallery of 200 million; `predicted` is what the fitted curves foretell of searches there (None where parts
    are missing at random). Shuffles draw on the same images: counts are not independent trials.
    """

    name: str
    people: int
    recordings: int
    shuffles: int
    own: tuple[float, ...]
    strangers: tuple[float, ...]
    predicted: Prediction | None = None

    def verdicts(self, gallery_size: int | None = None) -> dict[str, dict[str, int]]:
        """Counts of second and first recordings by verdict, in a gallery of so many or of the people at hand."""
        size = gallery_size or self.people
        second = Counter(verdict_of(llr, size) for llr in self.own)
        first = Counter(verdict_of(llr, max(size - 1, 1)) for llr in self.strangers)
        return {
            "second": {str(verdict): second[verdict] for verdict in Verdict},
            "first": {str(verdict): first[verdict] for verdict in Verdict},
        }

    def to_map(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "scenario": self.name,
            "people": self.people,
            "recordings": self.recordings,
            "shuffles": self.shuffles,
            **self.verdicts(),
            "bars": bars(self.people)._asdict(),
            "nation": {"people": NATION, **self.verdicts(NATION), "bars": bars(NATION)._asdict()},
            "predicted": None if self.predicted is None else _estimates(self.predicted),
            "own_llr": _spread(self.own),
            "strangers_llr": _spread(self.strangers),
        }


def measure_people(
    parts: Parts,
    *,
    seed: int = 1,
    shuffles: int = SHUFFLES,
    scenarios: Sequence[Scenario] = SCENARIOS,
    progress: Progress = lambda *_: None,
) -> list[ScenarioReport]:
    """Every scenario for which there are two people or more; the same seed gives the same people.

    Raises `TooFewParts` where there is none.
    """
    possible = [(place, scenario) for place, scenario in enumerate(scenarios) if parts.people(scenario) > 1]
    if not possible:
        raise TooFewParts(fingers=len(parts.fingers), eyes=len(parts.eyes))
    made = []
    for done, (place, scenario) in enumerate(possible):
        progress("search", done, len(possible))
        made.append(_measured(parts, scenario, np.random.default_rng([seed, place]), shuffles))
    progress("search", len(possible), len(possible))
    return made


def _measured(parts: Parts, scenario: Scenario, draw: np.random.Generator, shuffles: int) -> ScenarioReport:
    own: list[float] = []
    strangers: list[float] = []
    recordings = 0
    for _ in range(shuffles):
        people = assembled(parts, scenario, draw)
        recordings = max(map(len, people))
        for held in range(recordings):
            found = _searched(people, held)
            own += found[0]
            strangers += found[1]
    predicted = None if scenario.missing else predict(NATION, scenario.slots, finger_kind=parts.finger_kind)
    return ScenarioReport(
        scenario.name, parts.people(scenario), recordings, shuffles, tuple(own), tuple(strangers), predicted
    )


def _searched(people: Sequence[Sequence[TemplateSet]], held: int) -> tuple[list[float], list[float]]:
    """The gallery holds recording `held` of everybody; every other recording is searched in it."""
    gallery = MemoryGallery()
    for number, recordings in enumerate(people):
        if held < len(recordings) and recordings[held]:
            gallery.append(number.to_bytes(16, "big"), recordings[held])
    own, strangers = [], []
    for number, recordings in enumerate(people):
        for turn, probe in enumerate(recordings):
            if turn == held or not probe:
                continue
            ratios = {candidate.id: candidate.llr for candidate in nearest(probe, gallery, len(people))}
            mine = ratios.pop(number.to_bytes(16, "big"), None)
            if mine is not None:
                own.append(mine)
            if ratios:
                strangers.append(max(ratios.values()))
    return own, strangers


def _estimates(predicted: Prediction) -> dict[str, Mapping[str, float]]:
    """Each share with its interval, for JSON."""
    return {
        name: {end: float(f"{share:.3g}") for end, share in getattr(predicted, name)._asdict().items()}
        for name in ("fpir", "fnir", "machine_fpir", "machine_fnir")
    }


def _spread(ratios: Sequence[float]) -> Mapping[str, float]:
    return {
        f"{share:g}": round(float(level), 2)
        for share, level in zip(QUANTILES, np.quantile(ratios, QUANTILES), strict=True)
    }
