"""A WSQ file's bytes to grey levels: segments, coefficients, subbands, inverse wavelet transform, levels.

Our own, because the one library there is crashes on damaged files (docs/adr/0021).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import TruncatedImage, UnreadableImage
from rekam.abis.formats.cursor import Cursor
from rekam.abis.wsq.huffman import OVERRUN, decode_block
from rekam.abis.wsq.segments import FORMAT, Segments, read_frame, read_segments
from rekam.abis.wsq.subbands import splits, subbands
from rekam.abis.wsq.synthesis import join

CODED_BANDS = 60
"""The last four, the finest of both directions, are never coded (clause 4.3)."""


def decode(data: bytes, require_size: Callable[[int, int], None]) -> tuple[NDArray[np.uint8], int | None]:
    """Grey levels uint8 [height, width], and pixels an inch where a comment tells. `require_size(width, height)` may
    refuse before anything is decoded. Raises `RecordMalformed`, `TruncatedImage`, `UnreadableImage`.
    """
    frame = read_frame(data).frame
    if frame is None:
        raise UnreadableImage(reason="WSQ without a frame header")
    require_size(frame.width, frame.height)
    segments = read_segments(data)
    image = _dequantised(segments, frame.width, frame.height)
    assert segments.low is not None and segments.high is not None  # noqa: PT018, S101
    for region in splits(frame.width, frame.height):
        join(image, region, segments.low, segments.high)
    with np.errstate(over="ignore", invalid="ignore"):
        image *= np.float32(frame.scale)
    image += np.float32(frame.shift + 0.5)
    if not np.isfinite(image).all():
        raise UnreadableImage(reason="WSQ with tables beyond all levels")
    return np.clip(image, 0, 255, out=image).astype(np.uint8), segments.ppi


def _dequantised(segments: Segments, width: int, height: int) -> NDArray[np.float32]:
    bins, zero_bins = segments.bins, segments.zero_bins
    if bins is None or zero_bins is None or segments.low is None:
        raise UnreadableImage(reason="WSQ without its tables")
    image = np.zeros((height, width), np.float32)
    regions = [region for band, region in enumerate(subbands(width, height)[:CODED_BANDS]) if bins[band]]
    numbers = [band for band in range(CODED_BANDS) if bins[band]]
    coefficients = _coefficients(segments, sum(region.width * region.height for region in regions))
    start = 0
    for band, region in zip(numbers, regions, strict=True):
        count = region.width * region.height
        held = coefficients[start : start + count].reshape(region.height, region.width).astype(np.float32)
        start += count
        # a bin's value is its lower edge and a share of its width, away from zero (clause 4.4)
        away = np.sign(held)
        levels = (held - away * np.float32(segments.centre)) * np.float32(bins[band])
        levels += away * np.float32(zero_bins[band] / 2)
        image[region.y : region.y + region.height, region.x : region.x + region.width] = levels
    return image


def _coefficients(segments: Segments, wanted: int) -> NDArray[np.int32]:
    out = np.zeros(wanted, np.int32)
    position = 0
    for table, coded in segments.blocks:
        position = decode_block(np.frombuffer(coded, np.uint8), table.lengths, table.values, out, position)
        if position < 0:
            reason = "more coefficients than pixels" if position == OVERRUN else "a code that stands for nothing"
            Cursor(b"", FORMAT).refuse(reason)
    if position < wanted:
        raise TruncatedImage(reason=f"WSQ with {position} of {wanted} coefficients")
    return out
