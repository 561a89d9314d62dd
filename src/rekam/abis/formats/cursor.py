"""Reading a byte format without ever reading past its end."""

from typing import NoReturn

from rekam.abis.errors import RecordMalformed


class Cursor:
    """Walks over big-endian fields of `data` from `position` to `end`; every failure names its byte."""

    def __init__(self, data: bytes, format_: str, position: int = 0, end: int | None = None) -> None:
        self.data = data
        self.format = format_
        self.position = position
        self.end = len(data) if end is None else end

    @property
    def left(self) -> int:
        """Bytes between here and the end."""
        return self.end - self.position

    def take(self, count: int, what: str) -> bytes:
        """The next `count` bytes. Raises `RecordMalformed` where fewer are left."""
        if count > self.left:
            self.refuse(f"{what} needs {count} bytes, {self.left} are left")
        start = self.position
        self.position += count
        return self.data[start : self.position]

    def u8(self, what: str) -> int:
        """The next byte."""
        return self.take(1, what)[0]

    def u16(self, what: str) -> int:
        """The next two bytes."""
        return int.from_bytes(self.take(2, what))

    def u32(self, what: str) -> int:
        """The next four bytes."""
        return int.from_bytes(self.take(4, what))

    def part(self, length: int, what: str) -> "Cursor":
        """A cursor over the next `length` bytes, which this one steps over."""
        start = self.position
        self.take(length, what)
        return Cursor(self.data, self.format, start, start + length)

    def require_magic(self, magic: bytes, what: str) -> None:
        """Refuses unless the next bytes are `magic`."""
        at = self.position
        if self.take(len(magic), what) != magic:
            self.refuse(f"{what} is missing", at)

    def require_end(self) -> None:
        """Refuses bytes that belong to nothing."""
        if self.left:
            self.refuse(f"{self.left} bytes follow its end")

    def refuse(self, reason: str, at: int | None = None) -> NoReturn:
        """Raises `RecordMalformed` for the byte at `at`, by default the next one."""
        raise RecordMalformed(format=self.format, reason=reason, offset=self.position if at is None else at)
