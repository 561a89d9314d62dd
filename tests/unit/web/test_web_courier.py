"""The courier's desk: one errand at a time, told to its end; and the sticks that are plugged in."""

import threading
import time
from pathlib import Path

import pytest

from patience import PATIENCE_S
from rekam.exchange.courier.courier import Courier, TakenIn
from rekam.exchange.courier.errors import NothingOnStick
from rekam.exchange.courier.stick import MemoryStick
from rekam.web.courier.desk import CourierDesk, ErrandRunning, ErrandUnclear
from rekam.web.courier.media import Media


class Slow(Courier):
    """Takes in when it is let go."""

    go = threading.Event()

    def take_in(self, path, told):
        told("read", 3, 10)
        self.go.wait(PATIENCE_S)
        if path.name == "broken":
            raise ZeroDivisionError
        return TakenIn()


@pytest.fixture
def desk():
    Slow.go.clear()
    yield CourierDesk(lambda: Slow("3174", MemoryStick(), to=("centre",)))
    Slow.go.set()


def ended(desk):
    deadline = time.monotonic() + PATIENCE_S
    while desk.errand.running:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return desk.errand


def test_an_errand_tells_how_far_it_is_and_a_second_one_waits(desk, tmp_path):
    desk.take_in(tmp_path)
    while desk.errand.total == 0:
        time.sleep(0.01)
    assert desk.errand.to_map()["done"] == 3
    with pytest.raises(ErrandRunning):
        desk.take_in(tmp_path)
    Slow.go.set()
    assert ended(desk).to_map()["report"] == {"files": [], "passed_by": []}
    desk.take_in(tmp_path)
    assert ended(desk).problem is None


def test_what_nobody_foresaw_ends_the_errand_and_not_the_desk(desk, tmp_path):
    Slow.go.set()
    desk.take_in(tmp_path / "broken")
    assert ended(desk).to_map()["problem"]["code"] == "RekamError"
    desk.receipts(tmp_path)
    assert isinstance(ended(desk).problem, NothingOnStick)


@pytest.mark.parametrize(("path", "to"), [("kurir", "centre"), ("/media/kurir", "3273")])
def test_half_a_path_or_a_strange_receiver_begins_nothing(desk, path, to):
    with pytest.raises(ErrandUnclear):
        desk.out(Path(path), to, None)
    assert desk.errand is None


def test_named_folders_are_listed_and_mere_folders_below_a_root_are_not(tmp_path):
    named, root = tmp_path / "KURIR", tmp_path / "media"
    named.mkdir()
    (root / "user" / "notes").mkdir(parents=True)
    (named / "a.rekam").write_bytes(b"")
    (named / "a.txt").write_bytes(b"")
    (medium,) = Media(folders=(named, tmp_path / "missing"), roots=(root, tmp_path / "none")).plugged_in()
    assert (medium.folder, medium.name, medium.files, medium.writable) == (named, "KURIR", 1, True)
    assert medium.free > 0
