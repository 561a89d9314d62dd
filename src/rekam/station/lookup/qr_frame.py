"""The texts of the QR codes in one picture of a camera: `codes_in`. Read here; no picture is kept."""

import io
from typing import Final

__all__ = ["codes_in"]

_MOST_DOTS: Final = 4096 * 4096


def codes_in(picture: bytes) -> list[str]:
    """Of a JPEG or PNG; empty where there is none, and for what is no picture."""
    from PIL import Image, UnidentifiedImageError  # with the reader, 30 ms that a start does not spend (ADR 0046)
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes

    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _MOST_DOTS:
                return []
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return []
    return [code.text for code in read_barcodes(grey, formats=BarcodeFormats(BarcodeFormat.QRCode)) if code.text]
