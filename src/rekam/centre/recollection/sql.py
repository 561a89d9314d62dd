"""The recollection's named queries."""

from typing import Final

from rekam.storage.queries import Queries

__all__ = ["QUERIES"]

QUERIES: Final = Queries.load("rekam.centre.recollection", "recollection.sql")
