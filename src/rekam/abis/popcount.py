"""The number of set bits of a 64-bit word as one machine instruction."""

from collections.abc import Callable
from typing import Any, cast

from numba import types
from numba.extending import intrinsic


def _count_bits(_typing_context: Any, _word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


popcount = cast("Callable[[Any], int]", intrinsic(_count_bits))
"""popcount(word: uint64) -> int64, LLVM's ctpop; for use inside numba functions only."""
