"""Both eyes of one recording against both of another: a head tilts as a whole, so both match at one tilt or neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.compare import stacked
from rekam.abis.iris.hamming import agreement_of, at_turns, distance_of
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.iris.turned import TurnedProbe, turned


@dataclass(frozen=True, slots=True)
class BothEyesMatch:
    """`distance` of the two eyes taken as one iris of twice the bits, at the best `turn` (degrees) common to both.

    `eyes`: each eye's own distance at that turn, by position (1 right, 2 left).
    """

    distance: float
    turn: float
    eyes: Mapping[int, float]


def compare_both(
    probe: Mapping[int, IrisTemplate], other: Mapping[int, IrisTemplate], widest: float = p.WIDEST_TURN
) -> BothEyesMatch | None:
    """The best match at a common turn over the eyes that both sides have; None where they share none.

    Only for two sides each recorded at once, with both eyes looking into one device: eyes recorded one after the other
    tilt apart, and then each eye's own distance is the better evidence.
    """
    shared = sorted(set(probe) & set(other))
    if not shared:
        return None
    distances, each, at = distances_of_both(
        [turned(probe[eye], widest) for eye in shared], [stacked([other[eye]]) for eye in shared]
    )
    turns = turned(probe[shared[0]], widest).turns
    eyes = {eye: float(distance) for eye, distance in zip(shared, each[:, 0], strict=True)}
    return BothEyesMatch(float(distances[0]), float(turns[at[0]]), eyes)


def distances_of_both(
    probes: Sequence[TurnedProbe], columns: Sequence[tuple[NDArray[np.uint64], NDArray[np.uint64]]]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """One recording's eyes, at the same turns, against N recordings' codes and masks, uint64 [N, WORDS] an eye.

    Returns the distance over all eyes [N], each eye's own [eyes, N] and the index of the common turn [N]. An eye that a
    row lacks may have an empty mask there: it then says nothing.
    """
    found = [at_turns(probe, codes, masks) for probe, (codes, masks) in zip(probes, columns, strict=True)]
    net, shown = (np.array([eye[which] for eye in found], np.int64) for which in (0, 1))
    together = agreement_of(net.sum(axis=0), shown.sum(axis=0))
    at = np.argmax(together, axis=1)
    rows = np.arange(len(at))
    each = agreement_of(net[:, rows, at], shown[:, rows, at])
    return distance_of(together[rows, at]), distance_of(each), at
