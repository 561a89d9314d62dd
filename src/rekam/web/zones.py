"""Indonesia's three time zones, by province (Keputusan Presiden 41/1987 and the provinces formed since)."""

from zoneinfo import ZoneInfo

__all__ = ["WIB", "WIT", "WITA", "zone_name", "zone_of_region"]

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")

_NAMES = {WIB.key: "WIB", WITA.key: "WITA", WIT.key: "WIT"}
_CENTRAL = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_EASTERN = {"81", "82", "91", "92", "93", "94", "95", "96", "97"}


def zone_of_region(code: str) -> ZoneInfo:
    """The zone of a region code: only its first two digits, the province, count."""
    province = code[:2]
    if province in _CENTRAL:
        return WITA
    return WIT if province in _EASTERN else WIB


def zone_name(zone: ZoneInfo) -> str:
    """WIB, WITA or WIT; any other zone is told by its own key."""
    return _NAMES.get(zone.key, zone.key)
