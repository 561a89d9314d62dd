"""One part of a place's web application, in a module of its own, and all of them together: `Part`, `Parts`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fastapi import APIRouter

from rekam.enrolment.errors import RekamError
from rekam.web.health import Probe, Tool
from rekam.web.site import MenuItem

__all__ = ["Part", "Parts"]

Front = TypeVar("Front")
"""What the pages of a place stand on: an `Office`, or what holds a `Station` and who is signed in at it."""


@dataclass(frozen=True)
class Part(Generic[Front]):
    """What one module adds to its place: its `routes`; its entries of the main `menu`; its `tools`, listed below the
    place's health; the HTTP `statuses` of its errors; its `probes`, asked for whenever somebody looks at the health.
    """

    routes: Callable[[Front], APIRouter]
    menu: tuple[MenuItem, ...] = ()
    tools: tuple[Tool, ...] = ()
    statuses: Mapping[type[RekamError], int] = field(default_factory=dict)
    probes: Callable[[Front], Sequence[Probe]] = lambda _front: ()


class Parts(Generic[Front]):
    """A place's parts, in the order in which their addresses are tried: of two that match, the first answers."""

    def __init__(self, *parts: Part[Front]) -> None:
        self._parts = parts

    @property
    def menu(self) -> tuple[MenuItem, ...]:
        """By rank."""
        return tuple(sorted((item for part in self._parts for item in part.menu), key=lambda item: item.rank))

    @property
    def tools(self) -> tuple[Tool, ...]:
        """By rank."""
        return tuple(sorted((tool for part in self._parts for tool in part.tools), key=lambda tool: tool.rank))

    @property
    def statuses(self) -> dict[type[RekamError], int]:
        """Of all their errors."""
        return {error: status for part in self._parts for error, status in part.statuses.items()}

    def routers(self, front: Front) -> list[APIRouter]:
        """One each."""
        return [part.routes(front) for part in self._parts]

    def probes(self, front: Front) -> list[Probe]:
        """What all of them look at now."""
        return [probe for part in self._parts for probe in part.probes(front)]
