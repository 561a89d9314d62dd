"""Where belief in a station's old key ends: a `Fence` on one (station, epoch), and what it says of each packet.

A key that may be in other hands is not simply "revoked": what it sealed before stays true, and an honest packet may
come late, on a USB disk. Packets are chained, so the office need only say which packet was the last: all that leads up
to it is proved by its bytes, and whoever holds the key can add nothing there (docs/adr/0031). Nothing is refused for a
fence: what it does not vouch for is taken in, receipted, and waits for people.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from rekam.enrolment.errors import RekamError
from rekam.exchange.continuity import Link
from rekam.exchange.hex_digits import is_hex

__all__ = [
    "REVOCATION",
    "Admitted",
    "BeyondFence",
    "Fence",
    "FenceUnclear",
    "FenceUnreadable",
    "OffTheChain",
    "Standing",
    "UnprovedYet",
    "Withheld",
    "believed",
    "draw_fence",
    "judge",
    "why_withheld",
]

REVOCATION: Final = "revocation"
"""The kind of the statement that carries a fence to the centre."""
_SHORTEST_HEAD: Final = 16
_ID: Final = 64


class FenceUnreadable(RekamError):
    """The revocation of a station's key cannot be read. Nothing was changed. Update the older of the two places."""


class FenceUnclear(RekamError):
    """Recording {sequence} of station {station} is here with {count} different contents, or is not here. Nothing was
    changed. Choose which one is believed, by the packet id on the resident's proof of recording: {ids}
    """


class BeyondFence(RekamError):
    """{number} was sealed with a key that is no longer believed from recording {first} on ({reason}). It is kept and
    receipted, and waits. Compare it with the resident's proof of recording, then release or reject it.
    """


class OffTheChain(RekamError):
    """{number} is not the recording of that number which the believed recordings of this station lead up to; its key is
    no longer believed ({reason}). It is kept and waits. Ask the resident and the operator, then release or reject it.
    """


class UnprovedYet(RekamError):
    """{number} came after its station's key was withdrawn ({reason}), and the recordings that would prove it have not
    come. It goes on by itself when they do; or compare it with the resident's proof, then release or reject it.
    """


class Standing(StrEnum):
    """What a fence says of one packet of its epoch."""

    BELIEVED = "believed"
    BEYOND = "beyond"  # its number comes after the last believed one
    OFF_CHAIN = "off-chain"  # the believed chain has other bytes in its place
    UNPROVED = "unproved"  # at or before the fence, but the packets in between have not come
    KEY_ENDED = "key-ended"  # no fence: somebody confirmed it with a key that had ended (`rekam.exchange.key_ended`)


_ERRORS: Final[Mapping[Standing, type[RekamError]]] = {
    Standing.BEYOND: BeyondFence,
    Standing.OFF_CHAIN: OffTheChain,
    Standing.UNPROVED: UnprovedYet,
}


