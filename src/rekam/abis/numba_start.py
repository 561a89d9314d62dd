"""Imported by a station for what it does: loads numba and its registries, without scipy.

Numba asks for scipy's version when it is imported, and for its BLAS when the first kernel is called, for kernels that
multiply matrices. None of ours does, and a station has no other use for scipy: 15 MB, and half a second (ADR 0046).
"""

import sys
from typing import Any, Final, cast

_SCIPY: Final = ("scipy", "scipy.linalg")

_modules = cast("dict[str, Any]", sys.modules)
_hidden = [name for name in _SCIPY if name not in _modules]
_modules.update(dict.fromkeys(_hidden))  # whoever imports them meanwhile is told that there are none
try:
    from numba.core.registry import cpu_target

    cpu_target.target_context.refresh()
finally:
    for _name in _hidden:
        del _modules[_name]
