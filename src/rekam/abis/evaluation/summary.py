"""The report's first paragraph: what an official wants to know."""

from collections.abc import Sequence

import numpy as np

from rekam.abis.evaluation.fused import ScenarioReport
from rekam.abis.evaluation.known import peers_on, provenance_of
from rekam.abis.evaluation.results import Results, SetResult
from rekam.abis.impressions import Fold
from rekam.abis.slots import Modality


def summary_of(results: Results) -> str:
    """Whole people first, then one finger and one iris beside other systems; of sets not tuned on."""
    sentences = [_whole(people) for people in results.people[:1]]
    if results.finger_extractors:
        sentences.append(_alone(results, Modality.FINGER, results.finger_extractors[0]))
    if irises := results.of(Modality.IRIS):
        sentences.append(_alone(results, Modality.IRIS, irises[0].report.extractor))
    return " ".join(sentences)


def _whole(people: ScenarioReport) -> str:
    verdicts = people.verdicts()
    second, first = verdicts["second"], verdicts["first"]
    found = second["duplicate"] + second["adjudicate"]
    asked = (
        f", {second['adjudicate']:,} of them by asking two experts" if second["adjudicate"] else " by the machine alone"
    )
    return (
        f"**Of {len(people.own):,} second recordings with {people.name}, {_counted(found, len(people.own))} were "
        f"recognised{asked}; of {len(people.strangers):,} searches without an own record, "
        f"{_counted(first['duplicate'], len(people.strangers))} ended in calling a stranger a duplicate.**"
    )


def _counted(count: int, total: int) -> str:
    return "none" if count == 0 else "all" if count == total else f"{count:,}"


def _alone(results: Results, modality: Modality, extractor: str) -> str:
    reported = [each for each in results.of(modality, extractor) if not provenance_of(each.report.set).tuned]
    if not reported:
        return f"All {modality} sets here were tuned on, so none tells what to expect."
    ours = float(np.mean([each.halves.get(Fold.EVEN, each.report).fnmr_at_fmr_1e_3 for each in reported]))
    others = _others([each.report.set for each in reported])
    told = f"One {modality} alone, where one stranger in 1000 may pass, misses {100 * ours:.1f} % of its owners"
    beside = f"; other open systems: {', '.join(others)}" if others else ""
    return f"{told} ({_named(reported)}{beside})."


def _others(sets: Sequence[str]) -> list[str]:
    """The mean over the same sets of every system that was measured on all of them."""
    rates: dict[str, list[float]] = {}
    for name in sets:
        for peer in peers_on(name):
            rates.setdefault(peer.system, []).append(peer.fnmr)
    return [f"{system} {100 * np.mean(told):.1f} %" for system, told in rates.items() if len(told) == len(sets)]


def _named(results: Sequence[SetResult]) -> str:
    names = ", ".join(each.report.set + (", even numbers" if each.halves else "") for each in results)
    return f"mean of {names}" if len(results) > 1 else names
