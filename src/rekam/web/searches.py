"""What was searched for, kept out of addresses: `Searches`. A NIK in an address would stand in logs and histories."""

import threading

from rekam.trust.random import Random, SystemRandom

__all__ = ["Searches"]

_KEPT = 10_000


class Searches:
    """Tokens for texts, in memory alone: an address holds the token; after a restart it leads to an empty search."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()
        self._texts: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def remember(self, text: str) -> str:
        """The token of `text`, the same while it is remembered."""
        with self._lock:
            token = self._tokens.get(text) or self._random.bytes(12).hex()
            self._texts.pop(token, None)  # the last remembered is the last forgotten
            self._tokens[text], self._texts[token] = token, text
            if len(self._texts) > _KEPT:
                oldest = next(iter(self._texts))
                del self._tokens[self._texts.pop(oldest)]
            return token

    def recall(self, token: str) -> str:
        """The text, or nothing where it is forgotten."""
        with self._lock:
            return self._texts.get(token, "")
