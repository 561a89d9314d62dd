"""A port that cannot be had is told before anything is started."""

import socket

import pytest

from rekam.apps.serving import NoSuchPort, PortInUse, require_free
from rekam.drill.ports import free_port


def test_a_free_port_is_free():
    port = free_port()
    require_free(port)
    with socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port


def test_a_port_in_use_is_told_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Port {port} .* choose another port with --port"):
            require_free(port)


@pytest.mark.parametrize("port", [0, -1, 65536, 700000])
def test_a_number_that_is_no_port_is_told(port):
    with pytest.raises(NoSuchPort, match="Nothing was started"):
        require_free(port)
