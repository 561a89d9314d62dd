"""Finger and face image records of ISO/IEC 19794-4 and -5, edition 2011."""

from dataclasses import replace

import pytest

from rekam.abis.errors import RecordMalformed, RecordNotWritable
from rekam.abis.formats import face_image_2011, finger_image_2011
from rekam.abis.formats.capture import CaptureTime, QualityBlock
from rekam.abis.formats.face_image_2011 import FaceCoding, FaceImageView
from rekam.abis.formats.finger_image_2011 import FingerCoding, FingerImageView, ScaleUnit

AT = CaptureTime(2026, 11, 22, 5, 40, 0, 125)
FINGER = FingerImageView(b"wsq", FingerCoding.WSQ, 300, 400, 7, quality=(QualityBlock(80, 1, 2),), captured=AT)
FACE = FaceImageView(b"jpeg", FaceCoding.JPEG, 480, 640, quality=(QualityBlock(60),), captured=AT)
EDITIONS = [(finger_image_2011, FINGER), (face_image_2011, FACE)]


@pytest.mark.parametrize(("edition", "view"), EDITIONS, ids=["finger", "face"])
def test_a_record_is_read_as_it_was_written(edition, view):
    two = (view, replace(view, image=b"other"))
    assert edition.read(edition.write(two)) == two


@pytest.mark.parametrize(("edition", "view"), EDITIONS, ids=["finger", "face"])
def test_a_record_that_breaks_off_anywhere_is_refused_at_its_byte(edition, view):
    record = edition.write((view,))
    for end in range(len(record)):
        with pytest.raises(RecordMalformed):
            edition.read(record[:end])
    with pytest.raises(RecordMalformed):
        edition.read(record + b"\0")


@pytest.mark.parametrize(("edition", "view"), EDITIONS, ids=["finger", "face"])
def test_no_changed_byte_ends_in_anything_but_a_record_or_a_refusal(edition, view):
    record = edition.write((view,))
    for at in range(len(record)):
        for value in (0, 1, 0x7F, 0xFF):
            try:
                edition.read(record[:at] + bytes([value]) + record[at + 1 :])
            except RecordMalformed:
                continue


def test_the_finger_record_lies_byte_for_byte_as_table_4_says():
    record = finger_image_2011.write((FINGER,))
    assert record[:16] == b"FIR\x00020\x00" + len(record).to_bytes(4) + b"\x00\x01\x00\x01"
    at = 16 + 4 + 9 + 5 + 1 + 5
    assert record[at : at + 18] == bytes.fromhex("07 00 01 01f4 01f4 01f4 01f4 08 02 00 012c 0190".replace(" ", ""))
    assert record[at + 18 :] == b"\x00\x00\x00\x03wsq"


def test_a_certified_finger_record_with_extended_data_is_read_too():
    plain = finger_image_2011.write((replace(FINGER, quality=()),))
    head, body = plain[16:35], plain[35:]
    view = head + b"\x01\x00\x01\x02" + body + b"\x00\x01\x00\x05x"
    view = len(view).to_bytes(4) + view[4:]
    record = plain[:8] + (16 + len(view)).to_bytes(4) + b"\x00\x01\x01\x01" + view
    assert finger_image_2011.read(record) == (replace(FINGER, quality=()),)


def test_a_resolution_may_be_told_in_centimetres_and_an_uneven_one_is_not_believed():
    assert round(replace(FINGER, rate=(197, 197), unit=ScaleUnit.PER_CENTIMETRE).dpi) == 500
    assert FINGER.dpi == 500
    assert replace(FINGER, rate=(500, 1000)).dpi is None


def test_a_record_without_an_image_is_not_written():
    for edition in (finger_image_2011, face_image_2011):
        with pytest.raises(RecordNotWritable):
            edition.write(())
