"""Two machines that share nothing yet, and two people who can talk: codes that no one in between can make agree.

A code made of a key's fingerprint alone can be matched by trying keys: 8 letters fall in hours. So the station commits
to its keys before it hears the office's random number, and only then shows them; both compute the code over everything
that was said (short authentication strings: Vaudenay, CRYPTO 2005; Bluetooth's numeric comparison; ZRTP, RFC 6189). Who
sits in between has one guess in 25.6 thousand million for each time people compare, and no computer helps. The code
goes from the station's screen to the office's page, typed there; the answer comes back the same way, because a false
office could otherwise say "approved" to the station. The letters are RFC 8628's (section 6.1): consonants, no words.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rekam.trust import cbor

__all__ = ["ANSWER_LETTERS", "CODE_LETTERS", "Pairing", "commitment", "same_letters", "spaced"]

LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LETTERS: Final = 8
ANSWER_LETTERS: Final = 4
NONCE_BYTES: Final = 32


def commitment(reveal: bytes) -> bytes:
    """32 bytes that bind whoever sends them to `reveal`, which holds 32 random bytes and so is not to be guessed."""
    return hashlib.sha256(b"rekam/pairing/commitment\0" + reveal).digest()


@dataclass(frozen=True)
class Pairing:
    """All that was said: the station's `reveal`, the office's random number, its chain and the root it names."""

    reveal: bytes
    office_nonce: bytes
    office_chain: tuple[bytes, ...]
    root: bytes

    @property
    def code(self) -> str:
        """Eight letters: shown by the station, typed at the office."""
        return self._letters("code", CODE_LETTERS)

    @property
    def answer(self) -> str:
        """Four letters: shown by the office when two people have approved, typed at the station."""
        return self._letters("answer", ANSWER_LETTERS)

    def _letters(self, purpose: str, count: int) -> str:
        said: Sequence[object] = [purpose, self.reveal, self.office_nonce, list(self.office_chain), self.root]
        number = int.from_bytes(hashlib.sha256(b"rekam/pairing/1\0" + cbor.encode(said)).digest(), "big")
        letters = []
        for _ in range(count):
            number, letter = divmod(number, len(LETTERS))
            letters.append(LETTERS[letter])
        return "".join(letters)


def spaced(letters: str) -> str:
    """For reading aloud: in groups of four."""
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def same_letters(typed: str, expected: str) -> bool:
    """Whether somebody typed these letters, however they spaced them."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return hmac.compare_digest(plain.encode(), expected.encode())
