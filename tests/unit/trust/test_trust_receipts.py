from dataclasses import replace

import pytest

from rekam.trust import cbor
from rekam.trust.cose import SignedByAnother, sign1
from rekam.trust.keys import SignatureInvalid, SigningKey
from rekam.trust.receipts import Receipt, ReceiptUnreadable, issue, verify

OFFICE = SigningKey(bytes(range(32)))
RECEIPT = Receipt("custody", "ab" * 32, "317401-01/1/000042", 1_234_567, "3174", 1_475_456_400_000)


def test_a_receipt_reads_back_and_is_the_same_bytes_every_time():
    assert verify(issue(RECEIPT, OFFICE), OFFICE.public) == RECEIPT
    assert issue(RECEIPT, OFFICE) == issue(RECEIPT, OFFICE)
    assert issue(replace(RECEIPT, size=1), OFFICE) != issue(RECEIPT, OFFICE)


def test_only_the_place_itself_gives_its_receipts():
    with pytest.raises(SignedByAnother):
        verify(issue(RECEIPT, SigningKey.generate()), OFFICE.public)


def test_no_byte_of_a_receipt_can_be_changed():
    data = issue(RECEIPT, OFFICE)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x04
        with pytest.raises((ReceiptUnreadable, SignedByAnother, SignatureInvalid)):
            verify(bytes(changed), OFFICE.public)


@pytest.mark.parametrize("change", [{"kind": "promise"}, {"size": "1"}, {"extra": 1}, {"at_ms": None}])
def test_fields_that_are_no_receipt_are_refused(change):
    fields = {**vars(RECEIPT), **change}
    with pytest.raises(ReceiptUnreadable):
        verify(sign1(cbor.encode(fields), OFFICE, kind="rekam/receipt"), OFFICE.public)


def test_something_else_that_the_office_signed_is_no_receipt():
    with pytest.raises(ReceiptUnreadable):
        verify(sign1(cbor.encode(vars(RECEIPT)), OFFICE, kind="rekam/attestation"), OFFICE.public)
