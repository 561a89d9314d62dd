"""Ports of loopback for places that start a while after their port was chosen: `free_port`, `free_ports`."""

import fcntl
import os
import random
import socket
import tempfile
import threading
from functools import cache
from pathlib import Path

from rekam.enrolment.errors import RekamError

__all__ = ["NoPortLeft", "free_port", "free_ports"]

_FIRST = 10240
_OUTGOING = 32768
"""Where Linux begins to take the ports of outgoing connections from, unless it is told otherwise."""
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TRIES = 2000
_ours: set[int] = set()
_choosing = threading.Lock()


class NoPortLeft(RekamError):
    """No free ports were found on this machine. Nothing was started. Stop some programs that listen, then try again."""


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens, and which stays with this process until it ends."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of so many neighbouring ones, each as `free_port`. Raises `NoPortLeft`.

    A port that the system gives (by binding port 0) comes out of the range of outgoing connections: between our probe
    and the start of a place, and whenever a killed place is started again, any connection of any program may take it.
    These lie below that range, and no other process of ours that asks here is given one that this process has.
    """
    last = _below_outgoing() - count
    with _choosing:
        for _ in range(_TRIES):
            first = random.randint(_FIRST, last)  # noqa: S311  # spreads processes, hides nothing
            wanted = range(first, first + count)
            if _ours.isdisjoint(wanted) and all(_nobody_listens(port) for port in wanted) and _reserved(wanted):
                _ours.update(wanted)
                return first
    raise NoPortLeft


def _below_outgoing() -> int:
    try:
        first = int(_RANGE.read_text().split()[0])
    except OSError:  # macOS begins at 49152
        return _OUTGOING
    return first if first > 2 * _FIRST else _OUTGOING


def _nobody_listens(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _reserved(wanted: range) -> bool:
    """Whether no other process has one of them. Bytes of a file are locked; the system lets go of them with us."""
    try:
        fcntl.lockf(_register(), fcntl.LOCK_EX | fcntl.LOCK_NB, len(wanted), wanted.start)
    except OSError:
        return False
    return True


@cache  # one descriptor for ever: closing any other of the same file would let go of all locks (POSIX)
def _register() -> int:
    path = Path(tempfile.gettempdir()) / f"rekam-ports-{os.getuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
