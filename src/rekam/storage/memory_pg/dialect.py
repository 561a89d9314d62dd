"""PostgreSQL's SQL, as Rekam writes it, told to SQLite: `translated` statement by statement.

Only what Rekam's own queries use is known; anything else is an error of SQLite's at the first run, never a silent
difference: the statements and their adapters stand in one contract suite (docs/adr/0035).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

__all__ = ["Statement", "expression", "translated"]

_CAST: Final = re.compile(r"::[a-z0-9]+(?:\[\])?")
_LITERALS: Final = re.compile(r"('(?:[^']|'')*')")
_FOR_UPDATE: Final = re.compile(r"\s+FOR UPDATE(?: OF \w+)?( SKIP LOCKED)?")
_FIRST_TABLE: Final = re.compile(r"^SELECT\s+(.*?)\s+FROM\s+(\S+)(?:\s+(?!WHERE|LEFT|JOIN)(\w+))?", re.DOTALL)
_UNNEST: Final = re.compile(r"unnest\(([^()]*(?:\([^()]*\)s[^()]*)*)\)(\s+AS\s+\w+)?(?:\s*\(([^)]*)\))?")

_UNNEST_FIRST: Final = re.compile(
    r"SELECT unnest\((%\(\w+\)s[^()]*)\)((?:, %\(\w+\)s)*)(\s+ON CONFLICT.*)?$", re.DOTALL
)

_DISTINCT_ON: Final = re.compile(r"SELECT DISTINCT ON \(([^()]*)\)\s+(.*?)\s+FROM\s", re.DOTALL)

_RULES: Final = tuple(
    (re.compile(pattern, re.DOTALL), told)
    for pattern, told in (
        (r"extract\(epoch FROM (\w+\(\)) - (min\(.*?\)(?: FILTER \(.*?\))?|\w+)\)", r"(epoch_of(\1) - epoch_of(\2))"),
        (r"extract\(epoch FROM (\w+)\)", r"epoch_of(\1)"),
        (r"now\(\) ([+-]) make_interval\(secs => (%\(\w+\)s)\)", r"plus_seconds(now(), \1 \2)"),
        (r"NOT (\w+) = ANY\((%\(\w+\)s)\)", r"\1 NOT IN (SELECT value FROM json_each(\2))"),
        (r"= ANY\((%\(\w+\)s)\)", r"IN (SELECT value FROM json_each(\1))"),
        (r"<> ALL\((%\(\w+\)s)\)", r"NOT IN (SELECT value FROM json_each(\1))"),
        (r"array_agg\(([^()]*)\)", r"as_array(json_group_array(\1))"),
        (r'(?<!")\bindex\b(?!")', '"index"'),
        (r"LOCK TABLE ([\w.]+) IN (?:SHARE ROW )?EXCLUSIVE MODE", r"SELECT advisory_lock('table \1')"),
        (r"pg_advisory_xact_lock_shared\(hashtextextended\((.*), 0\)\)", r"shared_lock(\1)"),
        (r"pg_advisory_xact_lock\(hashtextextended\((.*), 0\)\)", r"advisory_lock(\1)"),
        (r"pg_advisory_xact_lock\((.*?), (.*?)\)", r"advisory_lock(\1 || '/' || \2)"),
        (r"^UPDATE (\w+) (?!SET\b|AS\b)(\w+) SET", r"UPDATE \1 AS \2 SET"),
        (r"SET CONSTRAINTS ALL DEFERRED", "SELECT 0"),
    )
)


@dataclass(frozen=True)
class Statement:
    """A statement for SQLite. `writes`: it changes rows; `locks`: the table whose rows a SELECT ... FOR UPDATE locks,
    with the row's id as its first column; `skips`: rows that others hold are passed over.
    """

    sql: str
    writes: bool
    locks: str = ""
    skips: bool = False


@cache
def translated(sql: str) -> Statement:
    """One statement with psycopg's parameters (``%(name)s``, ``%s``) as SQLite runs it."""
    body = sql.strip().removesuffix(";").rstrip()
    skips = "SKIP LOCKED" in body
    locks, body = _locking(body)
    body = _distinct_on(_unnested(body))
    writes = bool(re.match(r"(INSERT|UPDATE|DELETE|CREATE|DROP|WITH\b.*\b(UPDATE|INSERT|DELETE)\b)", body, re.DOTALL))
    return Statement(_parameters(expression(body)), writes, locks, skips and bool(locks))


