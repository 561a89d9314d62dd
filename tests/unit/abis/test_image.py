import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rekam.abis.errors import AbisError, EmptyImage, ImageTooLarge, TruncatedImage, UnreadableImage
from rekam.abis.image import GreyImage, load_image

STEPS = np.arange(64 * 48, dtype=np.uint32).reshape(48, 64)


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def grey_picture() -> Image.Image:
    return Image.fromarray((STEPS % 251).astype(np.uint8))


def empty_png(width: int, height: int) -> bytes:
    """A PNG whose header promises `width` x `height` pixels and whose data holds none."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_a_lossless_file_gives_back_its_grey_levels(kind):
    assert np.array_equal(load_image(encoded(grey_picture(), kind)).pixels, (STEPS % 251).astype(np.uint8))


def test_a_jpeg_gives_nearly_its_grey_levels():
    flat = Image.new("L", (64, 48), 120)
    assert np.abs(load_image(encoded(flat, "JPEG", quality=95)).pixels.astype(int) - 120).max() <= 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF"])
def test_resolution_comes_from_the_header(kind):
    assert load_image(encoded(grey_picture(), kind, dpi=(569, 569))).dpi == pytest.approx(569, abs=0.5)


def test_what_the_device_declares_goes_before_the_header():
    assert load_image(encoded(grey_picture(), "PNG", dpi=(569, 569)), declared_dpi=500.0).dpi == 500.0


@pytest.mark.parametrize("screen", [72, 96])
def test_a_screen_resolution_counts_as_not_told(screen):
    assert load_image(encoded(grey_picture(), "JPEG", dpi=(screen, screen))).dpi is None


def test_sixteen_bit_levels_are_scaled_rather_than_clipped():
    deep = Image.fromarray((STEPS * 20).astype(np.uint16))
    assert np.array_equal(load_image(encoded(deep, "PNG")).pixels, (STEPS * 20 / 257).astype(np.uint8))


def test_transparent_parts_are_white_like_an_empty_scanner():
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert (load_image(encoded(clear, "PNG")).pixels == 255).all()


def test_pixels_cannot_be_changed_after_reading():
    with pytest.raises(ValueError, match="read-only"):
        load_image(encoded(grey_picture(), "PNG")).pixels[0, 0] = 1


def test_zero_bytes_are_an_empty_image():
    with pytest.raises(EmptyImage, match="zero bytes"):
        load_image(b"")


def test_bytes_that_are_no_image_are_unreadable():
    with pytest.raises(UnreadableImage, match="PNG, JPEG, BMP or TIFF"):
        load_image(b"%PDF-1.7 this is a letter")


def test_other_image_formats_are_refused():
    with pytest.raises(UnreadableImage):
        load_image(encoded(grey_picture(), "GIF"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_a_file_that_breaks_off_is_truncated(kind):
    whole = encoded(grey_picture(), kind)
    with pytest.raises(TruncatedImage, match="breaks off"):
        load_image(whole[: len(whole) * 2 // 3])


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_000), (12_000, 10_000), (60_000, 60_000)])
def test_a_fifty_megapixel_promise_is_refused_before_decoding(width, height):
    with pytest.raises(ImageTooLarge, match="more than the 40"):
        load_image(empty_png(width, height))


def test_pixels_of_another_type_make_no_grey_image():
    with pytest.raises(TypeError, match="uint8"):
        GreyImage(np.zeros((4, 4), np.float32))


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "BMP", "TIFF"]),
    position=st.floats(0, 1, exclude_max=True),
    value=st.integers(0, 255),
    cut=st.floats(0, 1),
)
def test_damaged_files_are_read_or_refused_but_never_crash(kind, position, value, cut):
    damaged = bytearray(encoded(grey_picture(), kind))
    damaged[int(position * len(damaged))] = value
    try:
        outcome = load_image(bytes(damaged[: int(cut * len(damaged))])).pixels.dtype
    except AbisError as refusal:
        outcome = str(refusal)
    assert outcome == np.uint8 if not isinstance(outcome, str) else "{" not in outcome
