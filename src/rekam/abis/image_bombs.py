"""Refuses, by its header, a picture whose decoding would cost far more than its pixels.

Figures measured on one core; see docs/adr/0021.
"""

from PIL import Image

from rekam.abis.errors import UnreadableImage

JPEG_SCAN = b"\xff\xda"
MOST_SCANNED = 400_000_000
"""Pixels times scans of a JPEG: a progressive one is gone over once a scan. Cameras write up to ten scans."""
J2K_START = b"\xff\x4f\xff\x51"
J2K_SIZE_BYTES = 42
MOST_TILES = 1024
J2K_SAMPLES_A_SECOND = 16e6
J2K_BYTES_A_SECOND = 1.6e6
MOST_J2K_SECONDS = 5.0
"""The slowest of six pictures measured took 0.96 of what these predict."""
MOST_WSQ_PIXELS = 16_000_000
"""At 0.2 microseconds a pixel, 3.3 s. A slap of four fingers at 1000 dpi has 10 megapixels."""


def refuse_bombs(picture: Image.Image, data: bytes) -> None:
    """Raises `UnreadableImage`."""
    if picture.format in {"JPEG", "MPO"}:
        scans = data.count(JPEG_SCAN)
        if scans * picture.width * picture.height > MOST_SCANNED:
            raise UnreadableImage(reason=f"JPEG in {scans} scans")
    elif picture.format == "JPEG2000":
        tiles, components = _tiles(data)
        samples = picture.width * picture.height * components
        seconds = samples / J2K_SAMPLES_A_SECOND + len(data) / J2K_BYTES_A_SECOND
        if tiles > MOST_TILES or seconds > MOST_J2K_SECONDS:
            raise UnreadableImage(reason=f"JPEG 2000 of {tiles} tiles that would take about {seconds:.0f} s")


def refuse_wsq_bomb(width: int, height: int) -> None:
    """Raises `UnreadableImage`."""
    if width * height > MOST_WSQ_PIXELS:
        raise UnreadableImage(reason=f"WSQ of {width} x {height} pixels")


def _tiles(data: bytes) -> tuple[int, int]:
    """Number of tiles and components out of the codestream's SIZ segment (ISO/IEC 15444-1 annex A.5.1)."""
    at = data.find(J2K_START)
    if at < 0 or len(data) < at + J2K_SIZE_BYTES:
        raise UnreadableImage(reason="JPEG 2000 without a size")
    across, down, left, top, wide, high, tile_left, tile_top = (
        int.from_bytes(data[at + 8 + 4 * field : at + 12 + 4 * field]) for field in range(8)
    )
    if not wide or not high or left >= across or top >= down:
        raise UnreadableImage(reason="JPEG 2000 of no size")
    columns, rows = -(-(across - tile_left) // wide), -(-(down - tile_top) // high)
    return columns * rows, int.from_bytes(data[at + 40 : at + 42])
