"""A real HTTP server for an exchange router, on a free port of the loopback, in a thread of the test."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from exchange_examples import ROOT
from rekam.exchange.http import exchange_router
from rekam.exchange.remote import LocalRemote


@contextmanager
def serving(local: LocalRemote, *, may_send, place: str = "3174") -> Iterator[str]:
    """The base URL of a server that answers for `local`."""
    app = FastAPI()
    app.include_router(exchange_router(local, place=place, root=ROOT, may_send=may_send))
    with serving_app(app) as url:
        yield url


@contextmanager
def serving_app(app, **tls: str) -> Iterator[str]:
    """The base URL of `app`; with uvicorn's `ssl_certfile` and `ssl_keyfile` it speaks TLS."""
    # asyncio switches off Nagle's delay only on sockets that say TCP; without it every answer waits 40 ms
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", **tls))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
