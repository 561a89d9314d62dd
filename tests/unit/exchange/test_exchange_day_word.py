"""The words on days that docs/day-word-format.md publishes are read, and written again byte for byte."""

import json
import runpy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.exchange.day_word import DayWordUnproved, digest_of, read_day_word
from rekam.exchange.day_words import DayWordDesk, InMemoryDayWords
from rekam.trust.keys import VerifyKey

FOLDER = Path(__file__).parents[2] / "vectors" / "day-word"
TOLD = json.loads((FOLDER / "words.json").read_text("utf-8"))
ROOT = VerifyKey(bytes.fromhex(TOLD["root"]))
FILES = [(FOLDER / f"{each['n']}.cose").read_bytes() for each in TOLD["words"]]


def test_the_published_words_say_what_is_written_beside_them():
    for said, data in zip(TOLD["words"], FILES, strict=True):
        word = read_day_word(data, ROOT)
        fields = {"n": word.n, "day": word.day, "what": word.what, "reason": word.reason, "counts": dict(word.counts)}
        assert {**fields, "previous": word.previous.hex(), "digest": digest_of(data).hex()} == said


def test_the_published_words_are_written_again_byte_for_byte():
    made = runpy.run_path(str(FOLDER / "make.py"))["words"]()
    assert [data for _, data in made] == FILES


def test_an_office_takes_the_published_words_in_their_order_alone():
    desk = DayWordDesk(InMemoryDayWords(), ROOT)
    with pytest.raises(DayWordUnproved):
        desk.take(FILES[1], "317401-01")
    for data in FILES:
        desk.take(data, "317401-01")
    assert desk.store.last("317401-01", 1) == (3, digest_of(FILES[2]))


@given(st.integers(0, 8 * len(FILES[0]) - 1))
def test_no_bit_of_a_word_can_be_changed(bit):
    changed = bytearray(FILES[0])
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DayWordUnproved):
        read_day_word(bytes(changed), ROOT)
