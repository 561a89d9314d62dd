"""The vectors: parts of a synthetic finger, coded by NBIS 5.0; the PNG beside each is what NBIS itself decodes."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rekam.abis.errors import AbisError, ImageTooLarge, TruncatedImage, UnreadableImage
from rekam.abis.image import load_image
from rekam.abis.wsq.subbands import splits, subbands

VECTORS = Path(__file__).parents[2] / "vectors" / "wsq"
FRAME = b"\xff\xa2"
EVEN = (VECTORS / "even.wsq").read_bytes()


def with_size(width: int, height: int) -> bytes:
    """The even vector, promising another size."""
    at = EVEN.index(FRAME) + 6
    return EVEN[:at] + height.to_bytes(2) + width.to_bytes(2) + EVEN[at + 4 :]


@pytest.mark.parametrize("name", ["even", "odd"])
def test_a_wsq_file_is_decoded_as_nbis_decodes_it(name):
    expected = np.asarray(Image.open(io.BytesIO((VECTORS / f"{name}.png").read_bytes()))).astype(int)
    found = load_image((VECTORS / f"{name}.wsq").read_bytes()).pixels.astype(int)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1
    assert (found != expected).mean() < 0.001


def test_a_wsq_file_tells_its_resolution_in_its_nist_comment():
    image = load_image(EVEN)
    assert (image.dpi, image.told_by) == (500.0, "WSQ comment")
    assert load_image(EVEN.replace(b"PPI 500", b"PPI 050")).told_by == "WSQ comment, not believed (50)"
    assert load_image(EVEN.replace(b"PPI 500", b"PPX 500")).told_by == "nobody"


@pytest.mark.parametrize(("width", "height"), [(160, 128), (131, 97), (33, 201), (1, 1), (7, 300)])
def test_the_subbands_cover_every_pixel_once(width, height):
    covered = np.zeros((height, width), int)
    for region in subbands(width, height):
        covered[region.y : region.y + region.height, region.x : region.x + region.width] += 1
    assert (covered == 1).all()
    assert splits(width, height)[-1].width == width


def test_a_size_beyond_any_scanner_is_refused_before_decoding():
    with pytest.raises(ImageTooLarge):
        load_image(with_size(8000, 6000))
    with pytest.raises(UnreadableImage, match="5000 x 4000"):
        load_image(with_size(5000, 4000))


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9, 0.99])
def test_a_wsq_file_that_breaks_off_is_truncated(share):
    with pytest.raises(TruncatedImage):
        load_image(EVEN[: int(share * len(EVEN))])


def test_fewer_pixels_than_coefficients_are_refused():
    with pytest.raises(UnreadableImage, match="more coefficients than pixels"):
        load_image(with_size(100, 100))


@pytest.mark.parametrize("what", ["tables", "blocks"])
def test_a_file_of_ever_more_tables_or_blocks_is_refused(what):
    table = b"\xff\xa6" + (21).to_bytes(2) + b"\0" + b"\x02" + bytes(15) + b"\x50\x51"
    block = b"\xff\xa3" + (3).to_bytes(2) + b"\0"
    at = EVEN.index(b"\xff\xa3")
    with pytest.raises(UnreadableImage, match=f"more than 64 {what}"):
        load_image(EVEN[:at] + (table if what == "tables" else block) * 1000 + EVEN[at:])


def test_filters_that_grow_beyond_all_numbers_are_refused():
    taps = EVEN.index(b"\xff\xa4") + 6
    grown = bytearray(EVEN)
    for tap in range(9):
        grown[taps + 6 * tap + 1 : taps + 6 * tap + 6] = b"\0\xff\xff\xff\xff"
    with pytest.raises(UnreadableImage, match="beyond all levels"):
        load_image(bytes(grown))


@settings(max_examples=300, deadline=None)
@given(
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
    in_tables=st.booleans(),
)
def test_damaged_wsq_files_are_read_or_refused_but_never_crash(places, in_tables):
    damaged = bytearray(EVEN)
    for place, value in places:
        damaged[int(place * (700 if in_tables else len(damaged)))] = value
    try:
        outcome = load_image(bytes(damaged)).pixels.dtype
    except AbisError as refusal:
        outcome = str(refusal)
    assert outcome == np.uint8 if not isinstance(outcome, str) else "{" not in outcome
