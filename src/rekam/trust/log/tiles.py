"""How a log is published as files that never change: tiles of 256 hashes and bundles of 256 entries (C2SP tlog-tiles).

Tile (level, index) holds the nodes of every eighth level of the tree. Whoever fetches tiles can compute any root and
proof: `node_reader`.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Self

from rekam.trust.log.merkle import HASH_BYTES, NodeReader, ProofInvalid

__all__ = ["BUNDLE", "TILE_HEIGHT", "TILE_WIDTH", "Tile", "bundled", "node_reader", "tiles_of", "unbundled"]

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
BUNDLE: Final = "entries"
_PATH: Final = re.compile(r"((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)
_LEVEL: Final = re.compile(r"[0-9]|[1-5][0-9]|6[0-3]", re.ASCII)


@dataclass(frozen=True, order=True)
class Tile:
    """`level`: 0 holds leaf hashes, "entries" the entries themselves; `width`: 1-256, 256 is complete."""

    level: int | Literal["entries"]
    index: int
    width: int = TILE_WIDTH

    @classmethod
    def at(cls, level: str, path: str) -> Self:
        """The tile that a level and the path behind it name. Raises ValueError for what is no tile's path."""
        found = _PATH.fullmatch(path)
        if not found or not (level == BUNDLE or _LEVEL.fullmatch(level)):
            raise ValueError(f"tile/{level}/{path}")
        index = int(found[1].replace("/", "").replace("x", ""))
        tile = cls(BUNDLE if level == BUNDLE else int(level), index, int(found[2] or TILE_WIDTH))
        if tile.width > TILE_WIDTH or tile.path != f"tile/{level}/{path}":
            raise ValueError(f"tile/{level}/{path}")
        return tile

    @property
    def path(self) -> str:
        """Below the log's prefix, such as `tile/0/x001/x234/067.p/8`."""
        digits = f"{self.index:d}"
        padded = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [padded[i : i + 3] for i in range(0, len(padded), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return f"tile/{self.level}/{number}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Every tile and bundle that a log of `size` entries publishes and one of `since` did not, lowest first."""
    level, now, before = 0, size, since
    while now:
        for index in range(before // TILE_WIDTH, -(-now // TILE_WIDTH)):
            width = min(TILE_WIDTH, now - index * TILE_WIDTH)
            if now == before or (index * TILE_WIDTH + width) <= before:
                continue
            yield Tile(level, index, width)
            if level == 0:
                yield Tile(BUNDLE, index, width)
        level, now, before = level + 1, now // TILE_WIDTH, before // TILE_WIDTH


def node_reader(size: int, fetch: Callable[[Tile], bytes]) -> NodeReader:
    """Nodes of a log of `size` entries out of its tiles; `fetch` returns a tile's bytes.

    Raises ProofInvalid for a tile of the wrong length. Nothing here vouches for the hashes: verify the root.
    """

    @lru_cache(maxsize=256)
    def hashes(tile: Tile) -> bytes:
        content = fetch(tile)
        if len(content) != tile.width * HASH_BYTES:
            raise ProofInvalid(reason=f"{tile.path} has {len(content)} bytes")
        return content

    def read(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, TILE_HEIGHT)
        first = index << above
        in_level = size >> (TILE_HEIGHT * tile_level)
        tile_index = first // TILE_WIDTH
        tile = Tile(tile_level, tile_index, min(TILE_WIDTH, in_level - tile_index * TILE_WIDTH))
        start = (first % TILE_WIDTH) * HASH_BYTES
        row = hashes(tile)[start : start + (HASH_BYTES << above)]
        nodes = [row[i : i + HASH_BYTES] for i in range(0, len(row), HASH_BYTES)]
        while len(nodes) > 1:
            nodes = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(nodes[::2], nodes[1::2], strict=True)]
        return nodes[0]

    return read


def bundled(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry behind its length (2 bytes, big-endian)."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundled(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ProofInvalid where it ends in the middle of one."""
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entry = bundle[at + 2 : at + 2 + length]
        if at + 2 > len(bundle) or len(entry) != length:
            raise ProofInvalid(reason="a bundle of entries was cut off")
        entries.append(entry)
        at += 2 + length
    return entries
