"""The file for the stations' offline check, made of everybody with a recording that counts: `Snapshots`."""

from collections import defaultdict
from pathlib import Path

import numpy as np

from rekam.centre.sql import QUERIES
from rekam.exchange.filter import write_filter
from rekam.storage.pool import Pool
from rekam.trust.keys import SigningKey

__all__ = ["Snapshots"]


class Snapshots:
    """Writes editions of the filter, each newer than all before (never 17, 18)."""

    def __init__(self, pool: Pool, signer: SigningKey) -> None:
        self._pool = pool
        self._signer = signer

    def publish(self, path: Path) -> int:
        """Writes the newest edition to `path`, durably and all at once; returns its number.

        The file comes first and the edition's row commits after it: an edition that was never written may be
        skipped, and none is ever written twice with different people in it.
        """
        with self._pool.connection() as connection, connection.transaction():
            connection.execute(QUERIES.lock_editions)
            shards: dict[str, set[int]] = defaultdict(set)
            for check_hash, shard in connection.execute(QUERIES.recorded_hashes):
                shards[shard].add(int.from_bytes(bytes(check_hash)[:8], "big"))
            (as_of,) = connection.execute(QUERIES.newest_recording).fetchall()[0]
            row = {"people": sum(map(len, shards.values())), "as_of": as_of}
            edition = int(connection.execute(QUERIES.record_edition, row).fetchall()[0][0])
            hashes = {shard: np.array(sorted(of_shard), np.uint64) for shard, of_shard in shards.items()}
            write_filter(path, hashes, edition=edition, as_of=as_of, signer=self._signer)
        return edition
