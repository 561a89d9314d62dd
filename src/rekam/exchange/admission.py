"""Who may send packets here and who may read which feed, judged by certificates that lead to the centre."""

from collections.abc import Callable, Iterable

from rekam.exchange.errors import FeedForbidden, SenderForbidden, SenderRevoked
from rekam.exchange.feed import PORTAL_FEED, office_feed
from rekam.exchange.fence import Fence
from rekam.trust.certificates import Certificate
from rekam.trust.requests import SignedRequest

__all__ = [
    "FenceOf",
    "MaySend",
    "any_office_or_station",
    "check_part_reader",
    "check_reader",
    "check_withdrawn",
    "refuse_withdrawn",
    "stations_of",
]

MaySend = Callable[[SignedRequest], None]
"""Raises `SenderForbidden` for a sender that has no business here."""


FenceOf = Callable[[str, int], Fence | None]
"""The fence on a (station, epoch), None while its key is believed."""


def refuse_withdrawn(fence_of: FenceOf) -> MaySend:
    """For an `Authenticator`: whoever asks with a station's withdrawn key is told so, whatever was asked for.

    Packets sealed with it are another matter: they may come by anybody else and are taken in (`rekam.exchange.fence`).
    Raises `SenderRevoked`.
    """
    return lambda request: check_withdrawn(request.certificates, fence_of)


def check_withdrawn(certificates: Iterable[Certificate], fence_of: FenceOf) -> None:
    """Raises `SenderRevoked` where one of `certificates` is a station's whose key was withdrawn."""
    for each in certificates:
        fence = fence_of(each.subject, each.epoch) if each.kind == "station" else None
        if fence is not None:
            raise SenderRevoked(station=fence.station, epoch=fence.epoch, first=fence.after + 1)


def any_office_or_station(request: SignedRequest) -> None:
    """At the centre: offices, and stations that reach it directly."""
    if request.signer.kind not in {"office", "station"}:
        raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)


def stations_of(office: str) -> MaySend:
    """At an office: the stations that it certified itself."""

    def check(request: SignedRequest) -> None:
        if request.signer.kind != "station" or request.certificates[1].subject != office:
            raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)

    return check


def check_reader(request: SignedRequest, feed: str) -> None:
    """An office's feed is for that office and its stations, the portal's for the portal. Raises `FeedForbidden`."""
    signer = request.signer
    if signer.kind == "portal":
        allowed = PORTAL_FEED
    else:
        allowed = office_feed(next((each.subject for each in request.certificates if each.kind == "office"), ""))
    if feed != allowed or signer.kind not in {"office", "station", "portal"}:
        raise FeedForbidden(subject=signer.subject, feed=feed)


def check_part_reader(request: SignedRequest) -> None:
    """Parts hold nobody's data, so every office and station may read them. Raises `SenderForbidden`."""
    if request.signer.kind not in {"office", "station"}:
        raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)


def account_bearer(request: SignedRequest, place: str) -> bool:
    """Whether `place` itself brings its account; its office may bring it, too, then False. Raises `SenderForbidden`."""
    signer = request.signer
    if signer.subject == place and signer.kind in {"station", "office"}:
        return True
    if signer.kind == "office" and place.startswith(f"{signer.subject}"):
        return False
    raise SenderForbidden(kind=signer.kind, subject=signer.subject)
