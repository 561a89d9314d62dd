"""Who plays whom in a drill: residents, their bodies, and which of them come back under another NIK."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rekam.drill.options import Options
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.station.devices.cast import Role

__all__ = ["Actor", "TooFewSamples", "actors"]

_SECOND_IMPRESSION = 2


class TooFewSamples(RekamError):
    """The folder {folder} holds images for {found} persons (two fingers and two irises each); the drill was asked
    for {wanted}. Nothing was started. Ask for fewer people, or point --samples to a larger collection.
    """


@dataclass(frozen=True)
class Actor:
    """One sitting to come. `person` is who really sits there; `second` says that this person was recorded before,
    under the NIK of `first`. `misspelt`: register and extracts have another name than the resident's papers.
    """

    biodata: Biodata
    person: str
    role: Role
    station: int
    second: bool = False
    first: str = ""
    misspelt: bool = False

    @property
    def outdated(self) -> Biodata:
        """As register and extracts have somebody whose name is misspelt: a letter is missing."""
        return replace(self.biodata, name=self.biodata.name[:1] + self.biodata.name[2:])


def actors(options: Options, residents: Sequence[Biodata]) -> tuple[list[Actor], list[Actor]]:
    """First recordings and second ones. `residents` are at least people + second_recordings.

    Second recordings alternate between the first one's station, whose own gallery should warn, and another.
    """
    bodies = _sampled(options) if options.samples else _synthetic(options)
    firsts = [
        Actor(residents[index], f"person-{index}", bodies[index][0], index % options.stations)
        for index in range(options.people)
    ]
    chosen = random.Random(f"second/{options.seed}").sample(range(options.people), options.second_recordings)  # noqa: S311
    seconds = [
        Actor(
            residents[options.people + order],
            f"person-{index}",
            bodies[index][1],
            (firsts[index].station + order % 2) % options.stations,
            second=True,
            first=firsts[index].biodata.nik,
        )
        for order, index in enumerate(chosen)
    ]
    return firsts, seconds


def _synthetic(options: Options) -> list[tuple[Role, Role]]:
    first_seed = options.seed * 100_000
    return [
        (Role(first_seed + index, 1), Role(first_seed + index, _SECOND_IMPRESSION)) for index in range(options.people)
    ]


def _sampled(options: Options) -> list[tuple[Role, Role]]:
    """Two fingers of one set and both eyes of one person make a body; the first half of each one's impressions is
    for the first sitting, the second half for the second.
    """
    folder = options.samples or Path()
    fingers, eyes = _fingers(folder), _eyes(folder)
    found = min(len(fingers) // 2, len(eyes))
    if found < options.people:
        raise TooFewSamples(folder=folder, found=found, wanted=options.people)
    bodies = []
    for index in range(options.people):
        right, left = fingers[2 * index], fingers[2 * index + 1]
        body = {"finger-2": right, "finger-7": left, "iris-1": eyes[index]["R"], "iris-2": eyes[index]["L"]}
        halves = [{slot: _half(files, half) for slot, files in body.items()} for half in (0, 1)]
        bodies.append((Role(index, 1, halves[0]), Role(index, _SECOND_IMPRESSION, halves[1])))
    return bodies


def _half(files: Sequence[str], half: int) -> list[str]:
    middle = (len(files) + 1) // 2
    return list(files[:middle] if half == 0 else files[middle:])


def _impressions(folder: Path, modality: str) -> dict[tuple[str, str], list[str]]:
    """(set, finger or eye) -> its files, relative to `folder`, in order."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file in sorted((folder / modality).glob("*/*.png")):
        found[file.parent.name, file.stem.rpartition("_")[0]].append(str(file.relative_to(folder)))
    return {key: files for key, files in found.items() if len(files) >= 2}


def _fingers(folder: Path) -> list[list[str]]:
    return list(_impressions(folder, "fingers").values())


def _eyes(folder: Path) -> list[Mapping[str, list[str]]]:
    pairs: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
    for (group, name), files in _impressions(folder, "irises").items():
        pairs[group, name[:-1]][name[-1]] = files
    return [pair for pair in pairs.values() if {"L", "R"} <= set(pair)]
