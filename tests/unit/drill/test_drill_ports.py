"""Ports that stay ours from the moment they are chosen."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rekam.drill.ports import NoPortLeft, free_port, free_ports

ONE_PORT_ALONE = """
import sys
from rekam.drill import ports
if len(sys.argv) > 1:
    ports.random.randint = lambda first, last: int(sys.argv[1])
try:
    print(ports.free_port())
except ports.NoPortLeft:
    print("none")
"""


def asked_by_another_process(*port: int) -> str:
    """What a process is given that would have no port but this one, or any."""
    command = [sys.executable, "-c", ONE_PORT_ALONE, *map(str, port)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_no_other_process_is_given_a_port_of_ours_though_nobody_listens_yet():
    assert asked_by_another_process(free_port()) == "none"


def test_a_port_is_free_again_when_its_process_has_ended():
    port = asked_by_another_process()
    assert asked_by_another_process(int(port)) == port


def test_neighbouring_ports_are_all_free_and_all_ours():
    first = free_ports(5)
    for port in range(first, first + 5):
        socket.create_server(("127.0.0.1", port)).close()
        assert asked_by_another_process(port) == "none"


def test_no_port_is_one_that_an_outgoing_connection_may_take():
    try:
        low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        low = 32768
    if low < 20480:
        pytest.skip("this machine takes outgoing ports from nearly all of them")
    assert all(free_port() < low for _ in range(20))


def test_a_port_on_which_somebody_listens_is_not_given(monkeypatch):
    with socket.create_server(("127.0.0.1", free_port())) as other:
        monkeypatch.setattr("rekam.drill.ports.random.randint", lambda _first, _last: other.getsockname()[1])
        with pytest.raises(NoPortLeft, match="Nothing was started"):
            free_port()
