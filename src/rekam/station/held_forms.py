"""Forms that came after the screen had locked itself: `HeldForms`. What was typed is offered again after signing in."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rekam.trust.random import Random, SystemRandom

__all__ = ["HeldForm", "HeldForms"]

_KEPT: Final = 50
_LARGEST: Final = 64 * 1024
_SECRET: Final = ("pin", "password")


@dataclass(frozen=True)
class HeldForm:
    """Where a form was going, and its fields but for PINs."""

    path: str
    fields: tuple[tuple[str, str], ...]


class HeldForms:
    """In memory alone, under tokens that say nothing; gone with the process."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()
        self._held: dict[str, HeldForm] = {}
        self._lock = threading.Lock()

    def hold(self, path: str, fields: Sequence[tuple[str, str]]) -> str | None:
        """The token under which the form waits; None for what is too large, or holds nothing but secrets."""
        kept = tuple((name, value) for name, value in fields if not any(word in name for word in _SECRET))
        if not kept or sum(len(name) + len(value) for name, value in kept) > _LARGEST:
            return None
        token = self._random.bytes(12).hex()
        with self._lock:
            self._held[token] = HeldForm(path, kept)
            while len(self._held) > _KEPT:
                del self._held[next(iter(self._held))]
        return token

    def look(self, token: str) -> HeldForm | None:
        """The form that waits."""
        with self._lock:
            return self._held.get(token)
