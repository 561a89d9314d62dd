"""An image that a browser sends: `read_image`."""

from starlette.requests import Request

from rekam.abis.errors import EmptyImage, UnreadableImage
from rekam.enrolment.amount import Amount
from rekam.packet.limits import MAX_SAMPLE_BYTES
from rekam.station.sizes import SampleTooLarge
from rekam.web.sent_file import sent_form

__all__ = ["Upload", "media_type_of", "read_image"]

Upload = tuple[bytes, str]
_KINDS = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"BM", "image/bmp"), (b"II*\0", "image/tiff"))


async def read_image(request: Request) -> Upload:
    """The field `image` of a form: its bytes and its media type, judged by the bytes, not by the name.

    Raises `SampleTooLarge`, `EmptyImage`, `UnreadableImage`, whatever the sender claims about it.
    """
    slot = request.query_params.get("slot", "")
    sent = await sent_form(
        request,
        "image",
        limit=MAX_SAMPLE_BYTES,
        too_large=lambda size: SampleTooLarge(slot=slot, size=Amount(size), limit=Amount(MAX_SAMPLE_BYTES)),
        broken=lambda: UnreadableImage(reason="the form broke off"),
    )
    if not sent.file:
        raise EmptyImage
    return sent.file, media_type_of(sent.file)


def media_type_of(image: bytes) -> str:
    """By the first bytes; what is no image at all is refused by whoever judges it."""
    return next((kind for start, kind in _KINDS if image.startswith(start)), "application/octet-stream")
