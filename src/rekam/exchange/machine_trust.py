"""Whom this machine believes over TLS, read once for all connections: `machine_trust`."""

import os
import ssl
from functools import lru_cache

import httpx

__all__ = ["machine_trust"]


def machine_trust() -> ssl.SSLContext:
    """For an HTTP client's `verify`. An HTTP client without it reads the certificates of some hundred authorities for
    itself, a fortieth of a second each time, also where it then speaks no TLS.
    """
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _read(file: str | None, folder: str | None) -> ssl.SSLContext:
    """`file` and `folder` are where httpx looks, too."""
    del file, folder
    return httpx.create_ssl_context()
