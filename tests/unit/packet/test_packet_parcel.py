import pytest
from hypothesis import given
from hypothesis import strategies as st
from packet_samples import HYBRID_CENTRE, RANDOM

from rekam.enrolment.errors import RekamError
from rekam.packet.errors import ParcelAltered, ParcelForAnotherPlace, ParcelUnreadable
from rekam.packet.parcel import open_parcel, seal_parcel
from rekam.trust import cbor
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey
from rekam.trust.sealing import OpeningKey

CENTRE = SigningKey.generate(RANDOM)
OFFICE = OpeningKey.generate(random=RANDOM)
FACTS = {"kind": "print-order", "recipient": OFFICE.public, "signer": CENTRE, "random": RANDOM}
PARCEL = seal_parcel(b"SITI RAHMAWATI", **FACTS)


def opened(data, key=OFFICE, sender=CENTRE, kind="print-order"):
    return open_parcel(data, key, sender.public, kind)


@given(st.binary(max_size=500))
def test_a_parcel_opens_at_its_place(payload):
    assert opened(seal_parcel(payload, **FACTS)) == payload


def test_a_parcel_may_use_the_hybrid_suite():
    data = seal_parcel(b"SITI RAHMAWATI", **FACTS | {"recipient": HYBRID_CENTRE.public})
    assert opened(data, HYBRID_CENTRE) == b"SITI RAHMAWATI"


def test_the_payload_is_not_readable_on_the_way():
    assert b"SITI" not in PARCEL


def test_another_place_cannot_open_it_and_is_told_why():
    with pytest.raises(ParcelForAnotherPlace, match=OFFICE.key_id.hex()):
        opened(PARCEL, OpeningKey.generate())


def test_another_sender_or_kind_is_refused():
    with pytest.raises(ParcelAltered):
        opened(PARCEL, sender=SigningKey.generate())
    with pytest.raises(ParcelUnreadable, match="card-data"):
        opened(PARCEL, kind="card-data")


def test_no_byte_can_be_changed_or_cut():
    for place in range(len(PARCEL)):
        changed = bytearray(PARCEL)
        changed[place] ^= 0x20
        with pytest.raises((ParcelAltered, ParcelUnreadable, ParcelForAnotherPlace)):
            opened(bytes(changed))
        with pytest.raises(ParcelUnreadable):
            opened(PARCEL[:place])


def test_sealed_content_cannot_be_sent_on_as_another_kind_or_by_another_sender():
    payload = peek1(PARCEL, kind="rekam/parcel/print-order").payload
    with pytest.raises(ParcelAltered):
        opened(sign1(payload, CENTRE, kind="rekam/parcel/card-data"), kind="card-data")
    other = SigningKey.generate()
    with pytest.raises(ParcelAltered):
        opened(sign1(payload, other, kind="rekam/parcel/print-order"), sender=other)


@given(st.binary(max_size=100))
def test_any_signed_payload_raises_only_errors_of_the_family(payload):
    with pytest.raises(RekamError):
        opened(sign1(payload, CENTRE, kind="rekam/parcel/print-order"))
    with pytest.raises(RekamError):
        opened(sign1(cbor.encode({"sealed": payload}), CENTRE, kind="rekam/parcel/print-order"))
