"""Forms that came after the screen had locked itself: `HeldForms`. What was typed is offered again after signing in."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rekam.trust.random import Random, SystemRandom

__all__ = ["HeldForm", "HeldForms"]

_KEPT: Final = 50
_LARGEST: Final = 64 * 1024
_SECRET: Final = ("pin", "password")


@dataclass(frozen=True)
class HeldForm:
    """Where a form was going, its fields but for PINs, and who had typed it: "" where nobody can tell any more."""

    path: str
    fields: tuple[tuple[str, str], ...]
    owner: str = ""


class HeldForms:
    """In memory alone, under tokens that say nothing, for whoever typed them; gone with the process."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()
        self._held: dict[str, HeldForm] = {}
        self._lock = threading.Lock()

    def hold(self, path: str, fields: Sequence[tuple[str, str]], owner: str = "") -> str | None:
        """The token under which the form waits; None for what is too large, or holds nothing but secrets."""
        kept = tuple((name, value) for name, value in fields if not any(word in name for word in _SECRET))
        if not kept or sum(len(name) + len(value) for name, value in kept) > _LARGEST:
            return None
        token = self._random.bytes(12).hex()
        with self._lock:
            self._held[token] = HeldForm(path, kept, owner)
            while len(self._held) > _KEPT:
                del self._held[next(iter(self._held))]
        return token

    def look(self, token: str, who: str) -> HeldForm | None:
        """The form that waits for `who`; None for anybody else. Where nobody knows, the first who asks:
        they sit where it was typed.
        """
        with self._lock:
            found = self._held.get(token)
            if found is not None and not found.owner:
                found = self._held[token] = replace(found, owner=who)
        return found if found is not None and found.owner == who else None

    def where(self, token: str) -> str | None:
        """Where it was going, which says nothing of what was typed."""
        with self._lock:
            found = self._held.get(token)
        return None if found is None else found.path

    def forget(self, token: str) -> None:
        """It was sent, or thrown away."""
        with self._lock:
            self._held.pop(token, None)

    def forget_all(self, owner: str) -> None:
        """Whoever typed these is not here any more."""
        with self._lock:
            self._held = {token: form for token, form in self._held.items() if form.owner != owner}
