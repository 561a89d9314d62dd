"""Who told an image's resolution, and whether it can be believed."""

from typing import Any, NamedTuple

from PIL import Image

SCANNER_DPI = (100.0, 5000.0)
"""Less is a screen's 72 or 96, written by software that knows nothing of the scanner: taken for "not told"."""
LARGEST_INEQUALITY = 0.02
"""Axes farther apart than this are no scanner's: its pixels are square."""

_HEADERS = {
    "PNG": "PNG header",
    "JPEG": "JPEG header",
    "MPO": "JPEG header",
    "TIFF": "TIFF header",
    "BMP": "BMP header",
    "JPEG2000": "JPEG 2000 header",
}


class Resolution(NamedTuple):
    """Pixels an inch, None where nobody told or nobody can believe it, and who told it."""

    dpi: float | None
    told_by: str


def header_resolution(picture: Image.Image) -> Resolution:
    """What an opened picture's header tells."""
    told = picture.info.get("dpi")
    across, down = (told[0], told[-1]) if isinstance(told, tuple) and told else (None, None)
    return believed(_HEADERS.get(picture.format or "", "header"), across, down)


def believed(teller: str, across: Any, down: Any) -> Resolution:
    """A told resolution, believed or not: "nobody", "<teller>", or "<teller>, not believed (<figure>)"."""
    if across is None or down is None:
        return Resolution(None, "nobody")
    try:
        dpi, other = float(across), float(down)
    except (ArithmeticError, TypeError, ValueError):
        return Resolution(None, f"{teller}, not believed (no number)")
    if not SCANNER_DPI[0] <= dpi <= SCANNER_DPI[1]:
        return Resolution(None, f"{teller}, not believed ({dpi:.0f})")
    if not abs(other - dpi) <= LARGEST_INEQUALITY * dpi:
        return Resolution(None, f"{teller}, not believed ({dpi:.0f} across, {other:.0f} down)")
    return Resolution(dpi, teller)
