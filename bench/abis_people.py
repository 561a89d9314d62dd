"""How often whole people are called duplicates: each recorded twice among twenty strangers.

    python bench/abis_people.py ../shared/data/biometrics [SHUFFLES]   people of two real fingers and two real eyes
    python bench/abis_people.py --synthetic [PEOPLE] [IMPRESSIONS]     people of ten fingers and two eyes

Real people are put together anew in each shuffle. Impression k of everybody fills the gallery; a first recording is
impression k searched without its own entry, a second one any impression of other finger and eye images.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rekam.abis.engine import Engine
from rekam.abis.errors import AbisError
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.image import load_image
from rekam.abis.impressions import impressions_in
from rekam.abis.score_table import ScoreTable
from rekam.abis.slots import SLOTS
from rekam.abis.synthetic.person import Person
from rekam.abis.template_set import Template, TemplateSet
from rekam.abis.verdict import bars, verdict_of

PEOPLE = 20
Impressions = Sequence[Template | None]


def extracted(base: Path, slot: str) -> dict[tuple[str, str], list[Template | None]]:
    """(set, source) -> the templates of its impressions."""
    found = defaultdict(list)
    for folder in sorted(base.iterdir()):
        for impression in impressions_in(folder) if folder.is_dir() else ():
            try:
                template = Engine().extract(slot, load_image(impression.path.read_bytes()))
            except AbisError:
                template = None
            found[folder.name, impression.source].append(template)
    return dict(found)


def assembled(fingers: Mapping, eyes: Mapping, seed: int) -> list[dict[str, Impressions]]:
    draw = np.random.default_rng(seed)
    finger_sources = [sorted(fingers)[i] for i in draw.permutation(len(fingers))]
    owners = sorted({(name, source[:-1]) for name, source in eyes})
    owners = [owners[i] for i in draw.permutation(len(owners))]
    return [
        {
            "finger-2": fingers[finger_sources[2 * i]],
            "finger-7": fingers[finger_sources[2 * i + 1]],
            "iris-1": eyes[owners[i][0], owners[i][1] + "R"],
            "iris-2": eyes[owners[i][0], owners[i][1] + "L"],
        }
        for i in range(PEOPLE)
    ]


def synthetic(seed: int, impressions: int) -> dict[str, Impressions]:
    person, engine = Person(seed), Engine()
    drawn = {}
    for slot in SLOTS:
        modality, number = slot.split("-")
        draw = person.finger if modality == "finger" else person.iris
        drawn[slot] = [engine.extract(slot, draw(int(number), k)) for k in range(impressions)]
    return drawn


def recording(person: Mapping[str, Impressions], k: int) -> TemplateSet:
    chosen = {slot: impressions[k % len(impressions)] for slot, impressions in person.items()}
    return TemplateSet({slot: template for slot, template in chosen.items() if template is not None})


def independent(person: Mapping[str, Impressions], k: int, j: int) -> bool:
    return all(k % len(impressions) != j % len(impressions) for impressions in person.values())


class Tally:
    def __init__(self) -> None:
        self.first, self.second = Counter(), Counter()
        self.own, self.strangers = [], []

    def record(self, people: Sequence[Mapping[str, Impressions]], turns: int) -> None:
        for k in range(turns):
            gallery = MemoryGallery()
            for i, person in enumerate(people):
                gallery.append(i.to_bytes(16, "big"), recording(person, k))
            for i, person in enumerate(people):
                for j in range(turns):
                    if j != k and not independent(person, k, j):
                        continue
                    llrs = ScoreTable.of(recording(person, j), gallery.columns()).llrs
                    stranger = np.delete(llrs, i).max()
                    self.strangers.append(stranger)
                    if j == k:
                        self.first[verdict_of(stranger, len(people) - 1)] += 1
                    else:
                        self.own.append(llrs[i])
                        self.second[verdict_of(llrs[i], len(people))] += 1

    def print(self) -> None:
        print("first recordings: ", {str(verdict): count for verdict, count in self.first.items()})
        print("second recordings:", {str(verdict): count for verdict, count in self.second.items()})
        print("bars              ", bars(PEOPLE))
        print(
            "own record's ratio, least/0.1%/1%/10%/median:", np.quantile(self.own, [0, 0.001, 0.01, 0.1, 0.5]).round(1)
        )
        print(
            "best stranger's ratio, median/90%/99%/most:  ", np.quantile(self.strangers, [0.5, 0.9, 0.99, 1]).round(1)
        )


def main(arguments: Sequence[str]) -> None:
    tally = Tally()
    if arguments[0] == "--synthetic":
        people, impressions = int((*arguments, "20")[1]), int((*arguments, "20", "3")[2])
        tally.record([synthetic(seed, impressions) for seed in range(people)], impressions)
    else:
        fingers = extracted(Path(arguments[0]) / "fingers", "finger-2")
        eyes = extracted(Path(arguments[0]) / "irises", "iris-1")
        for seed in range(int((*arguments, "4")[1])):
            tally.record(assembled(fingers, eyes, seed), 8)
    tally.print()


if __name__ == "__main__":
    main(sys.argv[1:])
