"""Whole people searched among others: as labelled, with parts missing, with samples in the wrong slots.

    python bench/abis_people.py FOLDER... [--extractor classical|leader] [--shuffles N] [--cache FOLDER] [--all-eyes]
    python bench/abis_people.py --templates PEOPLE PROBES        people who do not exist, as templates

Real people are put together anew in each shuffle from single fingers and pairs of eyes. Eyes are those of people with
even numbers, because the curves were fitted to the others.
"""

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rekam.abis.arrangement import Misplacement
from rekam.abis.evaluation.extraction import extract_all
from rekam.abis.evaluation.sets import parts_of, sets_in
from rekam.abis.evaluation.virtual_people import SCENARIOS, Parts, Scenario, assembled
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import Candidate, nearest
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS, Modality
from rekam.abis.synthetic.templates import TemplatePerson
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import bars, verdict_of

HANDS = {slot: FINGER_SLOTS[(i + 5) % 10] for i, slot in enumerate(FINGER_SLOTS)}
SHIFTED = {slot: FINGER_SLOTS[(i + 1) % 10] for i, slot in enumerate(FINGER_SLOTS)}
EYES = dict(zip(IRIS_SLOTS, IRIS_SLOTS[::-1], strict=True))
EXCHANGED = {"finger-2": "finger-3", "finger-3": "finger-2"}
MOVES: Mapping[str, tuple[Mapping[str, str], set[Misplacement]]] = {
    "as labelled": ({}, set()),
    "eyes swapped": (EYES, {Misplacement.EYES_SWAPPED}),
    "hands swapped": (HANDS, {Misplacement.HANDS_SWAPPED}),
    "two fingers exchanged": (EXCHANGED, {Misplacement.FINGERS_REORDERED}),
    "fingers shifted by one": (SHIFTED, {Misplacement.FINGERS_REORDERED}),
}
NATION = 200_000_000


class Tally:
    """Verdicts on the searcher's own record, here and as among 200 million, and on strangers; orders told rightly."""

    def __init__(self) -> None:
        self.own, self.nation, self.strangers, self.named = Counter(), Counter(), Counter(), Counter()
        self.least, self.most = np.inf, -np.inf

    def add(self, found: list[Candidate], own: bytes, people: int, expected: set[Misplacement]) -> None:
        for candidate in found:
            if candidate.id == own:
                self.own[str(candidate.verdict)] += 1
                self.nation[str(verdict_of(candidate.llr, NATION))] += 1
                self.named[set(candidate.arrangement.kinds) == expected] += 1
                self.least = min(self.least, candidate.llr)
        stranger = max((candidate.llr for candidate in found if candidate.id != own), default=-np.inf)
        self.strangers[str(verdict_of(stranger, people))] += 1
        self.most = max(self.most, stranger)

    def print(self, title: str, people: int) -> None:
        print(f"{title}: {people} people, bars {bars(people).adjudicate:.1f} and {bars(people).duplicate:.1f}")
        print(f"  own record {dict(self.own)}, least {self.least:.1f}; as among 200 million {dict(self.nation)}")
        print(f"  likeliest stranger {dict(self.strangers)}, most {self.most:.1f}")
        print(f"  order told rightly {self.named[True]} of {self.named.total()}", flush=True)


def relabelled(templates: TemplateSet, moves: Mapping[str, str]) -> TemplateSet:
    return TemplateSet({moves.get(slot, slot): template for slot, template in templates.items()})


def searched(parts: Parts, scenario: Scenario, how: str, shuffles: int, seed: int = 1) -> Tally:
    tally, draw = Tally(), np.random.default_rng(seed)
    moves, expected = MOVES[how]
    for _ in range(shuffles):
        people = assembled(parts, scenario, draw)
        gallery = MemoryGallery()
        for number, recordings in enumerate(people):
            if recordings[0]:
                gallery.append(number.to_bytes(16, "big"), recordings[0])
        for number, recordings in enumerate(people):
            for probe in recordings[1:]:
                if probe and recordings[0] and set(probe) & set(recordings[0]):
                    found = nearest(relabelled(probe, moves), gallery, len(people))
                    tally.add(found, number.to_bytes(16, "big"), len(people), expected)
    return tally


def real(parts: Parts, shuffles: int) -> None:
    for scenario in SCENARIOS:
        labelled = [how for how in MOVES if how == "as labelled" or (scenario.slots == SLOTS and not scenario.missing)]
        for how in labelled:
            searched(parts, scenario, how, shuffles).print(f"{scenario.name}, {how}", parts.people(scenario))


def templates(people: int, probes: int) -> None:
    slots = ("finger-2", "finger-7", *IRIS_SLOTS)
    gallery, tally = MemoryGallery(), Tally()
    for seed in range(people):
        gallery.append(seed.to_bytes(16, "big"), TemplatePerson(seed).recording(slots))
    for seed in range(0, people, max(people // probes, 1)):
        tally.add(
            nearest(TemplatePerson(seed).recording(slots, 1), gallery, 10), seed.to_bytes(16, "big"), people, set()
        )
    tally.print("two fingers, two irises of templates", people)


def main() -> None:
    parser = argparse.ArgumentParser(description="Searches whole people")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--extractor", choices=("classical", "leader"), default="classical")
    parser.add_argument("--shuffles", type=int, default=5)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--all-eyes", action="store_true")
    parser.add_argument("--templates", nargs=2, type=int, metavar=("PEOPLE", "PROBES"))
    asked = parser.parse_args()
    if asked.templates:
        templates(*asked.templates)
        return
    extracted = []
    for images in sets_in(asked.folders):
        found = extract_all(images.impressions, images.modality, asked.extractor, cache=asked.cache)
        kept = [
            (one, extraction)
            for one, extraction in zip(images.impressions, found, strict=True)
            if asked.all_eyes or images.modality is Modality.FINGER or int(one.source[:-1]) % 2 == 0
        ]
        chosen = type(images)(images.name, images.modality, tuple(one for one, _ in kept))
        extracted.append((chosen, [extraction for _, extraction in kept]))
    real(parts_of(extracted), asked.shuffles)


if __name__ == "__main__":
    main()
