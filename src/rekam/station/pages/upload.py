"""An image that a browser sends: `read_image`. It stays in memory: a spooled file would lie unencrypted on disk."""

from collections.abc import AsyncGenerator, AsyncIterator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from rekam.abis.errors import EmptyImage, UnreadableImage
from rekam.enrolment.amount import Amount
from rekam.packet.limits import MAX_SAMPLE_BYTES
from rekam.station.sizes import SampleTooLarge

__all__ = ["Upload", "media_type_of", "read_image"]

Upload = tuple[bytes, str]
_OVERHEAD = 64 * 1024
_KINDS = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"BM", "image/bmp"), (b"II*\0", "image/tiff"))


async def read_image(request: Request) -> Upload:
    """The field `image` of a form: its bytes and its media type, judged by the bytes, not by the name.

    Raises `SampleTooLarge`, `EmptyImage`, `UnreadableImage`, whatever the sender claims about it.
    """
    announced = int(request.headers.get("content-length") or 0)
    if announced > MAX_SAMPLE_BYTES + _OVERHEAD:
        raise SampleTooLarge(
            slot=request.query_params.get("slot", ""), size=Amount(announced), limit=Amount(MAX_SAMPLE_BYTES)
        )
    parser = MultiPartParser(request.headers, _limited(request.stream()), max_files=1, max_fields=4)
    parser.spool_max_size = MAX_SAMPLE_BYTES + _OVERHEAD  # never rolled over to a file
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise UnreadableImage(reason="the form broke off") from error
    sent = form.get("image")
    image = await sent.read() if isinstance(sent, UploadFile) else b""
    await form.close()
    if not image:
        raise EmptyImage
    return image, media_type_of(image)


async def _limited(stream: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The same pieces, however long the sender says the form is, never more than a sample may have."""
    size = 0
    async for piece in stream:
        size += len(piece)
        if size > MAX_SAMPLE_BYTES + _OVERHEAD:
            raise _too_large("", size)
        yield piece


def _too_large(slot: str, size: int) -> SampleTooLarge:
    return SampleTooLarge(slot=slot, size=Amount(size), limit=Amount(MAX_SAMPLE_BYTES))


def media_type_of(image: bytes) -> str:
    """By the first bytes; what is no image at all is refused by whoever judges it."""
    return next((kind for start, kind in _KINDS if image.startswith(start)), "application/octet-stream")
