"""The comparison kernel: one rotated probe against many codes, by population counts over 64-bit words.

The score is Daugman's masked fractional Hamming distance (2004, eq. 5) normalised for the number of bits that both
sides show (2007, eq. 11): 0.5 - (0.5 - HD) * sqrt(n / n0), so that few bits that agree by chance are not taken for
a match. Kept as an agreement z = (n - 2 * errors) / sqrt(n), it costs one table look-up a rotation.
"""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.popcount import popcount

WORDS = p.CODE_BITS // 64

_ROOTS = np.zeros(p.CODE_BITS + 1, np.float32)
_ROOTS[p.LEAST_COMMON_BITS :] = 1.0 / np.sqrt(np.arange(p.LEAST_COMMON_BITS, p.CODE_BITS + 1))
_HALF_ROOT = 0.5 / math.sqrt(p.TYPICAL_COMMON_BITS)


@numba.njit(cache=True, fastmath=True, nogil=True)
def _agreements(
    probe_codes: Any, probe_masks: Any, codes: Any, masks: Any, roots: Any, best: Any, rotation: Any
) -> Any:
    for i in range(codes.shape[0]):
        top = np.float32(-1e9)
        at = 0
        for k in range(probe_codes.shape[0]):
            errors = 0
            shown = 0
            for w in range(WORDS):
                both = probe_masks[k, w] & masks[i, w]
                shown += popcount(both)
                errors += popcount((probe_codes[k, w] ^ codes[i, w]) & both)
            agreement = np.float32(shown - 2 * errors) * roots[shown]
            if agreement > top:
                top = agreement
                at = k
        best[i] = top
        rotation[i] = at


def distances(
    probe_codes: NDArray[np.uint64],
    probe_masks: NDArray[np.uint64],
    codes: NDArray[np.uint64],
    masks: NDArray[np.uint64],
) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """The least normalised distance of a probe's rotations [R, WORDS] to each of many codes [N, WORDS].

    Returns float32 [N] and the index of the best rotation, int16 [N]. 0.5 means unrelated, -0.25 is the least there is
    (every bit compared and equal); pairs that share fewer than LEAST_COMMON_BITS bits say nothing and get 0.5.
    All arrays C-contiguous.
    """
    best = np.empty(len(codes), np.float32)
    rotation = np.empty(len(codes), np.int16)
    _agreements(probe_codes, probe_masks, codes, masks, _ROOTS, best, rotation)
    return np.float32(0.5) - best * np.float32(_HALF_ROOT), rotation
