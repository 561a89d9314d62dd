"""How much of the national filter a station keeps: `check_scope` in its `place.json`."""

from collections.abc import Mapping
from typing import Any, get_args

from rekam.enrolment.errors import RekamError
from rekam.exchange.filter_shelf import Scope

__all__ = ["CheckScopeRefused", "check_scope"]


class CheckScopeRefused(RekamError):
    """'{given}' is no part of the national filter that a station can keep. Nothing was fetched or started.
    Write nation or province into check_scope of its place.json.
    """


def check_scope(facts: Mapping[str, Any]) -> Scope:
    """The nation unless the place says otherwise. Raises `CheckScopeRefused`."""
    given = facts.get("check_scope", "nation")
    for scope in get_args(Scope):
        if given == scope:
            kept: Scope = scope
            return kept
    raise CheckScopeRefused(given=given)
