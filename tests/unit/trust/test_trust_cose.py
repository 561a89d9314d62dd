import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, peek1, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey

KEY = SigningKey(bytes(range(32)))
SIGNED = sign1(b"payload", KEY, kind="rekam/test", external_aad=b"outside")


def verify(data, **changes):
    return verify1(data, **{"key": KEY.public, "kind": "rekam/test", "external_aad": b"outside"} | changes)


def test_what_was_signed_verifies_and_gives_the_payload():
    assert verify(SIGNED) == b"payload"
    assert verify(SIGNED, key={KEY.key_id: KEY.public}.__getitem__) == b"payload"


def test_the_envelope_is_that_of_rfc_9052_section_4_2():
    envelope = cbor2.loads(SIGNED)
    protected, unprotected, payload, signature = envelope.value
    assert envelope.tag == 18
    assert cbor2.loads(protected) == {1: -8, 3: "rekam/test", 4: KEY.key_id}
    assert (unprotected, payload) == ({}, b"payload")
    to_be_signed = cbor2.dumps(["Signature1", protected, b"outside", b"payload"])
    assert signature == KEY.sign(to_be_signed)


def test_another_kind_key_or_surrounding_is_refused():
    with pytest.raises(WrongKind, match="'rekam/test' where a 'rekam/other'"):
        verify(SIGNED, kind="rekam/other")
    with pytest.raises(SignedByAnother, match=KEY.key_id.hex()):
        verify(SIGNED, key=SigningKey.generate().public)
    with pytest.raises(SignatureInvalid):
        verify(SIGNED, external_aad=b"")


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_no_byte_can_be_changed(bit):
    for place in range(len(SIGNED)):
        changed = bytearray(SIGNED)
        changed[place] ^= bit
        with pytest.raises((EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid)):
            verify(bytes(changed))


@given(st.binary(max_size=120))
def test_any_bytes_raise_only_errors_of_the_family(data):
    with pytest.raises(RekamError):
        verify(data)


def test_what_is_not_covered_by_the_signature_must_be_absent():
    protected, _, payload, signature = cbor2.loads(SIGNED).value
    with pytest.raises(EnvelopeUnreadable):
        verify(cbor.encode(cbor2.CBORTag(18, [protected, {4: b"x"}, payload, signature])))
    with pytest.raises(EnvelopeUnreadable):
        verify(cbor.encode([protected, {}, payload, signature]))


def test_peeking_tells_whose_key_to_ask_for():
    assert peek1(SIGNED, kind="rekam/test").key_id == KEY.key_id
