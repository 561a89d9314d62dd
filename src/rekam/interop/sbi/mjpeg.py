"""A device's preview, multipart with one JPEG picture a part, taken apart as it comes: `frames_of`."""

import json
from collections.abc import Iterable
from typing import Final

from rekam.interop.sbi.errors import DeviceUnreadable, told
from rekam.station.devices.port import Frame, Frames

__all__ = ["frames_of"]

_LARGEST: Final = 8 * 1024 * 1024
_LONGEST_HEAD: Final = 8 * 1024
_JPEG: Final = b"\xff\xd8"
_STRANGE_PARTS: Final = 10
"""So many parts in a row that hold no picture end a preview."""


def frames_of(pieces: Iterable[bytes], device: str) -> Frames:
    """The pictures in `pieces`, which may be cut anywhere. A part's length is believed where it is told, else a part
    ends at the next boundary. Raises `DeviceUnreadable`, and the device's own error where it sends one instead.
    """
    coming, strange = _Coming(pieces, device), 0
    if coming.begins_with(b"{"):
        raise coming.error()
    while (head := coming.until(b"\r\n\r\n", _LONGEST_HEAD)) is not None:
        if b"--" not in head:  # blank lines between parts belong to none
            continue
        length = _number(head, b"content-length")
        body = coming.until(b"\r\n--", _LARGEST, keep=4) if length is None else coming.exactly(length)
        if body is None:
            return
        strange = 0 if body.startswith(_JPEG) else strange + 1
        if strange > _STRANGE_PARTS:
            raise DeviceUnreadable(device=device, reason="its preview shows no pictures")
        if not strange:
            yield Frame(body, _quality(head))


class _Coming:
    """Bytes that come in pieces, read by what they hold."""

    def __init__(self, pieces: Iterable[bytes], device: str) -> None:
        self._pieces, self._device, self._held = iter(pieces), device, bytearray()

    def begins_with(self, start: bytes) -> bool:
        while not self._held.strip() and self._more():
            continue
        return bytes(self._held.lstrip()[: len(start)]) == start

    def until(self, mark: bytes, limit: int, keep: int = 0) -> bytes | None:
        """All before `mark`, which is stepped over but for its last `keep` bytes; None when it never comes."""
        while (end := self._held.find(mark)) < 0:
            if len(self._held) > limit:
                raise self._unreadable()
            if not self._more():
                return None
        if end > limit:
            raise self._unreadable()
        return self._taken(end, len(mark) - keep)

    def exactly(self, count: int) -> bytes | None:
        if count > _LARGEST:
            raise self._unreadable()
        while len(self._held) < count:
            if not self._more():
                return None
        return self._taken(count, 0)

    def error(self) -> Exception:
        """What a device sends in place of a preview that it does not have."""
        while len(self._held) <= _LONGEST_HEAD and self._more():
            continue
        try:
            answer = json.loads(bytes(self._held))
        except ValueError:
            answer = None
        error = told(answer.get("error"), self._device) if isinstance(answer, dict) else None
        return error or self._unreadable()

    def _taken(self, count: int, over: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[: count + over]
        return taken

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is not None:
            self._held.extend(piece)
        return piece is not None

    def _unreadable(self) -> DeviceUnreadable:
        return DeviceUnreadable(device=self._device, reason="its preview is no row of pictures")


def _quality(head: bytes) -> int | None:
    """Not of the standard, which draws the quality into the picture; our simulator and some makers tell it."""
    quality = _number(head, b"x-quality")
    return None if quality is None else min(quality, 100)


def _number(head: bytes, name: bytes) -> int | None:
    for line in head.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.strip().lower() == name and value.strip().isdigit():
            return int(value.strip()[:12])
    return None
