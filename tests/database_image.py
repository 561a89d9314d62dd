"""Backups of a whole test database, as an image of the server's disk holds them: `image_of`, `put_back`."""

from dataclasses import dataclass

from psycopg import sql

from rekam.storage.pool import Pool

_TABLES = """SELECT schemaname, tablename FROM pg_tables
             WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"""
_NUMBERS = "SELECT schemaname, sequencename, last_value FROM pg_sequences"


@dataclass(frozen=True)
class DatabaseImage:
    """Every table's rows as PostgreSQL copies them, and how far its numbers went."""

    rows: dict[tuple[str, str], bytes]
    numbers: list[tuple[str, str, int | None]]


def image_of(pool: Pool) -> DatabaseImage:
    with pool.connection() as tx:
        rows = {}
        for name in tx.execute(_TABLES).fetchall():
            with tx.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(*name))) as copy:
                rows[name] = b"".join(bytes(piece) for piece in copy)
        return DatabaseImage(rows, tx.execute(_NUMBERS).fetchall())


def put_back(pool: Pool, image: DatabaseImage) -> None:
    """Behind the back of every trigger: a disk asks nobody."""
    with pool.connection() as tx:
        tx.execute("SET LOCAL session_replication_role = replica")
        tables = sql.SQL(", ").join(sql.Identifier(*name) for name in image.rows)
        tx.execute(sql.SQL("TRUNCATE {}").format(tables))
        for name, data in image.rows.items():
            with tx.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(*name))) as copy:
                copy.write(data)
        for schema, name, last in image.numbers:
            number = sql.Literal(f"{schema}.{name}"), sql.Literal(last or 1), sql.Literal(last is not None)
            tx.execute(sql.SQL("SELECT setval({}, {}, {})").format(*number))
