"""What an old disk, a stick or an earlier store still holds, taken over into the new installation: `carry_over`.

Sealed packets need no PIN: each is proved whole and genuine by the certificates of the installation that sealed it, and
queued for the office as it is. Where the old store opens, recordings, templates and half-done sittings come along too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from rekam.enrolment.errors import RekamError
from rekam.packet.header import Header
from rekam.packet.inspect import Inspection, inspect
from rekam.packet.signer import station_key
from rekam.station.carried import CarriedOutbox, Earlier
from rekam.station.carried_tables import CARRIED
from rekam.station.store import StationStore
from rekam.station.unsaved import UNSAVED, never_saved
from rekam.storage.blobs import BlobStore
from rekam.trust.certificates import ChainBroken
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey

__all__ = ["Taken", "carry_packets", "carry_store"]

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1 << 20
_PARTS: Final = "parts"


@dataclass
class Taken:
    """What one folder gave: `packets` taken over, `known` ones that were here, `unsaved` ones that were sealed, never
    saved, and stay where they are, and those refused as (name, why).
    """

    packets: int = 0
    known: int = 0
    unsaved: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def sealed_files(folder: Path) -> list[Path]:
    """Every file below `folder` that is named like a packet, in the order of names; the feed's parts are none."""
    named = (path for path in folder.rglob("*") if _NAME.fullmatch(path.name) and path.is_file())
    return sorted(path for path in named if _PARTS not in path.relative_to(folder).parts)


def carry_packets(
    folder: Path,
    source: str,
    store: StationStore,
    blobs: BlobStore,
    clock: Clock,
    told: Callable[[int, int], object] = lambda _done, _all: None,
    old: StationStore | None = None,
    *,
    files: Sequence[Path] | None = None,
    opened: Callable[[Path], BinaryIO] = lambda path: path.open("rb"),
) -> Taken:
    """Take over the sealed packets below `folder`; `told(done, all)` after each. Safe to break off and run again. `old`
    is the store that lay with them, where it opens. `files` and `opened` are for a medium that is not mounted: which
    files, and how each is read.

    A file that is damaged, or sealed by another station, is named with the reason and left where it is.
    """
    files, taken = sealed_files(folder) if files is None else files, Taken()
    outbox, chains = CarriedOutbox(store), Earlier(store).chains()
    root = store.identity().root
    keys = {epoch: station_key(chain, root) for epoch, chain in chains.items()}

    def key_of(header: Header) -> VerifyKey:
        if header.number.epoch not in keys:
            raise ChainBroken(reason=f"installation {header.number.epoch} is not known")
        return keys[header.number.epoch](header)

    for done, path in enumerate(files, start=1):
        try:
            with opened(path) as file:
                found = _proved(file, path.name, key_of)
            if path.parent.name == UNSAVED and never_saved(old, path.name, found.header.number):
                taken.unsaved += 1
                told(done, len(files))
                continue
            if _known(store, path.name):
                taken.known += 1
            else:
                taken.packets += 1
            if not blobs.has(path.name):
                with opened(path) as file:
                    blobs.put(_pieces(file))
            if not _recorded(store, path.name):
                number = found.header.number
                outbox.take(
                    path.name,
                    str(number),
                    number.epoch,
                    number.sequence,
                    found.size,
                    source=source,
                    now_ms=clock.stamp().wall_ms,
                )
        except (RekamError, OSError) as error:
            taken.refused.append((path.name, str(error)))
        told(done, len(files))
    return taken


def carry_store(old: StationStore, new: StationStore) -> int:
    """Take over what the old store knows: recordings with receipts, templates, papers handed out, half-done sittings,
    what waits to be sent: the tables `CARRIED`, and the certificates under which it sealed: an office that was rebuilt
    may not know of that installation. Returns the number of recordings. Doing it again changes nothing.
    """
    _carry_certificates(old, new)
    with new.tx() as tx:
        for table in CARRIED:
            columns = [row[1] for row in new.rows(f"PRAGMA table_info({table})")]
            there = {row[1] for row in old.rows(f"PRAGMA table_info({table})")}
            shared = [name for name in columns if name in there and name != "position"]
            names, marks = ", ".join(shared), ", ".join("?" * len(shared))
            rows = old.rows(f"SELECT {names} FROM {table} ORDER BY rowid")  # noqa: S608  # the tables' own columns
            tx.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
    return int(old.rows("SELECT count(*) FROM recording")[0][0])


def _carry_certificates(old: StationStore, new: StationStore) -> None:
    if old.setting("identity") is None:
        return
    was, now = old.identity(), new.identity()
    for epoch, chain in (Earlier(old).chains() | {was.epoch: was.chain}).items():
        if was.station == now.station and epoch < now.epoch:
            Earlier(new).put(epoch, chain, [])  # what the office said of it stays


def _proved(file: BinaryIO, name: str, key_of: Callable[[Header], VerifyKey]) -> Inspection:
    found = inspect(file, key_of)
    if found.packet_id != name:
        raise ChainBroken(reason="the file's name is not that of its content")
    return found


def _known(store: StationStore, packet_id: str) -> bool:
    carried = store.row("SELECT 1 FROM carried WHERE packet_id = ?", (packet_id,))
    return carried is not None or _recorded(store, packet_id)


def _recorded(store: StationStore, packet_id: str) -> bool:
    return store.row("SELECT 1 FROM recording WHERE packet_id = ?", (packet_id,)) is not None


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
