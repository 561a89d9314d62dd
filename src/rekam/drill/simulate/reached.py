"""A place as those below reach it over a line: its remote, and beside it the desks that HTTP has routes for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from rekam.centre.centre import PLACE, Centre
from rekam.drill.simulate.network import Caller
from rekam.exchange.admission import check_withdrawn
from rekam.exchange.parts import StoredParts
from rekam.exchange.remembered import Asked
from rekam.exchange.remote import LocalRemote
from rekam.office.office import Office
from rekam.trust.log.note import Note

__all__ = ["Reached", "centre_reached", "office_reached"]


class Reached:
    """`desks` by name; every other call is one of the remote, and `still` raises where the caller may not any more."""

    def __init__(self, remote: LocalRemote, still: Callable[[], None] = lambda: None, **desks: Any) -> None:
        self._remote, self._still = remote, still
        self.__dict__.update(desks)

    def __getattr__(self, call: str) -> Any:
        self._still()
        return getattr(self._remote, call)


@dataclass(frozen=True)
class _Cosignatures:
    """`CosignatureTaker`, as `witness_router` answers."""

    centre: Centre
    caller: Caller

    def take(self, note: Note) -> None:
        chain, certificates = self.caller
        self.centre.cosignatures.take(note, certificates[0], chain)

    def newest(self) -> Note | None:
        return self.centre.cosignatures.newest_of(self.caller[1][0])


@dataclass(frozen=True)
class _Memory:
    """`RememberSource`, as `remembered_router` answers."""

    office: Office
    caller: Caller

    def remembered(self, nonce: bytes, told: bytes) -> bytes:
        who = self.caller[1][0]
        return self.office.remember(Asked(who.subject, who.epoch, who.signing.key_id, nonce), told)


@dataclass(frozen=True)
class _Letters:
    """`LetterDesk`, as `letters_router` answers."""

    office: Office
    caller: Caller
    still: Callable[[], None]

    def tell(self, report: bytes) -> bytes:
        self.still()
        who = self.caller[1][0]
        return self.office.answer_letters(who.subject, who.epoch, report)


def centre_reached(centre: Centre, caller: Caller) -> Reached:
    """The centre, to an office."""
    return Reached(
        LocalRemote(centre.inbox, centre.feed, StoredParts(centre.parts, PLACE)),
        statements=centre.statements,
        log=centre.log,
        cosignatures=_Cosignatures(centre, caller),
        held=centre.held_of(caller[1][0].subject),
    )


def office_reached(office: Office, caller: Caller) -> Reached:
    """An office, to a station. Where its key was withdrawn, `SenderRevoked` is raised whatever it asks; what the
    office remembers of it, it is told all the same.
    """
    still = partial(check_withdrawn, caller[1], office.fences.fence_of)
    return Reached(office.local(), still, memory=_Memory(office, caller), letters=_Letters(office, caller, still))