@dataclass(frozen=True)
class Fence:
    """Belief in (`station`, `epoch`) ends after sequence `after` (0: nothing of it is believed).

    `head`: the id of that packet, or at least its first 16 hex digits as a proof shows them, "" when `after` is 0;
    `at_ms`: the office's legal time; `held`: ids that the office had received before and believes although the chain to
    the head has holes.
    """

    station: str
    epoch: int
    after: int
    head: str
    at_ms: int
    reason: str
    held: frozenset[str] = field(default=frozenset(), repr=False)

    def to_body(self) -> dict[str, Any]:
        """For a statement, and for the feed."""
        ids = [bytes.fromhex(each) for each in sorted(self.held)]
        said = {"station": self.station, "epoch": self.epoch, "after": self.after, "head": self.head}
        return said | {"at_ms": self.at_ms, "reason": self.reason, "held": ids}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `to_body`. Raises `FenceUnreadable`."""
        match body:
            case {
                "station": str() as station,
                "epoch": int() as epoch,
                "after": int() as after,
                "head": str() as head,
                "at_ms": int() as at_ms,
                "reason": str() as reason,
                "held": [*held],
            } if epoch > 0 and after >= 0 and _is_head(head, after) and all(_is_id(each) for each in held):
                return cls(station, epoch, after, head, at_ms, reason, frozenset(each.hex() for each in held))
        raise FenceUnreadable


@dataclass(frozen=True)
class Withheld:
    """A packet that a fence does not vouch for. `verdict`: "" while it waits, else released, rejected or proved."""

    packet_id: str
    number: str
    standing: Standing
    verdict: str = ""
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Admitted:
    """What an arrival came to: the fence that withholds it and why (None: it is believed), and packets that waited
    for it and are proved now.
    """

    fence: Fence | None = None
    standing: Standing = Standing.BELIEVED
    proved: tuple[str, ...] = ()


def believed(fence: Fence, links: Iterable[Link]) -> set[str]:
    """Ids among `links` (of the fence's epoch) that lead up to its head without a hole, the head included."""
    by_id = {link.packet_id: link for link in links}
    at = next((link for link in by_id.values() if link.sequence == fence.after and _is_the(link, fence.head)), None)
    found: set[str] = set()
    while at is not None:
        found.add(at.packet_id)
        before = by_id.get(at.previous)
        at = before if before is not None and before.sequence == at.sequence - 1 else None
    return found


def judge(fence: Fence, links: Collection[Link]) -> dict[str, Standing]:
    """What the fence says of each packet of its epoch that is here, by packet id."""
    chain = believed(fence, links)
    proved = {link.sequence: link for link in links if link.packet_id in chain}
    return {link.packet_id: _standing(fence, link, proved) for link in links}


def _standing(fence: Fence, link: Link, proved: Mapping[int, Link]) -> Standing:
    if link.sequence > fence.after:
        return Standing.BEYOND
    in_place, follower = proved.get(link.sequence), proved.get(link.sequence + 1)
    if in_place is not None:
        return Standing.BELIEVED if in_place.packet_id == link.packet_id else Standing.OFF_CHAIN
    if link.sequence == fence.after or (follower is not None and follower.previous != link.packet_id):
        return Standing.OFF_CHAIN
    return Standing.BELIEVED if link.packet_id in fence.held else Standing.UNPROVED


def draw_fence(
    station: str,
    epoch: int,
    links: Collection[Link],
    *,
    at_ms: int,
    reason: str,
    after: int | None = None,
    head: str = "",
) -> Fence:
    """The fence of an office that holds `links`: after its highest packet, or where an official says (`after`, `head`).

    Raises `FenceUnclear` where the head is not one packet: the number forked, or it is not here and no id was given.
    """
    last = max((link.sequence for link in links), default=0) if after is None else after
    wanted = head.strip().lower()
    if last:
        ids = sorted(link.packet_id for link in links if link.sequence == last and _is_the(link, wanted))
        if len(ids) == 1:
            wanted = ids[0]
        elif ids or not _is_head(wanted, last):
            raise FenceUnclear(station=station, sequence=last, count=len(ids), ids=", ".join(ids))
    fence = Fence(station, epoch, last, wanted if last else "", at_ms, reason.strip())
    return Fence(**{**fence.__dict__, "held": _held(fence, links)})


def _held(fence: Fence, links: Collection[Link]) -> frozenset[str]:
    """What lies at or before the fence and nothing speaks against: the chain, and lone packets beyond a hole in it."""
    count: dict[int, int] = {}
    for link in links:
        count[link.sequence] = count.get(link.sequence, 0) + 1
    said = judge(fence, links)
    return frozenset(
        link.packet_id
        for link in links
        if said[link.packet_id] is Standing.BELIEVED
        or (said[link.packet_id] is Standing.UNPROVED and count[link.sequence] == 1)
    )


def why_withheld(fence: Fence, standing: Standing, number: str) -> RekamError:
    """In words for those who decide."""
    return _ERRORS[standing](number=number, first=fence.after + 1, reason=fence.reason)


def _is_the(link: Link, head: str) -> bool:
    return link.packet_id.startswith(head)


def _is_head(head: str, after: int) -> bool:
    if not after:
        return head == ""
    return is_hex(head, _SHORTEST_HEAD, _ID)


def _is_id(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) == 32
