"""A log in a folder of plain files, laid out as it is published: `LogFolder`; kept while it is read: `KeptLog`."""

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.log import LogSource, NoSuchTile
from rekam.exchange.published_witnesses import PublishedWitness, WitnessList, parse_published
from rekam.storage.whole_file import write_whole
from rekam.trust.certificates import chain_to_bytes
from rekam.trust.log.note import Note, NoteUnreadable
from rekam.trust.log.tiles import Tile

__all__ = ["KeptLog", "LogFolder", "WholeLog"]


class WholeLog(LogSource, WitnessList, Protocol):
    """A log with its list of witnesses. Adapters: `HttpLog`, `LogFolder`, `KeptLog`."""


class LogFolder:
    """`WholeLog` in `folder`: `checkpoint`, `witnesses`, `tile/...`; made of it what was saved, or what a courier
    brought.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def checkpoint(self) -> Note:
        """See `LogSource`. Raises `RemoteUnreachable`."""
        try:
            return Note.parse(self._read("checkpoint").decode())
        except (NoteUnreadable, UnicodeDecodeError) as error:
            raise RemoteUnreachable(place=self._folder, reason="its checkpoint cannot be read") from error
        except NoSuchTile as error:
            raise RemoteUnreachable(place=self._folder, reason="there is no checkpoint in it") from error

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`."""
        return self._read(tile.path)

    def witnesses(self) -> list[PublishedWitness]:
        """See `WitnessList`; none where the folder has no list."""
        try:
            return parse_published(json.loads(self._read("witnesses")))
        except NoSuchTile:
            return []
        except ValueError as error:
            raise RemoteUnreachable(place=self._folder, reason="its list of witnesses cannot be read") from error

    def save_tile(self, tile: Tile, content: bytes) -> None:
        """Durable when it returns."""
        self._write(tile.path, content)

    def save_words(self, checkpoint: Note, witnesses: Sequence[PublishedWitness]) -> None:
        """The checkpoint and the list of witnesses, after all that they speak of."""
        lines = [
            {"office": each.office, "note": each.note, "chain": b64encode(chain_to_bytes(each.chain)).decode()}
            for each in witnesses
        ]
        self._write("witnesses", json.dumps(lines, ensure_ascii=False, indent=1).encode())
        self._write("checkpoint", str(checkpoint).encode())

    def _read(self, path: str) -> bytes:
        try:
            return (self._folder / path).read_bytes()
        except OSError:
            raise NoSuchTile(path) from None

    def _write(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)


class KeptLog:
    """`WholeLog` that keeps in `folder` each tile that it reads from `source`, and never reads one twice: a download
    that goes on where it stopped.
    """

    def __init__(self, source: WholeLog, folder: LogFolder) -> None:
        self._source = source
        self._folder = folder

    def checkpoint(self) -> Note:
        """See `LogSource`."""
        return self._source.checkpoint()

    def witnesses(self) -> Sequence[PublishedWitness]:
        """See `WitnessList`."""
        return self._source.witnesses()

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`."""
        try:
            return self._folder.tile(tile)
        except NoSuchTile:
            content = self._source.tile(tile)
            self._folder.save_tile(tile, content)
            return content
