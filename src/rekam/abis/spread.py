"""How a search is spread over its chunks: `Map`."""

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["Map"]

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""The built-in `map`, or that of a pool of threads."""
