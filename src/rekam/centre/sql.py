"""The centre's named queries: `QUERIES` of the pipeline, `VIEWS` of its staff's pages."""

from typing import Final

from rekam.storage.queries import Queries

__all__ = ["QUERIES", "VIEWS"]

QUERIES: Final = Queries.load("rekam.centre", "queries.sql")
VIEWS: Final = Queries.load("rekam.centre", "views.sql")
