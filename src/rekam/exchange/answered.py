"""What another place answered over HTTP, or the error that stands for it: `answered`."""

from collections.abc import Callable

import httpx

from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.problem import from_problem
from rekam.exchange.unreached import why_unreached

__all__ = ["answered"]


def answered(place: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer of `place`, its status 2xx. Raises `RemoteUnreachable` where no place of ours answered, else the error
    that the place told.
    """
    try:
        answer = ask()
    except httpx.TransportError as error:
        raise RemoteUnreachable(place=place, reason=why_unreached(error)) from error
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    raise from_problem(place, answer.status_code, problem)
