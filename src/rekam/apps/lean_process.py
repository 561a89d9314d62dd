"""What a process on a small laptop need not hold, and what a server holds on to: `lean_heap`, `give_back_code`,
`server_heap`.
"""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["give_back_code", "lean_heap", "server_heap"]

_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
"""The numbers of glibc's malloc.h (mallopt(3))."""
_ARENAS: Final = 2
_LARGE_BYTES: Final = 256 * 1024
_LOOSE_BYTES: Final = 128 * 1024
_SERVER_ARENAS: Final = 4
_SERVER_LARGE_BYTES: Final = 4 * 1024 * 1024
_SERVER_LOOSE_BYTES: Final = 8 * 1024 * 1024

_DONT_NEED: Final = 4
"""MADV_DONTNEED of Linux (madvise(2)): of a file's unchanged pages nothing is lost, they are read again."""
_MAPPING: Final = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+\s+(/.*)")


def lean_heap() -> bool:
    """Has glibc give freed memory back: two arenas for all threads in place of eight a core, pictures in pages of their
    own, no rising threshold. Must come before threads do. False where the C library is another.
    """
    return _set((_ARENA_MAX, _ARENAS), (_MMAP_THRESHOLD, _LARGE_BYTES), (_TRIM_THRESHOLD, _LOOSE_BYTES))


def server_heap() -> bool:
    """Has glibc keep the megabytes that one packet has freed for the next one, 32 MiB at most: giving pages back and
    asking for them again is a fifteenth of what taking in a packet costs. Must come before threads do. False where the
    C library is another.
    """
    return _set(
        (_ARENA_MAX, _SERVER_ARENAS),
        (_MMAP_THRESHOLD, _SERVER_LARGE_BYTES),
        (_TRIM_THRESHOLD, _SERVER_LOOSE_BYTES),
    )


def _set(*settings: tuple[int, int]) -> bool:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return [mallopt(name, value) for name, value in settings] == [1] * len(settings)


def give_back_code(library: str, smaps: Path = Path("/proc/self/smaps")) -> int:
    """Lets go of the pages that this process has read of a library's file, and returns how many bytes; 0 where the
    system is another. For a compiler that has done its work: its code stays in the system's cache as long as there is
    room, and counts as needed by nobody. Pages that the process wrote on, as the loader does, are left alone.
    """
    try:
        mappings = list(_unchanged(smaps.read_text(), library))
        madvise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return 0
    given = 0
    for start, end, held in mappings:
        if madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONT_NEED) == 0:
            given += held
    return given


def _unchanged(smaps: str, library: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, resident bytes) of each mapping of `library` that is read-only, without a page written on."""
    for block in re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", smaps):
        found = _MAPPING.match(block)
        if found is None or library not in found[4] or "w" in found[3]:
            continue
        counts = {name: 1024 * int(kib) for name, kib in re.findall(r"(?m)^(\w+): +(\d+) kB$", block)}
        if counts.get("Anonymous") == counts.get("Private_Dirty") == 0:
            yield int(found[1], 16), int(found[2], 16), counts["Rss"]
