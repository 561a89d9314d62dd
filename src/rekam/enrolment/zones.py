"""Indonesia's three time zones, by province (Keputusan Presiden 41/1987 and the provinces formed since).

Fixed offsets: Indonesia has no summer time, and an office's machine need not carry a zone database.
"""

from datetime import timedelta, timezone

__all__ = ["WIB", "WIT", "WITA", "zone_of_region"]

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")

_CENTRAL = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_EASTERN = frozenset({"81", "82", "91", "92", "93", "94", "95", "96", "97"})


def zone_of_region(code: str) -> timezone:
    """The zone of a region code of any depth, dotted or not: only its first two digits, the province, count."""
    province = code[:2]
    if province in _CENTRAL:
        return WITA
    return WIT if province in _EASTERN else WIB
