"""A browser without a window, for tests of pages: the application is called in this process, no port is opened."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx
from fastapi import FastAPI

__all__ = ["PageClient"]

_ADDRESS = "http://rekam.test"


class PageClient:
    """Asks for pages like a browser: keeps cookies, accepts HTML, says where its forms come from.

    `with PageClient(create_app(...)) as client: client.get("/")`. Redirects are not followed unless asked for.
    `peer` is the address that the requests come from.
    """

    def __init__(self, app: FastAPI, *, address: str = _ADDRESS, peer: str = "127.0.0.1") -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=(peer, 50_000))
        headers = {"Accept": "text/html", "Origin": address}
        self._client = httpx.AsyncClient(transport=transport, base_url=address, headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    @property
    def cookies(self) -> httpx.Cookies:
        """What the server asked to be kept."""
        return self._client.cookies

    def get(self, path: str, *, headers: Mapping[str, str] | None = None, follow: bool = False) -> httpx.Response:
        """Fetch a page."""
        return self._runner.run(self._client.get(path, headers=headers, follow_redirects=follow))

    def post(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
    ) -> httpx.Response:
        """Send a form; `files` maps a field to (file name, content, media type)."""
        sent = self._client.post(path, data=dict(form or {}), files=files, headers=headers, follow_redirects=follow)
        return self._runner.run(sent)
