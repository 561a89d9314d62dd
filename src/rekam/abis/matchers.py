"""One modality's way from templates to features and from features to similarities, laid out for measuring all pairs."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rekam.abis.finger.compare import compare_rows
from rekam.abis.finger.cylinders import Prepared, prepare
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.iris.compare import stacked, turned
from rekam.abis.iris.hamming import distances
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.slots import Modality
from rekam.abis.template_set import Template

TEMPLATES: Mapping[Modality, type[FingerTemplate] | type[IrisTemplate]] = {
    Modality.FINGER: FingerTemplate,
    Modality.IRIS: IrisTemplate,
}


class Matcher(Protocol):
    """Features laid out for comparison."""

    def __call__(self, row: int, first: int) -> NDArray[np.float64]:
        """Similarities of one row's features with those of rows `first` and later; higher is more alike."""
        ...


class FingerMatcher:
    """Prints laid end to end."""

    def __init__(self, features: Sequence[Prepared]) -> None:
        self._features = features
        self._bits = np.concatenate([each.bits for each in features])
        self._mask = np.concatenate([each.mask for each in features])
        self._place = np.concatenate([each.place for each in features])
        self._starts = np.cumsum([0, *(len(each) for each in features)])

    def __call__(self, row: int, first: int) -> NDArray[np.float64]:
        """See `Matcher`: the finger score itself, 0-1."""
        return compare_rows(self._features[row], self._bits, self._mask, self._place, self._starts[first:])


class IrisMatcher:
    """Codes and masks in contiguous rows."""

    def __init__(self, features: Sequence[IrisTemplate]) -> None:
        self._features = features
        self._codes, self._masks = stacked(features)

    def __call__(self, row: int, first: int) -> NDArray[np.float64]:
        """See `Matcher`: the distance, negated."""
        probe = turned(self._features[row])
        found, _ = distances(probe, self._codes[first:], self._masks[first:])
        return -found.astype(np.float64)


def prepared(template: Template) -> Any:
    """What the modality's matcher takes: a prepared print, or the iris template itself."""
    return prepare(template) if isinstance(template, FingerTemplate) else template


def matcher_of(modality: Modality, features: Sequence[Any]) -> Matcher:
    """The modality's matcher over features in the order given; at least one."""
    return IrisMatcher(features) if modality is Modality.IRIS else FingerMatcher(features)
