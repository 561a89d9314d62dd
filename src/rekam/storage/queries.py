"""SQL in files, each statement with a name and a sentence that says what it is for."""

import re
from importlib.resources import files

from rekam.storage.errors import MissingQuery

__all__ = ["Queries", "Query"]

_NAME = re.compile(r"^-- name: (\w+)[ \t]*$", re.MULTILINE)


class Query(str):
    """The text of one SQL statement, with the `description` that stands above it."""

    __slots__ = ("description",)
    description: str


class Queries:
    """The named statements of one `.sql` file, as attributes: `queries.claim_case`.

    A statement begins with `-- name: claim_case`, then at least one comment line that describes it, then the SQL.
    """

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._queries: dict[str, Query] = {}
        parts = _NAME.split(text)[1:]
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            if name in self._queries:
                raise ValueError(f"{source} names {name} twice")
            self._queries[name] = _query(name, body, source)
        vars(self).update(self._queries)  # found at once; `__getattr__` is for the names that are not there

    @classmethod
    def load(cls, package: str, file: str) -> "Queries":
        """Read `file` from the package, for instance `Queries.load("rekam.exchange.pg", "register.sql")`."""
        return cls(files(package).joinpath(file).read_text(encoding="utf-8"), f"{package}/{file}")

    def __getattr__(self, name: str) -> Query:
        raise MissingQuery(name=name, source=self._source)

    def __dir__(self) -> list[str]:
        return sorted(self._queries)


def _query(name: str, body: str, source: str) -> Query:
    lines = body.strip().splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    query = Query("\n".join(lines[count:]).strip())
    query.description = " ".join(line.removeprefix("--").strip() for line in lines[:count])
    if not query or not query.description:
        raise ValueError(f"{name} in {source} needs a description and a statement")
    return query
