"""What the centre's pages stand on: `Front`."""

from collections.abc import Callable
from dataclasses import dataclass

from rekam.centre.centre import Centre
from rekam.centre.twin.attendant import Seen

__all__ = ["Front"]


@dataclass(frozen=True)
class Front:
    """The centre, and how it stands with the recovery twin."""

    centre: Centre
    twin: Callable[[], Seen]
