"""The reckoning after a station was set up anew: every number of its old installation, and where it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self

from rekam.exchange.continuity import Link

__all__ = ["Account", "Found", "reckon"]


@dataclass(frozen=True)
class Found:
    """What the station found of its old installation: (sequence, packet id) on its old disk, and on other media."""

    disk: tuple[tuple[int, str], ...] = ()
    usb: tuple[tuple[int, str], ...] = ()

    def to_map(self) -> dict[str, Any]:
        """For CBOR and JSON."""
        return {"disk": [list(one) for one in self.disk], "usb": [list(one) for one in self.usb]}

    @classmethod
    def from_map(cls, fields: Any) -> Self:
        """Read `to_map`; whatever is not a number with an id is left out."""
        return cls(_pairs(fields, "disk"), _pairs(fields, "usb"))


@dataclass(frozen=True)
class Account:
    """One old epoch, to the packet. `recorded`: its highest known number; `backed_up` and `accepted`: numbers that the
    office and the centre hold; `from_disk`, `from_usb`: found by the station; `coming`: found, not yet at the office;
    `missing`: known to have existed and found nowhere; `forks`: numbers with different contents.
    """

    epoch: int
    recorded: int
    backed_up: int
    accepted: int
    from_disk: int
    from_usb: int
    coming: tuple[int, ...]
    missing: tuple[int, ...]
    forks: tuple[int, ...]

    @property
    def adds_up(self) -> bool:
        """Recorded = backed up + on its way + missing."""
        return self.recorded == self.backed_up + len(self.coming) + len(self.missing)


def reckon(epoch: int, links: Iterable[Link], accepted: Collection[str], found: Found, *, known: int = 0) -> Account:
    """Add up: `links` are what the office holds, `accepted` the ids that the centre accepted, `known` a number that is
    known to have been given out (on a resident's proof, say).
    """
    held: dict[int, set[str]] = {}
    for link in links:
        held.setdefault(link.sequence, set()).add(link.packet_id)
    brought: dict[int, set[str]] = {}
    for sequence, packet_id in (*found.disk, *found.usb):
        brought.setdefault(sequence, set()).add(packet_id)
    highest = max([known, *held, *brought], default=0)
    numbers = range(1, highest + 1)
    every = {n: held.get(n, set()) | brought.get(n, set()) for n in numbers}
    return Account(
        epoch=epoch,
        recorded=highest,
        backed_up=len(held),
        accepted=sum(1 for ids in held.values() if ids & set(accepted)),
        from_disk=len({sequence for sequence, _ in found.disk}),
        from_usb=len({sequence for sequence, _ in found.usb}),
        coming=tuple(n for n in numbers if n in brought and n not in held),
        missing=tuple(n for n in numbers if not every[n]),
        forks=tuple(n for n in numbers if len(every[n]) > 1),
    )


def _pairs(fields: Any, name: str) -> tuple[tuple[int, str], ...]:
    rows = fields.get(name, []) if isinstance(fields, dict) else []
    return tuple((row[0], row[1]) for row in rows if _is_pair(row))


def _is_pair(row: Any) -> bool:
    match row:
        case [int() as sequence, str()]:
            return sequence > 0
    return False
