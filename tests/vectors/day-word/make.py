"""Writes the vectors of docs/day-word-format.md: three words of one station, whose keys are made of one byte each.

Run from the repository: ``python tests/vectors/day-word/make.py``.
"""

import json
from pathlib import Path

from rekam.exchange.day_word import NO_WORD, DayWord, digest_of, sign_day_word
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey

HERE = Path(__file__).parent
ROOT, OFFICE, SUPERVISOR = (SigningKey(bytes([number]) * 32) for number in (1, 2, 4))
COUNTS = {
    "open_before": 0, "begun": 3, "saved": 2, "abandoned": 1, "open_after": 0, "excepted": 1, "forced": 0, "proofs": 2,
    "letters": 1, "reprints": 0, "tickets": 4, "unsent": 2, "waiting": 2, "set_aside": 0,
}  # fmt: skip


def words() -> list[tuple[DayWord, bytes]]:
    """Closed, reopened with a reason, closed again."""
    office = Certificate("office", "3174", "Sudin Dukcapil Jakarta Selatan", OFFICE.public, serial=bytes(8))
    supervisor = Certificate("supervisor", "spv-317401-01", "Ratna", SUPERVISOR.public, serial=bytes(8))
    chain = (issue(supervisor, OFFICE, by=office), issue(office, ROOT))
    made: list[tuple[DayWord, bytes]] = []
    for n, what, reason in ((1, "closed", ""), (2, "reopened", "Warga datang dari jauh"), (3, "closed", "")):
        word = DayWord(
            station="317401-01",
            epoch=1,
            n=n,
            day="2026-11-20",
            what=what,
            at_ms=1_795_166_000_000 + n,
            by="spv-317401-01",
            name="Ratna",
            previous=digest_of(made[-1][1]) if made else NO_WORD,
            sequence=2,
            packet=bytes([7]) * 32,
            counts=COUNTS,
            first=1,
            last=2,
            reason=reason,
        )
        made.append((word, sign_day_word(word, SUPERVISOR, chain)))
    return made


def main() -> None:
    """The files, and what they say, for readers in other languages."""
    told = []
    for word, data in words():
        (HERE / f"{word.n}.cose").write_bytes(data)
        fields = {"n": word.n, "day": word.day, "what": word.what, "reason": word.reason, "counts": dict(word.counts)}
        told.append({**fields, "previous": word.previous.hex(), "digest": digest_of(data).hex()})
    root = {"root": ROOT.public.to_bytes().hex(), "words": told}
    (HERE / "words.json").write_text(json.dumps(root, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
