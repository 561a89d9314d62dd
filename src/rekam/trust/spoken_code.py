"""Eight letters that stand for one message, for two people who compare it over the telephone: `spoken_code`.

The message crosses once, perhaps on a stick, so nobody can be made to commit first (as `trust.pairing` does). Who wants
another message with the same letters must try some 20^8 of them; Argon2id (RFC 9106) makes each try cost 64 MiB and a
few tenths of a second, some hundred years of one core [inf: 25.6 thousand million tries at 0.15 s].
"""

import hashlib
from functools import lru_cache
from typing import Final

from rekam.trust.pairing import CODE_LETTERS, LETTERS
from rekam.trust.pin import DEFAULT_COST, Cost, derive_slowly

__all__ = ["spoken_code"]

_SALT: Final = b"rekam/spoken/1\0\0"


@lru_cache(maxsize=64)
def spoken_code(message: bytes, *, cost: Cost = DEFAULT_COST) -> str:
    """Eight consonants; both sides read the same ones where both have `message`."""
    number = int.from_bytes(derive_slowly(hashlib.sha256(message).digest(), _SALT, cost), "big")
    letters = []
    for _ in range(CODE_LETTERS):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)
