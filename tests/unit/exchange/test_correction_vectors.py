"""The published bytes of corrections (docs/correction-format.md) are read as they always were, and made anew they come
out the same, but for the parcel, whose sealing draws a key of its own.

To publish them anew after a change of format: `python tests/unit/exchange/test_correction_vectors.py`.
"""

import json
from datetime import date
from pathlib import Path

from office_examples import SITI
from rekam.exchange.corrections import CORRECTION, PARCEL, Correction, Note, Question, Waiting, corrections_feed
from rekam.exchange.feed import Batch, Entry, open_batch, seal_batch
from rekam.exchange.signed_correction import SignedCorrection, open_correction, sign_correction
from rekam.packet.parcel import open_parcel, seal_parcel
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey

FILE = Path(__file__).parents[2] / "vectors" / "corrections" / "vectors.json"
OFFICE = SigningKey(bytes(range(32)))
STATION = OpeningKey.generate(random=SeededRandomUnsafeForTests("correction vectors"))
REFERRED = Waiting("317401-01/1/R0007", "2026-11-22T02:00:00+00:00", SITI.nik, SITI.name, {"name": "SITI"}, ("kk",), "")
ASKED = Question("0123456789abcdef", 2, 1_795_312_800_000, STATION.public, (REFERRED,))
SAID = (
    Correction(1_795_312_800_001, SITI),
    Correction(1_795_312_800_002, SITI, Note.MOVED, date(2026, 11, 20)),
)

ROOT = SigningKey(bytes(range(1, 33)))
CERTIFICATE = Certificate("office", "3174", "Jakarta Selatan", OFFICE.public, serial=bytes(8))
EVIDENCE = SignedCorrection(sign_correction(SAID[0], OFFICE), (issue(CERTIFICATE, ROOT),))


def made() -> dict[str, str]:
    """Everything on the page but the parcel."""
    entries = tuple(Entry(n, CORRECTION, sign_correction(one, OFFICE)) for n, one in enumerate(SAID, 3))
    batch = Batch(corrections_feed("317401-01", "0123456789abcdef"), 1_795_312_900_000, entries)
    return {
        "office key": OFFICE.to_bytes().hex(),
        "station opening key": STATION.to_bytes().hex(),
        "question": ASKED.to_bytes().hex(),
        "correction": SAID[0].to_bytes().hex(),
        "correction with a note": SAID[1].to_bytes().hex(),
        "signed correction": sign_correction(SAID[0], OFFICE).hex(),
        "in a packet": EVIDENCE.to_bytes().hex(),
        "root": ROOT.public.to_bytes().hex(),
        "batch": seal_batch(batch, OFFICE).hex(),
    }


def test_what_is_published_comes_out_byte_for_byte():
    published = json.loads(FILE.read_text("utf-8"))
    assert {name: published[name] for name in made()} == made()


def test_what_is_published_is_read():
    published = {name: bytes.fromhex(text) for name, text in json.loads(FILE.read_text("utf-8")).items()}
    assert Question.from_bytes(published["question"]) == ASKED
    signed = open_parcel(published["parcel"], STATION, OFFICE.public, PARCEL)
    assert signed == published["batch"]
    entries = open_batch(signed, OFFICE.public).entries
    assert tuple(open_correction(entry.body, OFFICE.public) for entry in entries) == SAID
    assert open_correction(published["signed correction"], OFFICE.public) == SAID[0]
    said, office = SignedCorrection.from_bytes(published["in a packet"]).verified(VerifyKey(published["root"]))
    assert (said, office.subject) == (SAID[0], "3174")


if __name__ == "__main__":
    published = made()
    parcel = seal_parcel(
        bytes.fromhex(published["batch"]),
        kind=PARCEL,
        recipient=STATION.public,
        signer=OFFICE,
        random=SeededRandomUnsafeForTests("parcel"),
    )
    FILE.write_text(json.dumps(published | {"parcel": parcel.hex()}, indent=1) + "\n", "utf-8")
