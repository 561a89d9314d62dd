import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

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


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG2000"])
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
    image = load_image(encoded(grey_picture(), "JPEG", dpi=(screen, screen)))
    assert (image.dpi, image.told_by) == (None, f"JPEG header, not believed ({screen})")


def test_unequal_resolutions_are_not_believed():
    image = load_image(encoded(grey_picture(), "PNG", dpi=(500, 300)))
    assert (image.dpi, image.told_by) == (None, "PNG header, not believed (500 across, 300 down)")


def test_who_told_the_resolution_is_said():
    told = encoded(grey_picture(), "PNG", dpi=(569, 569))
    assert load_image(told).told_by == "PNG header"
    assert load_image(told, declared_dpi=500.0).told_by == "device"
    assert load_image(encoded(grey_picture(), "PNG")).told_by == "nobody"


def test_a_jpeg_2000_tells_its_resolution_in_its_res_box():
    plain = encoded(grey_picture(), "JPEG2000")
    ihdr = plain.index(b"ihdr") - 4
    resc = struct.pack(">I4sHHHHbb", 18, b"resc", 500 * 100, 254, 500 * 100, 254, 2, 2)
    res = struct.pack(">I4s", 8 + len(resc), b"res ") + resc
    header = plain.index(b"jp2h") - 4
    size = int.from_bytes(plain[header : header + 4])
    told = (
        plain[:header]
        + struct.pack(">I", size + len(res))
        + plain[header + 4 : ihdr]
        + plain[ihdr : header + size]
        + res
        + plain[header + size :]
    )
    image = load_image(told)
    assert (round(image.dpi or 0), image.told_by) == (500, "JPEG 2000 header")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_picture_stored_turned_is_read_upright(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    grey_picture().save(out, kind, exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue()))))
    assert np.array_equal(load_image(out.getvalue()).pixels, expected)
    assert expected.shape == ((48, 64) if orientation < 5 else (64, 48))


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "PA"])
def test_every_kind_of_pixel_becomes_its_grey_level(mode):
    grey = Image.new("L", (300, 600), 255)
    grey.paste(0, (0, 0, 300, 300))
    picture = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    levels = load_image(encoded(picture, "TIFF" if mode in {"CMYK", "PA"} else "PNG")).pixels
    assert levels.shape == (600, 300)
    assert (levels[:290].max(), levels[310:].min()) == (0, 255)


def test_an_interlaced_png_is_read_like_any_other():
    # Pillow cannot write one; this is a 2 x 2 image in its seven Adam7 passes: (0, 0), then (1, 0), then row 1
    rows = zlib.compress(b"\0\x0a" + b"\0\x14" + b"\0\x1e\x28")

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 1)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert load_image(png).pixels.tolist() == [[10, 20], [30, 40]]


def test_a_jpeg_of_hundreds_of_scans_is_refused_before_decoding():
    large = encoded(Image.new("L", (3000, 3000)), "JPEG")
    scan = large.index(b"\xff\xda")
    with pytest.raises(UnreadableImage, match="61 scans"):
        load_image(large[:-2] + large[scan:-2] * 60 + b"\xff\xd9")


def test_a_jpeg_2000_of_countless_tiles_is_refused_before_decoding():
    whole = bytearray(encoded(Image.new("L", (2000, 2000)), "JPEG2000"))
    size = whole.index(b"\xff\x4f\xff\x51")
    whole[size + 24 : size + 32] = struct.pack(">II", 8, 8)
    with pytest.raises(UnreadableImage, match="62500 tiles"):
        load_image(bytes(whole))


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
    with pytest.raises(UnreadableImage, match="WSQ, BMP or TIFF"):
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