def expression(sql: str) -> str:
    """Casts and functions, in any piece of SQL."""
    parts = _LITERALS.split(sql)
    sql = "".join(part if place % 2 else _CAST.sub("", part) for place, part in enumerate(parts))
    for pattern, told in _RULES:
        sql = pattern.sub(told, sql)
    return re.sub(r"LIKE ('[^']*\\[^']*')", r"LIKE \1 ESCAPE '\\'", sql)


def _locking(sql: str) -> tuple[str, str]:
    """The locked table and the statement, its first column the row's id, where a whole SELECT locks rows."""
    if not _FOR_UPDATE.search(sql):
        return "", sql
    bare = _FOR_UPDATE.sub("", sql)
    found = _FIRST_TABLE.match(bare) if sql.startswith("SELECT") else None
    if found is None:
        return "", bare
    columns, table, alias = found.groups()
    row = f"{alias or table.rpartition('.')[2]}.rowid"
    return table.rpartition(".")[2], f"SELECT {row}, {columns}{bare[found.end(1) :]}"


def _unnested(sql: str) -> str:
    """Parallel arrays as a table; each travels as a JSON list."""
    if found := _UNNEST_FIRST.search(sql):
        array, others, rest = found.groups()
        items = f"json_each({_CAST.sub('', array)}) AS a0"
        flat = f"SELECT a0.value{others} FROM {items} WHERE true{rest or ''}"  # noqa: S608  # our queries
        return sql[: found.start()] + flat

    def told(match: re.Match[str]) -> str:
        arrays = [each.strip() for each in match[1].split(",")]
        names = [f'"{name.strip()}"' for name in (match[3] or "").split(",")] if match[3] else []
        columns = []
        for place, array in enumerate(arrays):
            value = f"a{place}.value"
            value = f"unhexed({value})" if "bytea" in array else value
            columns.append(f"{value} AS {names[place]}" if names else value)
        joined = " AND ".join(f"a{place}.key = a0.key" for place in range(1, len(arrays))) or "true"
        tables = ", ".join(f"json_each({_CAST.sub('', array)}) AS a{place}" for place, array in enumerate(arrays))
        return f"(SELECT {', '.join(columns)} FROM {tables} WHERE {joined}){match[2] or ''}"  # noqa: S608  # our queries

    return _UNNEST.sub(told, sql)


def _distinct_on(sql: str) -> str:
    """``SELECT DISTINCT ON (keys) columns FROM ... ORDER BY keys, rest``: the first row of each group."""
    while found := _DISTINCT_ON.search(sql):
        end = _closing(sql, found.end())
        keys, columns = found.groups()
        source, order = sql[found.end() : end].rsplit("ORDER BY", 1)
        names = ", ".join(column.strip().rpartition(".")[2] for column in columns.split(","))
        ranked = f"row_number() OVER (PARTITION BY {keys} ORDER BY {order.strip()}) AS rekam_rank"
        first = f"SELECT {names} FROM (SELECT {columns}, {ranked} FROM {source}) WHERE rekam_rank = 1"  # noqa: S608
        sql = f"{sql[: found.start()]}{first} ORDER BY {names}{sql[end:]}"
    return sql


def _closing(sql: str, start: int) -> int:
    """Where the parenthesis around `start` closes, or the statement ends."""
    depth = 0
    for place in range(start, len(sql)):
        depth += (sql[place] == "(") - (sql[place] == ")")
        if depth < 0:
            return place
    return len(sql)


def _parameters(sql: str) -> str:
    """Placeholders of psycopg in SQLite's words; a doubled per cent sign is one."""
    sql = re.sub(r"%\((\w+)\)s", r":\1", sql)
    return re.sub(r"%s", "?", sql).replace("%%", "%")
