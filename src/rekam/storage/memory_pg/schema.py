"""Migrations written for PostgreSQL as SQLite's tables and triggers: `script_of`."""

import re
from collections.abc import Iterator
from typing import Final

from rekam.storage.memory_pg.dialect import expression
from rekam.storage.migrations import MigrationSet

__all__ = ["SCHEMA", "script_of"]

SCHEMA: Final = "exchange"
"""The one schema beside the main one; it becomes an attached database."""

_STATEMENT: Final = re.compile(r"((?:[^;'$]|'(?:[^']|'')*'|\$\$.*?\$\$)+);", re.DOTALL)
_FUNCTION: Final = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION ([\w.]+)\(\).*?\$\$(.*)\$\$", re.DOTALL)
_TRIGGER: Final = re.compile(
    r"CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER (\w+)\s+BEFORE ([A-Z ]+?)(?: OF [\w, ]+)? ON ([\w.]+)"
    r"[^;]*?(?:WHEN \((?P<only>.*)\) )?EXECUTE FUNCTION (?P<function>[\w.]+)\(",
    re.DOTALL,
)
_RAISES: Final = re.compile(r"^\s*BEGIN\s+RAISE EXCEPTION", re.DOTALL)
_RAISES_IF: Final = re.compile(r"^\s*BEGIN\s+IF\s+(.*?)\s+THEN\s+RAISE EXCEPTION.*?END IF;\s+RETURN NEW;", re.DOTALL)
_RELAXES: Final = re.compile(r"ALTER TABLE ([\w.]+)[^;]*DROP CONSTRAINT", re.DOTALL)
_CHECK: Final = re.compile(r",?\s*(?:CONSTRAINT \w+ )?CHECK \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", re.DOTALL)
_ERRCODE: Final = re.compile(r"ERRCODE = '(\w+)'")
_PASSED_OVER: Final = ("CREATE SCHEMA", "CREATE SEQUENCE", "SET ", "COMMENT ", "ALTER SEQUENCE", "CREATE EXTENSION")


def script_of(*families: MigrationSet) -> Iterator[str]:
    """Every statement for SQLite, in order. Triggers whose function does more than refuse are left to PostgreSQL, and
    so are the CHECKs of a table from which a later migration drops one: SQLite cannot. A function that a later
    migration replaces is the later one from the beginning.
    """
    statements = [
        statement.strip()
        for family in families
        for step in family.steps
        for statement in _STATEMENT.findall(re.sub(r"--[^\n]*", "", step.sql))
    ]
    functions = {found[1]: found[2] for found in map(_FUNCTION.match, statements) if found}
    relaxed = {found[1] for found in map(_RELAXES.match, statements) if found}
    for statement in statements:
        yield from _told(statement, functions, relaxed)


def _told(statement: str, functions: dict[str, str], relaxed: set[str]) -> Iterator[str]:
    if not statement or statement.startswith(_PASSED_OVER) or _FUNCTION.match(statement):
        return
    if found := _TRIGGER.match(statement):
        yield from _trigger(found[1], found[2], found[3], functions.get(found["function"], ""), found["only"])
    elif statement.startswith("CREATE TABLE"):
        yield _table(statement, relaxed)
    elif re.match(r"CREATE (UNIQUE )?INDEX", statement):
        yield re.sub(r"INDEX (\w+)\s+ON exchange\.", rf"INDEX {SCHEMA}.\1 ON ", expression(statement))
    elif statement.startswith("ALTER TABLE"):
        yield from _altered(statement)
    else:
        yield expression(statement)


def _table(statement: str, relaxed: set[str]) -> str:
    name = re.match(r"CREATE TABLE (?:IF NOT EXISTS )?([\w.]+)", statement)
    table = name[1] if name else ""
    return _columns(_CHECK.sub("", statement) if table in relaxed else statement, table)


def _columns(sql: str, table: str) -> str:
    sql = re.sub(r"\s+REFERENCES [\w.]+(\s*\([^)]*\))?( ON DELETE \w+)?( DEFERRABLE INITIALLY \w+)?", "", sql)
    sql = re.sub(r",\s*FOREIGN KEY \([^)]*\)", "", sql)
    sql = re.sub(r"CHECK \((?:[^()]|\([^()]*\))*?~(?:[^()]|\([^()]*\))*\)", "", sql)  # regular expressions
    sql = re.sub(
        r"(\w+)(\s+)(?:bigint|integer|int) GENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY",
        rf"\1\2bigint DEFAULT (nextval('{table}.\1'))",
        sql,
    )
    sql = re.sub(r"DEFAULT now\(\)", "DEFAULT (now())", sql)
    return expression(re.sub(r"DEFAULT (gen_random_uuid\(\))", r"DEFAULT (\1)", sql))


def _altered(statement: str) -> Iterator[str]:
    """One ALTER for each added column; constraints stay PostgreSQL's, for SQLite cannot add them."""
    found = re.match(r"ALTER TABLE ([\w.]+)\s+(.*)", statement, re.DOTALL)
    for action in re.split(r",\s*(?=ADD |DROP |ALTER )", found[2]) if found else ():
        if found and re.match(r"ADD COLUMN", action):
            column = _columns(action, found[1])
            yield f"ALTER TABLE {found[1]} " + re.sub(r"DEFAULT \(now\(\)\)", "DEFAULT ''", column)
        elif found and re.match(r"DROP COLUMN|RENAME", action):
            yield f"ALTER TABLE {found[1]} {action}"


def _trigger(name: str, events: str, table: str, body: str, only: str | None) -> Iterator[str]:
    code = _ERRCODE.search(body)
    raised = f"SELECT RAISE(ABORT, '{code[1] if code else 'raise_exception'}: {name}')"
    condition = _RAISES_IF.match(body)
    if condition is None and not _RAISES.match(body):
        return
    schema, _, bare = table.rpartition(".")
    prefix = f"{schema}." if schema else ""
    for event in events.replace(",", " ").split(" OR "):
        operation = event.split()[0]
        when = expression(condition[1]) if condition else "true"
        when = f"({expression(only)}) AND ({when})" if only else when
        if operation == "DELETE" and re.search(r"\bNEW\b", when):
            when = "true" if when.startswith("TG_OP = 'DELETE' OR") else ""
        if operation == "INSERT" and "OLD." in when:
            continue
        if when:
            when = when.replace("TG_OP", f"'{operation}'")
            trigger = f"{name}_{operation.lower()}_on_{bare}"
            # one that looks into another schema is a temporary one in SQLite, made anew for each connection
            made = f"TEMP TRIGGER {trigger}" if f"{SCHEMA}." in when else f"TRIGGER {prefix}{trigger}"
            on = f"{schema or 'main'}.{bare}" if f"{SCHEMA}." in when else bare
            # tables that are emptied for the next server are not guarded meanwhile
            yield f"CREATE {made} BEFORE {operation} ON {on} WHEN (guarded() AND ({when})) BEGIN {raised}; END"
