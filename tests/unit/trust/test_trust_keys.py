import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.trust.keys import KeyUnreadable, SignatureInvalid, SigningKey, VerifyKey
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey, SealingKey, SealingKeyUnreadable, Suite, UnknownSuite, Unopenable

# RFC 8032 section 7.1, test 3
RFC8032_SEED = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
RFC8032_PUBLIC = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
RFC8032_SIGNATURE = bytes.fromhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def test_signatures_are_those_of_rfc_8032():
    key = SigningKey.from_bytes(RFC8032_SEED)
    assert key.public == VerifyKey.from_bytes(RFC8032_PUBLIC)
    assert key.sign(b"\xaf\x82") == RFC8032_SIGNATURE
    key.public.verify(RFC8032_SIGNATURE, b"\xaf\x82")


@given(st.integers(0, 511))
def test_a_signature_with_any_bit_changed_is_refused(bit):
    changed = bytearray(RFC8032_SIGNATURE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SignatureInvalid):
        VerifyKey(RFC8032_PUBLIC).verify(bytes(changed), b"\xaf\x82")


def test_a_key_id_is_sixteen_bytes_and_the_same_for_both_halves():
    key = SigningKey.generate()
    assert len(key.key_id) == 16
    assert key.key_id == key.public.key_id != SigningKey.generate().key_id


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33)])
def test_bytes_of_another_length_are_no_key(raw):
    with pytest.raises(KeyUnreadable):
        SigningKey.from_bytes(raw)
    with pytest.raises(KeyUnreadable):
        VerifyKey.from_bytes(raw)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80))
def test_no_public_key_and_no_signature_raise_anything_but_ours(raw, signature):
    with pytest.raises(SignatureInvalid):
        VerifyKey(raw).verify(signature, b"message")


@pytest.mark.parametrize("suite", Suite)
def test_what_is_sealed_to_a_key_opens_with_it_alone_and_under_the_same_info(suite):
    key = OpeningKey.generate(suite)
    sealed = SealingKey.from_bytes(key.public.to_bytes()).seal(b"content key", b"header")
    assert len(sealed) == len(b"content key") + suite.enc_bytes + 16  # and the tag of AES-256-GCM
    assert OpeningKey.from_bytes(key.to_bytes()).open(sealed, b"header") == b"content key"
    with pytest.raises(Unopenable):
        OpeningKey.generate(suite).open(sealed, b"header")
    with pytest.raises(Unopenable):
        key.open(sealed, b"another header")
    with pytest.raises(Unopenable):
        key.open(sealed[:-1], b"header")
    with pytest.raises(Unopenable):
        key.open(b"", b"header")


@pytest.mark.parametrize("suite", Suite)
def test_a_seed_gives_the_same_sealing_key_every_time(suite):
    first, second = (OpeningKey.generate(suite, SeededRandomUnsafeForTests(7)) for _ in range(2))
    assert first == second
    assert first.public.key_id == second.key_id


@pytest.mark.parametrize("data", [b"", b"\x01" + bytes(31), b"\x02" + bytes(32), b"\x03" + bytes(32), bytes(33)])
def test_bytes_of_no_suite_are_no_sealing_key(data):
    with pytest.raises(SealingKeyUnreadable):
        SealingKey.from_bytes(data)
    with pytest.raises(SealingKeyUnreadable):
        OpeningKey.from_bytes(data)


@pytest.mark.parametrize("data", [b"\x01" + bytes(32), b"\x02" + b"\xff" * 1216])
def test_sealing_to_a_point_of_small_order_or_to_no_key_at_all_is_refused(data):
    with pytest.raises(SealingKeyUnreadable):
        SealingKey.from_bytes(data).seal(b"secret", b"")


def test_a_suite_is_known_by_its_name():
    assert [Suite.parse(suite.label) for suite in Suite] == list(Suite)
    with pytest.raises(UnknownSuite, match="rot13"):
        Suite.parse("rot13")


def test_private_keys_do_not_print_themselves():
    signing, opening = SigningKey.generate(), OpeningKey.generate()
    assert signing.seed.hex() not in repr(signing)
    assert opening.raw.hex() not in repr(opening)
    assert repr(signing.seed) not in repr(signing)
