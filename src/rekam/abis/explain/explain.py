"""What the engine saw, drawn: one image's extraction, two images' comparison, two whole records' comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from rekam.abis.comparison import compare_sets
from rekam.abis.curves import curve_of, kind_of
from rekam.abis.engine import Engine
from rekam.abis.errors import AbisError, NothingToExplain, WrongKindOfImage
from rekam.abis.evaluation.style import styled
from rekam.abis.explain import finger, iris
from rekam.abis.explain.people import people_picture
from rekam.abis.finger.compare import match as match_fingers
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.extract import steps as finger_steps
from rekam.abis.finger.extractors import FingerExtractor
from rekam.abis.finger.ridge_map import ridge_map_of
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.image import GreyImage
from rekam.abis.impressions import SUFFIXES
from rekam.abis.iris.extract import extract as extract_iris
from rekam.abis.iris.matched_bits import matched_bits
from rekam.abis.iris.segmentation import segment
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.slots import SLOTS, Modality
from rekam.abis.template_set import Template, TemplateSet

__all__ = ["Explanation", "explain_image", "explain_pair", "explain_records", "modality_seen", "record_in"]


@dataclass(frozen=True)
class Explanation:
    """The picture, and its figures for whoever would rather read."""

    picture: Figure
    facts: Mapping[str, Any]


def modality_seen(image: GreyImage) -> Modality:
    """A fingerprint where ridges are seen, else an iris."""
    try:
        ridge_map_of(image)
    except WrongKindOfImage:
        return Modality.IRIS
    except AbisError:
        return Modality.FINGER
    return Modality.FINGER


def explain_image(image: GreyImage, modality: Modality, extractor: FingerExtractor) -> Explanation:
    """Every step of the extraction, also where it fails: then as far as it went, and why it went no further."""
    if modality is Modality.IRIS:
        found = segment(image)
        template, facts = _tried(lambda: extract_iris(image))
        return _drawn(lambda said: iris.extraction_picture(found, template, said), facts)
    steps = finger_steps(image)
    template, facts = _tried(lambda: extractor.extract(image))
    return _drawn(lambda said: finger.extraction_picture(steps, template, said), facts)


def explain_pair(a: GreyImage, b: GreyImage, modality: Modality, extractor: FingerExtractor) -> Explanation:
    """Which minutiae meet, or which bits agree, and what that says. Raises what extraction raises."""
    if modality is Modality.IRIS:
        irises = extract_iris(a), extract_iris(b)
        bits = matched_bits(*irises)
        facts = {
            "distance": bits.match.distance,
            "turn": bits.match.turn,
            "bits agreeing": int(bits.agreeing.sum()),
            "bits differing": int(bits.differing.sum()),
        } | _evidence(bits.match.distance, *irises)
        return _drawn(lambda said: iris.match_picture((segment(a), segment(b)), bits, said), facts)
    prints = extractor.extract(a), extractor.extract(b)
    match = match_fingers(prepare(prints[0]), prepare(prints[1]))
    facts = {
        "score": match.score,
        "minutiae that meet": len(match.pairs),
        "turn": match.turn,
    } | _evidence(match.score, *prints)
    pictures = ridge_map_of(a).pixels, ridge_map_of(b).pixels
    return _drawn(lambda said: finger.match_picture(pictures, prints, match, said), facts)


def explain_records(a: TemplateSet, b: TemplateSet) -> Explanation:
    """What each slot says and what all say together. Raises `TemplatesOfDifferentExtractors`."""
    found = compare_sets(a, b)
    facts = {"llr": found.llr, "verdict": str(found.verdict), "arrangement": str(found.arrangement)}
    slots = {slot: f"score {found.scores[slot]:.4f}, llr {found.ratios[slot]:+.2f}" for slot in found.scores}
    missing = dict.fromkeys(found.missing, "only one side has it")
    return _drawn(lambda said: people_picture(found, said), facts, slots | missing)


def record_in(folder: Path, extractor: FingerExtractor) -> TemplateSet:
    """The templates of a folder's images named by slot (`finger-2.png`, `iris-1.png`); failures are left out.

    Raises `NothingToExplain` where no slot has a template.
    """
    files = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES}
    templates, _ = Engine(extractor).extract_all({slot: files[slot].read_bytes() for slot in SLOTS if slot in files})
    if not templates:
        raise NothingToExplain(folder=folder)
    return templates


def _tried(extract: Any) -> tuple[Any, dict[str, Any]]:
    try:
        template: Template = extract()
    except AbisError as failure:
        return None, {"failed": str(failure)}
    facts: dict[str, Any] = {
        "quality": template.quality,
        "reasons": ", ".join(map(str, template.reasons)) or "none",
        "extractor": f"{template.extractor} {template.version}",
        "template bytes": len(template.to_bytes()),
    }
    if isinstance(template, FingerTemplate):
        facts |= {"minutiae": len(template)}
    return template, facts


def _evidence(score: float, a: FingerTemplate | IrisTemplate, b: FingerTemplate | IrisTemplate) -> dict[str, Any]:
    worse = min(a.quality, b.quality)
    llr = curve_of(kind_of(a)).llrs(np.array([score]), np.array([float(worse)]))[0]
    return {"llr": float(llr), "quality of the worse": worse, "extractor": f"{a.extractor} {a.version}"}


def _drawn(draw: Any, facts: dict[str, Any], more: Mapping[str, Any] | None = None) -> Explanation:
    said = [f"{name}: {f'{value:.4g}' if isinstance(value, float) else value}" for name, value in facts.items()]
    with styled():
        return Explanation(draw(said), facts | dict(more or {}))
