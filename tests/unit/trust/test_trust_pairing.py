"""Codes that two people compare: equal when nobody is in between, different whatever is changed on the way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rekam.trust.pairing import LETTERS, Pairing, commitment, same_letters, spaced
from rekam.trust.random import SeededRandomUnsafeForTests

RANDOM = SeededRandomUnsafeForTests("pairing")


def pairing() -> Pairing:
    return Pairing(RANDOM.bytes(80), RANDOM.bytes(32), (RANDOM.bytes(200),), RANDOM.bytes(32))


def test_both_sides_of_one_conversation_compute_the_same_letters():
    said = pairing()
    assert (said.code, said.answer) == (replace(said).code, replace(said).answer)
    assert (len(said.code), len(said.answer)) == (8, 4)
    assert set(said.code + said.answer) <= set(LETTERS)
    assert not set(LETTERS) & set("AEIOUY01")


@pytest.mark.parametrize("part", ["reveal", "office_nonce", "root"])
def test_whatever_somebody_in_between_changes_changes_the_code(part):
    said = pairing()
    changed = bytearray(getattr(said, part))
    changed[0] ^= 1
    other = replace(said, **{part: bytes(changed)})
    assert other.code != said.code
    assert other.answer != said.answer
    assert replace(said, office_chain=()).code != said.code


def test_the_codes_letters_are_even():
    seen = "".join(pairing().code for _ in range(2000))
    counts = [seen.count(letter) for letter in LETTERS]
    assert min(counts) > 650
    assert max(counts) < 950


def test_the_answer_cannot_be_told_from_the_code():
    assert len({pairing().answer for _ in range(200)}) > 190
    assert all(said.answer not in said.code for said in (pairing() for _ in range(50)))


def test_a_commitment_binds_and_tells_nothing():
    reveal = RANDOM.bytes(80)
    assert commitment(reveal) == commitment(bytes(reveal))
    assert commitment(reveal) != commitment(reveal + b"\0")
    assert reveal[:16] not in commitment(reveal)


def test_the_published_vector_comes_out_letter_by_letter():
    vector = json.loads((Path(__file__).parents[2] / "vectors" / "pairing.json").read_text())
    chain = tuple(bytes.fromhex(each) for each in vector["office_chain"])
    reveal, nonce, root = (bytes.fromhex(vector[name]) for name in ("reveal", "office_nonce", "root"))
    said = Pairing(reveal, nonce, chain, root)
    assert (said.code, said.answer) == (vector["code"], vector["answer"])
    assert commitment(reveal).hex() == vector["commitment"]


def test_letters_may_be_typed_as_they_were_read_aloud():
    assert spaced("WDJBMJHT") == "WDJB-MJHT"
    for typed in ("wdjb-mjht", " WDJB MJHT ", "WDJBMJHT"):
        assert same_letters(typed, "WDJBMJHT")
    for typed in ("", "WDJBMJHX", "WDJBMJH", "WDJBMJHTT"):
        assert not same_letters(typed, "WDJBMJHT")
