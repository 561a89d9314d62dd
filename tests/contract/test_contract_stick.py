"""What every medium under a courier's bundle must do."""

from pathlib import Path

import pytest

from courier_examples import Receiver, Sender, bundles
from exchange_examples import packets
from rekam.exchange.courier.stick import MemoryStick, RealStick


@pytest.fixture(params=["real", "memory"])
def medium(request, tmp_path):
    made = {"real": RealStick, "memory": MemoryStick}[request.param]()
    made.make_folder(tmp_path / "stick")
    return made


def write(medium, path: Path, data: bytes) -> None:
    with medium.open_append(path) as writer:
        writer.write(data)
        writer.fsync()


def test_a_fresh_read_shows_what_was_fsynced_from_any_offset(medium, tmp_path):
    path, data = tmp_path / "stick" / "file", bytes(range(256)) * 12_001  # three megabytes, no whole sectors
    write(medium, path, data)
    with medium.open_fresh(path) as file:
        assert file.read() == data
        assert file.seek(len(data) - 700) == len(data) - 700
        assert file.read(300) == data[-700:-400]
        assert file.read(1000) == data[-400:]
        assert file.read(10) == b""


def test_a_file_is_cut_and_goes_on_from_there(medium, tmp_path):
    path = tmp_path / "stick" / "file"
    write(medium, path, b"0123456789")
    medium.truncate(path, 4)
    write(medium, path, b"abc")
    with medium.open_fresh(path) as file:
        assert file.read() == b"0123abc"


def test_a_trip_there_and_back(medium, tmp_path):
    folder = tmp_path / "stick"
    sender, office = Sender(packets(3, size=700_000)), Receiver()
    sender.out(medium, folder)
    (path,) = bundles(medium, folder)
    assert office.take(medium, path).taken == 3
    assert sender.back(medium, folder=folder).taken == 3
    assert sender.outbox.waiting(10) == []
    assert not [left for left in medium.files(folder) if left.suffix == ".part"]
