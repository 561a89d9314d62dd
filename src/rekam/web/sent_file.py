"""A form with a file, read in memory alone: `sent_form`. A spooled file would lie unencrypted on disk."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from rekam.enrolment.errors import RekamError

__all__ = ["SentForm", "sent_form"]

_OVERHEAD: Final = 64 * 1024
_MOST_FIELDS: Final = 4


@dataclass(frozen=True)
class SentForm:
    """The bytes of the file, empty where none was chosen, and the other fields."""

    file: bytes
    fields: dict[str, str]


async def sent_form(
    request: Request, name: str, *, limit: int, too_large: Callable[[int], RekamError], broken: Callable[[], RekamError]
) -> SentForm:
    """The form whose file is the field `name`. Raises `too_large`, whatever the sender claims, and `broken`."""
    announced = int(request.headers.get("content-length") or 0)
    if announced > limit + _OVERHEAD:
        raise too_large(announced)
    parser = MultiPartParser(
        request.headers,
        _limited(request.stream(), limit, too_large),
        max_files=1,
        max_fields=_MOST_FIELDS,
        max_part_size=limit,
    )
    parser.spool_max_size = limit + _OVERHEAD  # never rolled over to a file
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise broken() from error
    sent = form.get(name)
    data = await sent.read() if isinstance(sent, UploadFile) else b""
    fields = {key: value for key, value in form.items() if isinstance(value, str)}
    await form.close()
    return SentForm(data, fields)


async def _limited(
    stream: AsyncIterator[bytes], limit: int, too_large: Callable[[int], RekamError]
) -> AsyncGenerator[bytes, None]:
    """The same pieces, however long the sender says the form is, never more than `limit` allows."""
    size = 0
    async for piece in stream:
        size += len(piece)
        if size > limit + _OVERHEAD:
            raise too_large(size)
        yield piece
