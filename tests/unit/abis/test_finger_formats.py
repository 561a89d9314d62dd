from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abis_examples import random_finger
from abis_records import records_2005, records_2011
from rekam.abis.errors import ImageTooLarge, RecordMalformed, RecordNotWritable
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.formats import finger_2005, finger_2011
from rekam.abis.formats.extended import areas
from rekam.abis.formats.finger_card import read_compact, read_normal, write_compact, write_normal
from rekam.abis.formats.finger_record import MINUTIA, FingerRecord, FingerView, Impression
from rekam.abis.formats.finger_template import template_of, view_of

EDITIONS = [finger_2005, finger_2011]
both = pytest.mark.parametrize("edition", EDITIONS, ids=["2005", "2011"])


def one_minutia(**values) -> np.ndarray:
    made = np.zeros(1, MINUTIA)
    for name, value in values.items():
        made[name] = value
    return made


def small_view(**changes) -> FingerView:
    return FingerView(
        **{"minutiae": one_minutia(kind=1, x=100, y=200, direction=64, quality=80)}
        | {"position": 2, "width": 300, "height": 400}
        | changes
    )


@settings(max_examples=60, deadline=None)
@given(record=records_2005())
def test_a_2005_record_comes_back_as_it_was_written(record):
    assert finger_2005.read(finger_2005.write(record)) == record


@settings(max_examples=60, deadline=None)
@given(record=records_2011())
def test_a_2011_record_comes_back_as_it_was_written(record):
    assert finger_2011.read(finger_2011.write(record)) == record


def test_the_bytes_of_a_2005_record_are_those_of_the_standard():
    written = finger_2005.write(FingerRecord((small_view(impression=Impression.LIVE_ROLLED),), equipment=0x8001))
    assert written.hex(" ") == (
        "46 4d 52 00 20 32 30 00 00 00 00 24 80 01 01 2c 01 90 00 c5 00 c5 01 00 "  # header
        "02 01 00 01 "  # right index, view 0, rolled, quality 0, one minutia
        "40 64 00 c8 40 50 "  # an ending at 100, 200, 90 degrees, quality 80
        "00 00"
    )


def test_the_bytes_of_a_2011_record_are_those_of_the_standard():
    written = finger_2011.write(FingerRecord((small_view(),)))
    assert written.hex(" ") == (
        "46 4d 52 00 30 33 30 00 00 00 00 37 00 01 00 "
        "00 00 00 28 ff ff ff ff ff ff ff ff ff 00 00 00 00 00 00 "  # length, time, device, no quality
        "02 00 00 c5 00 c5 00 01 2c 01 90 60 01 "
        "40 64 00 c8 40 50 "
        "00 00"
    )


@both
@pytest.mark.parametrize("seed", range(5))
def test_a_template_written_and_read_keeps_everything_but_its_extractor(edition, seed):
    template = random_finger(seed)
    back = template_of(edition.read(edition.write(FingerRecord((view_of(template, 7),)))).views[0])
    assert back.extractor == "iso-19794-2"
    assert replace(back, extractor=template.extractor, version=template.version) == template


@both
def test_a_minutia_of_quality_0_is_still_of_quality_0(edition):
    template = replace(random_finger(1), quality_of=np.zeros(40, np.uint8), quality=0)
    back = template_of(edition.read(edition.write(FingerRecord((view_of(template, 7),)))).views[0])
    assert np.array_equal(back.quality_of, template.quality_of)


def test_a_template_read_from_a_record_has_bytes_of_its_own():
    template = template_of(small_view())
    assert FingerTemplate.from_bytes(template.to_bytes()) == template


def test_minutiae_at_1000_dpi_are_brought_to_500():
    at_1000 = small_view(resolution=(394, 394), minutiae=one_minutia(kind=2, x=299, y=398, direction=9, quality=1))
    template = template_of(at_1000)
    assert (template.width, template.height) == (150, 200)
    assert (template.x[0], template.y[0], template.direction[0]) == (149, 199, 9)


@pytest.mark.parametrize("size", [(0xFE1F, 400), (300, 40_000), (9000, 400)])
def test_an_image_larger_than_a_template_can_say_is_refused(size):
    wide = small_view(width=size[0], height=size[1], resolution=(100, 100))
    back = finger_2005.read(finger_2005.write(FingerRecord((wide,)))).views[0]
    with pytest.raises(ImageTooLarge):
        template_of(back)


def test_a_direction_is_turned_where_the_axes_are_scaled_differently():
    diagonal = small_view(resolution=(394, 197), minutiae=one_minutia(kind=1, x=10, y=10, direction=32, quality=1))
    assert template_of(diagonal).direction[0] == round(np.degrees(np.arctan(2)) / 1.40625)


