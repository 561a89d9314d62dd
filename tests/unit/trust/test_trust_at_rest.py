import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.trust.at_rest import DataKey, DataKeyUnreadable, DataUnopenable, keyed_hash

KEY = DataKey(bytes(range(32)))


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_is_sealed_opens_again_in_its_own_context_alone(plaintext, context):
    sealed = KEY.seal(plaintext, context)
    assert KEY.open(sealed, context) == plaintext
    assert len(sealed) == len(plaintext) + 41
    with pytest.raises(DataUnopenable):
        KEY.open(sealed, context + b"x")
    with pytest.raises(DataUnopenable):
        DataKey.generate().open(sealed, context)


def test_no_byte_can_be_changed_or_cut():
    sealed = KEY.seal(b"SITI RAHMAWATI", b"resident/1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(DataUnopenable):
            KEY.open(bytes(changed), b"resident/1")
        with pytest.raises(DataUnopenable):
            KEY.open(sealed[:place], b"resident/1")


def test_equal_data_never_look_equal():
    assert len({KEY.seal(b"A", b"") for _ in range(50)}) == 50


def test_subkeys_differ_by_purpose_and_never_print():
    assert KEY.subkey("database") == DataKey.from_bytes(KEY.to_bytes()).subkey("database")
    assert KEY.subkey("database") != KEY.subkey("nik")
    assert KEY.raw.hex() not in repr(KEY)


@pytest.mark.parametrize("raw", [b"", bytes(16), bytes(33)])
def test_bytes_of_another_length_are_no_data_key(raw):
    with pytest.raises(DataKeyUnreadable):
        DataKey.from_bytes(raw)


def test_a_keyed_hash_is_hmac_sha256_over_purpose_and_nik():
    expected = hmac.new(b"k" * 32, b"filter\x003174015503900001", hashlib.sha256).digest()
    assert keyed_hash(b"k" * 32, "filter", "3174015503900001") == expected
    assert keyed_hash(b"k" * 32, "portal", "3174015503900001") != expected
