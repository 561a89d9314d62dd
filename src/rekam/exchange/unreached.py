"""Why another place did not answer, in words that its reader can use: `why_unreached`."""

from typing import Final

import httpx

__all__ = ["NOT_OURS", "why_unreached"]

NOT_OURS: Final = "another server answered"


def why_unreached(error: httpx.TransportError) -> str:
    """For `RemoteUnreachable`; each has its Indonesian in ``errors_id/unreached.po``."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if "CERTIFICATE" in str(error):
        return "its TLS certificate is not trusted here"
    return "no connection" if isinstance(error, httpx.ConnectError) else "the connection was cut"
