"""Photos and signatures made ready for print: `portrait`, `ink`."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from rekam.enrolment.errors import RekamError

__all__ = ["PictureUnusable", "ink", "portrait"]

_PORTRAIT = (450, 600)  # 3:4, as on card (about 20 x 26 mm) and letter (30 x 40 mm at 380 dpi)
_INK_WIDTH = 600
_MAX_PIXELS = 40_000_000


class PictureUnusable(RekamError):
    """The {what} cannot be printed ({why}). The paper was not made and nothing was changed;
    take the {what} again, or fetch the record again.
    """


def _opened(data: bytes, what: str) -> Image.Image:
    try:
        image = Image.open(BytesIO(data))
        if image.width * image.height > _MAX_PIXELS:
            raise PictureUnusable(what=what, why=f"{image.width} x {image.height} dots are too many")
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureUnusable(what=what, why=f"unreadable: {type(error).__name__}") from error
    return image


def portrait(data: bytes) -> bytes:
    """A JPEG of 450 x 600 from the photo `data` of any common format, cropped to 3:4 around its upper middle."""
    image = ImageOps.exif_transpose(_opened(data, "photo")).convert("RGB")
    out = BytesIO()
    ImageOps.fit(image, _PORTRAIT, Image.Resampling.LANCZOS, centering=(0.5, 0.4)).save(out, "JPEG", quality=90)
    return out.getvalue()


def ink(data: bytes) -> bytes:
    """A PNG in which the dark strokes of the signature `data` are ink and its light ground is clear."""
    grey = _opened(data, "signature").convert("L")
    darkness = ImageOps.autocontrast(ImageOps.invert(grey), cutoff=(1, 0))
    box = darkness.point(lambda value: 255 * (value > 96)).getbbox()
    if box is None:
        raise PictureUnusable(what="signature", why="it is empty")
    darkness = darkness.crop(box)
    darkness.thumbnail((_INK_WIDTH, _INK_WIDTH), Image.Resampling.LANCZOS)
    strokes = Image.new("RGBA", darkness.size, (16, 24, 40, 0))
    strokes.putalpha(darkness)
    out = BytesIO()
    strokes.save(out, "PNG")
    return out.getvalue()
