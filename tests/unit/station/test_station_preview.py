import anyio
import pytest

from rekam.drill.demo import PIN
from rekam.station.devices.port import Frame, NothingCaptured
from rekam.station.motion import motion
from rekam.web.testing import PageClient
from station_counter import OPERATOR
from station_counter import counter as make_counter


class Showing:
    """A device whose preview shows what it is given, and notes that it was let go."""

    def __init__(self, *frames):
        self.frames = frames
        self.wanted = None
        self.let_go = False

    def preview(self, wanted):
        self.wanted = wanted
        try:
            for frame in self.frames:
                if isinstance(frame, Exception):
                    raise frame
                yield frame
        finally:
            self.let_go = True


def parts(device):
    """All that a browser reads until the picture ends."""

    async def read():
        return [part async for part in motion(device.preview(None), pause_s=0).body_iterator]

    return anyio.run(read)


def test_the_browser_gets_one_part_for_each_frame_with_the_quality_that_the_device_tells():
    device = Showing(Frame(b"first", 40), Frame(b"second"))
    assert parts(device) == [
        b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\nX-Quality: 40\r\n\r\nfirst\r\n",
        b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 6\r\n\r\nsecond\r\n",
    ]
    assert device.let_go


def test_a_browser_that_goes_away_lets_the_device_go():
    device = Showing(*[Frame(b"x")] * 5)

    async def leave_after_the_first():
        body = motion(device.preview(None), pause_s=0).body_iterator
        await anext(body)
        await body.aclose()

    anyio.run(leave_after_the_first)
    assert device.let_go


def test_a_device_that_fails_in_mid_preview_ends_the_picture():
    fault = NothingCaptured(slot="finger-2", reason="the cable")
    assert len(parts(Showing(Frame(b"x"), fault))) == 1


def test_a_device_that_shows_nothing_says_why_before_anything_is_sent():
    with pytest.raises(NothingCaptured):
        motion(Showing(NothingCaptured(slot="finger-2", reason="the cable")).preview(None))


def test_the_signed_in_screen_sees_the_fingers_it_asks_for(tmp_path):
    device = Showing(Frame(b"picture", 55))
    counter = make_counter(tmp_path / "country", device=device)
    try:
        with PageClient(counter.app()) as client:
            at = "/sittings/" + "0" * 32 + "/preview?slot=finger-7"
            assert client.get(at).headers["location"].startswith("/sign-in")
            client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
            sitting = client.post("/sittings", {"nik": counter.adults()[0].nik}).headers["location"]
            answer = client.get(f"{sitting}/preview?slot=finger-7&slot=finger-8")
            assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=frame"
            assert b"picture" in answer.content
            assert [str(slot) for slot in device.wanted.slots] == ["finger-7", "finger-8"]
            assert device.wanted.least == 70
            assert client.get(f"{sitting}/preview?slot=nose").status_code == 422
    finally:
        counter.station.close()
