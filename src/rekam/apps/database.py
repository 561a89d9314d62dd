"""A place's PostgreSQL: embedded in its data folder, or the server that `DATABASE_URL` names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekam.storage.pool import Pool, connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.storage.replication import Address
from rekam.storage.whole_file import write_whole

__all__ = ["database"]


@contextmanager
def database(
    folder: Path, name: str, url: str | None, replicate_on: Address | None = None
) -> Iterator[tuple[Pool, str]]:
    """An open pool and the connection string it uses; an embedded server stops with the block. A twin may copy an
    embedded one at `replicate_on`.
    """
    if url:
        pool = connect_pool(url)
        try:
            yield pool, url
        finally:
            pool.close()
        return
    with EmbeddedPostgres(folder / "postgres", replicate_on=replicate_on) as server:
        dsn = server.ensure_database(name)
        # for the engineer with psql, and for the drill's reconciliation; it holds no secret
        write_whole(folder / "database.dsn", dsn.encode())
        pool = connect_pool(dsn)
        try:
            yield pool, dsn
        finally:
            pool.close()
