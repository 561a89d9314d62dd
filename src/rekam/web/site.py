"""What a place tells its pages about itself: name, zone, menu, bottom bar, newest notice."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Protocol

from starlette.requests import Request

from rekam.enrolment.zones import WIB
from rekam.trust.clock import Clock, SystemClock
from rekam.web.i18n import Language

__all__ = ["BarState", "MenuItem", "Notice", "Person", "Site", "Unread"]


class Person(Protocol):
    """Whoever is signed in: a name, and the roles that open pages."""

    @property
    def name(self) -> str:
        """As the top bar shows it."""
        ...

    @property
    def roles(self) -> AbstractSet[str]:
        """Role words, Indonesian msgids."""
        ...


@dataclass(frozen=True)
class MenuItem:
    """One entry of the main menu: `text` is a msgid (mark it with `N_`); `roles` empty means everybody; the least
    `rank` comes first. `below` are the addresses of pages without an entry of their own that belong to this one: on
    them, and on every page whose address begins with one of these or with `href`, this entry is the current one.
    """

    href: str
    text: str
    roles: frozenset[str] = frozenset()
    rank: int = 50
    below: tuple[str, ...] = ()

    def leads_to(self, path: str) -> bool:
        """Whether the page at `path` is this entry's own or lies below it; the start page has none but its `below`."""
        return path == self.href or any(path.startswith(f"{each}/") or path == each for each in self._trunks)

    @property
    def _trunks(self) -> tuple[str, ...]:
        return self.below if self.href == "/" else (self.href, *self.below)


@dataclass(frozen=True)
class Notice:
    """A notice of the centre, in the language it was written in; `tone`: info, success, warning or danger."""

    text: str
    published: datetime
    tone: str = "info"


@dataclass(frozen=True)
class Unread:
    """A notice that whoever is signed in has still to acknowledge: `POST /notices/{number}/read`."""

    number: int
    text: str
    todo: str
    published: datetime
    urgent: bool


@dataclass(frozen=True)
class BarState:
    """The bottom bar of a station: whether the office or centre answers, recordings not yet sent, age of the oldest;
    how old the offline check's knowledge is, None where there is none; `legal` is the centre's time where this
    machine's clock is wrong, and None where it is right. `asking`: no answer has come or failed to come yet.
    """

    connected: bool
    unsent: int
    oldest: timedelta | None = None
    filter_age: timedelta | None = None
    legal: datetime | None = None
    asking: bool = False


@dataclass(frozen=True)
class Site:
    """One place's pages.

    `kind` is station, office, centre or portal; `name` is the product's line of the top bar and `place` the line
    below it; `identify` tells who sends a request; `newest_notice`, `bar`, `to_read` are asked anew for every page;
    `covered` tells whether the page that sends it lies under a lock, which opens where it stands;
    `scripts` are loaded by every page of somebody who is signed in;
    `keep_language` remembers what the sender of a request chose to read.
    """

    kind: str
    name: str
    place: str
    zone: timezone = WIB
    clock: Clock = field(default_factory=SystemClock)
    menu: tuple[MenuItem, ...] = ()
    identify: Callable[[Request], Person | None] = lambda _request: None
    covered: Callable[[Request], bool] = lambda _request: False
    newest_notice: Callable[[], Notice | None] = lambda: None
    bar: Callable[[], BarState | None] | None = None
    keep_language: Callable[[Request, Language], None] = lambda _request, _language: None
    scripts: tuple[str, ...] = ()
    to_read: Callable[[Request], Sequence[Unread]] = lambda _request: ()

    @property
    def zone_name(self) -> str:
        """WIB, WITA or WIT."""
        return self.zone.tzname(None)

    @property
    def cookie(self) -> str:
        """The session cookie's name. Cookies do not tell ports apart, and `rekam up` serves all places of one host."""
        return f"rekam-{self.kind}"
