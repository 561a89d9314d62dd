import pytest

from rekam.interop.sbi.errors import DeviceBusy, DeviceUnreadable
from rekam.interop.sbi.mjpeg import frames_of

FIRST, SECOND = b"\xff\xd8first\r\n\r\n\xff\xd9", b"\xff\xd8second\xff\xd9"
TOLD = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\nX-Quality: 71\r\n\r\n%s\r\n"
UNTOLD = b"--frame\r\nContent-type: image/jpeg\r\n\r\n%s\r\n"


def told(*pictures):
    return b"".join(TOLD % (len(picture), picture) for picture in pictures)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pictures_come_whole_wherever_the_stream_is_cut(size):
    stream = told(FIRST, SECOND)
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    frames = list(frames_of(pieces, "scanner"))
    assert [frame.jpeg for frame in frames] == [FIRST, SECOND]
    assert {frame.quality for frame in frames} == {71}


@pytest.mark.parametrize("size", [1, 1000])
def test_a_part_without_a_length_ends_at_the_next_boundary(size):
    stream = UNTOLD % SECOND + UNTOLD % SECOND + b"--frame--\r\n"
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    frames = list(frames_of(pieces, "scanner"))
    assert [frame.jpeg for frame in frames] == [SECOND, SECOND]
    assert frames[0].quality is None


def test_blank_lines_before_a_boundary_as_mosips_own_mock_writes_them_belong_to_no_part():
    assert len(list(frames_of([b"\r\n\r\n".join([told(SECOND), told(SECOND), b""])], "scanner"))) == 2


def test_a_picture_that_breaks_off_ends_the_preview_quietly():
    assert list(frames_of([told(FIRST)[:-10]], "scanner")) == []


def test_an_error_in_place_of_a_preview_is_told_in_its_own_words():
    with pytest.raises(DeviceBusy):
        list(frames_of([b'{"error": {"errorCode":', b' "111", "errorInfo": "Busy"}}'], "scanner"))


@pytest.mark.parametrize(
    "stream",
    [
        b"{" * 20000,
        b"x" * 20000,
        b'{"fine": true}',
        b"--f\r\nContent-Length: 99999999999\r\n\r\nx",
        told(*[b"GIF89a"] * 12),
    ],
    ids=["braces", "no boundary", "another object", "a picture without end", "no pictures"],
)
def test_garbage_is_told_before_it_fills_the_memory(stream):
    with pytest.raises(DeviceUnreadable):
        list(frames_of([stream], "scanner"))
