"""What a station survives on a device's port: programs that are no device, break off, trickle, never end."""

import socket
import threading
from contextlib import contextmanager

import pytest

from patience import PATIENCE_S
from rekam.interop.sbi.errors import DeviceGone, DeviceHangs, SbiError
from rekam.interop.sbi.http_wire import HttpWire
from rekam.interop.sbi.wire import DISCOVER
from rekam.trust.clock import SystemClock


@contextmanager
def listening(speak):
    """A port on which `speak(connection)` answers whoever connects, until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        def talk(connection):
            with connection:
                try:
                    connection.recv(65536)
                    speak(connection, over)
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def answers(body):
    return lambda connection, _: connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def breaks_off(connection, _):
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\nhalf")


def no_http(connection, _):
    connection.sendall(b"220 mail.example ESMTP\r\n")


def silent(_, over):
    over.wait(PATIENCE_S)


def trickles(connection, over):
    connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while not over.wait(0.1):
        connection.sendall(b"x")


def ask(port, within_s=PATIENCE_S):
    return HttpWire(SystemClock()).ask(port, DISCOVER, {}, within_s=within_s)


def test_an_answer_comes_whole():
    with listening(answers(b"[]")) as port:
        assert ask(port) == b"[]"


@pytest.mark.parametrize("speak", [breaks_off, no_http], ids=["breaks off", "is no HTTP"])
def test_an_answer_that_is_none_means_the_device_is_gone(speak):
    with listening(speak) as port, pytest.raises(DeviceGone):
        ask(port)


@pytest.mark.parametrize("speak", [silent, trickles], ids=["silent", "trickling"])
def test_a_device_that_never_finishes_is_given_up_in_time(speak):
    with listening(speak) as port, pytest.raises(DeviceHangs):
        ask(port, within_s=0.5)


def test_a_port_that_nobody_listens_on_is_told():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    with listening(silent) as other:
        assert HttpWire(SystemClock()).listening([port, other]) == [other]
    with pytest.raises(DeviceGone):
        ask(port)


def test_a_preview_that_breaks_off_is_told():
    with listening(breaks_off) as port, pytest.raises(SbiError):
        list(HttpWire(SystemClock()).stream(port, {}, within_s=PATIENCE_S))
