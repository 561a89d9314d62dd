"""The append-only Merkle tree of RFC 6962 section 2.1 (kept by RFC 9162): hashes, roots and the two proofs.

A *node* is the hash of a complete subtree: node (level, index) covers the leaves index * 2**level and on, 2**level of
them. Only complete subtrees have nodes, so a node never changes; every root and proof is made of them.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from rekam.enrolment.errors import RekamError

__all__ = [
    "COUNT",
    "EMPTY_ROOT",
    "HASH_BYTES",
    "Node",
    "NodeReader",
    "ProofInvalid",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "nodes_completed_by",
    "root_of",
    "verify_consistency",
    "verify_inclusion",
]

HASH_BYTES: Final = 32
COUNT: Final = re.compile(r"0|[1-9][0-9]{0,18}")
"""A size or position as its only spelling; no tree has more than 63 levels."""
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Node = tuple[int, int]
"""(level, index)."""

NodeReader = Callable[[int, int], bytes]
"""From level and index to the hash of a complete subtree."""


class ProofInvalid(RekamError):
    """The proof of the public log does not hold ({reason}). Nothing was taken over. Ask the centre for a new one;
    if it fails again, keep both and report it: a record may have been dropped or changed.
    """


def leaf_hash(entry: bytes) -> bytes:
    """Of one entry of the log."""
    return hashlib.sha256(b"\x00" + entry).digest()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_completed_by(size: int, leaf: bytes, read: NodeReader) -> Iterator[tuple[Node, bytes]]:
    """What appending `leaf` to a tree of `size` leaves adds: its own node and every subtree that it completes."""
    level, index, found = 0, size, leaf
    yield (level, index), found
    while index % 2:
        found = _joined(read(level, index - 1), found)
        level, index = level + 1, index // 2
        yield (level, index), found


def root_of(size: int, read: NodeReader) -> bytes:
    """The root of the first `size` leaves."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: NodeReader) -> list[bytes]:
    """The path from leaf `index` to the root of `size` leaves, the leaf's sibling first (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, read))
            high = middle
        else:
            path.append(_range_hash(low, middle, read))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: NodeReader) -> list[bytes]:
    """That the tree of `new` leaves begins with the one of `old` (RFC 9162 section 2.1.4.1); empty for 0 or `new`."""
    if not 0 <= old <= new:
        raise IndexError(f"{old} of {new}")
    return list(_subproof(old, 0, new, read, whole=True)) if 0 < old < new else []


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return if the leaf with this hash stands at `index` under `root`, else raise ProofInvalid
    (RFC 9162 section 2.1.3.2).
    """
    if not 0 <= index < size:
        raise ProofInvalid(reason=f"it names position {index} in a log of {size}")
    found = leaf
    for sibling, on_the_left in _sides(index, size - 1, path):
        found = _joined(sibling, found) if on_the_left else _joined(found, sibling)
    if found != root:
        raise ProofInvalid(reason="it leads to another root")


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Return if the tree of `new` leaves only added to the one of `old`, else raise ProofInvalid
    (RFC 9162 section 2.1.4.2).
    """
    if not 0 <= old <= new:
        raise ProofInvalid(reason=f"a log of {new} cannot follow one of {old}")
    if old in {0, new}:
        if path or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise ProofInvalid(reason="two logs of one size differ")
        return
    # the root of a complete old tree is a node of the new one: it opens the path without being told
    told = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not told:
        raise ProofInvalid(reason="it is too short")
    inner, last = old - 1, new - 1
    while inner % 2:
        inner, last = inner // 2, last // 2
    of_old = of_new = told[0]
    for sibling, on_the_left in _sides(inner, last, told[1:]):
        of_old = _joined(sibling, of_old) if on_the_left else of_old
        of_new = _joined(sibling, of_new) if on_the_left else _joined(of_new, sibling)
    if of_old != old_root or of_new != new_root:
        raise ProofInvalid(reason="the newer log does not contain the older one")


def _sides(position: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each step of a path with whether it joins on the left; `last` is the rightmost position on the first level."""
    for sibling in path:
        if last == 0:
            raise ProofInvalid(reason="it is too long")
        on_the_left = position % 2 == 1 or position == last
        yield sibling, on_the_left
        while on_the_left and position % 2 == 0 and position:
            # the right edge of an incomplete tree has no sibling on these levels
            position, last = position // 2, last // 2
        position, last = position // 2, last // 2
    if last:
        raise ProofInvalid(reason="it is too short")


def _largest_power_below(count: int) -> int:
    """The largest power of two smaller than `count`, for `count` of 2 and more."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(low: int, high: int, read: NodeReader) -> bytes:
    """The tree hash of the leaves [low, high); `low` is a multiple of the range's largest complete subtree."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, low >> level)
    middle = low + _largest_power_below(count)
    return _joined(_range_hash(low, middle, read), _range_hash(middle, high, read))


def _subproof(old: int, low: int, high: int, read: NodeReader, *, whole: bool) -> Iterator[bytes]:
    if old == high:
        if not whole:
            yield _range_hash(low, high, read)
        return
    middle = low + _largest_power_below(high - low)
    if old <= middle:
        yield from _subproof(old, low, middle, read, whole=whole)
        yield _range_hash(middle, high, read)
    else:
        yield from _subproof(old, middle, high, read, whole=False)
        yield _range_hash(low, middle, read)
