"""One regency's filter as it lies on the disk, asked without reading all of it: `ShardFile`."""

import hashlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from rekam.exchange.filter import FilterShard, FilterUnreadable
from rekam.exchange.fuse import places_of

__all__ = ["ShardFile"]

_PAGE: Final = 4096
_SUM_BYTES: Final = 8
_READ_AT_ONCE: Final = 64 * _PAGE


@dataclass(frozen=True)
class ShardFile:
    """A file that was read through once and found to be what the centre signed. `sums`: 8 bytes for each of its pages,
    of which a question reads at most three; one that is not what it was gives no answer (never 17).

    Read, not mapped into memory: a bad sector is then an error of this question, not the end of the process.
    """

    shard: FilterShard
    sums: "array[int]"
    _open: Callable[[], BinaryIO]

    @classmethod
    def verified(cls, shard: FilterShard, open_: Callable[[], BinaryIO]) -> "ShardFile":
        """Reads all of it, once. Raises `FilterUnreadable` where it is not the part that was signed."""
        whole, sums = hashlib.sha256(), array("Q")
        try:
            with open_() as file:
                for page in _pages(file):
                    whole.update(page)
                    sums.append(_sum(page))
        except OSError as error:
            raise FilterUnreadable(part=shard.part.id, reason="it cannot be read") from error
        if whole.hexdigest() != shard.part.id or shard.part.size != shard.shape.size:
            raise FilterUnreadable(part=shard.part.id, reason="it is damaged")
        return cls(shard, sums, open_)

    def contains(self, value: int) -> bool:
        """False of somebody only if nobody with that hash was in the snapshot; true of one stranger in 2^bits.

        Raises `FilterUnreadable` where a page that would have to answer is damaged by now.
        """
        return self.contains_all_of((value,))[0]

    def contains_all_of(self, values: Sequence[int]) -> list[bool]:
        """`contains` for each of `values`; each page is read and proved once."""
        if self.shard.shape.keys == 0:
            return [False] * len(values)
        pages: dict[int, bytes] = {}
        try:
            with self._open() as file:
                return [self._holds(value, file, pages) for value in values]
        except OSError as error:
            raise FilterUnreadable(part=self.shard.part.id, reason="it cannot be read") from error

    def _holds(self, value: int, file: BinaryIO, pages: dict[int, bytes]) -> bool:
        shape = self.shard.shape
        places, width = places_of(value, self.shard.seed, shape), shape.bits // 8
        found = 0
        for place in (places.first, places.second, places.third):
            number, at = divmod(place * width, _PAGE)
            if number not in pages:
                pages[number] = self._page(file, number)
            found ^= int.from_bytes(pages[number][at : at + width], "little")
        return found == places.fingerprint

    def _page(self, file: BinaryIO, number: int) -> bytes:
        file.seek(number * _PAGE)
        page = file.read(_PAGE)
        if _sum(page) != self.sums[number]:
            raise FilterUnreadable(part=self.shard.part.id, reason="it is damaged")
        return page


def _pages(file: BinaryIO) -> Iterator[bytes]:
    while pages := file.read(_READ_AT_ONCE):
        for at in range(0, len(pages), _PAGE):
            yield pages[at : at + _PAGE]


def _sum(page: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(page, digest_size=_SUM_BYTES).digest(), "big")
