"""How long a place keeps accepted packets: `retention_days` in its `place.json`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rekam.enrolment.errors import RekamError
from rekam.exchange.purging import STATION_RETENTION

__all__ = ["RetentionRefused", "office_retention", "station_retention"]

_LONGEST_DAYS = 36_500


class RetentionRefused(RekamError):
    """'{given}' is no time for which {place} may keep accepted packets. Nothing was purged, and nothing was started.
    Write whole days into retention_days of its place.json, at least {least}; null keeps them for ever.
    """


def station_retention(facts: Mapping[str, Any]) -> timedelta | None:
    """30 days unless the place says otherwise. Raises `RetentionRefused`."""
    return _retention(facts, "station", STATION_RETENTION.days, least=1)


def office_retention(facts: Mapping[str, Any]) -> timedelta | None:
    """For ever unless the place says otherwise, and then longer than a station. Raises `RetentionRefused`."""
    return _retention(facts, "office", None, least=STATION_RETENTION.days + 1)


def _retention(facts: Mapping[str, Any], place: str, default: int | None, *, least: int) -> timedelta | None:
    days = facts.get("retention_days", default)
    if days is None:
        return None
    if not isinstance(days, int) or isinstance(days, bool) or not least <= days <= _LONGEST_DAYS:
        raise RetentionRefused(given=days, place=place, least=least)
    return timedelta(days=days)
