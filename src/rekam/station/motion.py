"""A live preview as an answer that a browser shows as a moving picture: `motion`."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from rekam.enrolment.errors import RekamError
from rekam.station.devices.port import Frame, Frames

__all__ = ["Glance", "Look", "motion"]


@dataclass(frozen=True)
class Look:
    """`advice` names the first thing to do, empty where there is nothing to say; `quality` is 0-100, None unknown."""

    advice: str = ""
    quality: int | None = None


Glance = Callable[[Frame], Look]

QUALITY_HEADER: Final = "X-Quality"
"""Of each part: the device's opinion, 0-100, else this station's, where there is one."""
ADVICE_HEADER: Final = "X-Advice"
"""Of each part: what to do first (`pages.hints`), absent where there is nothing to say."""
_LOOK_EVERY: Final = 3
"""Pictures from one glance to the next: three glances a second leave a laptop its time."""
_BOUNDARY: Final = "frame"
_PAUSE_S: Final = 0.1
"""Ten pictures a second at most: SBI asks for three at least, and a laptop has other work."""
_LONGEST: Final = 5 * 60 * 10
"""Pictures of one preview: five minutes, SBI's own default. The page asks for another one when it still needs it."""


def motion(frames: Frames, look: Glance | None = None, *, pause_s: float = _PAUSE_S) -> Response:
    """`multipart/x-mixed-replace` of JPEG pictures, what an `img` element shows by itself and a script reads part by
    part; `look` is asked about every third picture.

    Ends with the device's frames, when the browser goes away, or after five minutes; the device is let go in every
    case.

    Raises what the device raises before its first frame; a fault later ends the picture.
    """
    first = next(frames, None)
    known = [] if first is None else [first]
    shown = islice(chain(known, frames), _LONGEST)
    return StreamingResponse(
        _parts(shown, frames, look, pause_s),
        media_type=f"multipart/x-mixed-replace; boundary={_BOUNDARY}",
        headers={"cache-control": "no-store"},
    )


async def _parts(shown: Iterator[Frame], frames: Frames, look: Glance | None, pause_s: float) -> AsyncIterator[bytes]:
    seen, number = Look(), 0
    try:
        while (frame := await run_in_threadpool(next, shown, None)) is not None:
            if look is not None and number % _LOOK_EVERY == 0:
                seen = await run_in_threadpool(look, frame)
            yield _part(frame, seen)
            number += 1
            await anyio.sleep(pause_s)
    except RekamError:
        return  # the page's own capture says what is wrong
    finally:
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(frames.close)


def _part(frame: Frame, seen: Look) -> bytes:
    quality = seen.quality if frame.quality is None else frame.quality
    told = "" if quality is None else f"{QUALITY_HEADER}: {quality}\r\n"
    advice = f"{ADVICE_HEADER}: {seen.advice}\r\n" if seen.advice else ""
    head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame.jpeg)}\r\n{told}{advice}\r\n"
    return head.encode() + frame.jpeg + b"\r\n"
