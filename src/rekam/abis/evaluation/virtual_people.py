"""People put together from fingers and eyes of different sets: nobody's ten prints and irises lie open together.

A person is as good as a real one for everything but what hangs together within a body or a sitting (dry hands, one
scanner); see docs/biometrics.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rekam.abis.curves import kind_of
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS, Modality, modality_of
from rekam.abis.template_set import Template, TemplateSet

Impressions = Sequence[Template | None]
"""Of one finger or eye, None where an extraction failed."""

MOST_PEOPLE = 40
RECORDINGS = 4
BANDAGED = 0.1
"""The share of parts that a recording lacks by accident, in the scenario of missing parts."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Which slots are recorded; with `missing`, people lack some for good and recordings some by accident."""

    name: str
    slots: tuple[str, ...]
    missing: bool = False


SCENARIOS = (
    Scenario("ten fingers, two irises", SLOTS),
    Scenario("four fingers, one iris", ("finger-2", "finger-3", "finger-7", "finger-8", "iris-1")),
    Scenario("ten fingers", FINGER_SLOTS),
    Scenario("two irises", IRIS_SLOTS),
    Scenario("two fingers", ("finger-2", "finger-7")),
    Scenario("ten fingers, two irises, parts missing", SLOTS, missing=True),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What people are made of: fingers by name, pairs of eyes (right, left) by their owner's name."""

    fingers: Mapping[str, Impressions]
    eyes: Mapping[str, tuple[Impressions, Impressions]]

    @property
    def finger_kind(self) -> str:
        """Which curve reads the scores of these fingers; the classical extractor's where there are none."""
        templates = (template for impressions in self.fingers.values() for template in impressions)
        return next((kind_of(template) for template in templates if template is not None), "finger/rekam-classical")

    def people(self, scenario: Scenario) -> int:
        """How many people they make, each finger and eye used once."""
        fingers = sum(modality_of(slot) is Modality.FINGER for slot in scenario.slots)
        counts = [MOST_PEOPLE]
        if fingers:
            counts.append(len(self.fingers) // fingers)
        if fingers < len(scenario.slots):
            counts.append(len(self.eyes))
        return min(counts)


def assembled(parts: Parts, scenario: Scenario, draw: np.random.Generator) -> list[list[TemplateSet]]:
    """The recordings of each person, drawn anew: which parts are whose, and which impression is in which recording."""
    fingers = draw.permutation(sorted(parts.fingers)).tolist()
    owners = draw.permutation(sorted(parts.eyes)).tolist()
    return [_person(parts, scenario, fingers, owners, draw) for _ in range(parts.people(scenario))]


def _person(
    parts: Parts, scenario: Scenario, fingers: list[str], owners: list[str], draw: np.random.Generator
) -> list[TemplateSet]:
    owner = owners.pop() if any(slot in IRIS_SLOTS for slot in scenario.slots) else None
    shown: dict[str, list[Template | None]] = {}
    for slot in scenario.slots:
        own = (
            parts.fingers[fingers.pop()]
            if owner is None or slot not in IRIS_SLOTS
            else parts.eyes[owner][slot[-1] == "2"]
        )
        shown[slot] = [own[k] for k in draw.permutation(len(own))]
    if scenario.missing:
        for slot in draw.permutation(scenario.slots)[: draw.integers(1, len(scenario.slots) - 1)]:
            del shown[str(slot)]
    count = min(RECORDINGS, *(len(own) for own in shown.values()))
    return [
        TemplateSet(
            {
                slot: template
                for slot, own in shown.items()
                if (template := own[k]) is not None and not _absent(scenario, draw)
            }
        )
        for k in range(count)
    ]


def _absent(scenario: Scenario, draw: np.random.Generator) -> bool:
    return scenario.missing and draw.random() < BANDAGED
