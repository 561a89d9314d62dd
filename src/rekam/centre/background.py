"""What goes on by itself in the centre's web process: `background`. Stages and chores run in the worker's."""

from collections.abc import Iterator

from rekam.centre.centre import Centre
from rekam.exchange.rounds import Background
from rekam.exchange.scrubbing import scrubbing

__all__ = ["background"]


def background(centre: Centre) -> Iterator[Background]:
    """In the order in which they are started, and stopped; one line each."""
    yield scrubbing(centre.scrubber)
