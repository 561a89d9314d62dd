"""A place as those below reach it over a line: its remote, and beside it the desks that HTTP has routes for."""

from dataclasses import dataclass
from typing import Any

from rekam.centre.centre import PLACE, Centre
from rekam.drill.simulate.network import Caller
from rekam.exchange.admission import check_withdrawn
from rekam.exchange.parts import StoredParts
from rekam.exchange.remote import LocalRemote
from rekam.office.office import Office
from rekam.trust.log.note import Note

__all__ = ["Reached", "centre_reached", "office_reached"]


class Reached:
    """`desks` by name; every other call is one of the remote."""

    def __init__(self, remote: LocalRemote, **desks: Any) -> None:
        self._remote = remote
        self.__dict__.update(desks)

    def __getattr__(self, call: str) -> Any:
        return getattr(self._remote, call)


@dataclass(frozen=True)
class _Cosignatures:
    """`CosignatureTaker`, as `witness_router` answers."""

    centre: Centre
    caller: Caller

    def take(self, note: Note) -> None:
        chain, certificates = self.caller
        self.centre.cosignatures.take(note, certificates[0], chain)


@dataclass(frozen=True)
class _Memory:
    """`RememberSource`, as `remembered_router` answers."""

    office: Office
    caller: Caller

    def remembered(self) -> bytes:
        who = self.caller[1][0]
        return self.office.remember(who.subject, who.epoch)


def centre_reached(centre: Centre, caller: Caller) -> Reached:
    """The centre, to an office."""
    return Reached(
        LocalRemote(centre.inbox, centre.feed, StoredParts(centre.parts, PLACE)),
        statements=centre.statements,
        log=centre.log,
        cosignatures=_Cosignatures(centre, caller),
    )


def office_reached(office: Office, caller: Caller) -> Reached:
    """An office, to a station. Raises `SenderRevoked` where its key was withdrawn, whatever it asks."""
    check_withdrawn(caller[1], office.fences.fence_of)
    return Reached(office.local(), memory=_Memory(office, caller))
