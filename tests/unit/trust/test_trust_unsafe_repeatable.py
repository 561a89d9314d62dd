"""Repeatable cryptography is the real one with its dice loaded: what it makes, the real one opens and verifies."""

import random

import pytest

from rekam.trust.keys import OpeningKey, SealingKey, SignatureInvalid, SigningKey, VerifyKey
from rekam.trust.random import SystemRandom
from rekam.trust.sealing import Unopenable
from rekam.trust.unsafe_repeatable import unsafe_repeatable

KEY = OpeningKey.generate()


def sealed(seed):
    with unsafe_repeatable(random.Random(seed).randbytes):
        return KEY.public.seal(b"the content key", b"the context")


def test_the_same_seed_seals_the_same_bytes_and_the_real_key_opens_them():
    assert sealed(1) == sealed(1)
    assert sealed(1) != sealed(2)
    assert KEY.open(sealed(1), b"the context") == b"the content key"
    with pytest.raises(Unopenable):
        KEY.open(sealed(1), b"another context")


def test_signatures_are_the_real_ones_and_false_ones_stay_false():
    key = SigningKey.generate()
    with unsafe_repeatable(bytes):
        made = key.sign(b"word")
        key.public.verify(made, b"word")
        with pytest.raises(SignatureInvalid):
            key.public.verify(made, b"another word")
        with pytest.raises(SignatureInvalid):
            VerifyKey(SigningKey.generate().public.raw).verify(made, b"word")
    key.public.verify(made, b"word")
    assert made == key.sign(b"word")


def test_after_the_block_chance_is_chance_again():
    with unsafe_repeatable(bytes):
        assert SystemRandom().bytes(16) == bytes(16)
        assert SigningKey.generate().seed == bytes(32)
    assert SystemRandom().bytes(16) != SystemRandom().bytes(16)
    key = SealingKey.from_bytes(KEY.public.to_bytes())
    assert key.seal(b"x", b"") != key.seal(b"x", b"")
