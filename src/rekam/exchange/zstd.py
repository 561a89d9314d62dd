"""Zstandard (RFC 8878) for what travels down, within bounds: `pack`, `unpack`."""

from typing import Final

import zstandard

from rekam.exchange.errors import ExchangeError

__all__ = ["MEDIA_TYPE", "NotUnpacked", "pack", "unpack"]

MEDIA_TYPE: Final = "application/zstd"
_LEVEL: Final = 9
"""A batch is packed once for each reader, master data once for all; 9 packs about 60 MB a second a core."""


class NotUnpacked(ExchangeError):
    """What came from another place cannot be unpacked ({reason}). Nothing of it was taken over.
    It is fetched again by itself; report it if it comes back.
    """


def pack(data: bytes) -> bytes:
    """One frame that says how long its content is and carries a checksum. The same bytes give the same frame."""
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data)


def unpack(frame: bytes, limit: int) -> bytes:
    """The content of one frame of at most `limit` bytes. Raises `NotUnpacked`; the memory used stays within `limit`.

    A frame that does not say its length, or says more than `limit`, is refused before anything is unpacked, and
    unpacking stops at the length that was said: no small frame unfolds into a large memory.
    """
    try:
        said = zstandard.frame_content_size(frame)
        if not 0 <= said <= limit:
            raise NotUnpacked(reason=f"{said} bytes, at most {limit} are taken")
        return zstandard.ZstdDecompressor(max_window_size=max(limit, 1 << 10)).decompress(frame, max_output_size=limit)
    except zstandard.ZstdError as error:
        raise NotUnpacked(reason="it was changed or cut short") from error
