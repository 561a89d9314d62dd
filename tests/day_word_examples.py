"""Supervisors' words on days for tests: a chain of them, signed as a station does."""

from collections.abc import Sequence

from exchange_examples import OFFICE, RANDOM, STATION
from rekam.exchange.day_word import NO_WORD, DayWord, digest_of, sign_day_word
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey

KEY = SigningKey.generate(RANDOM)
BY = "spv-317401-01"
_CERTIFICATE = Certificate("supervisor", BY, "Ratna", KEY.public)
CHAIN = (issue(_CERTIFICATE, OFFICE.key, by=OFFICE.certificate, random=RANDOM), *OFFICE.chain)
DAYS = ("2026-11-19", "2026-11-20", "2026-11-21")


def day_word(n: int = 1, previous: bytes = NO_WORD, **changes) -> DayWord:
    """Word `n`, which closes a day with two recordings."""
    fields = {
        "station": STATION.certificate.subject,
        "epoch": 1,
        "n": n,
        "day": DAYS[(n - 1) % len(DAYS)],
        "what": "closed",
        "at_ms": 1_795_200_000_000 + n,
        "by": BY,
        "name": "Ratna",
        "previous": previous,
        "sequence": 2 * n,
        "packet": bytes([n]) * 32,
        "counts": {"begun": 2, "saved": 2},
        "first": 2 * n - 1,
        "last": 2 * n,
    }
    return DayWord(**{**fields, **changes})


def signed(word: DayWord) -> bytes:
    return sign_day_word(word, KEY, CHAIN)


def day_words(count: int, **changes) -> Sequence[tuple[DayWord, bytes]]:
    """A chain of words with their signed bytes."""
    made: list[tuple[DayWord, bytes]] = []
    for n in range(1, count + 1):
        word = day_word(n, digest_of(made[-1][1]) if made else NO_WORD, **changes)
        made.append((word, signed(word)))
    return made
