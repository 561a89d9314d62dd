import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from abis_records import iris_records
from rekam.abis.errors import AbisError, ImageTooLarge, RecordMalformed, RecordNotWritable, RecordPictureUnusable
from rekam.abis.formats import iris_2005, iris_2011
from rekam.abis.formats.capture import QualityBlock
from rekam.abis.formats.iris_picture import picture_of, raw_view_of, view_of
from rekam.abis.formats.iris_record import Coding, Device2005, Eye, IrisRecord, IrisView, Orientation
from rekam.abis.image import GreyImage

PIXELS = np.arange(24 * 32, dtype=np.uint32).reshape(24, 32).astype(np.uint8)
GREY = GreyImage(PIXELS)
EDITIONS = pytest.mark.parametrize("edition", [iris_2005, iris_2011], ids=["2005", "2011"])


def coded(kind: str, **options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(PIXELS).save(out, kind, **options)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(record=iris_records)
def test_a_2011_record_comes_back_as_it_was_written(record):
    assert iris_2011.read(iris_2011.write(record)) == record


def test_a_2005_record_comes_back_as_it_was_written():
    views = [raw_view_of(GREY, eye, quality=70, number=number) for eye in (Eye.RIGHT, Eye.LEFT) for number in (1, 2)]
    record = IrisRecord(tuple(views), Device2005(7, 3, 120, 1, b"Dabcdefghijklmno"))
    assert iris_2005.read(iris_2005.write(record)) == record


def test_the_bytes_of_a_2011_record_are_those_of_the_standard():
    view = IrisView(b"PIXL", Coding.MONO_RAW, 2, 2, Eye.LEFT, quality=(QualityBlock(90, 0xABCD, 0x0123),))
    assert (
        iris_2011.write(IrisRecord((view,))).hex(" ")
        == (
            "49 49 52 00 30 32 30 00 00 00 00 4d 00 01 00 01 "  # header: one image, one eye
            "00 00 00 3d ff ff ff ff ff ff ff ff ff 00 00 00 00 00 "  # length, time, device
            "01 5a ab cd 01 23 "  # one quality block
            "00 01 02 01 02 05 00 02 00 02 08 00 00 ff ff ff ff "  # number, eye, type, format, properties, size, depth, range, roll
            "00 00 00 00 00 00 00 00 00 00 00 00 "  # the iris's place, untold
            "00 00 00 04 50 49 58 4c"
        )
    )


@pytest.mark.parametrize(
    ("coding", "image"),
    [
        (Coding.MONO_RAW, PIXELS.tobytes()),
        (Coding.MONO_PNG, coded("PNG")),
        (Coding.MONO_JPEG2000, coded("JPEG2000")),
        (Coding.RGB_RAW, np.repeat(PIXELS, 3).tobytes()),
    ],
    ids=["raw", "png", "jpeg2000", "rgb"],
)
def test_the_picture_is_taken_out_of_a_record_pixel_by_pixel(coding, image):
    view = IrisView(image, coding, 32, 24, Eye.RIGHT)
    back = iris_2011.read(iris_2011.write(IrisRecord((view,)))).views[0]
    assert np.array_equal(picture_of(back).pixels, PIXELS)


def test_a_jpeg_picture_is_taken_out_nearly():
    view = IrisView(coded("JPEG", quality=98), Coding.MONO_JPEG, 32, 24)
    assert np.abs(picture_of(view).pixels.astype(int) - PIXELS).mean() < 3


@pytest.mark.parametrize(
    ("horizontal", "vertical", "expected"),
    [
        (Orientation.FLIPPED, Orientation.BASE, PIXELS[:, ::-1]),
        (Orientation.BASE, Orientation.FLIPPED, PIXELS[::-1]),
        (Orientation.UNTOLD, Orientation.UNTOLD, PIXELS),
    ],
)
def test_a_flipped_picture_is_turned_to_the_base_orientation(horizontal, vertical, expected):
    view = replace(raw_view_of(GREY, Eye.RIGHT), horizontal=horizontal, vertical=vertical)
    assert np.array_equal(picture_of(view).pixels, expected)


def test_our_own_view_holds_the_image_without_loss():
    assert np.array_equal(picture_of(view_of(GREY, Eye.LEFT, quality=80)).pixels, PIXELS)


@pytest.mark.parametrize(
    "view",
    [
        IrisView(b"abc", Coding.MONO_RAW, 32, 24),
        IrisView(coded("PNG"), Coding.MONO_PNG, 31, 24),
        IrisView(b"\xff\xd8\xff\xf7", Coding.MONO_JPEG_LS, 32, 24),
    ],
    ids=["raw too short", "another size", "jpeg-ls"],
)
def test_a_picture_that_is_not_what_the_record_says_is_refused(view):
    with pytest.raises(RecordPictureUnusable, match="Nothing was taken"):
        picture_of(view)


def test_a_picture_of_fifty_megapixels_is_refused_by_its_header():
    with pytest.raises(ImageTooLarge):
        picture_of(IrisView(b"", Coding.MONO_RAW, 10_000, 5_000))


@EDITIONS
@settings(max_examples=60, deadline=None)
@given(cut=st.floats(0, 1, exclude_max=True))
def test_a_record_cut_off_anywhere_is_refused_within_its_bytes(edition, cut):
    whole = edition.write(IrisRecord((raw_view_of(GREY, Eye.RIGHT, 50), raw_view_of(GREY, Eye.LEFT, 50))))
    size = int(cut * len(whole))
    with pytest.raises(RecordMalformed) as refusal:
        edition.read(whole[:size])
    assert 0 <= refusal.value.facts["offset"] <= size


@EDITIONS
@settings(max_examples=200, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_but_never_crashes(edition, place, value):
    whole = bytearray(edition.write(IrisRecord((raw_view_of(GREY, Eye.RIGHT, 50),))))
    whole[int(place * 120) % len(whole)] = value
    try:
        outcome = edition.read(bytes(whole)).views
    except AbisError as refusal:
        outcome = str(refusal)
    assert isinstance(outcome, tuple) or "{" not in outcome


def test_each_edition_refuses_codings_it_has_no_code_for():
    with pytest.raises(RecordNotWritable):
        iris_2005.write(IrisRecord((view_of(GREY, Eye.LEFT),)))
    with pytest.raises(RecordNotWritable):
        iris_2011.write(IrisRecord((IrisView(b"", Coding.MONO_JPEG_LS, 1, 1),)))


def test_the_2005_edition_wants_images_of_one_eye_together():
    views = tuple(raw_view_of(GREY, eye) for eye in (Eye.RIGHT, Eye.LEFT, Eye.RIGHT))
    with pytest.raises(RecordNotWritable, match="ordered by eye"):
        iris_2005.write(IrisRecord(views))


def test_a_count_of_eyes_that_does_not_fit_is_refused():
    whole = bytearray(iris_2011.write(IrisRecord((raw_view_of(GREY, Eye.RIGHT),))))
    whole[15] = 2
    with pytest.raises(RecordMalformed, match="2 eyes and shows 1"):
        iris_2011.read(bytes(whole))
