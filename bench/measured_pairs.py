"""All pairs of several sets of one kind of template, with quality and subject: what curves are fitted to.

FOLDERs are laid out fingers/SET, irises/SET. Pairs across sets are impostors, too: different people, other devices.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rekam.abis.calibration import Pairs
from rekam.abis.evaluation.extraction import extract_all
from rekam.abis.evaluation.extractor import Choice, extractor_of
from rekam.abis.finger.cylinders import prepare
from rekam.abis.impressions import impressions_in
from rekam.abis.matchers import FingerMatcher, IrisMatcher
from rekam.abis.slots import Modality
from rekam.abis.template_set import Template

KINDS: dict[str, tuple[str, Modality, Choice]] = {
    "finger/rekam-classical": ("fingers", Modality.FINGER, "classical"),
    "finger/leader": ("fingers", Modality.FINGER, "leader"),
    "iris": ("irises", Modality.IRIS, "best"),
}


SAME_FINGER = ("fvc2002_db3/108", "fvc2004_db3/102")
"""One volunteer took part in both collections: 53 of the 64 pairs of these two fingers' images score above nearly every
other pair of different fingers, with either extractor. Such pairs are left out."""


@dataclass(frozen=True)
class Sample:
    """One image's template, whose it is: `source` a finger or eye, `subject` the finger or, of eyes, the person."""

    set: str
    source: str
    subject: str
    template: Template


def subject_of(source: str, kind: str) -> str:
    return source[:-1] if kind == "iris" and source[-1:] in {"L", "R"} else source


def is_odd(subject: str) -> bool:
    return subject.isdigit() and int(subject) % 2 == 1


def samples(folders: Sequence[Path], kind: str, *, odd_eyes: bool, cache: Path | None = None) -> list[Sample]:
    """Templates of every image that gives one; with `odd_eyes` only eyes of people with odd numbers.

    `cache` is a folder of remembered extractions as `rekam abis evaluate` keeps it.
    """
    name, modality, choice = KINDS[kind]
    extractor_of(modality, choice)  # tells before any work whether it is there
    found: list[Sample] = []
    for folder in sorted(one for base in folders if (base / name).is_dir() for one in (base / name).iterdir()):
        if not folder.is_dir():
            continue
        chosen = [
            one
            for one in impressions_in(folder)
            if kind != "iris" or not odd_eyes or is_odd(subject_of(one.source, kind))
        ]

        def progress(step: str, done: int, count: int, of: str = folder.name) -> None:
            print(f"\r{kind}: {of}, {step} {done}/{count} ", end="", file=sys.stderr, flush=True)

        extracted = extract_all(chosen, modality, choice, progress=progress, cache=cache)
        print(file=sys.stderr)
        for one, extraction in zip(chosen, extracted, strict=True):
            template = extraction.read(modality)
            if template is not None:
                subject = subject_of(one.source, kind)
                found.append(Sample(folder.name, f"{folder.name}/{one.source}", f"{folder.name}/{subject}", template))
    return found


def pairs_of(found: Sequence[Sample], kind: str) -> Pairs:
    """Every two samples compared; pairs of which nothing could be compared are left out."""
    templates = [each.template for each in found]
    matcher = IrisMatcher(templates) if kind == "iris" else FingerMatcher([prepare(each) for each in templates])
    similarity = np.concatenate([matcher(row, row + 1) for row in range(len(found) - 1)])
    i, j = np.triu_indices(len(found), 1)
    quality = np.array([template.quality for template in templates], np.uint8)
    sources = np.unique([each.source for each in found], return_inverse=True)[1]
    subjects = np.unique([each.subject for each in found], return_inverse=True)[1].astype(np.int32)
    pairs = Pairs(similarity, np.minimum(quality[i], quality[j]), sources[i] == sources[j], subjects[i], subjects[j])
    names = np.array([each.source for each in found])
    one_finger = np.isin(names, SAME_FINGER)
    twice = one_finger[i] & one_finger[j] & ~pairs.genuine
    return pairs[np.isfinite(similarity) & ~twice]
