"""Serving one application on loopback until told to stop: `serve`."""

import errno
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Literal

import uvicorn
from fastapi import FastAPI

from rekam.apps.settings import Settings
from rekam.apps.tls import ServingTls
from rekam.enrolment.errors import RekamError

__all__ = ["HOST", "NoSuchPort", "PortInUse", "end_with_parent", "require_free", "serve"]

HOST = "127.0.0.1"
_LAST_PORT = 65535
_GOODBYE_S = 5
_TLS_GOODBYE_S = 1
"""Seconds. Idle senders do not answer the end of a TLS connection, and whatever they send is sent again."""


class PortInUse(RekamError):
    """Port {port} of this machine is in use by another program, perhaps by a Rekam that still runs.
    Nothing was started. Stop the other program, or choose another port with {option}.
    """


class NoSuchPort(RekamError):
    """{port} is not a port that can be listened on ({reason}). Nothing was started.
    Choose one between 1024 and 65535 with {option}.
    """


def require_free(port: int, option: str = "--port") -> None:
    """Raises `PortInUse` or `NoSuchPort`, before anything else is started."""
    if not 0 < port <= _LAST_PORT:
        raise NoSuchPort(port=port, reason=f"ports go from 1 to {_LAST_PORT}", option=option)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(port=port, option=option) from None
            raise NoSuchPort(port=port, reason=error.strerror, option=option) from None


def end_with_parent() -> None:
    """Interrupts this process when its standard input closes: whoever started it has ended, however that was."""

    def watch() -> None:
        # not sys.stdin: its lock would still be held by this thread when the interpreter ends
        while os.read(0, 4096):
            continue
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def serve(
    app: FastAPI,
    port: int,
    *,
    ready: str,
    stopper: Callable[[Callable[[], None]], object] = lambda _stop: None,
    afterwards: Callable[[], object] = lambda: None,
) -> None:
    """Blocks until SIGINT or SIGTERM; requests at hand are finished first. `ready` is printed once it answers.
    `stopper` is given a function that ends it as well; `afterwards` runs in a thread of its own once it answers.
    TLS as the settings say: on this port, or beside it.
    """
    settings = Settings()
    tls = ServingTls.of(settings.tls_certificate, settings.tls_key, settings.tls_port)
    own = tls if tls is not None and tls.port is None else None
    beside = uvicorn.Server(_config(app, tls.port, tls, lifespan="off")) if tls is not None and tls.port else None
    server = _Announcing(
        _config(app, port, own), ready.replace("http://", "https://") if own else ready, beside, afterwards
    )
    stopper(lambda: setattr(server, "should_exit", True))
    if beside is None:
        server.run()
        return
    # in a thread: a server takes signals only in the main one
    thread = threading.Thread(target=beside.run, name="tls", daemon=True)
    thread.start()
    server.run()
    thread.join(timeout=_GOODBYE_S)


def _config(
    app: FastAPI, port: int, tls: ServingTls | None, *, lifespan: Literal["auto", "off"] = "auto"
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=HOST,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GOODBYE_S if lifespan == "auto" else _TLS_GOODBYE_S,
        lifespan=lifespan,
        ssl_certfile=None if tls is None else tls.certificate,
        ssl_keyfile=None if tls is None else tls.key,
    )


class _Announcing(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, ready: str, beside: uvicorn.Server | None, afterwards: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._beside = beside
        self._afterwards = afterwards

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # what stands now stays: not walked through again and again while packets come
            sys.stdout.write(self._ready + "\n")
            sys.stdout.flush()
            threading.Thread(target=self._afterwards, daemon=True, name="afterwards").start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._beside is not None:
            self._beside.should_exit = True  # both finish what they have at hand at the same time
        await super().shutdown(sockets)
