"""A place's PostgreSQL: embedded in its data folder, or the server that `DATABASE_URL` names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rekam.storage.pool import Pool, connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.storage.whole_file import write_whole

__all__ = ["database"]


@contextmanager
def database(folder: Path, name: str, url: str | None) -> Iterator[tuple[Pool, str]]:
    """An open pool and the connection string it uses; an embedded server stops with the block."""
    if url:
        pool = connect_pool(url)
        try:
            yield pool, url
        finally:
            pool.close()
        return
    with EmbeddedPostgres(folder / "postgres") as server:
        dsn = server.ensure_database(name)
        # for the engineer with psql, and for the drill's reconciliation; it holds no secret
        write_whole(folder / "database.dsn", dsn.encode())
        pool = connect_pool(dsn)
        try:
            yield pool, dsn
        finally:
            pool.close()
