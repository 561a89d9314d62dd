"""The bad link: it really cuts, drops and stalls, says so truthfully, and passes everything on when it is well."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from patience import PATIENCE_S
from rekam.drill.ailments import Ailments, Quality
from rekam.drill.fault_proxy import FaultProxy


class EchoServer:
    """Answers each line with the same line; notes what arrived."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.heard = bytearray()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self):
        return self.listener.getsockname()

    def _accept(self) -> None:
        while True:
            try:
                one, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(one,), daemon=True).start()

    def _answer(self, one) -> None:
        with one:
            try:
                while piece := one.recv(65536):
                    self.heard += piece
                    if piece.endswith(b"\n"):
                        one.sendall(b"heard\n")
            except OSError:
                return


@pytest.fixture
def server():
    echo = EchoServer()
    yield echo
    echo.listener.shutdown(socket.SHUT_RDWR)
    echo.listener.close()


@contextmanager
def caller(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE_S) as one:
        yield one


def link(server, **ailments):
    return FaultProxy(lambda: server.address, Ailments(**ailments), seed=4)


def told(one) -> bytes:
    """Until the end, or one answer."""
    try:
        return one.recv(65536)
    except ConnectionResetError:
        return b""


def test_a_healthy_link_passes_everything_on(server):
    with link(server) as proxy, caller(proxy) as one:
        for _ in range(3):
            one.sendall(b"x" * 300_000 + b"\n")
            assert told(one) == b"heard\n"
        assert (proxy.cuts, proxy.drops, proxy.stalls) == (0, 0, 0)
    assert len(server.heard) == 3 * 300_001


def test_a_cut_ends_an_upload_in_the_middle(server):
    with link(server, cut_upload=1.0) as proxy, caller(proxy) as one:
        with suppress(OSError):  # the cut may come while sending
            one.sendall(b"x" * 2_000_000 + b"\n")
        assert told(one) == b""
        assert proxy.cuts == 1
    assert len(server.heard) < 2_000_000


def test_a_request_too_short_to_be_cut_is_not_counted_as_cut(server):
    with link(server, cut_upload=1.0) as proxy, caller(proxy) as one:
        one.sendall(b"short\n")
        assert told(one) == b"heard\n"
        assert proxy.cuts == 0


def test_a_dropped_answer_was_heard_by_the_server(server):
    with link(server, drop_answer=1.0) as proxy, caller(proxy) as one:
        one.sendall(b"acknowledge me\n")
        assert told(one) == b""
        assert proxy.drops == 1
    assert bytes(server.heard) == b"acknowledge me\n"


def test_a_stall_delays_and_loses_nothing(server):
    with link(server, stall=1.0, stall_s=0.3) as proxy, caller(proxy) as one:
        began = time.monotonic()
        one.sendall(b"hello\n")
        assert told(one) == b"heard\n"
        assert time.monotonic() - began >= 0.3
        assert proxy.stalls == 1


def test_a_connection_kept_open_falls_ill_with_the_link_and_heals_with_it(server):
    with link(server) as proxy, caller(proxy) as one:
        one.sendall(b"well\n")
        assert told(one) == b"heard\n"
        proxy.ailments = Ailments(stall=1.0, stall_s=0.01)
        one.sendall(b"ill\n")
        assert told(one) == b"heard\n"
        proxy.ailments = Ailments()
        one.sendall(b"well again\n")
        assert told(one) == b"heard\n"
        assert proxy.stalls == 1


def test_a_target_that_is_down_looks_like_a_closed_line(server):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = nobody.getsockname()
    with FaultProxy(lambda: address, Ailments()) as proxy, caller(proxy) as one:
        assert told(one) == b""


def test_a_stopped_link_takes_no_more_calls(server):
    proxy = link(server).start()
    with caller(proxy) as one:
        one.sendall(b"once\n")
        assert told(one) == b"heard\n"
    proxy.stop()
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", proxy.port), timeout=1):
        pass


def test_a_half_open_connection_stays_up_carries_nothing_and_ends(server):
    with link(server, half_open=1.0, half_open_s=0.5) as proxy, caller(proxy) as one:
        began = time.monotonic()
        one.sendall(b"is anybody there\n")
        assert told(one) == b""
        assert time.monotonic() - began >= 0.5
        assert proxy.half_opens == 1
    assert not server.heard


def test_a_duplicated_request_is_heard_twice_and_answered_once(server):
    with link(server, duplicate=1.0) as proxy, caller(proxy) as one:
        one.sendall(b"once\n")
        assert told(one) == b"heard\n"
        deadline = time.monotonic() + PATIENCE_S
        while proxy.duplicates == 0 or len(server.heard) < 10:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        one.settimeout(0.2)
        with pytest.raises(TimeoutError):
            one.recv(1)
    assert bytes(server.heard) == b"once\nonce\n"


def test_a_slow_line_carries_no_more_than_its_rate(server):
    quality = Quality(bytes_a_second=200_000)
    with FaultProxy(lambda: server.address, quality=quality) as proxy, caller(proxy) as one:
        began = time.monotonic()
        one.sendall(b"x" * 199_999 + b"\n")
        assert told(one) == b"heard\n"
        assert time.monotonic() - began >= 0.9
        assert proxy.up.carried == 200_000


def test_a_long_way_takes_its_round_trip(server):
    with FaultProxy(lambda: server.address, quality=Quality(round_trip_s=0.4)) as proxy, caller(proxy) as one:
        began = time.monotonic()
        one.sendall(b"hello\n")
        assert told(one) == b"heard\n"
        assert time.monotonic() - began >= 0.4


def test_lost_segments_hold_up_and_at_last_cut(server):
    quality = Quality(loss=0.5, round_trip_s=0.001, cut_every=50)
    with FaultProxy(lambda: server.address, quality=quality, seed=2) as proxy, caller(proxy) as one:
        with suppress(OSError):
            one.sendall(b"x" * 1_000_000 + b"\n")
        assert told(one) == b""
        assert proxy.faults > 50
