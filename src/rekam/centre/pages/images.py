"""Images out of the vault as answers; whoever asks was allowed before."""

from starlette.responses import Response

from rekam.centre.centre import Centre
from rekam.enrolment.slot import Slot

__all__ = ["image"]


def image(centre: Centre, packet_id: str, slot: str) -> Response:
    """One image, never kept by a browser or anything between."""
    picture = centre.records.image(packet_id, Slot.parse(slot))
    return Response(picture.data, media_type=picture.media_type, headers={"Cache-Control": "no-store"})