def test_of_too_many_minutiae_the_best_are_kept_in_their_order():
    many = 300
    draw = np.random.default_rng(1)
    template = FingerTemplate(
        x=draw.integers(0, 380, many).astype(np.int16),
        y=draw.integers(0, 480, many).astype(np.int16),
        direction=np.zeros(many, np.uint8),
        kind=np.ones(many, np.uint8),
        quality_of=np.repeat(np.array([10, 90], np.uint8), [45, 255]),
        width=380,
        height=480,
        quality=50,
    )
    view = view_of(template, 3)
    assert np.array_equal(view.minutiae["x"], template.x[45:])


def test_several_views_of_several_fingers_fit_one_record():
    views = tuple(small_view(position=finger, number=number) for finger in (2, 7) for number in (0, 1))
    for edition in EDITIONS:
        back = edition.read(edition.write(FingerRecord(views)))
        assert [(view.position, view.number) for view in back.views] == [(2, 0), (2, 1), (7, 0), (7, 1)]


@both
def test_extended_data_is_handed_on_unharmed(edition):
    ridge_counts = bytes.fromhex("00010007 000102 0102 0006 abcd".replace(" ", ""))
    view = small_view(extended=ridge_counts)
    back = edition.read(edition.write(FingerRecord((view,)))).views[0]
    assert areas(back.extended) == [(1, b"\x00\x01\x02"), (0x0102, b"\xab\xcd")]


@both
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_record_cut_off_anywhere_is_refused_within_its_bytes(edition, data):
    whole = edition.write(data.draw(records_2005() if edition is finger_2005 else records_2011()))
    size = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(RecordMalformed) as refusal:
        edition.read(whole[:size])
    assert 0 <= refusal.value.facts["offset"] <= size


@both
@pytest.mark.parametrize(
    ("changes", "offset"),
    [({8: 1}, 8), ({0: 0x58}, 0), ({4: 0x39}, 0)],
    ids=["length", "mark", "version"],
)
def test_a_wrong_byte_is_named(edition, changes, offset):
    whole = bytearray(edition.write(FingerRecord((small_view(),))))
    for place, value in changes.items():
        whole[place] = value
    with pytest.raises(RecordMalformed, match=f"at byte {offset}"):
        edition.read(bytes(whole))


@both
def test_a_minutia_outside_the_image_is_refused_at_its_byte(edition):
    whole = bytearray(edition.write(FingerRecord((small_view(),))))
    at = whole.index(bytes.fromhex("406400c8"))
    whole[at + 1] = 0xFF
    whole[at] |= 0x01
    with pytest.raises(RecordMalformed, match=f"minutia 0 is outside.*at byte {at}"):
        edition.read(bytes(whole))


@both
def test_bytes_behind_the_record_are_refused(edition):
    whole = edition.write(FingerRecord((small_view(),))) + b"\0"
    longer = whole[:8] + len(whole).to_bytes(4) + whole[12:]
    with pytest.raises(RecordMalformed, match="follow"):
        edition.read(longer)


@pytest.mark.parametrize(
    "change",
    [{"resolution": (10, 10)}, {"position": 99}, {"minutiae": one_minutia(kind=3)}, {"width": 50}],
    ids=["resolution", "finger", "kind", "outside"],
)
@both
def test_what_a_format_cannot_hold_is_not_written(edition, change):
    with pytest.raises(RecordNotWritable, match="Nothing was written"):
        edition.write(FingerRecord((small_view(**change),)))


def test_the_2005_edition_has_one_size_for_all_views():
    with pytest.raises(RecordNotWritable, match="different size"):
        finger_2005.write(FingerRecord((small_view(), small_view(width=301))))


def test_card_minutiae_come_back_within_their_units():
    minutiae = view_of(random_finger(3), 1).minutiae
    normal, compact = read_normal(write_normal(minutiae)), read_compact(write_compact(minutiae[minutiae["x"] < 400]))
    assert (normal["kind"] == minutiae["kind"]).all()
    assert (normal["direction"] == minutiae["direction"]).all()
    assert np.abs(normal["x"].astype(int) - minutiae["x"]).max() == 0
    assert np.abs(compact["y"].astype(int) - minutiae["y"]).max() <= 1
    turned = (compact["direction"].astype(int) - minutiae["direction"] + 128) % 256 - 128
    assert np.abs(turned).max() <= 2


@pytest.mark.parametrize(
    ("read", "data"), [(read_normal, bytes(7)), (read_compact, bytes(4)), (read_compact, b"\0\0\xff")]
)
def test_card_minutiae_of_no_sound_length_or_kind_are_refused(read, data):
    with pytest.raises(RecordMalformed, match="card"):
        read(data)


def test_unsound_areas_are_told_by_who_reads_them_and_hinder_nobody_else():
    view = small_view(extended=b"\x01\x02\xff\xff\x00")
    back = finger_2005.read(finger_2005.write(FingerRecord((view,)))).views[0]
    assert back.extended == view.extended
    with pytest.raises(RecordMalformed, match="extended data area"):
        areas(back.extended)
