"""Which roles open a route: `Depends(require("ahli"))`."""

from collections.abc import Callable

from starlette.requests import Request

from rekam.web.i18n import _
from rekam.web.page import person_of
from rekam.web.site import Person
from rekam.web.staff.errors import NotAllowed, NotSignedIn

__all__ = ["require"]


def require(*roles: str) -> Callable[[Request], Person]:
    """A dependency that gives the person signed in, who has one of `roles` (any person when none are named).

    Raises NotSignedIn, which leads a browser to `/sign-in` and back, or NotAllowed.
    """

    def person(request: Request) -> Person:
        found = person_of(request)
        if found is None:
            raise NotSignedIn
        if roles and not found.roles & set(roles):
            raise NotAllowed(roles=", ".join(_(role) for role in roles))
        return found

    return person
