"""How large a packet and its parts may be: one place, so that nothing a station sealed is refused for its size later.

A station checks before it seals, at the sample (`rekam.station.sizes`); office and centre take in whatever keeps to
these. An office's policy may lower `MAX_PACKET_BYTES` for what its stations seal from then on, never for what they
sealed before (docs/adr/0044).
"""

from typing import Final

from rekam.trust.stream import CHUNK_BYTES, TAG_BYTES

__all__ = [
    "MAX_ATTESTATION_BYTES",
    "MAX_HEADER_BYTES",
    "MAX_MANIFEST_BYTES",
    "MAX_PACKET_BYTES",
    "MAX_SAMPLE_BYTES",
    "packet_bytes",
]

MAX_SAMPLE_BYTES: Final = 8 * 1024 * 1024
"""Of one image as encoded. An uncompressed 1000 dpi finger has 1.5 MB, a camera's JPEG of 20 megapixels 6."""
MAX_PACKET_BYTES: Final = 64 * 1024 * 1024
"""Of a sealed packet. A recording has 1 to 5 MB; this holds up a line of 1 Mb/s for nine minutes."""
MAX_MANIFEST_BYTES: Final = 1024 * 1024
MAX_ATTESTATION_BYTES: Final = 64 * 1024
MAX_HEADER_BYTES: Final = 16 * 1024
_PREAMBLE_BYTES: Final = 14


def packet_bytes(image_bytes: int, manifest_bytes: int = 0) -> int:
    """An upper bound of the sealed size of images and manifest of these sizes: never less than what `seal` writes."""
    content = image_bytes + manifest_bytes + MAX_ATTESTATION_BYTES
    return _PREAMBLE_BYTES + MAX_HEADER_BYTES + content + TAG_BYTES * (content // CHUNK_BYTES + 1)
