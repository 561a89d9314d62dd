"""All pairs of several sets of one kind of template, with quality and subject: what curves are fitted to.

FOLDERs are laid out fingers/SET, irises/SET. Pairs across sets are impostors, too: different people, other devices.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rekam.abis.calibration import Pairs
from rekam.abis.errors import AbisError
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.extractors import classical, leader
from rekam.abis.image import GreyImage, load_image
from rekam.abis.impressions import impressions_in
from rekam.abis.iris.extract import extract as extract_iris
from rekam.abis.matchers import FingerMatcher, IrisMatcher
from rekam.abis.template_set import Template

KINDS = {
    "finger/rekam-classical": ("fingers", lambda: classical().extract),
    "finger/leader": ("fingers", lambda: leader().extract),
    "iris": ("irises", lambda: extract_iris),
}
Extract = Callable[[GreyImage], Template]


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


def samples(folders: Sequence[Path], kind: str, *, odd_eyes: bool) -> list[Sample]:
    """Templates of every image that gives one; with `odd_eyes` only eyes of people with odd numbers."""
    name, extractor = KINDS[kind]
    extract = extractor()
    found: list[Sample] = []
    for folder in sorted(one for base in folders if (base / name).is_dir() for one in (base / name).iterdir()):
        if not folder.is_dir():
            continue
        chosen = [
            (subject_of(one.source, kind), one)
            for one in impressions_in(folder)
            if kind != "iris" or not odd_eyes or is_odd(subject_of(one.source, kind))
        ]
        for done, (subject, one) in enumerate(chosen, 1):
            print(f"\r{kind}: {folder.name} {done}/{len(chosen)} ", end="", file=sys.stderr, flush=True)
            try:
                template = extract(load_image(one.path.read_bytes()))
            except AbisError:
                continue
            found.append(Sample(folder.name, f"{folder.name}/{one.source}", f"{folder.name}/{subject}", template))
        print(file=sys.stderr)
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
    return pairs[np.isfinite(similarity)]
